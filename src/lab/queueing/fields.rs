//! Everything that can be set about the traffic and its failures, one line a field. Links, JSON and
//! forms are all made from this table.

use super::Queueing;
use crate::lab::form::Input;
use crate::lab::reading::{SECONDS, joined, listed, number, optional, optional_seconds, pair, put};
use crate::lab::repeats;
use crate::lab::table::Field;
use crate::lab::timing;
use crate::lab::variant::whole;
use crate::queue::Poison;
use crate::refusal::Refusal;

/// The most messages in a run.
pub const MOST_MESSAGES: u32 = 10_000_000;

const TRAFFIC: &str = "Messages";
const FAILURES: &str = "Failures";
const OPERATOR: &str = "Operator";

fn text() -> Input {
    Input::Text
}

fn share() -> Input {
    Input::Fraction { least: 0.0, most: 1.0 }
}

fn seconds() -> Input {
    Input::Fraction { least: 0.0, most: 1e9 }
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Queueing>] = &[
    Field {
        id: "messages",
        label: "Messages",
        means: "how many messages are sent",
        input: || Input::Whole { least: 1, most: u64::from(MOST_MESSAGES) },
        get: |s| s.messages.to_string(),
        set: |s, text| put(&mut s.messages, whole("messages", text, 1, MOST_MESSAGES)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    repeats::until(TRAFFIC),
    Field {
        id: "warm-up",
        label: "Leave out the first",
        means: "so many messages are not counted, until the queue is as usual",
        input: || Input::Whole { least: 0, most: u64::from(MOST_MESSAGES) },
        get: |s| s.warm_up.to_string(),
        set: |s, text| put(&mut s.warm_up, whole("warm-up", text, 0, MOST_MESSAGES)),
        group: TRAFFIC,
    },
    Field {
        id: "groups",
        label: "Groups",
        means: "in how many groups messages fall, by chance; a FIFO queue keeps the order within each",
        input: || Input::Whole { least: 1, most: 1_000 },
        get: |s| s.groups.to_string(),
        set: |s, text| put(&mut s.groups, whole("groups", text, 1, 1_000)),
        group: TRAFFIC,
    },
    Field {
        id: "urgent",
        label: "Urgent share",
        means: "which share of the messages is urgent, from 0 to 1; a plain queue lets them go first",
        input: share,
        get: |s| s.urgent.to_string(),
        set: |s, text| put(&mut s.urgent, number("urgent", text, 0.0..=1.0)),
        group: TRAFFIC,
    },
    Field {
        id: "patience",
        label: "Patience",
        means: "how long a message waits before it gives up: exponential:5, constant:2; empty: for ever",
        input: text,
        get: |s| s.patience.map_or(String::new(), |shape| timing::service_text(&shape)),
        set: |s, text| {
            let set = !text.is_empty();
            put(&mut s.patience, set.then(|| timing::parse_service("patience", text)).transpose())
        },
        group: TRAFFIC,
    },
    Field {
        id: "poison",
        label: "Poison messages",
        means: "the numbers of messages that always go wrong: 3,8",
        input: text,
        get: |s| joined(&s.poison, u32::to_string),
        set: |s, text| {
            let mut numbers = listed("poison", text, |part| whole("poison", part, 1, MOST_MESSAGES))?;
            numbers.sort_unstable();
            numbers.dedup();
            put(&mut s.poison, Ok(numbers))
        },
        group: FAILURES,
    },
    Field {
        id: "poison-does",
        label: "A poison message",
        means: "what happens to the worker: its work fails, it breaks down, or it never gets to an end",
        input: || Input::Words(POISON.iter().map(|(id, name, _)| (*id, (*name).to_owned())).collect()),
        get: |s| POISON.iter().find(|known| known.2 == s.poison_does).map_or("", |known| known.0).to_owned(),
        set: |s, text| {
            let found = POISON.iter().find(|(id, ..)| *id == text);
            let known: Vec<&str> = POISON.iter().map(|(id, ..)| *id).collect();
            let allowed = format!("one of {}", known.join(", "));
            put(
                &mut s.poison_does,
                found.map(|known| known.2).ok_or_else(|| Refusal::new("poison-does", text, allowed)),
            )
        },
        group: FAILURES,
    },
    Field {
        id: "fail",
        label: "Share that fails",
        means: "the share of tries whose work fails, by chance, from 0 to 1",
        input: share,
        get: |s| s.fail.to_string(),
        set: |s, text| put(&mut s.fail, number("fail", text, 0.0..=1.0)),
        group: FAILURES,
    },
    Field {
        id: "crash",
        label: "Share that crashes",
        means: "the share of tries in which the worker breaks down, by chance, from 0 to 1",
        input: share,
        get: |s| s.crash.to_string(),
        set: |s, text| put(&mut s.crash, number("crash", text, 0.0..=1.0)),
        group: FAILURES,
    },
    Field {
        id: "crash-point",
        label: "A crash comes",
        means: "in the middle of the work, or when it is done and only the acknowledgement is missing",
        input: || {
            let words =
                [("middle", "in the middle of the work"), ("before-ack", "before the acknowledgement")];
            Input::Words(words.map(|(id, name)| (id, name.to_owned())).into())
        },
        get: |s| if s.crash_late { "before-ack" } else { "middle" }.to_owned(),
        set: |s, text| {
            s.crash_late = match text {
                "middle" => false,
                "before-ack" => true,
                _ => return Err(Refusal::new("crash-point", text, "one of middle, before-ack")),
            };
            Ok(())
        },
        group: FAILURES,
    },
    Field {
        id: "crashes",
        label: "Crashes at",
        means: "second and worker of each: 2.5@1,8@2",
        input: text,
        get: |s| joined(&s.crashes, |(at, worker)| format!("{at}@{worker}")),
        set: |s, text| {
            let mut crashes = listed("crashes", text, |part| {
                pair("crashes", part, '@', "a second and a worker, as in 2.5@1")
            })?;
            crashes.sort_by(|a, b| a.0.total_cmp(&b.0));
            let crashes = crashes.into_iter().map(|(at, worker)| Ok((at, worker_of("crashes", worker)?)));
            put(&mut s.crashes, crashes.collect())
        },
        group: FAILURES,
    },
    Field {
        id: "restart",
        label: "Away for",
        means: "seconds for which a worker that broke down is away",
        input: seconds,
        get: |s| s.restart.to_string(),
        set: |s, text| put(&mut s.restart, number("restart", text, SECONDS)),
        group: FAILURES,
    },
    Field {
        id: "slow",
        label: "Slow workers",
        means: "worker and how many times as long it takes: 1@5",
        input: text,
        get: |s| joined(&s.slow, |(worker, times)| format!("{worker}@{times}")),
        set: |s, text| {
            let slow =
                listed("slow", text, |part| pair("slow", part, '@', "a worker and a factor, as in 1@5"))?;
            let slow = slow.into_iter().map(|(worker, times)| {
                let times = number("slow", &times.to_string(), 0.001..=1e6)?;
                Ok((worker_of("slow", worker)?, times))
            });
            put(&mut s.slow, slow.collect())
        },
        group: FAILURES,
    },
    Field {
        id: "mended",
        label: "Poison is mended at",
        means: "the second from which poison messages do no harm; empty: never",
        input: text,
        get: |s| optional(s.mended),
        set: |s, text| put(&mut s.mended, optional_seconds("mended", text)),
        group: OPERATOR,
    },
    Field {
        id: "redrive",
        label: "Send the dead back",
        means: "from which second, and how many a second: 30@2; empty: never",
        input: text,
        get: |s| s.redrive.map_or(String::new(), |(from, rate)| format!("{from}@{rate}")),
        set: |s, text| {
            let set = !text.is_empty();
            let read = || pair("redrive", text, '@', "a second and a rate, as in 30@2");
            let redrive = set.then(read).transpose()?;
            if let Some((from, rate)) = redrive {
                number("redrive", &from.to_string(), SECONDS)?;
                number("redrive", &rate.to_string(), 1e-6..=1e6)?;
            }
            put(&mut s.redrive, Ok(redrive))
        },
        group: OPERATOR,
    },
];

/// What a poison message does: in links, in words, and to the pool.
const POISON: [(&str, &str, Poison); 3] = [
    ("fail", "fails", Poison::Fail),
    ("crash", "crashes its worker", Poison::Crash),
    ("hang", "never ends", Poison::Hang),
];

/// The groups of the form, in their order.
pub const GROUPS: [&str; 3] = [TRAFFIC, FAILURES, OPERATOR];

/// A worker as people count them, from 1.
fn worker_of(field: &str, number: f64) -> Result<u32, Refusal> {
    let whole = number.fract() == 0.0 && (1.0..=10_000.0).contains(&number);
    if whole {
        Ok(number as u32)
    } else {
        Err(Refusal::new(field, number, "a worker's number, from 1 to 10000"))
    }
}
