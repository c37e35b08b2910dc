//! What happens to messages and workers, in words.

use crate::lab::words::capitalised;
use crate::queue::{Change, Exit, Fate};

/// How much a change matters to somebody who reads only one reason: losses first, then trouble,
/// then who got what.
pub fn weight(change: &Change) -> u8 {
    match change {
        Change::Lost | Change::Repeated { .. } => 8,
        Change::Left(Exit::Acknowledged) => 2,
        Change::Left(_) => 7,
        Change::Crashed { .. } | Change::Redriven => 6,
        Change::Returned | Change::Delayed { .. } | Change::Blocked => 5,
        Change::Failed { .. } | Change::Skipped { .. } | Change::Back { .. } => 4,
        Change::Done { .. } | Change::Ignored => 3,
        Change::Handed { .. } | Change::Extended { .. } => 2,
        Change::Waits => 1,
        Change::Sent | Change::Started { .. } => 0,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: &Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let is = verb("is", "are");
    capitalised(&match change {
        Change::Sent => format!("{who} {is} sent"),
        Change::Waits => format!("{who} {}", verb("waits", "wait")),
        Change::Blocked => format!("{who} {} at the door", verb("waits", "wait")),
        Change::Delayed { until } => format!("{who} {is} held back until {until}"),
        Change::Handed { worker, until: None } => format!("{who} {is} handed to {}", named(*worker)),
        Change::Handed { worker, until: Some(until) } => {
            format!("{who} {is} handed to {} until {until}", named(*worker))
        }
        Change::Extended { until } => format!("{who} {is} lent until {until}"),
        Change::Started { worker } => format!("{} begins with {who}", named(*worker)),
        Change::Done { worker } => format!("{} has done {who}", named(*worker)),
        Change::Repeated { worker } => format!("{} has done {who} once more", named(*worker)),
        Change::Skipped { worker } => format!("{} skips {who}", named(*worker)),
        Change::Failed { worker } => format!("{} fails at {who}", named(*worker)),
        Change::Returned => format!("{who} {} again", verb("waits", "wait")),
        Change::Ignored => format!("nothing changes for {who}"),
        Change::Left(exit) => format!("{who} {}", left(*exit, many)),
        Change::Lost => format!("{who} {is} lost"),
        Change::Redriven => format!("{who} {is} sent once more"),
        Change::Crashed { .. } => format!("{who} breaks down"),
        Change::Back { .. } => format!("{who} is back"),
    })
}

fn left(exit: Exit, many: bool) -> &'static str {
    match (exit, many) {
        (Exit::Acknowledged, false) => "leaves the queue",
        (Exit::Acknowledged, true) => "leave the queue",
        (Exit::Refused, false) => "is refused",
        (Exit::Refused, true) => "are refused",
        (Exit::Dropped, false) => "is dropped",
        (Exit::Dropped, true) => "are dropped",
        (Exit::Expired, false) => "gives up",
        (Exit::Expired, true) => "give up",
        (Exit::Dead, false) => "becomes a dead letter",
        (Exit::Dead, true) => "become dead letters",
        (Exit::Discarded, false) => "is given up for good",
        (Exit::Discarded, true) => "are given up for good",
        (Exit::Failed, false) => "fails",
        (Exit::Failed, true) => "fail",
    }
}

/// What became of a message, after "message 7".
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Done => "is done",
        Fate::Lost => "is lost",
        Fate::Out(Exit::Dead) => "is a dead letter",
        Fate::Out(Exit::Refused) => "was refused",
        Fate::Out(Exit::Dropped) => "was dropped",
        Fate::Out(Exit::Expired) => "gave up",
        Fate::Out(Exit::Discarded | Exit::Acknowledged) => "was given up for good",
        Fate::Out(Exit::Failed) => "failed",
    }
}

/// What people call a worker that is counted from 0.
pub fn named(worker: u32) -> String {
    format!("worker {}", worker + 1)
}
