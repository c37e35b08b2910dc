//! # A plain queue
//!
//! One line in memory, as the textbooks draw it: M/M/c with everything that can be added to it.
//! The line may be first come first served, last come first served, or let the urgent go first; it
//! may be bounded, with a rule for what happens when it is full; it may be one line for all workers
//! or one line each; those who wait may lose their patience.
//!
//! The queue keeps what it hands out until it is acknowledged. When a worker breaks down, the queue
//! knows at once and the message goes back to the front; when the work fails, the message goes to the
//! back, at once or after a delay.
//!
//! Kendall, "Stochastic Processes Occurring in the Theory of Queues", Annals of Mathematical
//! Statistics 24, 1953, for the notation; Gross et al., "Fundamentals of Queueing Theory".

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{ACK, BACKOFF, RETRY_DELAY, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::{Anatomy, Retry};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Events, Random, Span, Time};
use std::collections::VecDeque;

/// A queue in memory.
#[derive(Clone, Debug)]
pub struct Plain {
    lines: Vec<Line>,
    /// Messages that are in nobody's line yet, because it is full and their producers wait.
    door: VecDeque<(Slot, usize)>,
    /// Timers: a delay that ends, or somebody whose patience does.
    timers: Events<Timer>,
    bound: Option<usize>,
    overflow: Overflow,
    last_first: bool,
    most_receives: Option<usize>,
    retry: Retry,
    /// How often somebody joined a line.
    joined: u64,
    chance: Random,
}

/// The urgent and the others, each the oldest first.
#[derive(Clone, Debug, Default)]
struct Line {
    urgent: VecDeque<Slot>,
    usual: VecDeque<Slot>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Overflow {
    Refuse,
    DropOldest,
    Block,
}

#[derive(Clone, Copy, Debug)]
enum Timer {
    /// A message that failed may be tried again.
    Retry { message: Slot, line: usize, since: Time },
    /// A message gives up, if it still waits for its first turn since it joined the line.
    GiveUp { message: Slot, joined: u64, line: usize },
}

impl Broker for Plain {
    const ABOUT: About = About {
        id: "plain",
        name: "Plain queue",
        idea: "One line in memory, as the textbooks draw it.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            Parameter {
                id: "bound",
                means: "how many messages may wait in a line, those that are worked on not counted",
                range: Range::Limit { least: 0, most: 10_000_000 },
            },
            Parameter {
                id: "overflow",
                means: "when the line is full: refuse the new one, drop the oldest, or block the producer until there is room",
                range: Range::Choice(&["refuse", "drop-oldest", "block"]),
            },
            Parameter {
                id: "order",
                means: "who goes first: the oldest, or the newest; the urgent always before the others",
                range: Range::Choice(&["oldest", "newest"]),
            },
            Parameter {
                id: "lines",
                means: "shared: one line for all workers; own: one line a worker, chosen by chance",
                range: Range::Choice(&["shared", "own"]),
            },
            ACK,
            Parameter {
                id: "max-receives",
                means: "after so many tries a message is a dead letter",
                range: Range::Limit { least: 1, most: 1_000 },
            },
            RETRY_DELAY,
            BACKOFF,
        ],
        rules: &[
            &JOINS,
            &JOINS_OWN,
            &FULL,
            &OLDEST_DROPPED,
            &DOOR,
            &ROOM,
            &ITS_TURN,
            &DONE,
            &GAVE_UP,
            &FAILED,
            &FAILED_LATER,
            &TOO_OFTEN,
            &LATER_IS_NOW,
            &WORKER_GONE,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        let lines = if parameters.choice("lines") == "own" { setup.workers } else { 1 };
        Plain {
            lines: vec![Line::default(); lines as usize],
            door: VecDeque::new(),
            timers: Events::new(),
            bound: parameters.limit("bound"),
            overflow: match parameters.choice("overflow") {
                "drop-oldest" => Overflow::DropOldest,
                "block" => Overflow::Block,
                _ => Overflow::Refuse,
            },
            last_first: parameters.choice("order") == "newest",
            most_receives: parameters.limit("max-receives"),
            retry: Retry::new(parameters),
            joined: 0,
            chance: Random::stream(setup.seed, 1),
        }
    }

    fn intake(&self) -> Intake {
        Intake::Prefetch(1)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        let line = self.choose_line();
        let rule = if self.lines.len() > 1 { &JOINS_OWN } else { &JOINS };
        if self.has_room(line, desk) {
            return self.join(message, line, rule, desk);
        }
        match self.overflow {
            Overflow::Refuse => desk.leave(message, Exit::Refused, &FULL),
            Overflow::DropOldest => {
                self.join(message, line, rule, desk);
                if let Some(oldest) = self.lines[line].drop_oldest() {
                    desk.leave(oldest, Exit::Dropped, &OLDEST_DROPPED);
                }
            }
            Overflow::Block => {
                self.door.push_back((message, line));
                desk.tell(message, Change::Blocked, &DOOR);
            }
        }
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        let line = if self.lines.len() > 1 { worker as usize } else { 0 };
        let message = self.lines[line].pop(self.last_first)?;
        let delivery = desk.hand(message, worker, None, &ITS_TURN);
        self.let_in(line, desk);
        Some(delivery)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.leave(delivery.message, Exit::Acknowledged, &DONE);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        let (message, tries) = (delivery.message, delivery.tries);
        if self.give_up(delivery, desk) {
            return;
        }
        let (line, delay) = (self.choose_line(), self.retry.after(tries));
        if delay == Span::ZERO {
            self.lines[line].push(message, desk.messages);
            return desk.tell(message, Change::Returned, &FAILED);
        }
        let until = desk.now + delay;
        self.timers.schedule(until, Timer::Retry { message, line, since: desk.now });
        desk.tell_by(message, Change::Delayed { until }, &FAILED_LATER, Figure::Span(delay));
    }

    fn worker_gone(&mut self, worker: u32, held: &[Delivery], desk: &mut Desk<impl Probe>) {
        let line = if self.lines.len() > 1 { worker as usize } else { 0 };
        for delivery in held {
            if !self.give_up(*delivery, desk) {
                self.lines[line].push_first(delivery.message, desk.messages);
                desk.tell(delivery.message, Change::Returned, &WORKER_GONE);
            }
        }
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        while let Some((_, Timer::GiveUp { message, joined, .. })) = self.timers.peek() {
            if still_waits(*message, *joined, messages) {
                break;
            }
            self.timers.forget();
        }
        self.timers.next_time()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        match self.timers.next() {
            Some((_, Timer::Retry { message, line, .. })) => {
                self.lines[line].push(message, desk.messages);
                desk.tell(message, Change::Returned, &LATER_IS_NOW);
            }
            Some((_, Timer::GiveUp { message, line, .. })) => {
                self.lines[line].remove(message, desk.messages);
                let patience = Figure::Span(desk.messages[message].patience);
                desk.leave_by(message, Exit::Expired, &GAVE_UP, patience);
                self.let_in(line, desk);
            }
            None => {}
        }
    }

    fn waiting(&self) -> usize {
        self.lines.iter().map(Line::len).sum()
    }

    fn next(&self) -> Option<Slot> {
        self.lines.iter().find_map(|line| line.first(self.last_first))
    }

    fn show(&self, _: &Messages, anatomy: &mut Anatomy) {
        if self.overflow == Overflow::Block {
            anatomy.line("at the door", None, self.door.len(), self.door.iter().map(|(message, _)| *message));
        }
        for (at, line) in self.lines.iter().enumerate() {
            let own = self.lines.len() > 1;
            let name = if own { format!("line {}", at + 1) } else { "waiting".to_owned() };
            anatomy.line(name, self.bound, line.len(), line.in_turn(self.last_first));
        }
        let later = self.timers.iter().filter_map(|(until, timer)| match timer {
            Timer::Retry { message, since, .. } => Some((*message, *since, until)),
            Timer::GiveUp { .. } => None,
        });
        anatomy.timed("held back", ("failed", "tried again"), later.collect());
    }
}

impl Plain {
    fn choose_line(&mut self) -> usize {
        if self.lines.len() == 1 { 0 } else { self.chance.below(self.lines.len() as u32) as usize }
    }

    /// Makes a message that was tried too often a dead letter, and says whether it was.
    fn give_up(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) -> bool {
        let (message, tries) = (delivery.message, delivery.tries);
        let too_often = self.most_receives.is_some_and(|most| tries as usize >= most);
        if too_often {
            desk.leave_by(message, Exit::Dead, &TOO_OFTEN, Figure::Count(u64::from(tries)));
        }
        too_often
    }

    /// Whether one more may join `line`: there is room, or a worker takes the message at once.
    fn has_room(&self, line: usize, desk: &Desk<impl Probe>) -> bool {
        let own = self.lines.len() > 1;
        let taken_at_once =
            || if own { desk.crew.has_room(line as u32) } else { desk.crew.anyone_has_room() };
        self.bound.is_none_or(|bound| self.lines[line].len() < bound) || taken_at_once()
    }

    fn join(&mut self, message: Slot, line: usize, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        self.lines[line].push(message, desk.messages);
        desk.tell(message, Change::Waits, rule);
        let patience = desk.messages[message].patience;
        if patience < Span::MAX {
            self.joined += 1;
            desk.messages[message].place = self.joined;
            self.timers.schedule(desk.now + patience, Timer::GiveUp { message, joined: self.joined, line });
        }
    }

    /// There may be room in `line` for somebody at the door.
    fn let_in(&mut self, line: usize, desk: &mut Desk<impl Probe>) {
        if self.door.is_empty() || !self.has_room(line, desk) {
            return;
        }
        let first = self.door.iter().position(|(_, wanted)| *wanted == line);
        if let Some((message, _)) = first.and_then(|at| self.door.remove(at)) {
            self.join(message, line, &ROOM, desk);
        }
    }
}

/// Whether the message in this place has waited for its first turn ever since it joined.
fn still_waits(message: Slot, joined: u64, messages: &Messages) -> bool {
    let message = &messages[message];
    message.place == joined && message.receives == 0 && message.exit.is_none()
}

impl Line {
    fn len(&self) -> usize {
        self.urgent.len() + self.usual.len()
    }

    fn of(&mut self, urgent: bool) -> &mut VecDeque<Slot> {
        if urgent { &mut self.urgent } else { &mut self.usual }
    }

    fn push(&mut self, message: Slot, messages: &Messages) {
        self.of(messages[message].urgent).push_back(message);
    }

    fn push_first(&mut self, message: Slot, messages: &Messages) {
        self.of(messages[message].urgent).push_front(message);
    }

    fn pop(&mut self, last_first: bool) -> Option<Slot> {
        let from = if self.urgent.is_empty() { &mut self.usual } else { &mut self.urgent };
        if last_first { from.pop_back() } else { from.pop_front() }
    }

    /// Takes out the oldest, an urgent one only if there is no other.
    fn drop_oldest(&mut self) -> Option<Slot> {
        self.usual.pop_front().or_else(|| self.urgent.pop_front())
    }

    fn first(&self, last_first: bool) -> Option<Slot> {
        self.in_turn(last_first).next()
    }

    /// All in the order of their turns.
    fn in_turn(&self, last_first: bool) -> impl Iterator<Item = Slot> + '_ {
        let turn =
            move |from: &VecDeque<Slot>, at: usize| from[if last_first { from.len() - 1 - at } else { at }];
        let urgent = (0..self.urgent.len()).map(move |at| turn(&self.urgent, at));
        urgent.chain((0..self.usual.len()).map(move |at| turn(&self.usual, at)))
    }

    fn remove(&mut self, message: Slot, messages: &Messages) {
        let line = self.of(messages[message].urgent);
        if let Some(at) = line.iter().position(|other| *other == message) {
            line.remove(at);
        }
    }
}

const JOINS: Rule = Rule { name: "JOINS", place: "publish", says: "it goes to the end of the line" };
const JOINS_OWN: Rule = Rule {
    name: "JOINS_OWN",
    place: "publish",
    says: "each worker has a line of its own, and chance chose this one",
};
const FULL: Rule =
    Rule { name: "FULL", place: "publish", says: "the line is full, and a full line refuses the new one" };
const OLDEST_DROPPED: Rule = Rule {
    name: "OLDEST_DROPPED",
    place: "publish",
    says: "the line is full, and it is the oldest: it makes room for the new one",
};
const DOOR: Rule = Rule {
    name: "DOOR",
    place: "publish",
    says: "the line is full, so its producer stands at the door and waits for room",
};
const ROOM: Rule = Rule { name: "ROOM", place: "let_in", says: "there is room in the line again" };
const ITS_TURN: Rule =
    Rule { name: "ITS_TURN", place: "receive", says: "the worker is free, and it is its turn" };
const DONE: Rule = Rule { name: "DONE", place: "acknowledge", says: "its worker has acknowledged it" };
const GAVE_UP: Rule =
    Rule { name: "GAVE_UP", place: "on_timer", says: "it has waited for {} and is patient no longer" };
const FAILED: Rule =
    Rule { name: "FAILED", place: "reject", says: "its work failed, so it goes to the end of the line" };
const FAILED_LATER: Rule =
    Rule { name: "FAILED_LATER", place: "reject", says: "its work failed, so it is tried again in {}" };
const TOO_OFTEN: Rule =
    Rule { name: "TOO_OFTEN", place: "give_up", says: "it was tried {} times, and that is the limit" };
const LATER_IS_NOW: Rule = Rule { name: "LATER_IS_NOW", place: "on_timer", says: "its delay is over" };
const WORKER_GONE: Rule = Rule {
    name: "WORKER_GONE",
    place: "worker_gone",
    says: "its worker broke down before acknowledging it, so it goes back to the front",
};
