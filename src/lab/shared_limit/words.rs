//! What happens to requests, nodes and the store, in words.

use crate::lab::words::{capitalised, count, counted};
use crate::limit::shared::{Change, Command, Fate, Who};

/// What people call somebody to whom something happens.
pub fn who(who: Who) -> String {
    match who {
        Who::Request(request) => format!("request {}", request.number),
        Who::Node(node) => node_name(node),
        Who::Store => "the store".to_owned(),
    }
}

/// What people call a node, counted from 0.
pub fn node_name(node: u32) -> String {
    format!("node {}", node + 1)
}

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: Change) -> u8 {
    match change {
        Change::Admitted { over: true, .. } | Change::Refused { early: true, .. } => 9,
        Change::Down | Change::Back => 8,
        Change::Admitted { .. } | Change::Refused { .. } => 7,
        Change::GivesUp | Change::Lost | Change::TooLate => 6,
        Change::Counted | Change::NoRoom | Change::Written | Change::Added(_) | Change::Granted(_) => 5,
        Change::Read | Change::Learns(_) | Change::Keeps => 4,
        Change::Arrives { .. } => 3,
        Change::Sent(_) => 2,
        Change::Waits => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let (passes, is) = (verb("passes", "pass"), verb("is", "are"));
    capitalised(&match change {
        Change::Arrives { node } => format!("{who} {} to {}", verb("comes", "come"), node_name(node)),
        Change::Sent(command) => sent(who, many, command),
        Change::Waits => format!("{who} {}", verb("waits", "wait")),
        Change::Counted => format!("the store counts {who}"),
        Change::NoRoom => format!("the store has no room for {who}"),
        Change::Read => format!("the counter is read for {who}"),
        Change::Written => format!("the counter is written for {who}"),
        Change::Added(number) => format!("{who} adds {}", count(number)),
        Change::Granted(permits) => format!("{who} hands out {}", counted(permits, "permit", "permits")),
        Change::Learns(_) => format!("{who} {} from the store", verb("hears", "hear")),
        Change::Admitted { over: false, .. } => format!("{who} {passes}"),
        Change::Admitted { over: true, .. } => format!("{who} {passes} over the limit"),
        Change::Refused { early: false, .. } => format!("{who} {is} refused"),
        Change::Refused { early: true, .. } => format!("{who} {is} refused too early"),
        Change::GivesUp => format!("{who} {} waiting", verb("gives up", "give up")),
        Change::Keeps => format!("{who} {} its count", verb("keeps", "keep")),
        Change::Lost => format!("the message of {who} is lost"),
        Change::TooLate => format!("the answer to {who} comes too late"),
        Change::Down => format!("{who} cannot be reached"),
        Change::Back => format!("{who} can be reached again"),
    })
}

fn sent(who: &str, many: bool, command: Command) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    match command {
        Command::CountIfRoom => format!("the store is asked to count {who}, if there is room"),
        Command::Get => format!("the store is asked how many it has counted, for {who}"),
        Command::Increment => format!("the store is told to count {who}"),
        Command::Set(number) => format!("the store is told to write {}, for {who}", count(number)),
        Command::Add(number) => format!("{who} {} its count of {}", verb("sends", "send"), count(number)),
        Command::Take(permits) => {
            format!("{who} {} for {}", verb("asks", "ask"), counted(permits, "permit", "permits"))
        }
    }
}

/// What became of a request, after "it".
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Waits => "waits for its answer",
        Fate::Admitted => "has passed",
        Fate::Over => "has passed over the limit",
        Fate::Refused => "was refused",
        Fate::Early => "was refused too early",
    }
}
