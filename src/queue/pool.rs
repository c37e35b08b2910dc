//! # A pool of workers around a broker
//!
//! Workers take messages from the broker, work on one at a time, and acknowledge: after the work,
//! so that a message whose worker breaks down is tried again (at least once); before it, so that
//! none is repeated but some are lost (at most once); or after it and with a memory of what was
//! done (effectively once). They fail, break down, get stuck and come back as the
//! [hazards](super::Hazards) say.
//!
//! The pool knows no particular system: what happens to a message that was not acknowledged is the
//! broker's affair. An operator may send dead letters back to where they came from, at a rate.

use super::broker::{Broker, Delivery, Desk, Intake};
use super::hazards::{Hazards, Try};
use super::message::{Message, Messages, Slot};
use super::probe::{Change, Figure, Probe, Subject};
use crate::catalogue::Rule;
use crate::kernel::{Events, Span, Time};
use std::collections::VecDeque;

/// A broker and its workers.
#[derive(Clone, Debug)]
pub struct Pool<B> {
    /// The broker.
    pub broker: B,
    /// The messages that are about.
    pub messages: Messages,
    /// The dead letters, the oldest first.
    pub dead: VecDeque<Slot>,
    /// The workers.
    pub workers: Vec<Worker>,
    /// Workers that may be able to take a message, the one that has waited longest first.
    ready: VecDeque<u32>,
    events: Events<Event>,
    now: Time,
    busy: usize,
    /// When the next dead letter may be sent back.
    next_redrive: Time,
    hazards: Hazards,
    habits: Habits,
}

/// How workers go about their work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// When they acknowledge.
    pub ack: Ack,
    /// How fast they work; 2: twice as fast.
    pub speed: f64,
    /// Whether they ask for more time when half of a lease is over.
    pub extend: bool,
    /// When an operator begins to send dead letters back, and how many a second; `None`: never.
    pub redrive: Option<(Time, f64)>,
}

/// When a worker acknowledges a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ack {
    /// When its work is done.
    After,
    /// Before its work begins.
    First,
    /// When its work is done, and work that was done before is not repeated.
    Once,
}

/// One worker.
#[derive(Clone, Debug, Default)]
pub struct Worker {
    /// What it works on, and from when until when.
    pub job: Option<Job>,
    /// What it was handed and has not begun.
    pub ahead: VecDeque<Delivery>,
    /// Until when it is down, if it is.
    pub down: Option<Time>,
    /// Counts its jobs and breakdowns: an event of an earlier one means nothing.
    turn: u32,
    /// Whether it stands in the pool's list of those that may be ready.
    listed: bool,
}

/// A message under work.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// What was handed out.
    pub delivery: Delivery,
    /// When the work began.
    pub from: Time,
    /// When it ends; [`Time::MAX`] if it never does.
    pub until: Time,
    end: Try,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A worker's job comes to its end, good or bad.
    End { worker: u32, turn: u32 },
    /// Half of a lease is over.
    Half { worker: u32, turn: u32 },
    /// A worker breaks down, whatever it does.
    Crash { worker: u32 },
    /// A worker is back.
    Back { worker: u32 },
}

/// What a pool does next, and when.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    /// When.
    pub at: Time,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Event,
    Timer,
    Redrive,
}

impl<B: Broker> Pool<B> {
    /// Workers with nothing to do.
    pub fn new(broker: B, workers: u32, hazards: Hazards, habits: Habits) -> Self {
        let mut events = Events::new();
        for (at, worker) in hazards.crashes.iter().filter(|(_, worker)| *worker < workers) {
            events.schedule(*at, Event::Crash { worker: *worker });
        }
        Pool {
            broker,
            messages: Messages::default(),
            dead: VecDeque::new(),
            workers: vec![Worker { listed: true, ..Worker::default() }; workers as usize],
            ready: (0..workers).collect(),
            events,
            now: Time::ZERO,
            busy: 0,
            next_redrive: habits.redrive.map_or(Time::MAX, |(from, _)| from),
            hazards,
            habits,
        }
    }

    /// The time of what happened last.
    pub fn now(&self) -> Time {
        self.now
    }

    /// How many workers are at work.
    pub fn busy(&self) -> usize {
        self.busy
    }

    /// How many messages are neither over nor dead.
    pub fn in_system(&self) -> usize {
        self.messages.len() - self.dead.len()
    }

    /// What next happens here of itself; what means nothing any more is forgotten on the way.
    pub fn what_next(&mut self) -> Option<Next> {
        while self.events.peek().is_some_and(|(_, event)| !self.is_due(event)) {
            self.events.forget();
        }
        let event = self.events.next_time().map(|at| Next { at, what: What::Event });
        let timer = self.broker.next_timer(&self.messages);
        let timer = timer.map(|at| Next { at: at.max(self.now), what: What::Timer });
        let redrives = !self.dead.is_empty() && self.next_redrive < Time::MAX;
        let redrive = redrives.then(|| Next { at: self.next_redrive.max(self.now), what: What::Redrive });
        [event, timer, redrive].into_iter().flatten().min_by_key(|next| next.at)
    }

    /// A producer sends `message` at `now`.
    pub fn publish(&mut self, now: Time, message: Message, probe: &mut impl Probe) {
        self.now = now;
        let slot = self.messages.take_in(message);
        let (broker, mut desk) = self.desk(probe);
        desk.tell(slot, Change::Sent, &SENT);
        broker.publish(slot, &mut desk);
        self.hand_out(probe);
    }

    /// Lets the thing happen of which [`Pool::what_next`] speaks.
    pub fn step(&mut self, next: Next, probe: &mut impl Probe) {
        self.now = next.at;
        match next.what {
            What::Event => self.happen(probe),
            What::Timer => {
                let (broker, mut desk) = self.desk(probe);
                broker.on_timer(&mut desk);
            }
            What::Redrive => self.redrive(probe),
        }
        self.hand_out(probe);
    }

    fn desk<'a, P: Probe>(&'a mut self, probe: &'a mut P) -> (&'a mut B, Desk<'a, P>) {
        let crew = Crew { workers: &self.workers, ready: &self.ready, intake: self.broker.intake() };
        let (messages, dead) = (&mut self.messages, &mut self.dead);
        (&mut self.broker, Desk { now: self.now, messages, dead, crew, probe })
    }

    /// Whether `event` still means something.
    fn is_due(&self, event: &Event) -> bool {
        match *event {
            Event::End { worker, turn } => self.workers[worker as usize].turn == turn,
            Event::Half { worker, turn } => {
                let has = &self.workers[worker as usize];
                has.turn == turn && has.job.is_some_and(|job| self.is_lent(job.delivery))
            }
            Event::Crash { worker } => self.workers[worker as usize].down.is_none(),
            Event::Back { .. } => true,
        }
    }

    fn is_lent(&self, delivery: Delivery) -> bool {
        let message = &self.messages[delivery.message];
        message.receipt == delivery.receipt && delivery.receipt > message.void && message.lent.is_some()
    }

    fn happen(&mut self, probe: &mut impl Probe) {
        let Some((_, event)) = self.events.next() else { return };
        match event {
            Event::End { worker, .. } => self.end(worker, probe),
            Event::Half { worker, .. } => self.extend(worker, probe),
            Event::Crash { worker } => self.crash(worker, &STRUCK, probe),
            Event::Back { worker } => self.back(worker, probe),
        }
    }

    /// Hands messages to workers as long as there are both; workers take turns.
    fn hand_out(&mut self, probe: &mut impl Probe) {
        let mut in_vain = 0;
        while in_vain < self.ready.len() && self.broker.waiting() > 0 {
            let Some(worker) = self.ready.pop_front() else { return };
            self.workers[worker as usize].listed = false;
            in_vain = if self.take(worker, probe) { 0 } else { in_vain + 1 };
            self.list(worker);
        }
    }

    /// Puts `worker` on the list of the ready if it has room and is not there.
    fn list(&mut self, worker: u32) {
        let intake = self.broker.intake();
        let has = &mut self.workers[worker as usize];
        if !has.listed && has.room(intake) > 0 {
            has.listed = true;
            self.ready.push_back(worker);
        }
    }

    /// `worker` takes what it has room for: of a pushing broker one at a time, so that others get
    /// theirs; of a polled one a whole batch. Says whether it got any.
    fn take(&mut self, worker: u32, probe: &mut impl Probe) -> bool {
        let mut any = false;
        let most = match self.broker.intake() {
            Intake::Prefetch(_) => 1,
            Intake::Batch(most) => most,
        };
        for _ in 0..self.workers[worker as usize].room(self.broker.intake()).min(most) {
            let (broker, mut desk) = self.desk(probe);
            let Some(delivery) = broker.receive(worker, &mut desk) else { break };
            self.accept(worker, delivery, probe);
            any = true;
        }
        self.begin(worker, probe);
        any
    }

    fn accept(&mut self, worker: u32, delivery: Delivery, probe: &mut impl Probe) {
        self.workers[worker as usize].ahead.push_back(delivery);
        if self.habits.ack == Ack::First {
            let (broker, mut desk) = self.desk(probe);
            broker.acknowledge(delivery, &mut desk);
        }
    }

    /// `worker` begins with the next thing it was handed, if it is free.
    fn begin(&mut self, worker: u32, probe: &mut impl Probe) {
        while self.workers[worker as usize].is_free() {
            let Some(delivery) = self.workers[worker as usize].ahead.pop_front() else { return };
            if self.habits.ack == Ack::Once && self.messages[delivery.message].done > 0 {
                let (broker, mut desk) = self.desk(probe);
                desk.tell(delivery.message, Change::Skipped { worker }, &DONE_BEFORE);
                broker.acknowledge(delivery, &mut desk);
                desk.release(delivery.message);
                continue;
            }
            self.start(worker, delivery, probe);
        }
    }

    fn start(&mut self, worker: u32, delivery: Delivery, probe: &mut impl Probe) {
        let now = self.now;
        let end = self.hazards.outcome(&self.messages[delivery.message], now);
        let work = self.time_for(worker, self.messages[delivery.message].work);
        let until = match end {
            Try::Hangs => Time::MAX,
            Try::CrashesMidway => now + Span::from_nanos(work.nanos() / 2),
            Try::Done | Try::Fails | Try::CrashesLate => now + work,
        };
        let (_, mut desk) = self.desk(probe);
        desk.tell(delivery.message, Change::Started { worker }, &FREE);
        desk.messages[delivery.message].started.get_or_insert(now);
        self.busy += 1;
        let has = &mut self.workers[worker as usize];
        has.turn += 1;
        has.job = Some(Job { delivery, from: now, until, end });
        let turn = has.turn;
        if end != Try::Hangs {
            self.events.schedule(until, Event::End { worker, turn });
        }
        self.plan_extension(worker);
    }

    fn time_for(&self, worker: u32, work: Span) -> Span {
        let slowness = self.hazards.slowness(worker) / self.habits.speed;
        if slowness == 1.0 { work } else { Span::from_seconds(work.seconds() * slowness) }
    }

    fn plan_extension(&mut self, worker: u32) {
        let (true, Some(lease)) = (self.habits.extend, self.broker.lease()) else { return };
        let turn = self.workers[worker as usize].turn;
        let half = Span::from_nanos((lease.nanos() / 2).max(1));
        self.events.schedule(self.now + half, Event::Half { worker, turn });
    }

    fn extend(&mut self, worker: u32, probe: &mut impl Probe) {
        let Some(job) = self.workers[worker as usize].job else { return };
        let (broker, mut desk) = self.desk(probe);
        broker.extend(job.delivery, &mut desk);
        self.plan_extension(worker);
    }

    /// The job of `worker` comes to its end.
    fn end(&mut self, worker: u32, probe: &mut impl Probe) {
        let Some(job) = self.workers[worker as usize].job else { return };
        match job.end {
            Try::CrashesMidway => return self.crash(worker, &BROKE_DOWN, probe),
            Try::CrashesLate => {
                self.count_done(worker, job.delivery, probe);
                return self.crash(worker, &BROKE_DOWN_LATE, probe);
            }
            Try::Fails => self.fail(worker, job.delivery, probe),
            Try::Done | Try::Hangs => self.done(worker, job.delivery, probe),
        }
        self.workers[worker as usize].job = None;
        self.workers[worker as usize].turn += 1;
        self.busy -= 1;
        self.begin(worker, probe);
        self.list(worker);
    }

    fn done(&mut self, worker: u32, delivery: Delivery, probe: &mut impl Probe) {
        self.count_done(worker, delivery, probe);
        let first = self.habits.ack == Ack::First;
        let (broker, mut desk) = self.desk(probe);
        if !first {
            broker.acknowledge(delivery, &mut desk);
        }
        desk.release(delivery.message);
    }

    fn count_done(&mut self, worker: u32, delivery: Delivery, probe: &mut impl Probe) {
        let (_, mut desk) = self.desk(probe);
        desk.messages[delivery.message].done += 1;
        match desk.messages[delivery.message].done {
            1 => desk.tell(delivery.message, Change::Done { worker }, &WORK_DONE),
            _ => desk.tell(delivery.message, Change::Repeated { worker }, &DONE_AGAIN),
        }
    }

    fn fail(&mut self, worker: u32, delivery: Delivery, probe: &mut impl Probe) {
        let first = self.habits.ack == Ack::First;
        let (broker, mut desk) = self.desk(probe);
        desk.tell(delivery.message, Change::Failed { worker }, &ERROR);
        if !first {
            broker.reject(delivery, &mut desk);
        }
        desk.release(delivery.message);
    }

    /// `worker` breaks down by `rule`, and all it held is no longer in its hands.
    fn crash(&mut self, worker: u32, rule: &'static Rule, probe: &mut impl Probe) {
        let back = self.now + self.hazards.restart;
        let has = &mut self.workers[worker as usize];
        has.down = Some(back);
        has.turn += 1;
        let job = has.job.take().map(|job| job.delivery);
        let held: Vec<Delivery> = job.into_iter().chain(has.ahead.drain(..)).collect();
        self.busy -= usize::from(job.is_some());
        self.events.schedule(back, Event::Back { worker });
        probe.hear(self.now, Subject::Worker(worker), Change::Crashed { worker }, rule, None);
        let first = self.habits.ack == Ack::First;
        let (broker, mut desk) = self.desk(probe);
        if !first {
            broker.worker_gone(worker, &held, &mut desk);
        }
        held.iter().for_each(|delivery| desk.release(delivery.message));
    }

    fn back(&mut self, worker: u32, probe: &mut impl Probe) {
        self.workers[worker as usize].down = None;
        probe.hear(self.now, Subject::Worker(worker), Change::Back { worker }, &RESTARTED, None);
        let (broker, mut desk) = self.desk(probe);
        for delivery in broker.worker_back(worker, &mut desk) {
            self.accept(worker, delivery, probe);
        }
        self.begin(worker, probe);
        self.list(worker);
    }

    /// Sends the oldest dead letter back to where it came from, as if it were new.
    fn redrive(&mut self, probe: &mut impl Probe) {
        let Some((_, rate)) = self.habits.redrive else { return };
        self.next_redrive = self.now + Span::from_seconds(1.0 / rate);
        let Some(message) = self.dead.pop_front() else { return };
        let (broker, mut desk) = self.desk(probe);
        let once_more = &mut desk.messages[message];
        (once_more.receives, once_more.failures, once_more.place) = (0, 0, 0);
        (once_more.lent, once_more.exit, once_more.void) = (None, None, once_more.receipt);
        desk.tell_by(message, Change::Redriven, &SENT_BACK, Figure::Count(rate as u64));
        broker.publish(message, &mut desk);
    }
}

/// The workers as a broker sees them.
#[derive(Clone, Copy, Debug)]
pub struct Crew<'a> {
    workers: &'a [Worker],
    ready: &'a VecDeque<u32>,
    intake: Intake,
}

impl Crew<'_> {
    /// Nobody stands ready: whoever wants a message will come for it.
    pub fn elsewhere(intake: Intake) -> Self {
        static NOBODY: VecDeque<u32> = VecDeque::new();
        Crew { workers: &[], ready: &NOBODY, intake }
    }

    /// Whether `worker` could take a message now.
    pub fn has_room(&self, worker: u32) -> bool {
        self.workers[worker as usize].room(self.intake) > 0
    }

    /// Whether any worker could.
    pub fn anyone_has_room(&self) -> bool {
        self.ready.iter().any(|worker| self.has_room(*worker))
    }
}

impl Worker {
    /// Whether it could begin with something now.
    pub fn is_free(&self) -> bool {
        self.job.is_none() && self.down.is_none()
    }

    /// How many more messages it takes.
    fn room(&self, intake: Intake) -> u32 {
        let holds = self.ahead.len() as u32 + u32::from(self.job.is_some());
        match intake {
            _ if self.down.is_some() => 0,
            Intake::Prefetch(most) => most.saturating_sub(holds),
            Intake::Batch(_) if holds > 0 => 0,
            Intake::Batch(most) => most,
        }
    }
}

const SENT: Rule = Rule { name: "SENT", place: "publish", says: "a producer sends it" };
const FREE: Rule = Rule { name: "FREE", place: "start", says: "its worker has nothing else to do" };
const WORK_DONE: Rule = Rule { name: "WORK_DONE", place: "count_done", says: "its work is done" };
const DONE_AGAIN: Rule = Rule {
    name: "DONE_AGAIN",
    place: "count_done",
    says: "it was handed out a second time although its work had been done: its effect is there twice",
};
const DONE_BEFORE: Rule = Rule {
    name: "DONE_BEFORE",
    place: "begin",
    says: "the worker remembers that this work was done before, and only acknowledges it",
};
const ERROR: Rule = Rule { name: "ERROR", place: "fail", says: "its work ended in an error" };
const BROKE_DOWN: Rule =
    Rule { name: "BROKE_DOWN", place: "end", says: "it broke down in the middle of its work" };
const BROKE_DOWN_LATE: Rule = Rule {
    name: "BROKE_DOWN_LATE",
    place: "end",
    says: "it broke down when the work was done and only the acknowledgement was missing",
};
const STRUCK: Rule = Rule { name: "STRUCK", place: "happen", says: "the scenario says so" };
const RESTARTED: Rule = Rule { name: "RESTARTED", place: "back", says: "its restart is over" };
const SENT_BACK: Rule = Rule {
    name: "SENT_BACK",
    place: "redrive",
    says: "an operator sends the dead letters back, {} a second",
};

/// Every reason that the pool can give.
pub const RULES: &[&Rule] = &[
    &SENT,
    &FREE,
    &WORK_DONE,
    &DONE_AGAIN,
    &DONE_BEFORE,
    &ERROR,
    &BROKE_DOWN,
    &BROKE_DOWN_LATE,
    &STRUCK,
    &RESTARTED,
    &SENT_BACK,
];

/// The name and the text of this file, for the source panel.
pub const SOURCE: &str = file!();
