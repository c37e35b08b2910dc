//! What can be set in every lab in which time runs: how often it is run, what fixes its chance, and when
//! a run ends.

use super::form::Input;
use super::reading::{optional, optional_seconds, put};
use super::table::Field;
use super::variant::whole;
use crate::kernel::{Random, Time};

/// The most independent runs.
const MOST_RUNS: u32 = 1_000;

/// How often, by which chance, and until when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeats {
    /// How many independent runs there are.
    pub runs: u32,
    /// Fixes every random choice.
    pub seed: u64,
    /// When a run ends, in seconds; `None`: when nothing more happens.
    pub until: Option<f64>,
}

impl Default for Repeats {
    fn default() -> Self {
        Repeats { runs: 1, seed: 1, until: None }
    }
}

impl Repeats {
    /// What fixes the random choices of run number `run`, counted from 0: of the first one the seed
    /// itself, of each other one a number drawn from it.
    pub fn seed_of(&self, run: u32) -> u64 {
        if run == 0 { self.seed } else { Random::stream(self.seed, u64::from(run)).next() }
    }

    /// When a run ends at the latest.
    pub fn end(&self) -> Time {
        self.until.map_or(Time::MAX, Time::from_seconds)
    }
}

/// A scenario that has them.
pub trait Repeated {
    /// They.
    fn repeats(&self) -> &Repeats;

    /// The same, to be changed.
    fn repeats_mut(&mut self) -> &mut Repeats;
}

/// The field of the runs.
pub const fn runs<S: Repeated>() -> Field<S> {
    Field {
        id: "runs",
        label: "Runs",
        means: "how many independent runs the figures come from; the first is the one that is stepped through",
        input: || Input::Whole { least: 1, most: MOST_RUNS as u64 },
        get: |s| s.repeats().runs.to_string(),
        set: |s, text| put(&mut s.repeats_mut().runs, whole("runs", text, 1, MOST_RUNS)),
        group: "",
    }
}

/// The field of the seed.
pub const fn seed<S: Repeated>() -> Field<S> {
    Field {
        id: "seed",
        label: "Seed",
        means: "fixes every random choice: the same seed gives the same run",
        input: || Input::Whole { least: 0, most: u64::MAX },
        get: |s| s.repeats().seed.to_string(),
        set: |s, text| put(&mut s.repeats_mut().seed, whole("seed", text, 0, u64::MAX)),
        group: "",
    }
}

/// The field of the end, in `group`.
pub const fn until<S: Repeated>(group: &'static str) -> Field<S> {
    Field {
        id: "until",
        label: "Stop at",
        means: "seconds after which the run ends, whatever is still to come; empty: when nothing more happens",
        input: || Input::Text,
        get: |s| optional(s.repeats().until),
        set: |s, text| put(&mut s.repeats_mut().until, optional_seconds("until", text)),
        group,
    }
}
