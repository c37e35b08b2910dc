//! What happens in a schedule, in words: as in model time, but for what has to do with time, and for whom
//! it happens to.

use crate::invalidation::explore::World;
use crate::invalidation::{Change, Kind, Operation, Place, Who};
use crate::lab::invalidation::words as timed;
use crate::lab::words::capitalised;

/// What people call somebody to whom something happens.
pub fn who(who: Who) -> String {
    match who {
        Who::Operation(operation) => operation_name(&operation),
        Who::Place(Place::Cache) => "the cache".to_owned(),
        Who::Place(place) => timed::place(place).to_owned(),
    }
}

/// What people call an operation: "client 2’s write", "deletion 1 in the background".
pub fn operation_name(operation: &Operation) -> String {
    match operation.kind {
        Kind::Read => format!("client {}’s read", World::client_of(operation)),
        Kind::Write => format!("client {}’s write", World::client_of(operation)),
        _ => background_name(operation.number),
    }
}

/// What people call something in the background.
pub fn background_name(number: u32) -> String {
    format!("background job {number}")
}

/// Whether a change is worth a sentence: that an operation begins is seen by what it does.
pub fn is_told(change: Change) -> bool {
    change != Change::Begins
}

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: Change) -> u8 {
    const MOST: u8 = 20;
    match change {
        Change::Answered { stale: Some(_), .. } => MOST,
        Change::Kept { .. } | Change::NotKept { .. } | Change::Committed { .. } => MOST - 1,
        Change::Deleted { .. } | Change::Read { .. } => MOST - 2,
        Change::Hit { .. } | Change::Missed | Change::LeaseGiven | Change::LeaseTaken => MOST - 3,
        other => timed::weight(other),
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: Change) -> String {
    let is = if many { "are" } else { "is" };
    match change {
        Change::Answered { content, stale, .. } => {
            let though =
                if stale.is_some() { ", though a newer one was acknowledged before it began" } else { "" };
            capitalised(&format!("{who} {is} answered with {}{though}", timed::value(content)))
        }
        Change::Acknowledged { .. } => capitalised(&format!("{who} {is} acknowledged")),
        Change::Failed { .. } => capitalised(&format!("{who} {}", if many { "fail" } else { "fails" })),
        Change::Evicted { .. } => "The entry has to go".to_owned(),
        other => timed::happens(who, many, other),
    }
}
