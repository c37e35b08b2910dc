//! Everything that can be set about the jobs, the clock and the scheduler, one line a field. Links,
//! JSON and forms are all made from this table.

use super::Delayed;
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, number, pair, put};
use crate::lab::repeats;
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;
use crate::queue::delay::{CatchUp, ClockBack, Due};
use crate::refusal::Refusal;

/// The most jobs in a run.
const MOST_JOBS: u32 = 1_000_000;
/// The most recurring jobs.
const MOST_RECURRING: usize = 8;
/// The most runs of one of them.
const MOST_REPEATS: u32 = 100_000;
/// The furthest that a clock is put, and the latest that a scheduler goes down, in seconds.
const FURTHEST: f64 = 100_000.0;

const JOBS: &str = "Jobs";
const CLOCK: &str = "Clock";
const OUTAGES: &str = "Outages";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 3] = [JOBS, CLOCK, OUTAGES];

fn text() -> Input {
    Input::Text
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Delayed>] = &[
    Field {
        id: "messages",
        label: "Jobs",
        means: "how many jobs that run once are submitted",
        input: || Input::Whole { least: 0, most: u64::from(MOST_JOBS) },
        get: |s| s.messages.to_string(),
        set: |s, text| put(&mut s.messages, whole("messages", text, 0, MOST_JOBS)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    repeats::until(JOBS),
    Field {
        id: "jobs",
        label: "Jobs one by one",
        means: "when each is submitted and its delay: 0@5,1@3; empty: by chance, as set above",
        input: text,
        get: |s| joined(&s.jobs, |(at, delay)| format!("{at}@{delay}")),
        set: |s, text| {
            let read =
                |part: &str| pair("jobs", part, '@', "a second and a delay from 0 to 1000000000, as in 0@5");
            let mut jobs = listed("jobs", text, read)?;
            jobs.sort_by(|a, b| a.0.total_cmp(&b.0));
            put(&mut s.jobs, Ok(jobs))
        },
        group: JOBS,
    },
    Field {
        id: "recurring",
        label: "Recurring jobs",
        means: "seconds from run to run, when the first is due, and how many runs there are: 10:5:20",
        input: text,
        get: |s| joined(&s.recurring, |(every, first, count)| format!("{every}:{first}:{count}")),
        set: |s, text| {
            let recurring = listed("recurring", text, recurring)?;
            if recurring.len() > MOST_RECURRING {
                return Err(Refusal::new(
                    "recurring",
                    recurring.len(),
                    format!("at most {MOST_RECURRING} of them"),
                ));
            }
            put(&mut s.recurring, Ok(recurring))
        },
        group: JOBS,
    },
    Field {
        id: "due",
        label: "Jobs are due",
        means: "whether a job states how long to wait or at what time of day to run; a wrong clock harms them differently",
        input: || words(&DUE),
        get: |s| word_of(&DUE, s.due),
        set: |s, text| put(&mut s.due, word("due", text, &DUE)),
        group: JOBS,
    },
    Field {
        id: "tolerance",
        label: "Tolerance",
        means: "seconds by which a job may be early or late before it counts as such",
        input: || Input::Fraction { least: 0.0, most: 1e6 },
        get: |s| s.tolerance.to_string(),
        set: |s, text| put(&mut s.tolerance, number("tolerance", text, 0.0..=1e6)),
        group: JOBS,
    },
    Field {
        id: "skew",
        label: "Clock is put",
        means: "at which second, and how many seconds forward or back: 20:30,60:-30",
        input: text,
        get: |s| joined(&s.skew, |(at, by)| format!("{at}:{by}")),
        set: |s, text| {
            let mut skew = listed("skew", text, jump)?;
            skew.sort_by(|a, b| a.0.total_cmp(&b.0));
            put(&mut s.skew, Ok(skew))
        },
        group: CLOCK,
    },
    Field {
        id: "drift",
        label: "Clock runs at",
        means: "how many seconds the clock counts in a second: 1.01 is a hundredth too fast",
        input: || Input::Fraction { least: 0.5, most: 2.0 },
        get: |s| s.drift.to_string(),
        set: |s, text| put(&mut s.drift, number("drift", text, 0.5..=2.0)),
        group: CLOCK,
    },
    Field {
        id: "clock-back",
        label: "When it is put back",
        means: "wait: recurring jobs remember what has run; again: they run whenever the clock shows their time",
        input: || words(&CLOCK_BACK),
        get: |s| word_of(&CLOCK_BACK, s.clock_back),
        set: |s, text| put(&mut s.clock_back, word("clock-back", text, &CLOCK_BACK)),
        group: CLOCK,
    },
    Field {
        id: "down",
        label: "Scheduler is down",
        means: "from which second to which: 20-40,60-70",
        input: text,
        get: |s| joined(&s.down, |(from, to)| format!("{from}-{to}")),
        set: |s, text| put(&mut s.down, outages(text)),
        group: OUTAGES,
    },
    Field {
        id: "catch-up",
        label: "Missed runs",
        means: "what becomes of the runs of a recurring job that were missed: all run, one stands for all, or none runs",
        input: || words(&CATCH_UP),
        get: |s| word_of(&CATCH_UP, s.catch_up),
        set: |s, text| put(&mut s.catch_up, word("catch-up", text, &CATCH_UP)),
        group: OUTAGES,
    },
];

const DUE: [Word<Due>; 2] = [("delay", "after a delay", Due::Delay), ("time", "at a time of day", Due::Time)];
const CLOCK_BACK: [Word<ClockBack>; 2] =
    [("wait", "wait until it is there again", ClockBack::Wait), ("again", "run again", ClockBack::Again)];
const CATCH_UP: [Word<CatchUp>; 3] = [
    ("all", "all run", CatchUp::All),
    ("once", "one stands for all", CatchUp::Once),
    ("skip", "none runs", CatchUp::Skip),
];

/// `10:5:20`: every ten seconds, from the fifth on, twenty times.
fn recurring(text: &str) -> Result<(f64, f64, u32), Refusal> {
    let parts: Vec<&str> = text.split(':').collect();
    let [every, first, count] = parts[..] else {
        return Err(Refusal::new("recurring", text, "an interval, a first time and a count, as in 10:5:20"));
    };
    let every = number("recurring", every, 0.01..=1e6)?;
    let first = number("recurring", first, 0.0..=1e9)?;
    Ok((every, first, whole("recurring", count, 1, MOST_REPEATS)?))
}

/// `20:-30`: at the twentieth second, half a minute back.
fn jump(text: &str) -> Result<(f64, f64), Refusal> {
    let refused = || Refusal::new("skew", text, "a second and by how many the clock is put, as in 20:-30");
    let (at, by) = text.split_once(':').ok_or_else(refused)?;
    Ok((number("skew", at, 0.0..=1e9)?, number("skew", by, -FURTHEST..=FURTHEST)?))
}

/// `20-40,60-70`: times that do not overlap.
fn outages(text: &str) -> Result<Vec<(f64, f64)>, Refusal> {
    let read = |part: &str| pair("down", part, '-', "from which second to which, as in 20-40");
    let mut all = listed("down", text, read)?;
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((from, to)) = all.iter().find(|(from, to)| from >= to || *to > FURTHEST) {
        let allowed = format!("an end after the beginning, at most {FURTHEST}");
        return Err(Refusal::new("down", format!("{from}-{to}"), allowed));
    }
    if let Some(pair) = all.windows(2).find(|pair| pair[0].1 >= pair[1].0) {
        let given = format!("{}-{},{}-{}", pair[0].0, pair[0].1, pair[1].0, pair[1].1);
        return Err(Refusal::new("down", given, "times that do not overlap"));
    }
    Ok(all)
}
