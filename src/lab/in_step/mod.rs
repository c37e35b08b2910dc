//! Several systems in step: each step is the next moment at which something happens in any of them,
//! and each of those to which something happens then takes one event.
//!
//! The labs in which time runs stand on this: [`Sides`] is what one steps through, [`Runs`] takes
//! whole runs. What the systems are, and what is measured of them, is the lab's affair.

pub mod figures;
mod front;
pub mod lives;
mod runs;

pub use front::{Front, Shown};
pub use runs::{Experiment, Runs};

use super::Clock;
use crate::kernel::Time;

/// A system that takes one event at a time.
pub trait World {
    /// What a stepping lab keeps of the run so far.
    type Live: Clone;
    /// Something that was heard of an event.
    type Heard: Clone;
    /// What is measured of a whole run.
    type Statistics;

    /// When the next event is; `None` when there are no more.
    fn next_time(&mut self) -> Option<Time>;

    /// Lets the next event happen without keeping reasons.
    fn skip(&mut self, live: &mut Self::Live);

    /// Lets the next event happen and adds what was heard.
    fn step(&mut self, live: &mut Self::Live, heard: &mut Vec<Self::Heard>);

    /// Lets up to `events` events happen, none of them after `until`, and says how many did. They
    /// are counted in `statistics`.
    fn run(&mut self, events: u64, until: Time, statistics: &mut Self::Statistics) -> u64;

    /// The same system once more.
    #[must_use]
    fn duplicate(&self) -> Self;
}

/// When the next step is: the earliest of the next events.
pub fn next_time<'a, W: World + 'a>(worlds: impl Iterator<Item = &'a mut W>) -> Option<Time> {
    worlds.filter_map(World::next_time).min()
}

/// One of the systems that stand side by side.
pub struct Side<W: World> {
    /// What people call it.
    pub name: String,
    /// The system.
    pub world: W,
    /// Its run so far.
    pub live: W::Live,
    /// What the last step did here; empty after a silent one.
    pub last: Vec<W::Heard>,
}

/// Systems that are stepped through together.
pub struct Sides<W: World> {
    /// The systems.
    pub each: Vec<Side<W>>,
    now: Time,
    /// When the next step is.
    upcoming: Option<Time>,
    position: u64,
    length: u64,
}

impl<W: World> Sides<W> {
    /// Systems at their start, for so many steps; each with its name and an empty run so far.
    pub fn new(worlds: impl Iterator<Item = (String, W, W::Live)>, length: u64) -> Self {
        let side = |(name, world, live)| Side { name, world, live, last: Vec::new() };
        let each = worlds.map(side).collect();
        let mut sides = Sides { each, now: Time::ZERO, upcoming: None, position: 0, length };
        sides.look_ahead();
        sides
    }

    /// How many steps have been taken.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// How many there are.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The time of the last step.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The present time and that of the next step.
    pub fn clock(&self) -> Clock {
        Clock { now: self.now.seconds(), next: self.upcoming.map(Time::seconds) }
    }

    /// Takes up to `steps` steps without keeping reasons.
    pub fn skip(&mut self, steps: u64) {
        let mut left = steps;
        while left > 0 && self.take(|side| side.world.skip(&mut side.live)) {
            left -= 1;
        }
    }

    /// Takes one step and keeps what was heard; says whether there was one.
    pub fn step(&mut self) -> bool {
        self.take(|side| side.world.step(&mut side.live, &mut side.last))
    }

    /// Takes the next step: `act` lets a system to which something happens take its event.
    fn take(&mut self, act: impl Fn(&mut Side<W>)) -> bool {
        let Some(now) = self.upcoming else { return false };
        self.now = now;
        self.position += 1;
        for side in &mut self.each {
            side.last.clear();
            if side.world.next_time() == Some(now) {
                act(side);
            }
        }
        self.look_ahead();
        true
    }

    fn look_ahead(&mut self) {
        let more = self.position < self.length;
        let next = next_time(self.each.iter_mut().map(|side| &mut side.world));
        self.upcoming = next.filter(|_| more);
    }

    /// The same once more.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let each = self.each.iter().map(|side| Side {
            name: side.name.clone(),
            world: side.world.duplicate(),
            live: side.live.clone(),
            last: side.last.clone(),
        });
        let Sides { now, upcoming, position, length, .. } = *self;
        Sides { each: each.collect(), now, upcoming, position, length }
    }
}
