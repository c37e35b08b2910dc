//! What a limiter answers: a value that says whether, when, how much is left, and why.

use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use std::fmt;

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

/// A figure that a rule decided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// None.
    None,
    /// How many.
    Count(u64),
    /// How many of how many: "10 of 10".
    Of(u64, u64),
    /// How many, and what bounds them: "7, above beta 6".
    Against(u64, &'static str, u64),
    /// How many of how many, until when: "10 of 10 until 2.000 s".
    Until(u64, u64, Time),
    /// A number with a fraction: an estimate, a limit that adapts.
    Number(f64),
    /// A number with a fraction, of how many.
    NumberOf(f64, u64),
    /// How long.
    Span(Span),
    /// When.
    Time(Time),
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

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::None => Ok(()),
            Figure::Count(count) => write!(f, "{count}"),
            Figure::Of(held, most) => write!(f, "{held} of {most}"),
            Figure::Against(count, word, bound) => write!(f, "{count}, {word} {bound}"),
            Figure::Until(held, most, until) => write!(f, "{held} of {most} until {until}"),
            Figure::Number(number) => write!(f, "{number:.2}"),
            Figure::NumberOf(number, most) => write!(f, "{number:.2} of {most}"),
            Figure::Span(span) => write!(f, "{span}"),
            Figure::Time(time) => write!(f, "{time}"),
        }
    }
}
