//! The clock that a limiter goes by, which somebody may put forward or back.

use crate::kernel::{Span, Time};

/// Somebody puts the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// When.
    pub at: Time,
    /// By how much.
    pub by: Span,
    /// Whether forward; otherwise back.
    pub forward: bool,
}

/// A clock that is right until it is put.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// What is yet to happen to it, by falling time.
    jumps: Vec<Jump>,
    ahead: Span,
    behind: Span,
}

impl Clock {
    /// A clock that is behind by so much, and will be put as `jumps` say, which stand by rising time.
    pub fn new(behind: Span, mut jumps: Vec<Jump>) -> Self {
        jumps.reverse();
        Clock { jumps, ahead: Span::ZERO, behind }
    }

    /// What it shows at `now`.
    pub fn read(&self, now: Time) -> Time {
        now + self.ahead - self.behind
    }

    /// When it shows `reading`, as long as nobody puts it.
    pub fn when(&self, reading: Time) -> Time {
        reading + self.behind - self.ahead
    }

    /// Whether it is right.
    pub fn is_right(&self) -> bool {
        self.ahead == self.behind
    }

    /// When it is put next.
    pub fn next_jump(&self) -> Option<Time> {
        self.jumps.last().map(|jump| jump.at)
    }

    /// Somebody puts it.
    pub fn jump(&mut self) -> Option<Jump> {
        let jump = self.jumps.pop()?;
        let side = if jump.forward { &mut self.ahead } else { &mut self.behind };
        *side += jump.by;
        Some(jump)
    }
}
