//! Requests: who sent them, what they need, and how far they have come.

use crate::kernel::{Span, Time};
use serde::Serialize;
use std::fmt;

/// The most stages of a chain.
pub const MOST_STAGES: usize = 3;

/// What one try of a request is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Name {
    /// Which request, counted from 1.
    pub number: u32,
    /// Which try of it, counted from 1.
    pub attempt: u32,
}

impl Name {
    /// One number that says the same; that of a first try is its request's.
    pub const fn identity(self) -> u64 {
        (self.attempt as u64 - 1) << 32 | self.number as u64
    }

    /// The name that `identity` stands for.
    pub const fn from_identity(identity: u64) -> Self {
        Name { number: identity as u32, attempt: (identity >> 32) as u32 + 1 }
    }

    /// What is written on it: `7`, and `7.2` for the second try.
    pub fn label(self) -> String {
        match self.attempt {
            1 => self.number.to_string(),
            _ => format!("{}.{}", self.number, self.attempt),
        }
    }
}

/// What people call it in a sentence: `request 7`, `try 2 of request 7`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempt {
            1 => write!(f, "request {}", self.number),
            _ => write!(f, "try {} of request {}", self.attempt, self.number),
        }
    }
}

/// One try of a request, under way. A copy is handed on from place to place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// What it is called.
    pub name: Name,
    /// For whom it was sent, counted from 0.
    pub tenant: u8,
    /// How important it is: 0 the most.
    pub class: u8,
    /// When this try was sent.
    pub sent: Time,
    /// How long the work on it takes at each stage, where nothing slows the stage down.
    pub needs: [Span; MOST_STAGES],
    /// How long it has been worked on so far.
    pub spent: Span,
    /// Since when it stands where it stands: at a door or in a buffer.
    pub since: Time,
    /// How long it may stay in the buffer, where that is limited.
    pub allowed: Span,
    /// The worker of the stage before that still holds it, while it waits at a door.
    pub holder: Option<u32>,
}

impl Request {
    /// The first try of request `number`, sent at `sent`, that asks for nothing yet.
    pub const fn new(number: u32, sent: Time) -> Self {
        Request {
            name: Name { number, attempt: 1 },
            tenant: 0,
            class: 0,
            sent,
            needs: [Span::ZERO; MOST_STAGES],
            spent: Span::ZERO,
            since: sent,
            allowed: Span::MAX,
            holder: None,
        }
    }
}
