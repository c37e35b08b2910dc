//! The requests of one key that are under way, held against a limit, whoever sets it.

use super::Part;
use super::decision::{Decision, Verdict};
use crate::catalogue::{Figure, Rule};
use crate::kernel::Span;

/// How many requests are under way. One counts once, however many permits it asks for, because who
/// says that it is over does not say how many it had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InFlight(u32);

impl InFlight {
    /// One more begins if fewer than `limit` are under way, because of `below`; otherwise it is
    /// refused because of `full`. Both rules go by how many of how many. When to come back cannot be
    /// known: time frees nothing by itself.
    pub fn enter(&mut self, limit: u32, below: &'static Rule, full: &'static Rule) -> Decision {
        let (verdict, rule) = if self.0 < limit {
            self.0 += 1;
            (Verdict::Admitted { wait: Span::ZERO }, below)
        } else {
            (Verdict::Refused { retry: None }, full)
        };
        let remaining = limit.saturating_sub(self.0);
        let figure = Figure::Of(u64::from(self.0), u64::from(limit));
        Decision { verdict, limit, remaining, reset: Span::ZERO, rule, figure }
    }

    /// One is over.
    pub fn leave(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }

    /// As a picture, under a limit of `limit`.
    pub fn show(self, limit: u32) -> Part {
        let (value, most) = (f64::from(self.0), f64::from(limit));
        Part::Level { name: "under way", value, most, unit: "requests" }
    }
}
