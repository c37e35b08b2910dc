//! What a limiter answers: a value that says whether, when, how much is left, and why.

use crate::catalogue::{Figure, Rule};
use crate::kernel::Span;

/// The answer to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// Whether it may pass.
    pub verdict: Verdict,
    /// How many permits there are at the most.
    pub limit: u32,
    /// How many more would be admitted right now.
    pub remaining: u32,
    /// How long until all of them are there again, if nobody else comes; zero where time alone does
    /// not bring them back.
    pub reset: Span,
    /// The line that decided.
    pub rule: &'static Rule,
    /// The figure that it decided by.
    pub figure: Figure,
}

/// Whether a request may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may, after `wait`.
    Admitted {
        /// How long the limiter holds it back; zero where it passes at once.
        wait: Span,
    },
    /// It may not.
    Refused {
        /// How long until the same request would be admitted, if nobody else comes; `None` where
        /// that cannot be known, or will never be.
        retry: Option<Span>,
    },
}

impl Decision {
    /// Whether the request may pass, now or later.
    pub fn admitted(&self) -> bool {
        matches!(self.verdict, Verdict::Admitted { .. })
    }

    /// How long it is held back; zero for one that is refused.
    pub fn wait(&self) -> Span {
        match self.verdict {
            Verdict::Admitted { wait } => wait,
            Verdict::Refused { .. } => Span::ZERO,
        }
    }

    /// When to come back, if it was refused and that is known.
    pub fn retry(&self) -> Option<Span> {
        match self.verdict {
            Verdict::Admitted { .. } => None,
            Verdict::Refused { retry } => retry,
        }
    }
}
