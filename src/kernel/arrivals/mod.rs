//! When requests arrive: arrival processes, from a form, a drawn curve or a list.
//!
//! A [`Pattern`] is what is written down, [`Arrivals`] is the process under way. Points in time
//! are whole nanoseconds; what rounding takes from one gap is given to the next, so that the
//! long-run rate is exactly the one asked for. What arrives is not known here.

mod clock;
mod curve;
mod on_off;
mod pattern;

pub use pattern::Pattern;

use super::{Distribution, Random, Shape, Time};
use crate::refusal::Refusal;
use clock::Clock;
use curve::Curve;
use on_off::OnOff;

/// An arrival process under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals(Process);

#[derive(Clone, Debug, PartialEq)]
enum Process {
    Renewal { gap: Distribution, clock: Clock },
    OnOff(OnOff),
    Curve(Curve),
    Times { times: Vec<Time>, next: usize },
}

impl Arrivals {
    /// The process that `pattern` describes, at the start, unless a number in it cannot be taken.
    pub fn new(pattern: &Pattern) -> Result<Self, Refusal> {
        pattern.check()?;
        Ok(Arrivals(match pattern {
            Pattern::Poisson { rate } => renewal(Shape::Exponential { mean: 1.0 / rate })?,
            Pattern::Constant { rate } => renewal(Shape::Constant { value: 1.0 / rate })?,
            Pattern::Renewal(gap) => renewal(*gap).map_err(|refusal| refusal.within("renewal"))?,
            Pattern::OnOff { rate, on, off } => Process::OnOff(OnOff::new(*rate, *on, *off)),
            Pattern::Curve { points } => Process::Curve(Curve::new(points)),
            Pattern::Times(times) => {
                Process::Times { times: times.iter().map(|at| Time::from_seconds(*at)).collect(), next: 0 }
            }
        }))
    }

    /// When the next request arrives, never before the one before it; `None` when no more will.
    pub fn next(&mut self, random: &mut Random) -> Option<Time> {
        match &mut self.0 {
            Process::Renewal { gap, clock } => Some(clock.advance(gap.sample_seconds(random))),
            Process::OnOff(on_off) => Some(on_off.next(random)),
            Process::Curve(curve) => curve.next(random),
            Process::Times { times, next } => {
                let at = times.get(*next).copied();
                *next += usize::from(at.is_some());
                at
            }
        }
    }
}

/// Gaps that do not depend on each other; the first ends at the first arrival.
fn renewal(gap: Shape) -> Result<Process, Refusal> {
    Ok(Process::Renewal { gap: Distribution::new(gap)?, clock: Clock::default() })
}
