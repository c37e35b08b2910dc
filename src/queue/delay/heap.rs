//! # Binary heap
//!
//! The jobs stand in an array that is read as a tree: the children of place *i* are the places
//! 2*i* + 1 and 2*i* + 2, and no job is due before its parent. So the next one is always at the
//! root. A new job is put at the end and **sifts up**: as long as it is due before its parent, the
//! two change places. To take the root out, the last job is put in its stead and **sifts down**: as
//! long as one of its children is due before it, it changes places with the earlier of the two.
//! Whoever waits sleeps exactly until the root is due, so nothing fires late and no wake-up is idle.
//!
//! Williams, "Algorithm 232: Heapsort", Communications of the ACM 7, 1964. As
//! `java.util.concurrent.ScheduledThreadPoolExecutor`, which breaks ties by a sequence number, and
//! `DelayQueue`. Their tasks ask `System.nanoTime`, a steady clock; schedulers for dates, such as
//! Quartz, ask the wall clock, which is what holds here where nothing is said.
//!
//! Cost: at most ⌊log₂ n⌋ comparisons to keep one of n jobs, twice that to take one out. Cancelling
//! a job is left out; it needs each job to know its place.

use super::parameters::{WALL_CLOCK, WORKERS};
use super::{Anatomy, Change, Desk, Job, Part, Place, Probe, Setup, Shown, Timers, anatomy};
use crate::catalogue::{About, Rule};
use crate::kernel::Time;

/// A binary heap of jobs, the one that is due next at the root.
#[derive(Clone, Debug)]
pub struct Heap {
    array: Vec<Job>,
}

impl Timers for Heap {
    const ABOUT: About = About {
        id: "heap",
        name: "Binary heap",
        idea: "A tree in an array: the next job is at its root, and nothing fires late.",
        file: file!(),
        parameters: &[WORKERS, WALL_CLOCK],
        rules: &[&LAST, &SOONER, &NOT_SOONER, &ROOT_DUE, &NEXT, &IN_ITS_STEAD, &LATER, &NOT_LATER],
    };

    fn new(_: &Setup) -> Self {
        Heap { array: Vec::new() }
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        let last = self.array.len();
        self.array.push(job);
        desk.tell(&job, Change::Placed(Place::Index(last as u32)), &LAST);
        let before = desk.costs.comparisons;
        self.sift_up(last, desk);
        let comparisons = desk.costs.comparisons - before;
        desk.costs.most_to_keep = desk.costs.most_to_keep.max(comparisons);
    }

    fn next_look(&self) -> Option<Time> {
        self.array.first().map(|root| root.due)
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        desk.costs.looks += 1;
        while let Some(root) = self.array.first().copied().filter(|root| root.due <= desk.now) {
            desk.fire(root, &ROOT_DUE);
            self.take_root(desk);
        }
    }

    fn len(&self) -> usize {
        self.array.len()
    }

    fn room(&self) -> usize {
        self.array.len()
    }

    fn show(&self, _: Time, anatomy: &mut Anatomy) {
        const ROWS: u32 = 5;
        for row in 0..ROWS {
            let (first, width) = ((1 << row) - 1, 1 << row);
            if first >= self.array.len() && row > 0 {
                return;
            }
            let cells = (first..first + width).map(|at| {
                let job = self.array.get(at).map(Shown::of);
                let due = self.array.get(at).map_or(String::new(), |job| format!(" · {}", job.due));
                anatomy::Cell::new(format!("[{at}]{due}"), job.into_iter().collect::<Vec<_>>().into_iter())
            });
            let says = match row {
                0 => "the root".to_owned(),
                _ => format!("two below each of row {row}"),
            };
            let (name, columns) = (format!("row {}", row + 1), width as u32);
            anatomy.parts.push(Part::Cells { name, says, columns, cells: cells.collect() });
        }
        let more = self.array.len().saturating_sub((1 << ROWS) - 1);
        if more > 0 {
            anatomy.parts.push(Part::More(more));
        }
    }
}

impl Heap {
    fn sift_up(&mut self, start: usize, desk: &mut Desk<impl Probe>) {
        let mut at = start;
        while at > 0 {
            let parent = (at - 1) / 2;
            desk.costs.comparisons += 1;
            if !self.array[at].goes_before(&self.array[parent]) {
                desk.tell(&self.array[at], Change::Stays, &NOT_SOONER);
                return;
            }
            desk.tell(&self.array[at], Change::Rises { past: self.array[parent].name }, &SOONER);
            self.array.swap(at, parent);
            desk.costs.moves += 1;
            at = parent;
        }
    }

    fn take_root(&mut self, desk: &mut Desk<impl Probe>) {
        let before = desk.costs.comparisons;
        let root = self.array.swap_remove(0);
        desk.tell(&root, Change::Leaves, &NEXT);
        if let Some(last) = self.array.first() {
            desk.tell(last, Change::Placed(Place::Index(0)), &IN_ITS_STEAD);
            desk.costs.moves += 1;
            self.sift_down(desk);
        }
        let comparisons = desk.costs.comparisons - before;
        desk.costs.most_to_take = desk.costs.most_to_take.max(comparisons);
    }

    fn sift_down(&mut self, desk: &mut Desk<impl Probe>) {
        let mut at = 0;
        while let Some(child) = self.earlier_child(at, desk) {
            desk.costs.comparisons += 1;
            if !self.array[child].goes_before(&self.array[at]) {
                desk.tell(&self.array[at], Change::Stays, &NOT_LATER);
                return;
            }
            desk.tell(&self.array[at], Change::Sinks { past: self.array[child].name }, &LATER);
            self.array.swap(at, child);
            desk.costs.moves += 1;
            at = child;
        }
    }

    /// The place of the child of `at` that is due first; `None` if it has no children.
    fn earlier_child(&self, at: usize, desk: &mut Desk<impl Probe>) -> Option<usize> {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        if right >= self.array.len() {
            return (left < self.array.len()).then_some(left);
        }
        desk.costs.comparisons += 1;
        Some(if self.array[right].goes_before(&self.array[left]) { right } else { left })
    }
}

const LAST: Rule = Rule { name: "LAST", place: "insert", says: "a new job begins at the end of the array" };
const SOONER: Rule = Rule { name: "SOONER", place: "sift_up", says: "it is due before its parent" };
const NOT_SOONER: Rule =
    Rule { name: "NOT_SOONER", place: "sift_up", says: "its parent is not due after it, so the order holds" };
const NEXT: Rule = Rule { name: "NEXT", place: "take_root", says: "no job is due before it" };
const IN_ITS_STEAD: Rule = Rule {
    name: "IN_ITS_STEAD",
    place: "take_root",
    says: "the root is gone, and the last job of the array fills the gap",
};
const LATER: Rule =
    Rule { name: "LATER", place: "sift_down", says: "a child is due before it, the earlier one of the two" };
const NOT_LATER: Rule =
    Rule { name: "NOT_LATER", place: "sift_down", says: "no child is due before it, so the order holds" };
const ROOT_DUE: Rule =
    Rule { name: "ROOT_DUE", place: "look", says: "it is at the root and its time has come" };
