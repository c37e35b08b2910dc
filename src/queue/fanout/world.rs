//! # A publisher and its subscribers
//!
//! The publisher has a message ready now and then and hands it to the design. Each subscriber that
//! is there works on one copy at a time. Subscribers come late, go away and return as the scenario
//! says. What becomes of copies meanwhile is the design's affair.
//!
//! A step, a silent step and a whole run call the same functions, generic over the probe that
//! listens.

use super::design::{Anatomy, Design, Desk};
use super::live::Live;
use super::probe::{Change, Figure, Heard, Probe, Silent};
use super::statistics::Statistics;
use super::traffic::Source;
use super::{Letter, Traffic};
use crate::catalogue::Rule;
use crate::kernel::{Events, Time};

/// A publisher, a design and subscribers.
#[derive(Clone, Debug)]
pub struct World<D> {
    design: D,
    traffic: Traffic,
    filters: bool,
    source: Source,
    subscribers: Vec<Subscriber>,
    events: Events<Event>,
    now: Time,
}

/// A subscriber.
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// Whether it is there.
    pub presence: Presence,
    /// What it works on.
    pub job: Option<Job>,
    /// What has become of the messages so far.
    pub tally: Tally,
    /// The numbers of the messages that it did last, the latest first; 0: none.
    pub recent: [u32; Subscriber::RECENT],
    /// Counts its jobs: the end of an earlier one means nothing.
    turn: u32,
}

impl Subscriber {
    /// How many of those done last are kept.
    pub const RECENT: usize = 4;
}

/// Whether a subscriber is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has never been there.
    NotYet,
    /// It is there.
    Here,
    /// It was there and will be back.
    Away,
}

/// A copy under work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// What is worked on.
    pub letter: Letter,
    /// When the work began.
    pub from: Time,
    /// When it ends.
    pub until: Time,
}

/// What has become of the messages for one subscriber: of those published, each is in one of these
/// or under work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// It did not want them.
    pub unwanted: u64,
    /// It was not there to get them.
    pub missed: u64,
    /// They were thrown away.
    pub dropped: u64,
    /// They were not let in.
    pub refused: u64,
    /// It has done them.
    pub done: u64,
    /// They wait for it.
    pub waiting: u64,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    End { subscriber: u32, turn: u32 },
    Arrive { subscriber: u32 },
    Leave { subscriber: u32 },
}

/// What there is to see in a world.
pub struct View<'a> {
    /// What the design keeps.
    pub design: Anatomy,
    /// The subscribers.
    pub subscribers: &'a [Subscriber],
    /// When the next message is ready.
    pub next_sent: Option<Time>,
    /// How many were ready so far.
    pub sent: u32,
}

/// A world, whatever its design is.
pub trait System {
    /// When the next event happens; `None` when nothing more will.
    fn next_time(&self) -> Option<Time>;

    /// Lets the next event happen without keeping reasons.
    fn skip(&mut self, live: &mut Live);

    /// Lets the next event happen and adds what was heard.
    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>);

    /// Lets up to `events` events happen, none of them after `until`, and says how many did.
    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64;

    /// What there is to see.
    fn view(&self) -> View<'_>;

    /// The same once more.
    fn duplicate(&self) -> Box<dyn System>;
}

impl<D: Design> World<D> {
    /// A world at its start: those who do not come late are there.
    pub fn new(design: D, filters: bool, traffic: Traffic) -> Self {
        let mut events = Events::new();
        let mut subscribers = Vec::new();
        for (at, member) in (0..).zip(traffic.members.iter()) {
            if member.joins > Time::ZERO {
                events.schedule(member.joins, Event::Arrive { subscriber: at });
            }
            for (from, until) in &member.away {
                events.schedule(*from, Event::Leave { subscriber: at });
                events.schedule(*until, Event::Arrive { subscriber: at });
            }
            let tally = Tally::default();
            let recent = [0; Subscriber::RECENT];
            subscribers.push(Subscriber { presence: Presence::NotYet, job: None, tally, recent, turn: 0 });
        }
        let source = Source::new(&traffic);
        let mut world = World { design, traffic, filters, source, subscribers, events, now: Time::ZERO };
        for at in 0..world.subscribers.len() {
            if world.traffic.members[at].joins == Time::ZERO {
                world.arrive(at as u32, &mut Silent);
            }
        }
        world
    }

    fn desk<'a, P: Probe>(&'a mut self, probe: &'a mut P) -> (&'a mut D, Desk<'a, P>) {
        let desk = Desk {
            now: self.now,
            filters: self.filters,
            members: &self.traffic.members,
            routes: &self.traffic.routes,
            subscribers: &mut self.subscribers,
            probe,
        };
        (&mut self.design, desk)
    }

    /// The end of a job that was broken off is forgotten.
    fn forget_the_stale(&mut self) {
        while let Some((_, Event::End { subscriber, turn })) = self.events.peek() {
            if self.subscribers[*subscriber as usize].turn == *turn {
                return;
            }
            self.events.next();
        }
    }

    /// Lets the next event happen. At the same time, subscribers go before the design, and the
    /// publisher comes last.
    #[inline]
    fn happen<P: Probe>(&mut self, probe: &mut P) {
        let (event, timer) = (self.events.next_time(), self.design.next_timer());
        let sent = self.source.next_time();
        let Some(first) = [event, timer, sent].into_iter().flatten().min() else { return };
        self.now = first.max(self.now);
        if event == Some(first) {
            self.next_event(probe);
        } else if timer == Some(first) {
            let (design, mut desk) = self.desk(probe);
            design.on_timer(&mut desk);
        } else {
            self.publish(probe);
        }
        self.hand_out(probe);
        self.forget_the_stale();
    }

    fn next_event(&mut self, probe: &mut impl Probe) {
        match self.events.next() {
            Some((_, Event::End { subscriber, .. })) => self.end(subscriber, probe),
            Some((_, Event::Arrive { subscriber })) => self.arrive(subscriber, probe),
            Some((_, Event::Leave { subscriber })) => self.leave(subscriber, probe),
            None => {}
        }
    }

    fn publish(&mut self, probe: &mut impl Probe) {
        let Some(letter) = self.source.send() else { return };
        let filters = self.filters;
        let (design, mut desk) = self.desk(probe);
        desk.tell(letter, Change::Published, &READY);
        for subscriber in desk.everybody() {
            if !desk.wants(subscriber, letter) {
                desk.subscribers[subscriber as usize].tally.unwanted += 1;
                let figure = Figure::Bindings { key: letter.key, subscriber };
                if filters {
                    desk.tell_copy(subscriber, letter, Change::Unwanted, &NO_MATCH, Some(figure));
                }
            }
        }
        design.publish(letter, &mut desk);
    }

    /// Lets everybody who is there and free begin with something, as long as there is anything.
    fn hand_out(&mut self, probe: &mut impl Probe) {
        let mut again = true;
        while again {
            again = false;
            for subscriber in 0..self.subscribers.len() as u32 {
                while self.begin(subscriber, probe) {
                    again = true;
                }
            }
        }
    }

    /// Whether `subscriber` took something.
    fn begin(&mut self, subscriber: u32, probe: &mut impl Probe) -> bool {
        let has = &self.subscribers[subscriber as usize];
        if has.presence != Presence::Here || has.job.is_some() {
            return false;
        }
        let (design, mut desk) = self.desk(probe);
        let Some(letter) = design.take(subscriber, &mut desk) else { return false };
        if !desk.wants(subscriber, letter) {
            let figure = Figure::Bindings { key: letter.key, subscriber };
            desk.tell_copy(subscriber, letter, Change::Skipped, &NOT_FOR_IT, Some(figure));
            design.done(subscriber, letter, &mut desk);
            return true;
        }
        self.start(subscriber, letter, probe);
        true
    }

    fn start(&mut self, subscriber: u32, letter: Letter, probe: &mut impl Probe) {
        let (now, seed) = (self.now, self.traffic.seed);
        let member = &self.traffic.members[subscriber as usize];
        let until = now + member.time_for(seed, subscriber, letter.number, now);
        let has = &mut self.subscribers[subscriber as usize];
        has.tally.waiting -= 1;
        has.turn += 1;
        has.job = Some(Job { letter, from: now, until });
        let turn = has.turn;
        self.events.schedule(until, Event::End { subscriber, turn });
        let (_, mut desk) = self.desk(probe);
        desk.tell_copy(subscriber, letter, Change::Started, &FREE, None);
    }

    fn end(&mut self, subscriber: u32, probe: &mut impl Probe) {
        let has = &mut self.subscribers[subscriber as usize];
        let Some(job) = has.job.take() else { return };
        has.turn += 1;
        has.tally.done += 1;
        has.recent.rotate_right(1);
        has.recent[0] = job.letter.number;
        let (design, mut desk) = self.desk(probe);
        desk.tell_copy(subscriber, job.letter, Change::Done, &WORK_DONE, None);
        design.done(subscriber, job.letter, &mut desk);
    }

    fn arrive(&mut self, subscriber: u32, probe: &mut impl Probe) {
        let has = &mut self.subscribers[subscriber as usize];
        let first = has.presence == Presence::NotYet;
        has.presence = Presence::Here;
        let (design, mut desk) = self.desk(probe);
        match first {
            true => desk.tell_of(subscriber, Change::Joined, &JOINS, None),
            false => desk.tell_of(subscriber, Change::Back, &RETURNS, None),
        }
        design.arrive(subscriber, first, &mut desk);
    }

    fn leave(&mut self, subscriber: u32, probe: &mut impl Probe) {
        let has = &mut self.subscribers[subscriber as usize];
        has.presence = Presence::Away;
        has.turn += 1;
        let held = has.job.take().map(|job| job.letter);
        let (design, mut desk) = self.desk(probe);
        desk.tell_of(subscriber, Change::WentAway, &GOES, None);
        design.leave(subscriber, held, &mut desk);
    }
}

impl<D: Design> System for World<D> {
    fn next_time(&self) -> Option<Time> {
        let next = [self.events.next_time(), self.design.next_timer(), self.source.next_time()];
        next.into_iter().flatten().min().map(|at| at.max(self.now))
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(&mut (live, None::<&mut Vec<Heard>>));
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut (live, Some(heard)));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        let mut done = 0;
        while done < events && self.next_time().is_some_and(|at| at <= until) {
            self.happen(statistics);
            statistics.read(self.now, &self.subscribers);
            done += 1;
        }
        done
    }

    fn view(&self) -> View<'_> {
        View {
            design: self.design.show(),
            subscribers: &self.subscribers,
            next_sent: self.source.next_time(),
            sent: self.source.sent(),
        }
    }

    fn duplicate(&self) -> Box<dyn System> {
        Box::new(self.clone())
    }
}

const READY: Rule = Rule { name: "READY", place: "publish", says: "the publisher has it ready" };
const NO_MATCH: Rule = Rule { name: "NO_MATCH", place: "publish", says: "the subscriber asks for {}" };
const NOT_FOR_IT: Rule = Rule {
    name: "NOT_FOR_IT",
    place: "begin",
    says: "nobody compared before the subscriber did, which asks for {}",
};
const FREE: Rule = Rule { name: "FREE", place: "start", says: "the subscriber has nothing else to do" };
const WORK_DONE: Rule = Rule { name: "WORK_DONE", place: "end", says: "the work is done" };
const JOINS: Rule = Rule { name: "JOINS", place: "arrive", says: "the scenario lets it come now" };
const RETURNS: Rule = Rule { name: "RETURNS", place: "arrive", says: "the scenario says so" };
const GOES: Rule = Rule { name: "GOES", place: "leave", says: "the scenario says so" };

/// Every reason that is common to all designs.
pub const RULES: &[&Rule] = &[&READY, &NO_MATCH, &NOT_FOR_IT, &FREE, &WORK_DONE, &JOINS, &RETURNS, &GOES];

/// The name and the text of this file, for the source panel.
pub const SOURCE: &str = file!();
