//! A queueing system as a picture: producers, what waits, who works, what is done, from left to
//! right; below it what is under a clock.

use super::Queueing;
use super::lab::Side;
use crate::kernel::Time;
use crate::lab::scene::{Action, Badge, Lane, Mood, Progress, Shape, Slot, State, Station, Token, Wire};
use crate::lab::words;
use crate::queue::{self, Change, Fate, Heard, Message, Part, View, Worker};

/// So many workers are shown one by one.
const WORKERS_SHOWN: usize = 8;
/// So many dead letters are shown.
const DEAD_SHOWN: usize = 400;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;

/// The picture of one system at `now`.
pub(super) fn of(side: &Side, now: Time, scenario: &Queueing) -> Vec<Shape> {
    let view = side.world.view();
    let painter = Painter { side, now, scenario, view: &view };
    let (mut waiting, mut wires) = (Vec::new(), Vec::new());
    for part in &view.broker.parts {
        match part {
            Part::Line { name, room, length, messages } => {
                waiting.push(painter.line(name, *room, *length, messages));
            }
            Part::Timed { messages, .. } if messages.is_empty() => {}
            Part::Timed { name, ends, messages } => wires.push(painter.wire(name, *ends, messages)),
        }
    }
    let columns = vec![vec![painter.producers()], waiting, painter.workers(), painter.outcome()];
    let mut shapes = vec![Shape::Flow(columns)];
    shapes.extend(wires);
    shapes.extend(painter.little());
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    now: Time,
    scenario: &'a Queueing,
    view: &'a View<'a>,
}

impl Painter<'_> {
    fn producers(&self) -> Shape {
        let sent = words::counted(u64::from(self.view.sent), "sent", "sent");
        let says = match self.view.next_sent {
            Some(at) => format!("{sent}; the next at {at}"),
            None => format!("{sent}; no more to come"),
        };
        let mood = if self.view.next_sent.is_some() { Mood::Busy } else { Mood::Idle };
        Shape::Station(Station {
            name: "producers".to_owned(),
            mood,
            says,
            slots: Vec::new(),
            progress: None,
            action: None,
        })
    }

    fn line(&self, name: &str, room: Option<usize>, length: usize, messages: &[queue::Slot]) -> Shape {
        let slots = messages.iter().map(|slot| self.slot(&self.view.messages[*slot]));
        Shape::Lane(Lane {
            name: name.to_owned(),
            ghost: false,
            room: room.map(|room| room as u64),
            length: length as u64,
            ends: ("next".to_owned(), "last".to_owned()),
            slots: slots.collect(),
            crowd: true,
            queue: true,
        })
    }

    fn wire(&self, name: &str, ends: (&str, &str), messages: &[(queue::Slot, Time, Time)]) -> Shape {
        let tokens = messages.iter().take(TOKENS_SHOWN).map(|(slot, from, until)| Token {
            slot: self.slot(&self.view.messages[*slot]),
            progress: Progress { from: from.seconds(), until: until.seconds() },
        });
        Shape::Wire(Wire {
            name: name.to_owned(),
            ends: (ends.0.to_owned(), ends.1.to_owned()),
            length: messages.len() as u64,
            tokens: tokens.collect(),
        })
    }

    fn workers(&self) -> Vec<Shape> {
        let shown = self.view.workers.iter().enumerate().take(WORKERS_SHOWN);
        let mut shapes: Vec<Shape> =
            shown.map(|(at, worker)| Shape::Station(self.worker(at as u32, worker))).collect();
        let more = &self.view.workers[self.view.workers.len().min(WORKERS_SHOWN)..];
        if !more.is_empty() {
            let busy = more.iter().filter(|worker| worker.job.is_some()).count();
            let more = words::counted(more.len() as u64, "more worker", "more workers");
            shapes.push(Shape::Note(format!("and {more}, {} of them at work", words::count(busy as u64))));
        }
        shapes
    }

    /// Breaking `worker` down by hand, right after the present step.
    fn break_down(&self, at: u32, worker: &Worker) -> Option<Action> {
        const SOON: f64 = 1e-6;
        let crash = format!("{:.6}@{}", self.now.seconds() + SOON, at + 1);
        let others = self.scenario.crashes.iter().map(|(at, worker)| format!("{at}@{worker}"));
        let value = others.chain([crash]).collect::<Vec<_>>().join(",");
        worker.down.is_none().then_some(Action { label: "break down", field: "crashes", value })
    }

    fn worker(&self, at: u32, worker: &Worker) -> Station {
        let ahead = worker.ahead.iter().map(|delivery| &self.view.messages[delivery.message]);
        let job = worker.job.as_ref().map(|job| (job, &self.view.messages[job.delivery.message]));
        let (mood, says) = match (&job, worker.down) {
            (_, Some(until)) if until == Time::MAX => (Mood::Down, "down".to_owned()),
            (_, Some(until)) => (Mood::Down, format!("down until {until}")),
            (Some((job, _)), None) if job.until == Time::MAX => (Mood::Busy, "stuck".to_owned()),
            (Some((job, message)), None) if message.receives > 1 => {
                (Mood::Busy, format!("try {}, until {}", message.receives, job.until))
            }
            (Some((job, _)), None) => (Mood::Busy, format!("until {}", job.until)),
            (None, None) => (Mood::Idle, "idle".to_owned()),
        };
        let progress = job.as_ref().filter(|(job, _)| job.until < Time::MAX);
        let progress =
            progress.map(|(job, _)| Progress { from: job.from.seconds(), until: job.until.seconds() });
        let slots =
            job.map(|(_, message)| message).into_iter().chain(ahead).map(|message| self.slot(message));
        let action = self.break_down(at, worker);
        Station { name: super::words::named(at), mood, says, slots: slots.collect(), progress, action }
    }

    /// What was done last, and the dead.
    fn outcome(&self) -> Vec<Shape> {
        let done = self.side.live.recent().map(|number| Slot::Entry {
            identity: u64::from(number),
            label: number.to_string(),
            badge: Badge::None,
            pointer: None,
            state: if self.touched(number) { State::Found } else { State::Still },
        });
        let lane = |name: &str, length: u64, slots: Vec<Slot>| Lane {
            name: name.to_owned(),
            ghost: false,
            room: None,
            length,
            ends: (String::new(), String::new()),
            slots,
            crowd: false,
            queue: false,
        };
        let mut shapes = vec![Shape::Lane(lane("done", self.side.live.done(), done.collect()))];
        let gone: Vec<Slot> = self.just_gone().collect();
        if !self.view.dead.is_empty() {
            let dead = self.view.dead.iter().rev().take(DEAD_SHOWN);
            let slots = dead.map(|slot| self.slot(&self.view.messages[*slot])).collect();
            shapes.push(Shape::Lane(lane("dead letters", self.view.dead.len() as u64, slots)));
        }
        if !gone.is_empty() {
            shapes.push(Shape::Lane(Lane { ghost: true, ..lane("just gone", gone.len() as u64, gone) }));
        }
        shapes
    }

    /// Messages that this step turned away for good.
    fn just_gone(&self) -> impl Iterator<Item = Slot> + '_ {
        let gone = self.side.last.iter().filter_map(|heard| match (heard.change, heard.message) {
            (Change::Left(_) | Change::Lost, Some(number)) => Some(number),
            _ => None,
        });
        let is_gone = |number: &u32| {
            let fate = self.side.live.fate(*number);
            fate.is_some_and(|fate| fate != Fate::Done && fate != Fate::Out(queue::Exit::Dead))
        };
        gone.filter(is_gone).map(|number| Slot::Entry {
            identity: u64::from(number),
            label: number.to_string(),
            badge: Badge::None,
            pointer: None,
            state: State::Gone,
        })
    }

    fn slot(&self, message: &Message) -> Slot {
        let poison = self.scenario.poison.binary_search(&message.number).is_ok();
        let sign = if poison {
            "!"
        } else if message.urgent {
            "↑"
        } else {
            ""
        };
        let just_sent =
            |heard: &Heard| heard.message == Some(message.number) && matches!(heard.change, Change::Sent);
        let state = match self.touched(message.number) {
            _ if self.side.last.iter().any(just_sent) => State::New,
            true => State::Touched,
            false => State::Still,
        };
        let badge = if message.receives > 1 { Badge::Count(message.receives) } else { Badge::None };
        let label = format!("{}{sign}", message.number);
        Slot::Entry { identity: u64::from(message.number), label, badge, pointer: None, state }
    }

    fn touched(&self, number: u32) -> bool {
        self.side.last.iter().any(|heard| heard.message == Some(number))
    }

    /// Little's law over the run so far.
    fn little(&self) -> Option<Shape> {
        let little = self.side.live.little(self.now)?;
        let product = little.rate * little.sojourn;
        let under_way = little.under_way;
        Some(Shape::Note(format!(
            "Little’s law so far: L = {}, and λ × W = {}/s × {} s = {}{}",
            words::number(little.in_system),
            words::number(little.rate),
            words::number(little.sojourn),
            words::number(product),
            if under_way > 0 {
                format!("; the {} under way are not in W yet", words::count(under_way))
            } else {
                String::new()
            },
        )))
    }
}
