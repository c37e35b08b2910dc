//! Everything that can be set about the clients, the server and the limiter's clock, one line a field.
//! Links, JSON and forms are all made from this table.

use super::RateLimit;
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, number, optional, optional_seconds, pair, put};
use crate::lab::repeats;
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;
use crate::refusal::Refusal;

/// The most requests in a run.
const MOST_REQUESTS: u32 = 1_000_000;
/// The most clients.
const MOST_CLIENTS: u32 = 1_000_000;
/// The most tries of a request.
const MOST_TRIES: u32 = 100;
/// The most permits that a request takes.
const MOST_COST: u32 = 1_000_000;
/// The most workers.
const MOST_WORKERS: u32 = 10_000;
/// The furthest that the clock is put, in seconds.
const FURTHEST: f64 = 100_000.0;

const CLIENTS: &str = "Clients";
const SERVER: &str = "Server";
const CLOCK: &str = "Clock";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 3] = [CLIENTS, SERVER, CLOCK];

fn text() -> Input {
    Input::Text
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<RateLimit>] = &[
    Field {
        id: "requests",
        label: "Requests",
        means: "how many are sent at the most; a list of times and a log send what they have",
        input: || Input::Whole { least: 1, most: u64::from(MOST_REQUESTS) },
        get: |s| s.requests.to_string(),
        set: |s, text| put(&mut s.requests, whole("requests", text, 1, MOST_REQUESTS)),
        group: "",
    },
    Field {
        id: "window",
        label: "Window",
        means: "seconds over which it is counted how much gets through; a limiter’s own window is set with the limiter",
        input: || Input::Fraction { least: 0.001, most: 86_400.0 },
        get: |s| s.window.to_string(),
        set: |s, text| put(&mut s.window, number("window", text, 0.001..=86_400.0)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    repeats::until(CLIENTS),
    Field {
        id: "clients",
        label: "Clients",
        means: "how many there are; each request comes from one of them by chance",
        input: || Input::Whole { least: 1, most: u64::from(MOST_CLIENTS) },
        get: |s| s.clients.to_string(),
        set: |s, text| put(&mut s.clients, whole("clients", text, 1, MOST_CLIENTS)),
        group: CLIENTS,
    },
    Field {
        id: "abuse",
        label: "Abuser’s share",
        means: "which share of all requests the last client sends, from 0 to 1; 0: there is no abuser",
        input: || Input::Fraction { least: 0.0, most: 1.0 },
        get: |s| s.abuse.to_string(),
        set: |s, text| put(&mut s.abuse, number("abuse", text, 0.0..=1.0)),
        group: CLIENTS,
    },
    Field {
        id: "keys",
        label: "Counted by",
        means: "whether the limiter counts each client by itself or all of them together",
        input: || words(&KEYS),
        get: |s| word_of(&KEYS, s.shared),
        set: |s, text| put(&mut s.shared, word("keys", text, &KEYS)),
        group: CLIENTS,
    },
    Field {
        id: "costs",
        label: "Permits",
        means: "how many permits the requests take, by turns: 1,1,2,4; empty: one each",
        input: text,
        get: |s| joined(&s.costs, u32::to_string),
        set: |s, text| put(&mut s.costs, listed("costs", text, |part| whole("costs", part, 1, MOST_COST))),
        group: CLIENTS,
    },
    Field {
        id: "tries",
        label: "Tries",
        means: "how often a request is tried at the most; 1: who is refused gives up",
        input: || Input::Whole { least: 1, most: u64::from(MOST_TRIES) },
        get: |s| s.tries.to_string(),
        set: |s, text| put(&mut s.tries, whole("tries", text, 1, MOST_TRIES)),
        group: CLIENTS,
    },
    Field {
        id: "obey",
        label: "Obedient clients",
        means: "which share of the clients comes back when the response says, from 0 to 1; the others do not look, the abuser first among them",
        input: || Input::Fraction { least: 0.0, most: 1.0 },
        get: |s| s.obey.to_string(),
        set: |s, text| put(&mut s.obey, number("obey", text, 0.0..=1.0)),
        group: CLIENTS,
    },
    Field {
        id: "told",
        label: "They are told",
        means: "whole: seconds as Retry-After has them, rounded up; exact: to the nanosecond",
        input: || words(&TOLD),
        get: |s| word_of(&TOLD, s.whole_seconds),
        set: |s, text| put(&mut s.whole_seconds, word("told", text, &TOLD)),
        group: CLIENTS,
    },
    Field {
        id: "pause",
        label: "The others’ pause",
        means: "seconds after which those try again who do not look, or are not told",
        input: || Input::Fraction { least: 0.001, most: 86_400.0 },
        get: |s| s.pause.to_string(),
        set: |s, text| put(&mut s.pause, number("pause", text, 0.001..=86_400.0)),
        group: CLIENTS,
    },
    Field {
        id: "workers",
        label: "Workers",
        means: "how many serve those that pass, one request at a time each; 0: who passes is served at once",
        input: || Input::Whole { least: 0, most: u64::from(MOST_WORKERS) },
        get: |s| s.workers.to_string(),
        set: |s, text| put(&mut s.workers, whole("workers", text, 0, MOST_WORKERS)),
        group: SERVER,
    },
    Field {
        id: "patience",
        label: "Time-out",
        means: "seconds after passing until a client waits no longer and its request is dropped; empty: never",
        input: text,
        get: |s| optional(s.patience),
        set: |s, text| put(&mut s.patience, optional_seconds("patience", text)),
        group: SERVER,
    },
    Field {
        id: "slow",
        label: "Slow",
        means: "from which second to which the work takes how many times as long: 20-40:3",
        input: text,
        get: |s| joined(&s.slow, |(from, to, times)| format!("{from}-{to}:{times}")),
        set: |s, text| put(&mut s.slow, listed("slow", text, slow)),
        group: SERVER,
    },
    Field {
        id: "skew",
        label: "Clock is put",
        means: "at which second, and how many seconds forward or back, the limiter’s clock is put: 2:-1.5",
        input: text,
        get: |s| joined(&s.skew, |(at, by)| format!("{at}:{by}")),
        set: |s, text| {
            let mut skew = listed("skew", text, jump)?;
            skew.sort_by(|a, b| a.0.total_cmp(&b.0));
            put(&mut s.skew, Ok(skew))
        },
        group: CLOCK,
    },
];

const KEYS: [Word<bool>; 2] = [("client", "client", false), ("shared", "all together", true)];
const TOLD: [Word<bool>; 2] = [("whole", "whole seconds", true), ("exact", "the exact time", false)];

/// `20-40:3`: from the twentieth to the fortieth second, three times as slow.
fn slow(text: &str) -> Result<(f64, f64, f64), Refusal> {
    let allowed = "from which second to which, and how many times as slow, from 0.01 to 1000, as in 20-40:3";
    let refused = || Refusal::new("slow", text, allowed);
    let (span, times) = text.split_once(':').ok_or_else(refused)?;
    let (from, to) = pair("slow", span, '-', allowed)?;
    let times = number("slow", times, 0.01..=1_000.0).map_err(|_| refused())?;
    if from < to { Ok((from, to, times)) } else { Err(refused()) }
}

/// `2:-1.5`: at the second second, one and a half seconds back.
fn jump(text: &str) -> Result<(f64, f64), Refusal> {
    let refused = || Refusal::new("skew", text, "a second and by how many the clock is put, as in 2:-1.5");
    let (at, by) = text.split_once(':').ok_or_else(refused)?;
    Ok((number("skew", at, 0.0..=1e9)?, number("skew", by, -FURTHEST..=FURTHEST)?))
}
