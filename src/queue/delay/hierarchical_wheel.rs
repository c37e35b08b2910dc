//! # Hierarchical timing wheels
//!
//! Several wheels, as a clock has hands for seconds, minutes and hours: a slot of each wheel is as
//! long as a whole round of the finer one below. A time is written as a number with one digit a
//! wheel; a job goes to the wheel of the highest digit in which its time differs from the present.
//! When a coarse wheel moves on, what is in its slot **cascades**: every job goes down to the wheel
//! of its next digit, until it is in the finest, whose slots fire. No job is passed in vain, and a
//! few slots reach far into the future.
//!
//! Varghese, Lauck: "Hashed and Hierarchical Timing Wheels", SOSP 1987, scheme 7. As the purgatory
//! of Apache Kafka (`TimingWheel`, `SystemTimer`): 20 slots a wheel, a tick of 1 ms, coarser wheels
//! as they are needed, a queue of the slots that hold something so that empty ones are never looked
//! at, a steady clock (`hiResClockMs`). With `driver=tick` every tick is looked at, as in Linux
//! before 4.8. A time is rounded up to a whole tick, so nothing fires early.
//!
//! Cost: a move to keep a job and one for each cascade. A job whose time is already past by the
//! wheels' own count fires at once; if the clock was put back, that may be far too early. Left out:
//! that Kafka and Linux put a job into a finer wheel already when it is less than a round away, which
//! saves a cascade and loses the order of insertion; the cost of Kafka's queue of slots; cancelling;
//! the wheels of Linux 4.8, which do not cascade and fire late instead.

use super::parameters::{STEADY_CLOCK, WORKERS, tick};
use super::{Anatomy, Change, Desk, Job, Part, Place, Probe, Setup, Shown, Timers, anatomy};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// Wheels of equal size, each slot as long as a round of the wheel below.
#[derive(Clone, Debug)]
pub struct HierarchicalWheel {
    tick: Span,
    size: u64,
    every_tick: bool,
    /// The wheels, the finest first.
    wheels: Vec<Ring>,
    /// The tick up to which everything is done.
    present: u64,
    kept: usize,
}

#[derive(Clone, Debug)]
struct Ring {
    slots: Vec<Vec<Job>>,
    kept: usize,
}

const DRIVER: Parameter = Parameter {
    id: "driver",
    means: "queue: it wakes up only when a slot that holds something comes; tick: at every tick",
    range: Range::Choice(&["queue", "tick"]),
};
const SLOTS: Parameter = Parameter {
    id: "slots",
    means: "how many slots each wheel has",
    range: Range::Whole { least: 2, most: 256, default: 20 },
};

impl Timers for HierarchicalWheel {
    const ABOUT: About = About {
        id: "hierarchical-wheel",
        name: "Hierarchical wheels",
        idea: "Seconds, minutes, hours: jobs go down from coarse wheels to finer ones.",
        file: file!(),
        parameters: &[WORKERS, tick(0.001), SLOTS, DRIVER, STEADY_CLOCK],
        rules: &[&HIGHEST_DIGIT, &PAST, &NEXT_DIGIT, &SLOT_DUE],
    };

    fn new(setup: &Setup) -> Self {
        HierarchicalWheel {
            tick: setup.parameters.span("tick"),
            size: setup.parameters.whole("slots") as u64,
            every_tick: setup.parameters.choice("driver") == "tick",
            wheels: Vec::new(),
            present: 0,
            kept: 0,
        }
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        self.pass_empty(desk.now.nanos() / self.tick.nanos(), desk);
        let due = self.tick_of(&job);
        if due <= self.present {
            return desk.fire(job, &PAST);
        }
        let (level, slot) = self.place_of(due);
        let place = Place::Wheel { level: level as u32 + 1, slot: slot as u32 };
        desk.tell_by(&job, Change::Placed(place), &HIGHEST_DIGIT, Figure::Count(due));
        self.put(job, level, slot, desk);
        self.kept += 1;
    }

    fn next_look(&self) -> Option<Time> {
        self.next_tick().map(|tick| Time::ZERO + self.tick.times(tick))
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        let now = desk.now.nanos() / self.tick.nanos();
        while let Some(tick) = self.next_tick().filter(|tick| *tick <= now) {
            self.pass_empty(tick - 1, desk);
            self.present = tick;
            let before = desk.fired.len();
            for level in (1..self.wheels.len()).rev() {
                self.cascade(level, desk);
            }
            self.go_through(desk);
            desk.costs.looks += 1;
            desk.costs.empty += u64::from(desk.fired.len() == before);
        }
    }

    fn len(&self) -> usize {
        self.kept
    }

    fn room(&self) -> usize {
        self.wheels.len() * self.size as usize + self.kept
    }

    fn show(&self, now: Time, anatomy: &mut Anatomy) {
        let last = self.next_tick().map_or(u64::MAX, |tick| tick - 1);
        let present = last.min(now.nanos() / self.tick.nanos()).max(self.present);
        for (level, ring) in self.wheels.iter().enumerate() {
            let length = self.length(level);
            let here = self.digit(present, level);
            let cells = ring.slots.iter().enumerate().map(|(at, slot)| {
                let pointer = (at == here).then_some("now");
                anatomy::Cell { pointer, ..anatomy::Cell::new(at.to_string(), slot.iter().map(Shown::of)) }
            });
            let (slot, round) = (self.tick.times(length), self.tick.times(length.saturating_mul(self.size)));
            let says = format!("{} slots of {slot}, one round takes {round}", self.size);
            let name = format!("wheel {}", level + 1);
            anatomy.parts.push(Part::Cells { name, says, columns: 0, cells: cells.collect() });
        }
    }
}

impl HierarchicalWheel {
    /// The tick at which `job` is due: rounded up, so that it is not early.
    fn tick_of(&self, job: &Job) -> u64 {
        job.due.nanos().div_ceil(self.tick.nanos())
    }

    /// How many ticks a slot of wheel `level` takes.
    fn length(&self, level: usize) -> u64 {
        (0..level).fold(1, |length: u64, _| length.saturating_mul(self.size))
    }

    fn digit(&self, tick: u64, level: usize) -> usize {
        (tick / self.length(level) % self.size) as usize
    }

    /// The wheel of the highest digit in which `due` differs from the present, and the digit.
    fn place_of(&self, due: u64) -> (usize, usize) {
        let (mut level, mut a, mut b) = (0, due / self.size, self.present / self.size);
        while a != b {
            (level, a, b) = (level + 1, a / self.size, b / self.size);
        }
        (level, self.digit(due, level))
    }

    fn put(&mut self, job: Job, level: usize, slot: usize, desk: &mut Desk<impl Probe>) {
        while self.wheels.len() <= level {
            self.wheels.push(Ring { slots: vec![Vec::new(); self.size as usize], kept: 0 });
        }
        self.wheels[level].slots[slot].push(job);
        self.wheels[level].kept += 1;
        desk.costs.moves += 1;
    }

    /// The first tick at which a slot must be gone through: what is on a finer wheel comes before
    /// what is on a coarser one.
    fn next_tick(&self) -> Option<u64> {
        let level = self.wheels.iter().position(|ring| ring.kept > 0)?;
        let here = self.digit(self.present, level);
        let slot = (here + 1..self.size as usize).find(|slot| !self.wheels[level].slots[*slot].is_empty())?;
        let length = self.length(level);
        let round = self.present / length / self.size;
        Some((round * self.size + slot as u64) * length)
    }

    /// Moves on to `tick`, or to just before the first slot that holds something.
    fn pass_empty(&mut self, tick: u64, desk: &mut Desk<impl Probe>) {
        let to = self.next_tick().map_or(tick, |holds| tick.min(holds - 1));
        let passed = to.saturating_sub(self.present);
        if self.every_tick {
            desk.costs.looks += passed;
            desk.costs.empty += passed;
        }
        self.present += passed;
    }

    /// If wheel `level` has just moved on, what is in its slot goes down.
    fn cascade(&mut self, level: usize, desk: &mut Desk<impl Probe>) {
        if !self.present.is_multiple_of(self.length(level)) {
            return;
        }
        let slot = self.digit(self.present, level);
        let jobs = std::mem::take(&mut self.wheels[level].slots[slot]);
        self.wheels[level].kept -= jobs.len();
        for job in jobs {
            let (level, slot) = self.place_of(self.tick_of(&job));
            let place = Place::Wheel { level: level as u32 + 1, slot: slot as u32 };
            desk.tell(&job, Change::Cascades(place), &NEXT_DIGIT);
            self.put(job, level, slot, desk);
        }
    }

    /// The jobs in the present slot of the finest wheel fire.
    fn go_through(&mut self, desk: &mut Desk<impl Probe>) {
        let slot = self.digit(self.present, 0);
        let jobs = std::mem::take(&mut self.wheels[0].slots[slot]);
        self.wheels[0].kept -= jobs.len();
        self.kept -= jobs.len();
        desk.costs.moves += jobs.len() as u64;
        for job in jobs {
            desk.fire(job, &SLOT_DUE);
        }
    }
}

const HIGHEST_DIGIT: Rule = Rule {
    name: "HIGHEST_DIGIT",
    place: "insert",
    says: "it is due at tick {}, and this is the wheel of the highest digit that is yet to change",
};
const PAST: Rule =
    Rule { name: "PAST", place: "insert", says: "the wheels have already counted up to its time" };
const NEXT_DIGIT: Rule = Rule {
    name: "NEXT_DIGIT",
    place: "cascade",
    says: "the coarser wheel has moved on to its slot, so its next digit counts",
};
const SLOT_DUE: Rule =
    Rule { name: "SLOT_DUE", place: "go_through", says: "the finest wheel has come to its slot" };
