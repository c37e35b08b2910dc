//! # Direct exchange
//!
//! The message goes to the queues that were bound with its routing key, the whole of it, letter for
//! letter. Several queues may be bound with the same key, and one queue with several keys: a work
//! queue is one of each, and a log that keeps only `error` and `warning` is two bindings.
//!
//! AMQP 0-9-1, section 3.1.3.1. Nothing is left out.

use super::{RoutingKey, short};
use crate::refusal::Refusal;
use std::fmt;

/// The one routing key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exactly(RoutingKey);

impl Exactly {
    /// The binding that `text` is: the key itself.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Ok(Exactly(RoutingKey(short("binding", text)?)))
    }

    /// Whether this is the key.
    pub fn routes(&self, key: &RoutingKey) -> bool {
        self.0 == *key
    }
}

impl fmt::Display for Exactly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
