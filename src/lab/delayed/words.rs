//! What happens to jobs and to a scheduler, in words.

use crate::lab::queueing::words::named;
use crate::lab::words::{capitalised, count};
use crate::queue::delay::{Change, Fate, Place, Timing};

/// What people call the one to whom something happened that happened to no job.
pub const SCHEDULER: &str = "the scheduler";

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: &Change) -> u8 {
    match change {
        Change::Fired { timing: Timing::Again, .. } | Change::Skipped | Change::Coalesced => 9,
        Change::Fired { timing: Timing::Early | Timing::Late, .. } => 8,
        Change::Down | Change::Back | Change::Forward | Change::Backward => 7,
        Change::Fired { timing: Timing::OnTime, .. } => 6,
        Change::Submitted { .. } | Change::AtDoor | Change::Hops { .. } => 5,
        Change::Cascades(_) | Change::Done { .. } => 4,
        Change::Planned { .. } | Change::Rises { .. } | Change::Sinks { .. } => 3,
        Change::Passed { .. } | Change::Placed(_) => 2,
        Change::Stays | Change::Leaves | Change::Started { .. } | Change::Looks { .. } => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: &Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let (is, goes) = (verb("is", "are"), verb("goes", "go"));
    capitalised(&match change {
        Change::Submitted { due } => format!("{who} {is} submitted, due at {due}"),
        Change::Planned { due } => format!("{who} {is} planned for {due}"),
        Change::AtDoor => format!("{who} {} at the door", verb("waits", "wait")),
        Change::Placed(place) => format!("{who} {goes} {}", placed(*place)),
        Change::Rises { past } => format!("{who} {} above {past}", verb("rises", "rise")),
        Change::Sinks { past } => format!("{who} {} below {past}", verb("sinks", "sink")),
        Change::Stays => format!("{who} {} there", verb("stays", "stay")),
        Change::Leaves => format!("{who} {} the heap", verb("leaves", "leave")),
        Change::Passed { rounds: 0 } => format!("{who} {} no more rounds to wait", verb("has", "have")),
        Change::Passed { rounds: 1 } => format!("{who} {} one more round to wait", verb("has", "have")),
        Change::Passed { rounds } => {
            format!("{who} {} {} more rounds to wait", verb("has", "have"), count(*rounds))
        }
        Change::Cascades(place) => format!("{who} {goes} down {}", placed(*place)),
        Change::Hops { until } => format!("{who} {is} sent with a delay until {until}"),
        Change::Fired { timing, by } => {
            let fires = verb("fires", "fire");
            match timing {
                Timing::Again => format!("{who} {fires} once more"),
                Timing::Early => format!("{who} {fires} {by} too early"),
                _ if by.nanos() == 0 => format!("{who} {fires} on time"),
                Timing::Late => format!("{who} {fires} {by} late"),
                Timing::OnTime => format!("{who} {fires}, {by} off"),
            }
        }
        Change::Started { worker } => format!("{} begins with {who}", named(*worker)),
        Change::Done { worker } => format!("{} has done {who}", named(*worker)),
        Change::Coalesced => format!("{who} {} in a later run", verb("is merged", "are merged")),
        Change::Skipped => format!("{who} {is} skipped"),
        Change::Looks { found: 0 } => format!("{who} {} and finds nothing due", verb("looks", "look")),
        Change::Looks { found } => format!("{who} {} and finds {} due", verb("looks", "look"), count(*found)),
        Change::Down => format!("{who} {goes} down"),
        Change::Back => format!("{who} {is} back"),
        Change::Forward => format!("the clock of {who} jumps forward"),
        Change::Backward => format!("the clock of {who} jumps back"),
    })
}

fn placed(place: Place) -> String {
    match place {
        Place::Index(0) => "to the root".to_owned(),
        Place::Index(at) => format!("to place {at} of the array"),
        Place::Slot { slot, rounds: 0 } => format!("into slot {slot}, for this round"),
        Place::Slot { slot, rounds: 1 } => format!("into slot {slot}, with one round to wait"),
        Place::Slot { slot, rounds } => format!("into slot {slot}, with {} rounds to wait", count(rounds)),
        Place::Wheel { level, slot } => format!("into slot {slot} of wheel {level}"),
        Place::Line => "to the end of its queue".to_owned(),
        Place::Set => "to its place in time".to_owned(),
    }
}

/// What became of a job, after "it".
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Fired => "has fired",
        Fate::Done => "is done",
        Fate::Coalesced => "was merged in a later run",
        Fate::Skipped => "was skipped",
    }
}
