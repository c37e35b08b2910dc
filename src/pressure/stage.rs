//! # A stage
//!
//! A process with a buffer, workers, and an [answer](Answer) to overload. What it holds takes up
//! memory: each request in the buffer or with a worker one unit. A process that holds more than its
//! **memory** allows is killed, as by the out-of-memory killer of an operating system or a container's
//! limit; a process may also be **down** for a while by itself. Either way it loses all that it held,
//! and is back, empty, after a time. While it is away, those who would wait at its door wait on, and
//! others are refused at once (connection refused).
//!
//! A worker that is done at a stage which has another one behind it **hands on**: it offers its request
//! to the next stage. If it is told to wait it keeps the request and does nothing else until that is
//! let in. So a full stage stops the one before it, and pressure travels upstream hop by hop; those
//! who stand at the door of the first stage are the callers themselves. A request that is turned away
//! downstream has failed as a whole.
//!
//! A request that has a **deadline** with it is thrown away unworked when its caller has gone (as
//! gRPC does it); otherwise nobody at a stage knows, and the work is done in vain.
//!
//! While a stage is **slow**, work that is begun takes so many times as long. Left out: the time that
//! a request takes from stage to stage, requests of different sizes, and work that slows down as memory
//! runs short.

use super::{Answer, Callers, Change, Crew, Desk, End, Name, Probe, Request, Subject, Verdict};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use std::collections::VecDeque;

/// A stage of a chain.
#[derive(Debug)]
pub struct Stage {
    number: u8,
    answer: Box<dyn Answer>,
    buffer: VecDeque<Request>,
    door: VecDeque<Request>,
    crew: Crew,
    /// How many requests it can hold before it is killed.
    memory: usize,
    /// How long it is away when it was killed.
    restart: Span,
    /// Until when it is away, if it is.
    down: Option<Time>,
    /// How many times as long work takes at present.
    slowness: f64,
    /// Whether those whose callers have gone are thrown away.
    deadlines: bool,
}

/// What a stage is built from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// How many workers it has at the start.
    pub workers: usize,
    /// How many requests it can hold before it is killed.
    pub memory: usize,
    /// How long it is away when it was killed.
    pub restart: Span,
    /// Whether those whose callers have gone are thrown away.
    pub deadlines: bool,
}

impl Clone for Stage {
    fn clone(&self) -> Self {
        Stage {
            answer: self.answer.duplicate(),
            buffer: self.buffer.clone(),
            door: self.door.clone(),
            crew: self.crew.clone(),
            ..*self
        }
    }
}

/// Tries that came to nothing, and how, for their callers to learn.
pub type Ended = Vec<(Request, End)>;

impl Stage {
    /// Stage `number`, counted from 0, with nothing in it.
    pub fn new(number: u8, answer: Box<dyn Answer>, plan: Plan) -> Self {
        Stage {
            number,
            answer,
            buffer: VecDeque::new(),
            door: VecDeque::new(),
            crew: Crew::new(plan.workers),
            memory: plan.memory,
            restart: plan.restart,
            down: None,
            slowness: 1.0,
            deadlines: plan.deadlines,
        }
    }

    /// Its answer to overload.
    pub fn answer(&self) -> &dyn Answer {
        &*self.answer
    }

    /// The requests in its buffer, the first come first.
    pub fn buffer(&self) -> &VecDeque<Request> {
        &self.buffer
    }

    /// The requests at its door, the first come first.
    pub fn door(&self) -> &VecDeque<Request> {
        &self.door
    }

    /// Its workers.
    pub fn crew(&self) -> &Crew {
        &self.crew
    }

    /// How many requests it can hold before it is killed.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// How many it holds: in the buffer and with its workers.
    pub fn held(&self) -> usize {
        self.buffer.len() + self.crew.occupied()
    }

    /// Until when it is away, if it is.
    pub fn down(&self) -> Option<Time> {
        self.down
    }

    /// How many times as long work takes at present.
    pub fn slowness(&self) -> f64 {
        self.slowness
    }

    /// When its answer acts next.
    pub fn next_act(&self) -> Option<Time> {
        self.answer.next_time().filter(|_| self.down.is_none())
    }

    /// When one of its workers is done or ready next.
    pub fn next_worker(&mut self) -> Option<Time> {
        self.crew.next_time()
    }

    fn desk<'a>(
        &'a mut self,
        now: Time,
        ended: &'a mut Ended,
        probe: &'a mut dyn Probe,
    ) -> (&'a mut dyn Answer, Desk<'a>) {
        let (stage, buffer) = (self.number, &mut self.buffer);
        let (door, crew) = (&mut self.door, &mut self.crew);
        (&mut *self.answer, Desk { now, stage, buffer, door, crew, ended, probe })
    }

    /// Somebody offers `request`.
    pub fn offer(
        &mut self,
        request: Request,
        now: Time,
        ended: &mut Ended,
        probe: &mut dyn Probe,
    ) -> Verdict {
        let (down, holds) = (self.down.is_some(), self.answer.holds());
        let (answer, mut desk) = self.desk(now, ended, probe);
        let verdict = match (down, holds) {
            (false, _) => answer.offer(request, &mut desk),
            (true, true) => desk.hold(request, &AWAY_SO_WAITS),
            (true, false) => desk.end(request, End::Refused, &AWAY_SO_REFUSED, None),
        };
        self.check_memory(now, ended, probe);
        verdict
    }

    /// Kills the process if it holds too much.
    fn check_memory(&mut self, now: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        if self.held() > self.memory {
            let memory = Some(Figure::Count(self.memory as u64));
            probe.hear(now, Subject::Stage(self.number), Change::Down, &OUT_OF_MEMORY, memory);
            self.lose(now, now + self.restart, ended, probe);
        }
    }

    /// Breaks down until `back`.
    pub fn break_down(&mut self, now: Time, back: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        let until = Some(Figure::Time(back));
        probe.hear(now, Subject::Stage(self.number), Change::Down, &BREAKS_DOWN, until);
        self.lose(now, self.down.map_or(back, |down| down.max(back)), ended, probe);
    }

    /// All that it holds is lost, and it is away until `back`.
    fn lose(&mut self, now: Time, back: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        self.down = Some(back);
        let number = self.number;
        let mut lost = |request: Request, elsewhere: bool| {
            if !elsewhere {
                let subject = Subject::Request(&request, number);
                probe.hear(now, subject, Change::Ended(End::Lost), &WITH_THE_PROCESS, None);
                ended.push((request, End::Lost));
            }
        };
        self.buffer.drain(..).for_each(|request| lost(request, false));
        // What a stuck worker holds stands at the door of the next stage, and is lost there.
        self.crew.lose(back, &mut lost);
    }

    /// The stage before it is gone, and with it those of its workers that stood at the door.
    pub fn lose_door(&mut self, now: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        for request in self.door.drain(..) {
            let subject = Subject::Request(&request, self.number);
            probe.hear(now, subject, Change::Ended(End::Lost), &WITH_ITS_HOLDER, None);
            ended.push((request, End::Lost));
        }
    }

    /// It is back, and empty.
    pub fn come_back(&mut self, now: Time, probe: &mut dyn Probe) {
        self.down = None;
        self.answer.restart(now);
        probe.hear(now, Subject::Stage(self.number), Change::Back, &STARTED_AGAIN, None);
    }

    /// From now on work takes so many times as long.
    pub fn slow_down(&mut self, now: Time, slowness: f64, probe: &mut dyn Probe) {
        self.slowness = slowness;
        let stage = Subject::Stage(self.number);
        if slowness > 1.0 {
            probe.hear(now, stage, Change::Slow, &TAKES_LONGER, None);
        } else {
            probe.hear(now, stage, Change::Fast, &AS_EVER, None);
        }
    }

    /// The answer's time has come.
    pub fn act(&mut self, now: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        let (answer, mut desk) = self.desk(now, ended, probe);
        answer.act(&mut desk);
    }

    /// Lets those at the door come in, as far as the answer admits them; `admitted` learns who was
    /// held by a worker of the stage before.
    pub fn admit(
        &mut self,
        now: Time,
        ended: &mut Ended,
        probe: &mut dyn Probe,
        mut admitted: impl FnMut(u32),
    ) -> bool {
        let mut any = false;
        while let Some(first) = self.door.front().filter(|_| self.down.is_none()) {
            let holder = first.holder;
            let (answer, mut desk) = self.desk(now, ended, probe);
            if !answer.admit(&mut desk) {
                break;
            }
            holder.into_iter().for_each(&mut admitted);
            any = true;
            self.check_memory(now, ended, probe);
        }
        any
    }

    /// Gives each free worker the next request.
    pub fn hand_out(&mut self, now: Time, callers: &Callers, ended: &mut Ended, probe: &mut dyn Probe) {
        while self.down.is_none() && self.crew.idle() > 0 {
            let (answer, mut desk) = self.desk(now, ended, probe);
            let Some((request, rule)) = answer.next(&mut desk) else { return };
            if self.deadlines && !callers.listens(request.name) {
                let (_, mut desk) = self.desk(now, ended, probe);
                desk.end(request, End::Expired, &DEADLINE_PASSED, None);
                continue;
            }
            let need = request.needs[usize::from(self.number)];
            let work = Span::from_seconds(need.seconds() * self.slowness);
            let work = if self.slowness > 1.0 { work } else { need };
            if let Some(worker) = self.crew.begin(request, now, work) {
                let subject = Subject::Request(&request, self.number);
                probe.hear(now, subject, Change::Started { worker }, rule, None);
            }
        }
    }

    /// The worker whose time has come is ready, or is done with a request: who, and with which.
    pub fn worker_acts(&mut self, now: Time, probe: &mut dyn Probe) -> Option<(u32, Request)> {
        let worker = self.crew.take_next()?;
        if self.crew.is_ready(worker) {
            let stage = Subject::Stage(self.number);
            probe.hear(now, stage, Change::Ready { worker }, &STARTED_UP, None);
            return None;
        }
        let (mut request, work) = self.crew.done(worker)?;
        request.spent += work;
        let subject = Subject::Request(&request, self.number);
        probe.hear(now, subject, Change::Done { worker }, &WORKED_THROUGH, None);
        Some((worker, request))
    }

    /// `worker` is free again.
    pub fn release(&mut self, worker: u32) {
        self.crew.release(worker);
    }

    /// `worker` cannot hand `request` on.
    pub fn stick(&mut self, worker: u32, request: Request, now: Time, probe: &mut dyn Probe) {
        self.crew.stick(worker, request, now);
        let subject = Subject::Request(&request, self.number);
        probe.hear(now, subject, Change::Stuck { worker }, &NEXT_IS_FULL, None);
    }

    /// The caller that stands at the door with the try called `name` leaves.
    pub fn leave_door(&mut self, name: Name, now: Time, ended: &mut Ended, probe: &mut dyn Probe) {
        let at = self.door.iter().position(|request| request.name == name);
        if let Some(request) = at.and_then(|at| self.door.remove(at)) {
            let (_, mut desk) = self.desk(now, ended, probe);
            desk.end(request, End::Left, &TIRED_OF_WAITING, None);
        }
    }
}

const AWAY_SO_WAITS: Rule = Rule {
    name: "AWAY_SO_WAITS",
    place: "offer",
    says: "nobody is there to let it in, so whoever has it keeps it",
};
const AWAY_SO_REFUSED: Rule =
    Rule { name: "AWAY_SO_REFUSED", place: "offer", says: "nobody is there to take it" };
const OUT_OF_MEMORY: Rule = Rule {
    name: "OUT_OF_MEMORY",
    place: "check_memory",
    says: "it holds more than the {} requests that its memory has room for, so it is killed",
};
const BREAKS_DOWN: Rule = Rule { name: "BREAKS_DOWN", place: "break_down", says: "it is away until {}" };
const WITH_THE_PROCESS: Rule =
    Rule { name: "WITH_THE_PROCESS", place: "lose", says: "what a process holds goes with it" };
const WITH_ITS_HOLDER: Rule = Rule {
    name: "WITH_ITS_HOLDER",
    place: "lose_door",
    says: "the worker that waited with it at the door is gone with its process",
};
const STARTED_AGAIN: Rule =
    Rule { name: "STARTED_AGAIN", place: "come_back", says: "it has started again, with nothing in it" };
const TAKES_LONGER: Rule =
    Rule { name: "TAKES_LONGER", place: "slow_down", says: "work that begins from now on takes longer" };
const AS_EVER: Rule =
    Rule { name: "AS_EVER", place: "slow_down", says: "work that begins from now on takes its usual time" };
const DEADLINE_PASSED: Rule = Rule {
    name: "DEADLINE_PASSED",
    place: "hand_out",
    says: "it carries its deadline, which has passed: nobody wants it any more",
};
const STARTED_UP: Rule =
    Rule { name: "STARTED_UP", place: "worker_acts", says: "it has been started long enough ago" };
const WORKED_THROUGH: Rule =
    Rule { name: "WORKED_THROUGH", place: "worker_acts", says: "its work at this stage is over" };
const NEXT_IS_FULL: Rule = Rule {
    name: "NEXT_IS_FULL",
    place: "stick",
    says: "the next stage lets it wait, so its worker waits with it",
};
const TIRED_OF_WAITING: Rule = Rule {
    name: "TIRED_OF_WAITING",
    place: "leave_door",
    says: "its caller still stood at the door, and takes it along",
};

/// The file of the stages.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[
    &AWAY_SO_WAITS,
    &AWAY_SO_REFUSED,
    &OUT_OF_MEMORY,
    &BREAKS_DOWN,
    &WITH_THE_PROCESS,
    &WITH_ITS_HOLDER,
    &STARTED_AGAIN,
    &TAKES_LONGER,
    &AS_EVER,
    &DEADLINE_PASSED,
    &STARTED_UP,
    &WORKED_THROUGH,
    &NEXT_IS_FULL,
    &TIRED_OF_WAITING,
];
