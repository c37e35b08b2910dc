//! Everything that can be set about the limit, the requests and the store, one line a field.

use super::SharedLimit;
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, number, pair, put};
use crate::lab::repeats;
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;
use crate::refusal::Refusal;

/// The most requests in a run.
const MOST_REQUESTS: u32 = 1_000_000;
/// The highest limit.
const MOST: u64 = 1_000_000;
/// The latest that the store is down, in seconds.
const FURTHEST: f64 = 100_000.0;

const BALANCER: &str = "Load balancer";
const STORE: &str = "Store";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 2] = [BALANCER, STORE];

/// How the load balancer chooses a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chooses {
    /// At random.
    Random,
    /// One after another.
    RoundRobin,
    /// The first node gets a share of its own.
    Skewed,
    /// By client.
    Sticky,
}

const CHOOSES: [Word<Chooses>; 4] = [
    ("random", "any node", Chooses::Random),
    ("round-robin", "one after another", Chooses::RoundRobin),
    ("skewed", "the first node gets a share", Chooses::Skewed),
    ("sticky", "each client has its node", Chooses::Sticky),
];

fn text() -> Input {
    Input::Text
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<SharedLimit>] = &[
    Field {
        id: "limit",
        label: "Limit",
        means: "how many requests may pass in a window, all nodes together",
        input: || Input::Whole { least: 1, most: MOST },
        get: |s| s.limit.to_string(),
        set: |s, text| put(&mut s.limit, whole("limit", text, 1, MOST)),
        group: "",
    },
    Field {
        id: "window",
        label: "Window",
        means: "how long a window is, in seconds",
        input: || Input::Fraction { least: 0.001, most: 1e6 },
        get: |s| s.window.to_string(),
        set: |s, text| put(&mut s.window, number("window", text, 0.001..=1e6)),
        group: "",
    },
    Field {
        id: "requests",
        label: "Requests",
        means: "how many requests come",
        input: || Input::Whole { least: 0, most: u64::from(MOST_REQUESTS) },
        get: |s| s.requests.to_string(),
        set: |s, text| put(&mut s.requests, whole("requests", text, 0, MOST_REQUESTS)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    Field {
        id: "balance",
        label: "Chooses",
        means: "how the load balancer chooses a node for a request",
        input: || words(&CHOOSES),
        get: |s| word_of(&CHOOSES, s.balance),
        set: |s, text| put(&mut s.balance, word("balance", text, &CHOOSES)),
        group: BALANCER,
    },
    Field {
        id: "share",
        label: "Share of node 1",
        means: "where the first node gets a share: how much of all requests, from 0 to 1",
        input: || Input::Fraction { least: 0.0, most: 1.0 },
        get: |s| s.share.to_string(),
        set: |s, text| put(&mut s.share, number("share", text, 0.0..=1.0)),
        group: BALANCER,
    },
    Field {
        id: "clients",
        label: "Clients",
        means: "where each client has its node: how many clients there are; the fewer, the less even",
        input: || Input::Whole { least: 1, most: 1_000_000 },
        get: |s| s.clients.to_string(),
        set: |s, text| put(&mut s.clients, whole("clients", text, 1, 1_000_000)),
        group: BALANCER,
    },
    Field {
        id: "timeout",
        label: "Time-out",
        means: "how many seconds a node waits for the store’s answer",
        input: || Input::Fraction { least: 0.000_001, most: 1e6 },
        get: |s| s.timeout.to_string(),
        set: |s, text| put(&mut s.timeout, number("timeout", text, 0.000_001..=1e6)),
        group: STORE,
    },
    Field {
        id: "outage",
        label: "Store is down",
        means: "from which second to which the store cannot be reached: 4-8,20-30",
        input: text,
        get: |s| joined(&s.outage, |(from, to)| format!("{from}-{to}")),
        set: |s, text| put(&mut s.outage, outages(text)),
        group: STORE,
    },
    repeats::until(STORE),
];

/// `4-8,20-30`: times that do not overlap.
fn outages(text: &str) -> Result<Vec<(f64, f64)>, Refusal> {
    let read = |part: &str| pair("outage", part, '-', "from which second to which, as in 4-8");
    let mut all = listed("outage", text, read)?;
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((from, to)) = all.iter().find(|(from, to)| from >= to || *to > FURTHEST) {
        let allowed = format!("an end after the beginning, at most {FURTHEST}");
        return Err(Refusal::new("outage", format!("{from}-{to}"), allowed));
    }
    if let Some(pair) = all.windows(2).find(|pair| pair[0].1 >= pair[1].0) {
        let given = format!("{}-{},{}-{}", pair[0].0, pair[0].1, pair[1].0, pair[1].1);
        return Err(Refusal::new("outage", given, "times that do not overlap"));
    }
    Ok(all)
}
