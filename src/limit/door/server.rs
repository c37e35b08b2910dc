//! What is behind the door: a few workers and a line before them.
//!
//! A request has a place in a table from when it passes until a worker is through with it, even if
//! its client has left by then: the work is done all the same, for nothing.

use super::Request;
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// How the server is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// How many workers there are; 0: there is no server, and who passes is served at once.
    pub workers: u32,
    /// How long a client waits at the most, counted from when its request passed.
    pub patience: Option<Span>,
    /// When the work takes longer.
    pub slow: Vec<Slow>,
}

/// A time in which the work takes longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// From when on.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// How many times as long what is begun in it takes.
    pub times: f64,
}

/// A request that has passed, until a worker is through with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passed {
    /// The request.
    pub request: Request,
    /// Whether its client has left, or the request itself.
    pub left: bool,
}

/// A worker's present work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// The place of the request.
    pub place: u32,
    /// When the work began.
    pub from: Time,
    /// When it ends.
    pub until: Time,
}

/// The server at work.
#[derive(Clone, Debug)]
pub struct Server {
    /// How it is made.
    pub setup: Setup,
    places: Vec<Passed>,
    free: Vec<u32>,
    line: VecDeque<u32>,
    workers: Vec<Option<Work>>,
    busy: usize,
}

impl Server {
    /// A server that has nothing to do yet.
    pub fn new(setup: Setup) -> Self {
        let workers = vec![None; setup.workers as usize];
        Server { setup, places: Vec::new(), free: Vec::new(), line: VecDeque::new(), workers, busy: 0 }
    }

    /// Gives a request a place.
    pub fn take_in(&mut self, request: Request) -> u32 {
        let passed = Passed { request, left: false };
        match self.free.pop() {
            Some(place) => {
                self.places[place as usize] = passed;
                place
            }
            None => {
                self.places.push(passed);
                self.places.len() as u32 - 1
            }
        }
    }

    /// What is at a place.
    pub fn at(&self, place: u32) -> &Passed {
        &self.places[place as usize]
    }

    /// A worker who has nothing to do.
    pub fn free_worker(&self) -> Option<u32> {
        if self.busy == self.workers.len() {
            return None;
        }
        self.workers.iter().position(Option::is_none).map(|worker| worker as u32)
    }

    /// Puts a request at the end of the line.
    pub fn line_up(&mut self, place: u32) {
        self.line.push_back(place);
    }

    /// Lets `worker` begin with a request, and says when it will be done.
    pub fn begin(&mut self, worker: u32, place: u32, now: Time) -> Time {
        let until = now + self.stretched(self.at(place).request.work, now);
        self.workers[worker as usize] = Some(Work { place, from: now, until });
        self.busy += 1;
        until
    }

    /// `worker` is through; its request gives up its place.
    pub fn end(&mut self, worker: u32) -> Option<Passed> {
        let work = self.workers[worker as usize].take()?;
        self.busy -= 1;
        Some(self.give_up(work.place))
    }

    /// The next in the line whose client still waits; the others give up their places.
    pub fn next_in_line(&mut self) -> Option<u32> {
        while let Some(place) = self.line.pop_front() {
            if !self.at(place).left {
                return Some(place);
            }
            self.give_up(place);
        }
        None
    }

    /// A request gives up its place; who was there is told as it was before.
    pub fn give_up(&mut self, place: u32) -> Passed {
        let passed = &mut self.places[place as usize];
        let before = *passed;
        passed.left = true;
        self.free.push(place);
        before
    }

    /// The client of the request `number` at `place` leaves; `None` if it is not there any more.
    pub fn leave(&mut self, place: u32, number: u32) -> Option<Request> {
        let passed = &mut self.places[place as usize];
        if passed.request.number != number || passed.left {
            return None;
        }
        passed.left = true;
        Some(passed.request)
    }

    /// How many workers are at work.
    pub fn busy(&self) -> usize {
        self.busy
    }

    /// Those in the line whose clients still wait, the next one first.
    pub fn line(&self) -> impl Iterator<Item = &Request> + Clone {
        self.line
            .iter()
            .map(|place| self.at(*place))
            .filter(|passed| !passed.left)
            .map(|passed| &passed.request)
    }

    /// The workers.
    pub fn workers(&self) -> &[Option<Work>] {
        &self.workers
    }

    /// The work that takes `work`, begun at `now`.
    fn stretched(&self, work: Span, now: Time) -> Span {
        let slow = self.setup.slow.iter().find(|slow| slow.from <= now && now < slow.until);
        slow.map_or(work, |slow| Span::from_seconds(work.seconds() * slow.times))
    }
}
