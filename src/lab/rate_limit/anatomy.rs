//! A limiter's own picture of its state, in the shapes of a scene.

use crate::kernel::Time;
use crate::lab::scene::{Gauge, Shape, State, Stretch, Strip, StripMark, Vessel};
use crate::limit::door::Clock;
use crate::limit::{self, Part};

/// A part of a limiter's state, whose times are those of the limiter's `clock`; what stands at `now`
/// is new.
pub(super) fn shape(part: Part, clock: &Clock, now: Time) -> Shape {
    match part {
        Part::Vessel { name, level, most, fills, says } => {
            Shape::Vessel(Vessel { name: name.to_owned(), level, most, unit: name, fills, says })
        }
        Part::TimeLine { name, from, until, stretches, marks } => Shape::Strip(Strip {
            name: name.to_owned(),
            from: clock.when(from).seconds(),
            until: clock.when(until).seconds(),
            stretches: stretches.into_iter().map(|stretch| window(stretch, clock)).collect(),
            marks: marks.iter().map(|mark| point(mark, clock, now)).collect(),
        }),
        Part::Level { name, value, most, unit } => {
            Shape::Gauge(Gauge { name: name.to_owned(), value, most, unit })
        }
        Part::Note(text) => Shape::Note(text),
    }
}

fn window(stretch: limit::Stretch, clock: &Clock) -> Stretch {
    let limit::Stretch { from, until, says, full } = stretch;
    Stretch { from: clock.when(from).seconds(), until: clock.when(until).seconds(), says, full }
}

fn point(mark: &limit::Mark, clock: &Clock, now: Time) -> StripMark {
    let at = clock.when(mark.at);
    let state = if at == now { State::New } else { State::Still };
    StripMark { at: at.seconds(), says: mark.says, state }
}
