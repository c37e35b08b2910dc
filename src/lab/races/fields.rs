//! Everything that can be set about clients, cache and schedule, one line a field.

use super::Races;
use crate::invalidation::explore::{Choice, Harm, MOST_CLIENTS, Program};
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, put};
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::{check_number, whole};
use crate::refusal::Refusal;

/// The most times that an entry can have to make room.
const MOST_EVICTIONS: u8 = 3;

const CACHE: &str = "Cache";
const BY_HAND: &str = "By hand";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 2] = [CACHE, BY_HAND];

const HARMS: [Word<Harm>; 2] = [
    ("left", "an old value left in the cache at the end", Harm::Left),
    ("read", "a read that gets an old value after a newer one was acknowledged", Harm::Read),
];

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Races>] = &[
    Field {
        id: "clients",
        label: "Clients",
        means: "what each of up to three clients does, up to four reads and writes of the one key: rw,w is one that reads and then writes, and one that writes",
        input: || Input::Text,
        get: |s| joined(&s.clients, Program::to_string),
        set: |s, text| put(&mut s.clients, clients(text)),
        group: "",
    },
    Field {
        id: "harm",
        label: "What is looked for",
        means: "which harm a schedule must do to be counted as bad",
        input: || words(&HARMS),
        get: |s| word_of(&HARMS, s.harm),
        set: |s, text| put(&mut s.harm, word("harm", text, &HARMS)),
        group: "",
    },
    Field {
        id: "evictions",
        label: "Evictions",
        means: "how often the cache may have to give up the entry for lack of room, while clients are at work",
        input: || Input::Whole { least: 0, most: u64::from(MOST_EVICTIONS) },
        get: |s| s.evictions.to_string(),
        set: |s, text| put(&mut s.evictions, whole("evictions", text, 0, MOST_EVICTIONS)),
        group: CACHE,
    },
    Field {
        id: "schedule",
        label: "Schedule",
        means: "whose turn it is, step by step: the number of a client, b1 for the first thing in the background, e if the entry expires, l if the lease runs out, x if the entry has to make room; empty: the shortest bad one",
        input: || Input::Text,
        get: |s| written(&s.schedule),
        set: |s, text| put(&mut s.schedule, schedule(text)),
        group: BY_HAND,
    },
];

fn clients(text: &str) -> Result<Vec<Program>, Refusal> {
    let allowed = || format!("one to {} letters, r or w, for each client", Program::MOST);
    let read = |part: &str| Program::parse(part).ok_or_else(|| Refusal::new("clients", part, allowed()));
    let programs = listed("clients", text, read)?;
    check_number("clients", "clients", programs.len(), MOST_CLIENTS)?;
    Ok(programs)
}

/// Reads a schedule.
///
/// # Errors
/// Text that is none.
pub fn schedule(text: &str) -> Result<Vec<Choice>, Refusal> {
    listed("schedule", text, choice)
}

/// A schedule as a link writes it.
pub fn written(schedule: &[Choice]) -> String {
    joined(schedule, Choice::to_string)
}

fn choice(text: &str) -> Result<Choice, Refusal> {
    let allowed = "the number of a client, b1, e, l or x, with commas between them";
    Choice::parse(text).ok_or_else(|| Refusal::new("schedule", text, allowed))
}
