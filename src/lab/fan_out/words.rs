//! What happens to messages, their copies and subscribers, in words.

use crate::lab::words::capitalised;
use crate::queue::fanout::{Change, Stand};

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: Change) -> u8 {
    match change {
        Change::Missed | Change::Dropped | Change::Refused => 9,
        Change::CutOff => 8,
        Change::WentAway | Change::Joined | Change::Back | Change::Reconnected => 7,
        Change::Returned | Change::Hidden | Change::Held | Change::GivenUp => 6,
        Change::Routed => 5,
        Change::Done => 4,
        Change::Freed => 3,
        Change::Unwanted | Change::Skipped => 2,
        Change::Started => 1,
        Change::Published => 0,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: Change) -> String {
    let is = if many { "are" } else { "is" };
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    capitalised(&match change {
        Change::Published => format!("{who} {is} published"),
        Change::Held => format!("{who} {} at the publisher", verb("waits", "wait")),
        Change::Freed => format!("{who} {} the publisher", verb("leaves", "leave")),
        Change::Routed => format!("{who} {} to be taken", verb("waits", "wait")),
        Change::Unwanted => format!("{who} {is} not wanted"),
        Change::Skipped => format!("{who} {is} passed over"),
        Change::Started => format!("{who} {is} worked on"),
        Change::Done => format!("{who} {is} done"),
        Change::Returned => format!("{who} {} again", verb("waits", "wait")),
        Change::Hidden => format!("{who} {is} hidden"),
        Change::Missed => format!("{who} {is} missed"),
        Change::Dropped => format!("{who} {is} lost"),
        Change::Refused => format!("{who} {is} refused"),
        Change::GivenUp => format!("the publisher gives {who} up"),
        Change::Joined => format!("{who} {}", verb("joins", "join")),
        Change::WentAway => format!("{who} {} away", verb("goes", "go")),
        Change::Back => format!("{who} {is} back"),
        Change::CutOff => format!("{who} {is} cut off"),
        Change::Reconnected => format!("{who} {is} connected again"),
    })
}

/// How a message stands with a subscriber, after "it".
pub fn stands(stand: Stand) -> &'static str {
    match stand {
        Stand::Unknown => "has not come yet",
        Stand::Unwanted => "is not wanted",
        Stand::Waits => "waits",
        Stand::Worked => "is under work",
        Stand::Done => "is done",
        Stand::Missed => "was missed",
        Stand::Dropped => "was lost",
        Stand::Refused => "was refused",
    }
}
