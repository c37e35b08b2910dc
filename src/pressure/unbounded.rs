//! # No limit
//!
//! Whatever comes is let in. While more comes than is served the queue grows, and everybody in it
//! waits longer; by the time a request is served its caller may have gone, and has sent another one.
//! The memory that the queue takes up grows until the process is killed, which loses all that was in
//! it; the callers of all of that try again together.
//!
//! The default of many queues: `java.util.concurrent.LinkedBlockingQueue` without a capacity behind
//! `Executors.newFixedThreadPool`, a Go goroutine or a Tokio task a request, an unbounded channel, the
//! mailbox of an Erlang process. Fred Hébert, "Queues Don't Fix Overload", 2014.
//!
//! Cost: a step a request, and memory without end. The killing is the stage's affair.

use super::parameters::MIDDLE;
use super::{Answer, Desk, Request, Verdict};
use crate::catalogue::{About, Rule};

/// A buffer without a bound.
#[derive(Clone, Debug)]
pub struct Unbounded;

impl Unbounded {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "nothing",
        name: "Nothing",
        idea: "Whatever comes is let in, until memory runs out.",
        file: file!(),
        parameters: &[MIDDLE],
        rules: &[&ALWAYS_ROOM],
    };
}

impl Answer for Unbounded {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        desk.accept(request, &ALWAYS_ROOM)
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ALWAYS_ROOM: Rule =
    Rule { name: "ALWAYS_ROOM", place: "offer", says: "the buffer has no bound, so there is always room" };
