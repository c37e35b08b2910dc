//! Everything that can be set about clients, cache, database and their troubles, one line a field. Links,
//! JSON and forms are all made from this table.

use super::Invalidation;
use super::scenario::Failure;
use crate::invalidation::{Fault, Key, Kind};
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, number, pair, put};
use crate::lab::repeats;
use crate::lab::table::Field;
use crate::lab::variant::whole;
use crate::refusal::Refusal;
use std::ops::RangeInclusive;

/// The most operations in a run, and the most keys.
const MOST: u32 = 1_000_000;
/// The most servers.
const MOST_SERVERS: u32 = 100;
/// The most nodes of the cache, and connections to the database.
const MOST_NODES: u32 = 1_000;
const MOST_CONNECTIONS: u32 = 100_000;
/// The latest second at which something goes wrong.
const FURTHEST: f64 = 1e6;
const SHARE: RangeInclusive<f64> = 0.0..=1.0;
const SKEWS: RangeInclusive<f64> = 0.0..=2.0;

const CLIENTS: &str = "Clients";
const CACHE: &str = "Cache and database";
const TROUBLES: &str = "Troubles";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 3] = [CLIENTS, CACHE, TROUBLES];

fn text() -> Input {
    Input::Text
}

fn share() -> Input {
    Input::Fraction { least: *SHARE.start(), most: *SHARE.end() }
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Invalidation>] = &[
    Field {
        id: "operations",
        label: "Operations",
        means: "how many reads and writes clients ask for",
        input: || Input::Whole { least: 1, most: u64::from(MOST) },
        get: |s| s.operations.to_string(),
        set: |s, text| put(&mut s.operations, whole("operations", text, 1, MOST)),
        group: "",
    },
    Field {
        id: "writes",
        label: "Writes",
        means: "the share of the operations that are writes",
        input: share,
        get: |s| s.writes.to_string(),
        set: |s, text| put(&mut s.writes, number("writes", text, SHARE)),
        group: "",
    },
    Field {
        id: "keys",
        label: "Keys",
        means: "how many keys exist",
        input: || Input::Whole { least: 1, most: u64::from(MOST) },
        get: |s| s.keys.to_string(),
        set: |s, text| put(&mut s.keys, whole("keys", text, 1, MOST)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    repeats::until(CLIENTS),
    Field {
        id: "skew",
        label: "Skew",
        means: "how uneven keys are asked for: the exponent of Zipf’s law; 0 all alike",
        input: || Input::Fraction { least: *SKEWS.start(), most: *SKEWS.end() },
        get: |s| s.skew.to_string(),
        set: |s, text| put(&mut s.skew, number("skew", text, SKEWS)),
        group: CLIENTS,
    },
    Field {
        id: "volatile",
        label: "Written keys",
        means: "the share of the keys that are ever written, the most popular first; the others are stable",
        input: share,
        get: |s| s.volatile.to_string(),
        set: |s, text| put(&mut s.volatile, number("volatile", text, SHARE)),
        group: CLIENTS,
    },
    Field {
        id: "absent",
        label: "Reads of nothing",
        means: "the share of the reads that ask for a key which does not exist",
        input: share,
        get: |s| s.absent.to_string(),
        set: |s, text| put(&mut s.absent, number("absent", text, SHARE)),
        group: CLIENTS,
    },
    Field {
        id: "missing",
        label: "Missing keys",
        means: "how many keys are asked for that do not exist",
        input: || Input::Whole { least: 1, most: u64::from(MOST) },
        get: |s| s.missing.to_string(),
        set: |s, text| put(&mut s.missing, whole("missing", text, 1, MOST)),
        group: CLIENTS,
    },
    Field {
        id: "created",
        label: "Creations",
        means: "the share of the writes that bring a missing key into being",
        input: share,
        get: |s| s.created.to_string(),
        set: |s, text| put(&mut s.created, number("created", text, SHARE)),
        group: CLIENTS,
    },
    Field {
        id: "servers",
        label: "Servers",
        means: "how many servers the operations come to, by chance",
        input: || Input::Whole { least: 1, most: u64::from(MOST_SERVERS) },
        get: |s| s.servers.to_string(),
        set: |s, text| put(&mut s.servers, whole("servers", text, 1, MOST_SERVERS)),
        group: CLIENTS,
    },
    Field {
        id: "script",
        label: "First operations",
        means: "what comes first, r to read and w to write, each with the number of its key: r1,w1,r1; keys beyond those that exist are missing ones; then chance decides",
        input: text,
        get: |s| joined(&s.script, scripted),
        set: |s, text| put(&mut s.script, listed("script", text, script)),
        group: CLIENTS,
    },
    Field {
        id: "timeout",
        label: "Time-out",
        means: "seconds that a server waits for an answer of the cache or the database",
        input: || Input::Fraction { least: 0.001, most: 1e6 },
        get: |s| s.timeout.to_string(),
        set: |s, text| put(&mut s.timeout, number("timeout", text, 0.001..=1e6)),
        group: CLIENTS,
    },
    Field {
        id: "capacity",
        label: "Capacity",
        means: "how many entries the cache can hold",
        input: || Input::Whole { least: 1, most: 10 * u64::from(MOST) },
        get: |s| s.capacity.to_string(),
        set: |s, text| put(&mut s.capacity, whole("capacity", text, 1, 10 * MOST)),
        group: CACHE,
    },
    Field {
        id: "nodes",
        label: "Nodes",
        means: "how many nodes the cache has; each key is on one of them",
        input: || Input::Whole { least: 1, most: u64::from(MOST_NODES) },
        get: |s| s.nodes.to_string(),
        set: |s, text| put(&mut s.nodes, whole("nodes", text, 1, MOST_NODES)),
        group: CACHE,
    },
    Field {
        id: "work",
        label: "Work of a node",
        means: "seconds that a node of the cache works on a command, one after another",
        input: || Input::Fraction { least: 0.0, most: 1_000.0 },
        get: |s| s.work.to_string(),
        set: |s, text| put(&mut s.work, number("work", text, 0.0..=1_000.0)),
        group: CACHE,
    },
    Field {
        id: "far",
        label: "Way to the database",
        means: "seconds that a message is under way to or from the database, one way",
        input: || Input::Fraction { least: 0.0, most: 1_000.0 },
        get: |s| s.far.to_string(),
        set: |s, text| put(&mut s.far, number("far", text, 0.0..=1_000.0)),
        group: CACHE,
    },
    Field {
        id: "connections",
        label: "Connections",
        means: "how many queries the database works on at a time; empty: as many as come",
        input: text,
        get: |s| s.connections.map_or(String::new(), |connections| connections.to_string()),
        set: |s, text| put(&mut s.connections, connections(text)),
        group: CACHE,
    },
    Field {
        id: "check",
        label: "Looking up a version",
        means: "which part of a read’s work it is for the database to say which version it has",
        input: share,
        get: |s| s.check.to_string(),
        set: |s, text| put(&mut s.check, number("check", text, SHARE)),
        group: CACHE,
    },
    Field {
        id: "troubles",
        label: "Troubles",
        means: "what goes wrong, and when, in seconds: restart@2 empties the cache, unreachable@3-4 cuts it off, slow@3-4:10 makes its messages take ten times as long, down@3-4 stops the database, parted@3-4 parts the two, lost@2 loses the next message that would delete",
        input: text,
        get: |s| joined(&s.troubles, failure_text),
        set: |s, text| put(&mut s.troubles, troubles(text)),
        group: TROUBLES,
    },
    Field {
        id: "lost",
        label: "Lost deletions",
        means: "the share of the messages that would delete an entry which are lost",
        input: share,
        get: |s| s.lost.to_string(),
        set: |s, text| put(&mut s.lost, number("lost", text, SHARE)),
        group: TROUBLES,
    },
    Field {
        id: "clocks",
        label: "Clocks are off",
        means: "seconds by which the first server’s clock is behind, and the last one’s ahead",
        input: || Input::Fraction { least: 0.0, most: 1e6 },
        get: |s| s.clocks.to_string(),
        set: |s, text| put(&mut s.clocks, number("clocks", text, 0.0..=1e6)),
        group: TROUBLES,
    },
    Field {
        id: "rollout",
        label: "New form of values",
        means: "from which second to which the servers change to a new form of values, one after another: 2-4; empty: they do not",
        input: text,
        get: |s| s.rollout.map_or(String::new(), |(from, until)| format!("{from}-{until}")),
        set: |s, text| put(&mut s.rollout, rollout(text)),
        group: TROUBLES,
    },
];

/// `r1`, `w3`: an operation of a script, whose keys are counted from 1.
fn scripted((kind, key): &(Kind, Key)) -> String {
    format!("{}{}", if *kind == Kind::Write { 'w' } else { 'r' }, key + 1)
}

fn script(text: &str) -> Result<(Kind, Key), Refusal> {
    let refused = || Refusal::new("script", text, "r or w and the number of a key, as in r1,w1");
    let (kind, rest) = text.split_at_checked(1).ok_or_else(refused)?;
    let kind = match kind {
        "r" => Kind::Read,
        "w" => Kind::Write,
        _ => return Err(refused()),
    };
    Ok((kind, whole("script", rest, 1, MOST).map_err(|_| refused())? - 1))
}

fn connections(text: &str) -> Result<Option<u32>, Refusal> {
    if text.is_empty() { Ok(None) } else { whole("connections", text, 1, MOST_CONNECTIONS).map(Some) }
}

fn rollout(text: &str) -> Result<Option<(f64, f64)>, Refusal> {
    if text.is_empty() { Ok(None) } else { stretch("rollout", text).map(Some) }
}

/// The words of the failures, and what they stand for.
const FAULTS: [(&str, Fault); 6] = [
    ("restart", Fault::Restart),
    ("slow", Fault::Slow(1.0)),
    ("unreachable", Fault::Unreachable),
    ("down", Fault::Down),
    ("parted", Fault::Parted),
    ("lost", Fault::LostNotice),
];

/// A failure as a link writes it.
pub(super) fn failure_text(failure: &Failure) -> String {
    let same = |fault: Fault| std::mem::discriminant(&fault) == std::mem::discriminant(&failure.what);
    let word = FAULTS.iter().find(|(_, fault)| same(*fault)).map_or("", |(word, _)| word);
    match failure.what {
        Fault::Slow(times) => format!("{word}@{}-{}:{times}", failure.from, failure.until),
        what if what.lasts() => format!("{word}@{}-{}", failure.from, failure.until),
        _ => format!("{word}@{}", failure.from),
    }
}

/// `restart@2,down@3-4`; failures of the same kind do not overlap.
fn troubles(text: &str) -> Result<Vec<Failure>, Refusal> {
    let mut troubles = listed("troubles", text, failure)?;
    troubles.sort_by(|a, b| a.from.total_cmp(&b.from));
    for (at, trouble) in troubles.iter().enumerate() {
        let same =
            |other: &&Failure| std::mem::discriminant(&other.what) == std::mem::discriminant(&trouble.what);
        let before = troubles[..at].iter().filter(same).any(|other| other.until > trouble.from);
        if before && trouble.what.lasts() {
            let given = failure_text(trouble);
            return Err(Refusal::new("troubles", given, "times of the same trouble that do not overlap"));
        }
    }
    Ok(troubles)
}

fn failure(text: &str) -> Result<Failure, Refusal> {
    const ALLOWED: &str =
        "one of restart@2, slow@2-3:10, unreachable@2-3, down@2-3, parted@2-3, lost@2, times in seconds";
    let refused = || Refusal::new("troubles", text, ALLOWED);
    let (word, when) = text.split_once('@').ok_or_else(refused)?;
    let fault = FAULTS.iter().find(|(known, _)| *known == word).ok_or_else(refused)?.1;
    if !fault.lasts() {
        let from = number("troubles", when, 0.0..=FURTHEST)?;
        return Ok(Failure { what: fault, from, until: from });
    }
    let (when, what) = match (fault, when.split_once(':')) {
        (Fault::Slow(_), Some((when, times))) => {
            (when, Fault::Slow(number("troubles", times, 1.0..=1_000_000.0)?))
        }
        (Fault::Slow(_), None) | (_, Some(_)) => return Err(refused()),
        (fault, None) => (when, fault),
    };
    let (from, until) = stretch("troubles", when)?;
    Ok(Failure { what, from, until })
}

/// `2-4`: a stretch of time in seconds.
fn stretch(field: &str, text: &str) -> Result<(f64, f64), Refusal> {
    const ALLOWED: &str = "two times in seconds, the second after the first, as in 2-4";
    let (from, until) = pair(field, text, '-', ALLOWED)?;
    if from >= until || until > FURTHEST {
        return Err(Refusal::new(field, text, ALLOWED));
    }
    Ok((from, until))
}
