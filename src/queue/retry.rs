//! When a message that failed may be tried again.

use crate::catalogue::Parameters;
use crate::kernel::Span;

/// A delay between tries, constant or doubling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    delay: Span,
    doubles: bool,
}

impl Retry {
    /// No delay grows beyond this many doublings: by then it is a thousand times the first.
    const MOST_DOUBLINGS: u32 = 10;

    /// The delay that the parameters [`RETRY_DELAY`](super::parameters::RETRY_DELAY) and
    /// [`BACKOFF`](super::parameters::BACKOFF) ask for.
    pub fn new(parameters: &Parameters) -> Self {
        Retry {
            delay: parameters.span("retry-delay"),
            doubles: parameters.choice("backoff") == "exponential",
        }
    }

    /// The delay after so many tries, counted from 1.
    pub fn after(&self, tries: u32) -> Span {
        let doublings = tries.saturating_sub(1).min(Self::MOST_DOUBLINGS);
        if self.doubles { self.delay.times(1 << doublings) } else { self.delay }
    }
}
