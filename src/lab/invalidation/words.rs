//! What happens to reads, writes, cache and database, in words.

use crate::invalidation::{Change, Content, Fate, Key, Kind, Operation, Place};
use crate::lab::words::{capitalised, counted};
use crate::trace::{self, Names};

/// What people call a key, of which there are `keys` in all.
pub fn key(key: Key, keys: u32) -> String {
    Names::Numbered(keys as usize).of(trace::Key(key)).to_string()
}

/// What people call an operation: "read 7 of B".
pub fn operation(operation: &Operation, keys: u32) -> String {
    let number = operation.number;
    let of = || key(operation.key, keys);
    match operation.kind {
        Kind::Flush => format!("flush {number}"),
        kind => format!("{} {number} of {}", kind_name(kind), of()),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Read => "read",
        Kind::Write => "write",
        Kind::Refresh => "refresh",
        Kind::Flush => "flush",
        Kind::Notice => "notice",
        Kind::WarmUp => "warm-up",
    }
}

/// What people call a place.
pub fn place(place: Place) -> &'static str {
    match place {
        Place::Server => "the server",
        Place::Cache => "the cache",
        Place::Database => "the database",
    }
}

/// What stands at a key, in a sentence: "version 3", "nothing".
pub fn value(content: Content) -> String {
    content.map_or_else(|| "nothing".to_owned(), |version| format!("version {}", version.number))
}

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: Change) -> u8 {
    match change {
        Change::WriteLost { .. } | Change::Mistaken | Change::Unreadable => 14,
        Change::Restarts | Change::Down | Change::Parted => 13,
        Change::Failed { .. } => 12,
        Change::Answered { stale: Some(_), .. } => 11,
        Change::Expired | Change::LeaseOver => 8,
        Change::LosesNext | Change::Back | Change::Joined | Change::Slow | Change::Fast => 10,
        Change::Answered { .. } | Change::Acknowledged { .. } => 9,
        Change::Conflict => 10,
        Change::Acted => 7,
        Change::Acts => 3,
        Change::Lost | Change::TimedOut | Change::NotKept { .. } | Change::LeaseTaken => 8,
        Change::Committed { .. } | Change::Recorded { .. } | Change::Deleted { .. } => 7,
        Change::Hit { .. } | Change::Missed | Change::Kept { .. } | Change::LeaseGiven => 6,
        Change::Read { .. } | Change::Looked { .. } | Change::Queues | Change::Evicted { .. } => 5,
        Change::Weighed { early: true, .. } | Change::Sifted { .. } | Change::HadCopy { .. } => 6,
        Change::Begun(_) | Change::Ended | Change::TooLate | Change::Weighed { .. } => 4,
        Change::Loads | Change::Checks | Change::Stores | Change::Waits => 3,
        Change::TakenUp { .. } => 2,
        Change::Fills { .. } | Change::Deletes | Change::Passes | Change::Returns | Change::Asks => 2,
        Change::Begins => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let is = verb("is", "are");
    capitalised(&match change {
        Change::Begins | Change::Begun(_) => format!("{who} {}", verb("begins", "begin")),
        Change::Asks => format!("{who} {} the cache", verb("asks", "ask")),
        Change::Hit { content, aged: false } => format!("the cache finds {} for {who}", value(content)),
        Change::Hit { content, aged: true } => {
            format!("the cache finds {} for {who}, past its time", value(content))
        }
        Change::Missed => format!("the cache finds nothing for {who}"),
        Change::Passes => format!("{who} {} on to the cache", verb("goes", "go")),
        Change::Returns => format!("{who} {} on to its server", verb("goes", "go")),
        Change::Fills { content } => {
            format!("{who} {} {} to the cache", verb("sends", "send"), value(content))
        }
        Change::Kept { content } => format!("the cache keeps {} from {who}", value(content)),
        Change::NotKept { content } => format!("the cache refuses {} from {who}", value(content)),
        Change::Evicted { .. } => format!("an entry makes room for {who}"),
        Change::Expired => "the entry expires".to_owned(),
        Change::LeaseOver => "the lease runs out".to_owned(),
        Change::Deletes => format!("{who} {} the cache to delete", verb("tells", "tell")),
        Change::Deleted { there: true } => format!("the cache deletes the entry for {who}"),
        Change::Deleted { there: false } => format!("the cache has nothing to delete for {who}"),
        Change::LeaseGiven => format!("the cache gives {who} the lease"),
        Change::LeaseTaken => format!("the cache gives {who} no lease"),
        Change::Loads => format!("{who} {} the database", verb("asks", "ask")),
        Change::Checks => format!("{who} {} the database for the version", verb("asks", "ask")),
        Change::Stores => format!("{who} {} to the database", verb("goes", "go")),
        Change::Queues => format!("{who} {} for a connection", verb("waits", "wait")),
        Change::TakenUp { place } => format!("{} takes up {who}", self::place(place)),
        Change::Read { content } => format!("the database reads {} for {who}", value(content)),
        Change::Looked { content } => format!("the database says {} to {who}", value(content)),
        Change::Committed { content } => format!("the database commits {} of {who}", value(content)),
        Change::Recorded { content } => format!("the cache records {} of {who}", value(content)),
        Change::Waits => format!("{who} {}", verb("waits", "wait")),
        Change::Weighed { early: true, .. } => format!("chance has {who} fetch the value anew"),
        Change::Weighed { early: false, .. } => format!("chance leaves {who} with the entry"),
        Change::Sifted { passes: true } => format!("the filter lets {who} pass"),
        Change::Sifted { passes: false } => format!("the filter stops {who}"),
        Change::HadCopy { content } => {
            format!("the server of {who} has a copy of {}", value(content))
        }
        Change::Acts => format!("the database is told what {who} {}", verb("wants", "want")),
        Change::Acted => format!("the database does what {who} {}", verb("wants", "want")),
        Change::Conflict => format!("the database refuses what {who} {}", verb("wants", "want")),
        Change::Answered { content, stale: None, latency, .. } => {
            format!("{who} {is} answered with {} after {latency}", value(content))
        }
        Change::Answered { content, stale: Some(age), latency, .. } => {
            format!("{who} {is} answered with {} after {latency}, {age} out of date", value(content))
        }
        Change::Acknowledged { latency } => format!("{who} {is} acknowledged after {latency}"),
        Change::Failed { latency } => format!("{who} {} after {latency}", verb("fails", "fail")),
        Change::Ended => format!("{who} {is} over"),
        Change::TimedOut => format!("{who} {} up waiting", verb("gives", "give")),
        Change::TooLate => format!("an answer to {who} comes too late"),
        Change::Lost => format!("a message of {who} is lost"),
        Change::WriteLost { .. } => format!("{who} {is} lost"),
        Change::Mistaken => {
            format!("the database does by mistake what {who} {}", verb("wants", "want"))
        }
        Change::Unreadable => format!("{who} cannot read the entry"),
        Change::Restarts => format!("{who} {}", verb("restarts", "restart")),
        Change::Down => format!("{who} cannot be reached"),
        Change::Back => format!("{who} {is} back"),
        Change::LosesNext => format!("{who} will not get the next deletion"),
        Change::Slow => format!("{who} {} slow", verb("becomes", "become")),
        Change::Fast => format!("{who} {is} as fast as ever"),
        Change::Parted => format!("{who} {is} parted from the database"),
        Change::Joined => format!("{who} {} the database again", verb("reaches", "reach")),
    })
}

/// What became of an operation, as the second half of a sentence.
pub fn fate(fate: Fate) -> String {
    match fate {
        Fate::Hit => "it was answered without a fetch from the database".to_owned(),
        Fate::Miss => "it was answered with a fetch from the database".to_owned(),
        Fate::Stale(age) => format!("it was answered with a value {age} out of date"),
        Fate::Acknowledged => "it was acknowledged".to_owned(),
        Fate::Lost => "it was acknowledged, and is lost".to_owned(),
        Fate::Failed => "it ended in an error".to_owned(),
    }
}

/// The lost writes in words: "writes 7, 9 and 12".
pub fn lost_writes(writes: &[u32]) -> String {
    match writes {
        [one] => format!("write {one}"),
        many => {
            let shown: Vec<String> = many.iter().take(SHOWN).map(u32::to_string).collect();
            let more = many.len() - shown.len();
            let rest = match more {
                0 => String::new(),
                more => format!(" and {}", counted(more as u64, "more", "more")),
            };
            format!("writes {}{rest}", shown.join(", "))
        }
    }
}

/// So many lost writes are named.
const SHOWN: usize = 12;
