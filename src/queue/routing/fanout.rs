//! # Fanout exchange
//!
//! Every bound queue gets every message; the routing key and the binding's text are not looked at.
//! It is how one event reaches many services, each with a queue, a pace and a backlog of its own.
//!
//! AMQP 0-9-1, section 3.1.3.2. Nothing is left out.

use std::fmt;

/// Every message is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Everything;

impl Everything {
    /// Yes.
    pub fn routes(self) -> bool {
        true
    }
}

impl fmt::Display for Everything {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
