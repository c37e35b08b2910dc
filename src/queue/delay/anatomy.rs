//! What a structure shows of itself, without a word about pixels.

use super::{Job, Name};
use crate::kernel::Time;

/// What a structure keeps, part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anatomy {
    /// The parts, in the order in which they are seen.
    pub parts: Vec<Part>,
}

/// A part of a structure.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Places in a row or a ring.
    Cells {
        /// Its name, unique in the structure.
        name: String,
        /// What it is, in a few words.
        says: String,
        /// How many stand in a row; 0: as many as fit.
        columns: u32,
        /// The places.
        cells: Vec<Cell>,
    },
    /// Jobs one behind the other; the first is the next.
    Line {
        /// Its name, unique in the structure.
        name: String,
        /// How many there are.
        length: usize,
        /// The first of them.
        jobs: Vec<Shown>,
    },
    /// Jobs on their way to a time.
    Timed {
        /// Its name, unique in the structure.
        name: String,
        /// Each with the readings of the clock from which and until which it is there.
        jobs: Vec<(Name, Time, Time)>,
    },
    /// What there is no room to show.
    More(usize),
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What is written on it.
    pub label: String,
    /// The name of the pointer that points at it.
    pub pointer: Option<&'static str>,
    /// What is in it.
    pub jobs: Vec<Shown>,
    /// How many more there are.
    pub more: usize,
}

/// A job as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Which.
    pub name: Name,
    /// How many rounds it has to wait.
    pub rounds: u64,
}

impl Anatomy {
    /// The most jobs that a line lists.
    pub const SHOWN: usize = 400;
    /// The most jobs that a cell lists.
    pub const IN_A_CELL: usize = 4;

    /// Shows a line of jobs.
    pub fn line<'a>(&mut self, name: impl Into<String>, length: usize, jobs: impl Iterator<Item = &'a Job>) {
        let jobs = jobs.take(Self::SHOWN).map(Shown::of).collect();
        self.parts.push(Part::Line { name: name.into(), length, jobs });
    }
}

impl Cell {
    /// A place called `label` that holds these.
    pub fn new(label: impl Into<String>, jobs: impl ExactSizeIterator<Item = Shown>) -> Self {
        let more = jobs.len().saturating_sub(Anatomy::IN_A_CELL);
        Cell { label: label.into(), pointer: None, jobs: jobs.take(Anatomy::IN_A_CELL).collect(), more }
    }
}

impl Shown {
    /// A job without rounds.
    pub const fn of(job: &Job) -> Self {
        Shown { name: job.name, rounds: 0 }
    }
}
