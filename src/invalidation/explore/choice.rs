//! What can come next in a schedule.

use std::fmt;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A client’s, counted from 1.
    Client(u32),
    /// That of something in the background, counted from 1 in the order in which it began.
    Background(u32),
    /// The entry expires.
    Expires,
    /// The lease runs out.
    RunsOut,
    /// The entry has to make room.
    Evicted,
}

impl Choice {
    /// Reads `2`, `b1`, `e`, `l` or `x`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse().ok().filter(|number| (1..100).contains(number));
        match text {
            "e" => Some(Choice::Expires),
            "l" => Some(Choice::RunsOut),
            "x" => Some(Choice::Evicted),
            _ => match text.strip_prefix('b') {
                Some(text) => number(text).map(Choice::Background),
                None => number(text).map(Choice::Client),
            },
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Client(number) => write!(f, "{number}"),
            Choice::Background(number) => write!(f, "b{number}"),
            Choice::Expires => f.write_str("e"),
            Choice::RunsOut => f.write_str("l"),
            Choice::Evicted => f.write_str("x"),
        }
    }
}
