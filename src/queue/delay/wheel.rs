//! # Hashed timing wheel
//!
//! A ring of slots and a pointer that moves on by one slot a tick. A job is put into the slot in
//! which the pointer will be at its time, with the number of whole **rounds** that the pointer has
//! to make before that. At the end of each tick the pointer's slot is gone through: who has rounds
//! left has one fewer, the others fire. To keep a job costs the same however many there are; the
//! price is a look every tick, found something or not, and up to a tick of lateness.
//!
//! Varghese, Lauck: "Hashed and Hierarchical Timing Wheels: Data Structures for the Efficient
//! Implementation of a Timer Facility", SOSP 1987, scheme 6. As `io.netty.util.HashedWheelTimer`
//! 4.1: 512 slots of 100 ms; a deadline belongs to tick ⌊deadline / tick⌋, whose slot is gone
//! through when the tick is over; one that is past belongs to the present tick; a slot's list is in
//! order of insertion; the clock is `System.nanoTime`, a steady one.
//!
//! Cost: a move to keep a job, and one each time that the pointer passes it. The slots between two
//! that hold something are passed in one step here, and counted. Left out: that Netty takes new jobs
//! over at the next tick, at most 100,000 of them; cancelling.

use super::parameters::{STEADY_CLOCK, WORKERS, slots, tick};
use super::{Anatomy, Change, Desk, Job, Part, Place, Probe, Setup, Shown, Timers, anatomy};
use crate::catalogue::{About, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// A ring of slots with rounds.
#[derive(Clone, Debug)]
pub struct Wheel {
    tick: Span,
    slots: Vec<Vec<Waiting>>,
    /// The tick under way: all before it are over.
    present: u64,
    kept: usize,
}

/// A job and the rounds that it has yet to wait.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    job: Job,
    rounds: u64,
}

impl Timers for Wheel {
    const ABOUT: About = About {
        id: "wheel",
        name: "Timing wheel",
        idea: "A ring of slots and a pointer: keeping a job costs the same however many there are.",
        file: file!(),
        parameters: &[WORKERS, tick(0.1), slots(512), STEADY_CLOCK],
        rules: &[&BY_DEADLINE, &PAST, &ROUNDS_LEFT, &TICK_OVER],
    };

    fn new(setup: &Setup) -> Self {
        let slots = setup.parameters.whole("slots");
        Wheel { tick: setup.parameters.span("tick"), slots: vec![Vec::new(); slots], present: 0, kept: 0 }
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        self.pass_empty(self.ticks_over(desk.now), desk);
        let deadline = job.due.nanos() / self.tick.nanos();
        let rounds = deadline.saturating_sub(self.present) / self.slots.len() as u64;
        let slot = (deadline.max(self.present) % self.slots.len() as u64) as usize;
        let place = Change::Placed(Place::Slot { slot: slot as u32, rounds });
        match deadline >= self.present {
            true => desk.tell_by(&job, place, &BY_DEADLINE, Figure::Count(deadline)),
            false => desk.tell(&job, place, &PAST),
        }
        self.slots[slot].push(Waiting { job, rounds });
        desk.costs.moves += 1;
        self.kept += 1;
    }

    fn next_look(&self) -> Option<Time> {
        self.next_tick().map(|tick| self.end_of(tick))
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        let over = self.ticks_over(desk.now);
        while let Some(tick) = self.next_tick().filter(|tick| *tick < over) {
            self.pass_empty(tick, desk);
            self.go_through(desk);
            self.present += 1;
        }
    }

    fn len(&self) -> usize {
        self.kept
    }

    fn room(&self) -> usize {
        self.slots.len() + self.kept
    }

    fn show(&self, now: Time, anatomy: &mut Anatomy) {
        const SHOWN: usize = 64;
        let tick = self.next_tick().unwrap_or(u64::MAX).min(self.ticks_over(now)).max(self.present);
        let here = (tick % self.slots.len() as u64) as usize;
        let few = self.slots.len() <= SHOWN;
        let ring =
            (0..self.slots.len()).map(|step| if few { step } else { (here + step) % self.slots.len() });
        let seen = ring.filter(|at| few || *at == here || !self.slots[*at].is_empty());
        let seen: Vec<usize> = seen.take(SHOWN).collect();
        let shown = |waiting: &Waiting| Shown { name: waiting.job.name, rounds: waiting.rounds };
        let cells = seen.iter().map(|at| {
            let pointer = (*at == here).then_some("tick");
            anatomy::Cell { pointer, ..anatomy::Cell::new(at.to_string(), self.slots[*at].iter().map(shown)) }
        });
        let says = format!(
            "{} slots of {}, one round takes {}{}",
            self.slots.len(),
            self.tick,
            self.tick.times(self.slots.len() as u64),
            if few { "" } else { "; empty slots are not shown" },
        );
        let (name, cells) = ("wheel".to_owned(), cells.collect());
        anatomy.parts.push(Part::Cells { name, says, columns: 0, cells });
        let more = self.kept - seen.iter().map(|at| self.slots[*at].len()).sum::<usize>();
        if more > 0 {
            anatomy.parts.push(Part::More(more));
        }
    }
}

impl Wheel {
    /// How many ticks are over when the clock reads `now`.
    fn ticks_over(&self, now: Time) -> u64 {
        now.nanos() / self.tick.nanos()
    }

    fn end_of(&self, tick: u64) -> Time {
        Time::ZERO + self.tick.times(tick + 1)
    }

    /// The first tick from the present one on whose slot holds something.
    fn next_tick(&self) -> Option<u64> {
        let slots = self.slots.len() as u64;
        let holds = |tick: &u64| !self.slots[(tick % slots) as usize].is_empty();
        (self.present..self.present + slots).find(holds).filter(|_| self.kept > 0)
    }

    /// Moves the pointer on to `tick`, or to the first slot before it that holds something.
    fn pass_empty(&mut self, tick: u64, desk: &mut Desk<impl Probe>) {
        let to = self.next_tick().map_or(tick, |holds| holds.min(tick));
        let passed = to.saturating_sub(self.present);
        desk.costs.looks += passed;
        desk.costs.empty += passed;
        self.present += passed;
    }

    /// The present tick is over.
    fn go_through(&mut self, desk: &mut Desk<impl Probe>) {
        let slot = (self.present % self.slots.len() as u64) as usize;
        let before = self.slots[slot].len();
        let (fired, waiting): (Vec<Waiting>, Vec<Waiting>) =
            std::mem::take(&mut self.slots[slot]).into_iter().partition(|waiting| waiting.rounds == 0);
        for Waiting { job, .. } in &fired {
            desk.fire(*job, &TICK_OVER);
        }
        for Waiting { job, rounds } in waiting {
            desk.tell(&job, Change::Passed { rounds: rounds - 1 }, &ROUNDS_LEFT);
            self.slots[slot].push(Waiting { job, rounds: rounds - 1 });
        }
        desk.costs.moves += before as u64;
        desk.costs.looks += 1;
        desk.costs.empty += u64::from(fired.is_empty());
        self.kept -= fired.len();
    }
}

const BY_DEADLINE: Rule = Rule {
    name: "BY_DEADLINE",
    place: "insert",
    says: "its time falls into tick {}; what is left of a division by the number of slots is the slot",
};
const PAST: Rule = Rule {
    name: "PAST",
    place: "insert",
    says: "its time is past already, so it goes with the present tick",
};
const ROUNDS_LEFT: Rule = Rule {
    name: "ROUNDS_LEFT",
    place: "go_through",
    says: "the pointer came to its slot, but it had rounds to wait",
};
const TICK_OVER: Rule = Rule {
    name: "TICK_OVER",
    place: "go_through",
    says: "the tick into which its time fell is over, and it had no rounds left",
};
