//! The figure that a rule decided by, as people write it.

use crate::kernel::{Span, Time};
use std::fmt;

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
