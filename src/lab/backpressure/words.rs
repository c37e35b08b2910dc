//! What happens to requests and stages, in words.

use crate::lab::queueing::words::named;
use crate::lab::words::{capitalised, counted};
use crate::pressure::{Change, End, Fate};

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: &Change) -> u8 {
    match change {
        Change::Down => 10,
        Change::Ended(_) | Change::Back => 9,
        Change::GivenUp | Change::InVain => 8,
        Change::Paused | Change::Resumed | Change::Dropping | Change::Turned | Change::Hires { .. } => 7,
        Change::Slow | Change::Fast | Change::Dismisses { .. } | Change::Calm => 7,
        Change::TimedOut | Change::Stuck { .. } => 6,
        Change::Retries { .. } | Change::Waits | Change::Answered { .. } => 5,
        Change::Ready { .. } | Change::Granted { .. } | Change::Credited { .. } => 4,
        Change::Entered => 3,
        Change::Started { .. } | Change::Done { .. } => 2,
        Change::Sent | Change::Asks => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence; at `stage`, counted from 0,
/// where there are several.
pub fn happens(who: &str, many: bool, change: &Change, stage: Option<u8>) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let is = verb("is", "are");
    let workers = |workers: u32| counted(u64::from(workers), "worker", "workers");
    let at = |preposition: &str| match stage {
        None => String::new(),
        Some(_) => format!(" {preposition} {}", self::stage(stage)),
    };
    let (of, here) = (at("of"), at("at"));
    capitalised(&match change {
        Change::Sent => format!("{who} {is} sent"),
        Change::Waits => format!("{who} {} at the door{of}", verb("waits", "wait")),
        Change::Entered => format!("{who} {} into the buffer{of}", verb("comes", "come")),
        Change::Started { worker } => format!("{}{of} begins with {who}", named(*worker)),
        Change::Done { worker } => format!("{}{of} is done with {who}", named(*worker)),
        Change::Stuck { worker } => format!("{}{of} is stuck with {who}", named(*worker)),
        Change::Answered { latency } => format!("{who} {is} answered after {latency}"),
        Change::InVain => format!("{who} {is} done in vain"),
        Change::Ended(end) => format!("{who} {}{here}", ended(*end, many)),
        Change::TimedOut => format!("{who} {} out", verb("times", "time")),
        Change::Retries { at } => format!("{who} will be tried again at {at}"),
        Change::GivenUp => format!("{who} {is} given up"),
        Change::Down => format!("{who} {} down", verb("goes", "go")),
        Change::Back => format!("{who} {is} back"),
        Change::Slow => format!("{who} {} slow", verb("becomes", "become")),
        Change::Fast => format!("{who} {is} as fast as ever"),
        Change::Paused => format!("{who} {} ingestion", verb("pauses", "pause")),
        Change::Resumed => format!("{who} {} ingestion", verb("resumes", "resume")),
        Change::Granted { credits } => format!("{who} {} {credits} more", verb("grants", "grant")),
        Change::Credited { credits } => format!("the sender may send {who} {credits} more"),
        Change::Asks => format!("{who} {} for a request", verb("asks", "ask")),
        Change::Dropping => format!("{who} {} to drop", verb("begins", "begin")),
        Change::Calm => format!("{who} {is} calm again"),
        Change::Turned => format!("{who} {} the newest first", verb("takes", "take")),
        Change::Hires { workers: n } => format!("{who} {} {}", verb("starts", "start"), workers(*n)),
        Change::Ready { worker } => format!("{} of {who} is ready", named(*worker)),
        Change::Dismisses { workers: n } => {
            format!("{who} {} without {}", verb("does", "do"), workers(*n))
        }
    })
}

fn ended(end: End, many: bool) -> &'static str {
    match (end, many) {
        (End::Refused, false) => "is refused",
        (End::Refused, true) => "are refused",
        (End::Dropped, false) => "is dropped",
        (End::Dropped, true) => "are dropped",
        (End::Shed, false) => "is shed",
        (End::Shed, true) => "are shed",
        (End::Expired, false) => "is thrown away",
        (End::Expired, true) => "are thrown away",
        (End::Lost, false) => "is lost",
        (End::Lost, true) => "are lost",
        (End::Left, false) => "leaves",
        (End::Left, true) => "leave",
    }
}

/// What became of a request, after "it".
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Answered => "has been answered",
        Fate::GivenUp => "was given up",
    }
}

/// What people call a stage that is counted from 0; `None`: the only one.
pub fn stage(stage: Option<u8>) -> String {
    stage.map_or_else(|| "the stage".to_owned(), |stage| format!("stage {}", stage + 1))
}
