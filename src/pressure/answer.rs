//! What a stage does when more comes than it can serve: its answer to overload, one answer a file.
//!
//! An answer is asked three things: what becomes of a request that somebody **offers** to the stage;
//! whether one that waits at the door is **admitted** now; and which request a free worker gets **next**.
//! Some also act when a time has come. The buffer, the door and the workers are the stage's; an answer
//! works on them through a [`Desk`].

use super::{Change, Crew, Probe, Request, Subject};
use crate::catalogue::{Parameters, Rule};
use crate::kernel::Time;
use crate::queue::Figure;
use serde::Serialize;
use std::collections::VecDeque;
use std::fmt::Debug;

/// An answer to overload.
pub trait Answer: Debug {
    /// Decides about `request`, which is offered to the stage.
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict;

    /// Lets the first of those who wait at the door come in, if it may; says whether it did. Only who
    /// lets requests wait there is asked.
    fn admit(&mut self, _desk: &mut Desk) -> bool {
        false
    }

    /// Takes the request that a free worker is to begin with out of the buffer; who came first goes
    /// first, where nothing else is said.
    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        desk.oldest().map(|request| (request, &FIRST_COME))
    }

    /// When the answer wants to act by itself.
    fn next_time(&self) -> Option<Time> {
        None
    }

    /// That time has come.
    fn act(&mut self, _desk: &mut Desk) {}

    /// The stage has lost everything that it held and is back.
    fn restart(&mut self, _now: Time) {}

    /// How many requests the buffer can hold, if that is limited.
    fn bound(&self) -> Option<usize> {
        None
    }

    /// Whether those who find no room wait at the door; others are turned away.
    fn holds(&self) -> bool {
        false
    }

    /// What there is to see of it.
    fn dials(&self, _now: Time) -> Vec<Dial> {
        Vec::new()
    }

    /// The same once more.
    fn duplicate(&self) -> Box<dyn Answer>;
}

/// What became of a request that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is in the buffer.
    Inside,
    /// It waits at the door.
    AtDoor,
    /// It was turned away.
    Away,
}

/// How a try of a request comes to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It was not let in, because there was no room or nobody there.
    Refused,
    /// It was thrown away to keep the queue short.
    Dropped,
    /// It was turned away because others matter more.
    Shed,
    /// It was thrown away because it had waited too long for anyone to want it.
    Expired,
    /// The process that held it was killed.
    Lost,
    /// Its caller stood at the door and left.
    Left,
}

/// What an answer is built from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Fixes its random choices.
    pub seed: u64,
    /// How many classes of importance there are.
    pub classes: u8,
    /// How many tenants there are.
    pub tenants: u8,
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
}

/// A value of an answer that changes as it works.
#[derive(Clone, Debug, PartialEq)]
pub struct Dial {
    /// What it measures.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// What would be full.
    pub most: f64,
    /// The unit of both.
    pub unit: &'static str,
}

/// What an answer has to do its work with.
pub struct Desk<'a> {
    /// What time it is.
    pub now: Time,
    /// Which stage it is, counted from 0.
    pub stage: u8,
    /// The requests in the buffer; the first came first.
    pub buffer: &'a mut VecDeque<Request>,
    /// Those that wait at the door.
    pub(super) door: &'a mut VecDeque<Request>,
    /// The workers.
    pub(super) crew: &'a mut Crew,
    /// What comes to nothing, for its callers to learn.
    pub(super) ended: &'a mut Vec<(Request, End)>,
    /// Who listens.
    pub(super) probe: &'a mut dyn Probe,
}

impl Dial {
    /// A value and what would be full, both in `unit`.
    pub fn new(name: impl Into<String>, value: f64, most: f64, unit: &'static str) -> Self {
        Dial { name: name.into(), value, most, unit }
    }
}

impl Desk<'_> {
    /// Lets `request` into the buffer by `rule`.
    pub fn accept(&mut self, request: Request, rule: &'static Rule) -> Verdict {
        let request = Request { since: self.now, holder: None, ..request };
        self.probe.hear(self.now, Subject::Request(&request, self.stage), Change::Entered, rule, None);
        self.buffer.push_back(request);
        Verdict::Inside
    }

    /// Lets the first at the door into the buffer by `rule`; says whether there was one.
    pub fn let_in(&mut self, rule: &'static Rule) -> bool {
        let first = self.door.pop_front();
        first.is_some_and(|request| self.accept(request, rule) == Verdict::Inside)
    }

    /// Lets `request` wait at the door by `rule`.
    pub fn hold(&mut self, request: Request, rule: &'static Rule) -> Verdict {
        let request = Request { since: self.now, ..request };
        self.probe.hear(self.now, Subject::Request(&request, self.stage), Change::Waits, rule, None);
        self.door.push_back(request);
        Verdict::AtDoor
    }

    /// Lets `request`, which is not in the buffer, end by `rule`, which decided by `figure`.
    pub fn end(
        &mut self,
        request: Request,
        end: End,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) -> Verdict {
        let subject = Subject::Request(&request, self.stage);
        self.probe.hear(self.now, subject, Change::Ended(end), rule, figure);
        self.ended.push((request, end));
        Verdict::Away
    }

    /// Tells what happens to the stage, and why.
    pub fn tell(&mut self, change: Change, rule: &'static Rule, figure: Option<Figure>) {
        self.probe.hear(self.now, Subject::Stage(self.stage), change, rule, figure);
    }

    /// Takes the request that came first.
    pub fn oldest(&mut self) -> Option<Request> {
        self.buffer.pop_front()
    }

    /// Takes the request that came last.
    pub fn newest(&mut self) -> Option<Request> {
        self.buffer.pop_back()
    }

    /// How many requests are in the buffer.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Whether nobody waits at the door.
    pub fn door_is_clear(&self) -> bool {
        self.door.is_empty()
    }

    /// How many workers have nothing to do.
    pub fn idle(&self) -> usize {
        self.crew.idle()
    }

    /// How many workers there are, those included that are being started.
    pub fn workers(&self) -> usize {
        self.crew.paid()
    }

    /// How many requests the stage has: in its buffer, at its door, and with its workers.
    pub fn load(&self) -> usize {
        self.buffer.len() + self.door.len() + self.crew.occupied()
    }

    /// Starts so many workers, to be ready at `ready`.
    pub fn hire(&mut self, workers: usize, ready: Time) {
        self.crew.hire(workers, ready);
    }

    /// Does without up to so many idle workers, and says how many.
    pub fn dismiss(&mut self, workers: usize) -> usize {
        self.crew.dismiss(workers)
    }
}

const FIRST_COME: Rule = Rule { name: "FIRST_COME", place: "next", says: "who came first goes first" };

/// The file of what answers have in common.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&FIRST_COME];
