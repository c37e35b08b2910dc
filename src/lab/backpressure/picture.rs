//! Callers and stages as a picture: who sends, then for each stage its door, its buffer and its workers,
//! then what is answered, from left to right; below it the memory of each process and what its answer
//! shows of itself, and what has been lost.

use super::Backpressure;
use super::lab::Side;
use crate::kernel::Time;
use crate::lab::queueing::words::named;
use crate::lab::scene::{
    Badge, Gauge, Lane, Mood, Progress, Shape, Slot, State, Station, Token, Vessel, Wire,
};
use crate::lab::words;
use crate::pressure::{Change, End, Name, Request, Stage, Worker};

/// So many workers of a stage are shown one by one.
const WORKERS_SHOWN: usize = 6;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;
/// So many requests in a line are listed.
const LISTED: usize = 300;

/// The picture of one system at `now`.
pub(super) fn of(side: &Side, scenario: &Backpressure, now: Time) -> Vec<Shape> {
    let painter = Painter { side, scenario, now };
    let mut shapes = match side.world.stages() {
        [stage] => painter.one(stage),
        stages => stages.iter().enumerate().map(|(at, stage)| painter.row(at, stage)).collect(),
    };
    if side.world.stages().len() > 1 {
        shapes.push(painter.answered());
    }
    shapes.extend(painter.pauses());
    shapes.push(painter.score());
    shapes.extend(painter.legend());
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    scenario: &'a Backpressure,
    now: Time,
}

impl Painter<'_> {
    /// A single stage from left to right, and below it what its process and its answer hold.
    fn one(&self, stage: &Stage) -> Vec<Shape> {
        let columns =
            vec![vec![self.callers()], self.lanes(0, stage), self.workers(0, stage), vec![self.answered()]];
        let below = [self.memory(0, stage)].into_iter().chain(self.dials(0, stage));
        [Shape::Flow(columns)].into_iter().chain(below).collect()
    }

    /// A stage of a chain as a row of its own: where requests come from, who waits, who works, and what
    /// its process and its answer hold.
    fn row(&self, at: usize, stage: &Stage) -> Shape {
        let from = match at {
            0 => self.callers(),
            _ => Shape::Note(format!("from stage {at}")),
        };
        let holds = [self.memory(at, stage)].into_iter().chain(self.dials(at, stage));
        Shape::Flow(vec![vec![from], self.lanes(at, stage), self.workers(at, stage), holds.collect()])
    }

    /// A name that says of which stage something is, where there are several.
    fn name(&self, at: usize, name: &str) -> String {
        match self.side.world.stages().len() {
            1 => name.to_owned(),
            _ => format!("{name} {}", at + 1),
        }
    }

    /// Those who send; if the first of them waits at a door, they look blocked.
    fn callers(&self) -> Shape {
        let callers = self.side.world.callers();
        let waiting = self.side.world.stages().first().map_or(0, |stage| stage.door().len());
        let sent = words::counted(u64::from(callers.sent()), "sent", "sent");
        let says = match (waiting, callers.next_sent()) {
            (0, Some(at)) => format!("{sent}; the next at {at}"),
            (0, None) => format!("{sent}; no more to come"),
            _ => format!("{sent}; {} blocked at the door", words::count(waiting as u64)),
        };
        let mood = match (waiting, callers.next_sent()) {
            (0, Some(_)) => Mood::Busy,
            (0, None) => Mood::Idle,
            _ => Mood::Down,
        };
        station("callers".to_owned(), mood, says)
    }

    /// A stage's door, where somebody waits at it, and its buffer.
    fn lanes(&self, at: usize, stage: &Stage) -> Vec<Shape> {
        let mut shapes = Vec::new();
        if let Some(until) = stage.down() {
            let says = format!("down until {until}");
            shapes.push(station(self.name(at, "process"), Mood::Down, says));
        }
        if !stage.door().is_empty() || stage.answer().holds() {
            shapes.push(self.lane(self.name(at, "door"), stage.door(), None));
        }
        let bound = stage.answer().bound().map(|bound| bound as u64);
        shapes.push(self.lane(self.name(at, "buffer"), stage.buffer(), bound));
        shapes
    }

    fn lane(&self, name: String, requests: &std::collections::VecDeque<Request>, room: Option<u64>) -> Shape {
        let slots = requests.iter().take(LISTED).map(|request| self.slot(request));
        Shape::Lane(Lane {
            name,
            ghost: false,
            room,
            length: requests.len() as u64,
            ends: ("first come".to_owned(), "last come".to_owned()),
            slots: slots.collect(),
            crowd: true,
            queue: true,
        })
    }

    fn workers(&self, at: usize, stage: &Stage) -> Vec<Shape> {
        let there = |worker: &&(usize, &Worker)| *worker.1 != Worker::Absent;
        let all: Vec<(usize, &Worker)> = stage.crew().workers().iter().enumerate().collect();
        let all: Vec<_> = all.iter().filter(there).collect();
        let shown = all.iter().take(WORKERS_SHOWN);
        let mut shapes: Vec<Shape> =
            shown.map(|(number, worker)| self.worker(at, *number as u32, worker, stage)).collect();
        let more = &all[all.len().min(WORKERS_SHOWN)..];
        if !more.is_empty() {
            let works = |worker: &&&(usize, &Worker)| matches!(worker.1, Worker::Busy { .. });
            let busy = words::count(more.iter().filter(works).count() as u64);
            let more = words::counted(more.len() as u64, "more worker", "more workers");
            shapes.push(Shape::Note(format!("and {more}, {busy} of them at work")));
        }
        shapes
    }

    fn worker(&self, at: usize, number: u32, worker: &Worker, stage: &Stage) -> Shape {
        let slow = if stage.slowness() > 1.0 { ", slowly" } else { "" };
        let (mood, says, request, progress) = match worker {
            _ if stage.down().is_some() => (Mood::Down, "gone with its process".to_owned(), None, None),
            Worker::Absent | Worker::Idle => (Mood::Idle, "idle".to_owned(), None, None),
            Worker::Starting { until } => (Mood::Down, format!("starts until {until}"), None, None),
            Worker::Stuck { request, .. } => {
                (Mood::Down, "blocked: cannot hand on".to_owned(), Some(request), None)
            }
            Worker::Busy { request, from, until } => {
                let vain = if self.side.world.listens(request.name) { "" } else { ", in vain" };
                let progress = Progress { from: from.seconds(), until: until.seconds() };
                (Mood::Busy, format!("until {until}{slow}{vain}"), Some(request), Some(progress))
            }
        };
        let name = match self.side.world.stages().len() {
            1 => named(number),
            _ => format!("worker {}.{}", at + 1, number + 1),
        };
        let slots = request.iter().map(|request| self.slot(request)).collect();
        Shape::Station(Station { name, mood, says, slots, progress, action: None })
    }

    /// What was answered last, and what this step has lost.
    fn answered(&self) -> Shape {
        let lost = self.side.last.iter().filter(|heard| matches!(heard.change, Change::Ended(_)));
        let lost = lost.take(TOKENS_SHOWN).filter_map(|heard| heard.request);
        let lost = lost.map(|name| entry(name, Badge::None, State::Gone));
        let answered = self.side.live.recent().map(|name| {
            let state = if self.touched(name) { State::Found } else { State::Still };
            entry(name, Badge::None, state)
        });
        Shape::Lane(Lane {
            name: "answered".to_owned(),
            ghost: false,
            room: None,
            length: self.side.live.answered,
            ends: (String::new(), String::new()),
            slots: lost.chain(answered).collect(),
            crowd: false,
            queue: false,
        })
    }

    fn memory(&self, at: usize, stage: &Stage) -> Shape {
        Shape::Vessel(Vessel {
            name: self.name(at, "memory"),
            level: stage.held() as f64,
            most: stage.memory() as f64,
            unit: "requests",
            fills: true,
            says: match stage.down() {
                Some(until) => format!("the process is down until {until}"),
                None => "with more the process is killed".to_owned(),
            },
        })
    }

    fn dials<'a>(&'a self, at: usize, stage: &'a Stage) -> impl Iterator<Item = Shape> + 'a {
        stage.answer().dials(self.now).into_iter().map(move |dial| {
            let (value, most, unit) = (dial.value, dial.most, dial.unit);
            Shape::Gauge(Gauge { name: self.name(at, &dial.name), value, most, unit })
        })
    }

    /// The retries to come.
    fn pauses(&self) -> Option<Shape> {
        let callers = self.side.world.callers();
        let length = callers.pausing() as u64;
        let mut coming: Vec<(Time, Time, Name)> = callers.coming_retries().collect();
        coming.sort_unstable();
        let tokens = coming.into_iter().take(TOKENS_SHOWN).map(|(until, since, name)| {
            let progress = Progress { from: since.seconds(), until: until.seconds() };
            Token { slot: entry(name, Badge::None, self.state(name)), progress }
        });
        let ends = ("a try failed".to_owned(), "tried again".to_owned());
        let wire = Wire { name: "pausing callers".to_owned(), ends, length, tokens: tokens.collect() };
        (self.scenario.retries > 0).then_some(Shape::Wire(wire))
    }

    fn score(&self) -> Shape {
        let live = &self.side.live;
        let counted = [
            (live.ended(End::Refused), "refused"),
            (live.ended(End::Dropped), "dropped"),
            (live.ended(End::Shed), "shed"),
            (live.ended(End::Expired), "thrown away"),
            (live.ended(End::Lost), "lost"),
            (live.ended(End::Left), "left the door"),
            (live.in_vain, "done in vain"),
            (live.given_up, "given up for good"),
            (live.downs, if live.downs == 1 { "time down" } else { "times down" }),
        ];
        let told = counted.into_iter().filter(|(number, _)| *number > 0);
        let told: String = told.map(|(number, what)| format!("; {} {what}", words::count(number))).collect();
        let answered = words::counted(live.answered, "request answered", "requests answered");
        let latency = live
            .mean_latency()
            .map_or(String::new(), |mean| format!(" after {} on average", words::seconds(mean)));
        let tries = words::counted(live.attempts, "try", "tries");
        Shape::Note(format!("{answered}{latency}, {tries} in all{told}"))
    }

    /// What the sign on a request says.
    fn legend(&self) -> Option<Shape> {
        let says = match (self.scenario.classes.len(), self.scenario.tenants.len()) {
            (1, 1) => return None,
            (1, _) => "The number on a request is that of its tenant.",
            _ => "The number on a request is that of its class; 1 matters most.",
        };
        Some(Shape::Note(says.to_owned()))
    }

    fn slot(&self, request: &Request) -> Slot {
        let badge = match (self.scenario.classes.len(), self.scenario.tenants.len()) {
            (1, 1) if !self.side.world.listens(request.name) => Badge::Mark,
            (1, 1) => Badge::None,
            (1, _) => Badge::Count(u32::from(request.tenant) + 1),
            _ => Badge::Count(u32::from(request.class) + 1),
        };
        entry(request.name, badge, self.state(request.name))
    }

    fn state(&self, name: Name) -> State {
        let own = || self.side.last.iter().filter(|heard| heard.request == Some(name));
        match own().next() {
            None => State::Still,
            Some(_) if own().any(|heard| heard.change == Change::Sent) => State::New,
            Some(_) => State::Touched,
        }
    }

    fn touched(&self, name: Name) -> bool {
        self.side.last.iter().any(|heard| heard.request == Some(name))
    }
}

fn station(name: String, mood: Mood, says: String) -> Shape {
    Shape::Station(Station { name, mood, says, slots: Vec::new(), progress: None, action: None })
}

fn entry(name: Name, badge: Badge, state: State) -> Slot {
    Slot::Entry { identity: name.identity(), label: name.label(), badge, pointer: None, state }
}
