//! What happens to requests and at the door, in words.

use crate::lab::words::{capitalised, count, number};
use crate::limit::door::{Change, Fate};

/// What people call the one to whom something happened that happened to no request.
pub const LIMITER: &str = "the limiter";

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: &Change) -> u8 {
    match change {
        Change::Refused { .. } | Change::Dropped => 9,
        Change::HeldBack { .. } => 8,
        Change::Admitted { .. } => 7,
        Change::Forward | Change::Backward => 6,
        Change::Passes => 5,
        Change::Adapts { .. } | Change::GivesUp => 4,
        Change::Done { .. } | Change::Wasted { .. } => 3,
        Change::WillReturn { .. } | Change::Queued => 2,
        Change::Started { .. } => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: &Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let is = verb("is", "are");
    capitalised(&match *change {
        Change::Admitted { attempt } => format!("{who} {is} admitted{}", tried(attempt)),
        Change::HeldBack { attempt, wait } => format!("{who} {is} held back for {wait}{}", tried(attempt)),
        Change::Refused { attempt, retry: Some(retry) } => {
            format!("{who} {is} refused{}; retry in {retry}", tried(attempt))
        }
        Change::Refused { attempt, retry: None } => format!("{who} {is} refused{}", tried(attempt)),
        Change::WillReturn { at } => format!("{who} {} at {at}", verb("comes back", "come back")),
        Change::GivesUp => format!("{who} {} up", verb("is given", "are given")),
        Change::Passes => format!("{who} {}", verb("passes", "pass")),
        Change::Queued => format!("{who} {} in line", verb("waits", "wait")),
        Change::Started { worker } => format!("{} begins with {who}", named(worker)),
        Change::Done { worker } => format!("{} has done {who}", named(worker)),
        Change::Dropped => format!("{who} {is} dropped"),
        Change::Wasted { worker } => format!("{} has done {who} for nothing", named(worker)),
        Change::Adapts { from, to } if to > from => format!("the limit grows to {}", number(to)),
        Change::Adapts { from, to } if to < from => format!("the limit shrinks to {}", number(to)),
        Change::Adapts { to, .. } => format!("the limit stays at {}", number(to)),
        Change::Forward => format!("the clock of {who} jumps forward"),
        Change::Backward => format!("the clock of {who} jumps back"),
    })
}

fn tried(attempt: u32) -> String {
    match attempt {
        1 => String::new(),
        more => format!(" at try {}", count(u64::from(more))),
    }
}

/// What people call a worker.
pub fn named(worker: u32) -> String {
    format!("worker {}", worker + 1)
}

/// What became of a request, after "it".
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Unknown => "has not come yet",
        Fate::HeldBack => "is held back",
        Fate::Returns => "was refused, and will come again",
        Fate::GivenUp => "was refused, and has given up",
        Fate::Passed => "has passed",
        Fate::Done => "is done",
        Fate::Dropped => "was dropped",
    }
}
