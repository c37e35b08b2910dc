//! A scheduler as a picture: who submits, the scheduler and its clock, what has fired, who works, what
//! is done, from left to right; below it the structure in which it keeps the jobs, and what it has all
//! cost.

use super::lab::Side;
use crate::kernel::{Span, Time};
use crate::lab::queueing::words::named;
use crate::lab::scene::{Badge, Cell, Grid, Lane, Mood, Progress, Shape, Slot, State, Station, Token, Wire};
use crate::lab::words;
use crate::queue::delay::{self, Change, Name, Part, Shown, View, Worker};

/// So many workers are shown one by one.
const WORKERS_SHOWN: usize = 8;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;
/// So many jobs in a line are listed.
const LISTED: usize = 400;

/// The picture of one scheduler at `now`.
pub(super) fn of(side: &Side, now: Time) -> Vec<Shape> {
    let view = side.world.view(now);
    let painter = Painter { side, now, view: &view };
    let columns = vec![
        vec![painter.submitters()],
        painter.entrance(),
        vec![painter.lane("ready", view.ready.len(), view.ready.iter().map(|job| painter.slot(job.name)))],
        painter.workers(),
        vec![painter.done()],
    ];
    let mut shapes = vec![Shape::Flow(columns)];
    shapes.extend(painter.structure());
    shapes.extend(painter.wires());
    shapes.push(painter.costs());
    shapes.extend(painter.timing());
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    now: Time,
    view: &'a View<'a>,
}

impl Painter<'_> {
    fn submitters(&self) -> Shape {
        let submitted = words::counted(u64::from(self.side.world.submitted()), "submitted", "submitted");
        let says = match self.view.next_submitted {
            Some(at) => format!("{submitted}; the next at {at}"),
            None => format!("{submitted}; no more to come"),
        };
        let mood = if self.view.next_submitted.is_some() { Mood::Busy } else { Mood::Idle };
        Shape::Station(Station {
            name: "submitters".to_owned(),
            mood,
            says,
            slots: Vec::new(),
            progress: None,
            action: None,
        })
    }

    /// The scheduler, and who waits for it to be back.
    fn entrance(&self) -> Vec<Shape> {
        let mut shapes = vec![self.scheduler()];
        if !self.view.door.is_empty() {
            let jobs = self.view.door.iter().map(|job| self.slot(job.name));
            shapes.push(self.lane("at the door", self.view.door.len(), jobs));
        }
        shapes
    }

    /// The structure in which the scheduler keeps the jobs.
    fn structure(&self) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for part in &self.view.anatomy.parts {
            match part {
                Part::Cells { name, says, columns, cells } => shapes.push(Shape::Grid(Grid {
                    name: name.clone(),
                    says: says.clone(),
                    columns: *columns,
                    cells: cells.iter().map(|cell| self.cell(cell)).collect(),
                })),
                Part::Line { name, length, jobs } => {
                    shapes.push(self.lane(name, *length, jobs.iter().map(|job| self.shown(job))));
                }
                Part::Timed { .. } => {}
                Part::More(more) => {
                    let more = words::counted(*more as u64, "more job", "more jobs");
                    shapes.push(Shape::Note(format!("and {more} below")));
                }
            }
        }
        shapes
    }

    fn scheduler(&self) -> Shape {
        let clock = self.view.clock;
        let reads = clock.wall(self.now);
        let says = match (reads.since(self.now), self.now.since(reads)) {
            (Span::ZERO, Span::ZERO) => format!("its clock reads {reads}"),
            (ahead, Span::ZERO) => format!("its clock reads {reads}, {ahead} ahead"),
            (_, behind) => format!("its clock reads {reads}, {behind} behind"),
        };
        let steady = if clock.is_steady() { "; it goes by a steady one" } else { "" };
        let (mood, says) = match self.view.down {
            Some(until) => (Mood::Down, format!("down until {until}; {says}")),
            None if self.view.kept > 0 => (Mood::Busy, format!("{says}{steady}")),
            None => (Mood::Idle, format!("{says}{steady}")),
        };
        Shape::Station(Station {
            name: "scheduler".to_owned(),
            mood,
            says,
            slots: Vec::new(),
            progress: None,
            action: None,
        })
    }

    fn cell(&self, cell: &delay::Cell) -> Cell {
        let more = (cell.more > 0).then_some(Slot::Skipped(cell.more as u64));
        let jobs = cell.jobs.iter().map(|job| self.shown(job));
        Cell { label: cell.label.clone(), slots: jobs.chain(more).collect(), pointer: cell.pointer }
    }

    fn lane(&self, name: &str, length: usize, slots: impl Iterator<Item = Slot>) -> Shape {
        Shape::Lane(Lane {
            name: name.to_owned(),
            ghost: false,
            room: None,
            length: length as u64,
            ends: ("next".to_owned(), "last".to_owned()),
            slots: slots.take(LISTED).collect(),
            crowd: true,
            queue: true,
        })
    }

    /// Jobs on their way to a time; where the clock is wrong, the real time at which they arrive.
    fn wires(&self) -> impl Iterator<Item = Shape> + '_ {
        self.view.anatomy.parts.iter().filter_map(|part| {
            let Part::Timed { name, jobs } = part else { return None };
            let tokens = jobs.iter().take(TOKENS_SHOWN).map(|(name, from, until)| {
                let end = self.view.clock.when(*until);
                let start = end - until.since(*from);
                let progress = Progress { from: start.seconds(), until: end.seconds() };
                Token { slot: self.slot(*name), progress }
            });
            Some(Shape::Wire(Wire {
                name: name.clone(),
                ends: ("sent".to_owned(), "its delay is over".to_owned()),
                length: jobs.len() as u64,
                tokens: tokens.collect(),
            }))
        })
    }

    fn workers(&self) -> Vec<Shape> {
        let shown = self.view.workers.iter().enumerate().take(WORKERS_SHOWN);
        let mut shapes: Vec<Shape> =
            shown.map(|(at, worker)| Shape::Station(self.worker(at as u32, worker))).collect();
        let more = &self.view.workers[self.view.workers.len().min(WORKERS_SHOWN)..];
        if !more.is_empty() {
            let busy = more.iter().filter(|worker| worker.work.is_some()).count();
            let more = words::counted(more.len() as u64, "more worker", "more workers");
            shapes.push(Shape::Note(format!("and {more}, {} of them at work", words::count(busy as u64))));
        }
        shapes
    }

    fn worker(&self, at: u32, worker: &Worker) -> Station {
        let (mood, says) = match worker.work {
            Some(work) => (Mood::Busy, format!("until {}", work.until)),
            None => (Mood::Idle, "idle".to_owned()),
        };
        let progress =
            |work: delay::Work| Progress { from: work.from.seconds(), until: work.until.seconds() };
        Station {
            name: named(at),
            mood,
            says,
            slots: worker.work.iter().map(|work| self.slot(work.job.name)).collect(),
            progress: worker.work.map(progress),
            action: None,
        }
    }

    /// What was done last, and what this step left out.
    fn done(&self) -> Shape {
        let gone = self.side.last.iter().filter_map(|heard| match heard.change {
            Change::Skipped | Change::Coalesced => heard.job,
            _ => None,
        });
        let gone = gone.take(TOKENS_SHOWN).map(|name| self.entry(name, Badge::None, State::Gone));
        let done = self.side.live.recent().map(|name| {
            let state = if self.touched(name) { State::Found } else { State::Still };
            self.entry(name, Badge::None, state)
        });
        Shape::Lane(Lane {
            name: "done".to_owned(),
            ghost: false,
            room: None,
            length: self.side.live.done,
            ends: (String::new(), String::new()),
            slots: gone.chain(done).collect(),
            crowd: false,
            queue: false,
        })
    }

    fn shown(&self, job: &Shown) -> Slot {
        let badge = match job.rounds {
            0 => Badge::None,
            rounds => Badge::Count(u32::try_from(rounds).unwrap_or(u32::MAX)),
        };
        self.entry(job.name, badge, self.state(job.name))
    }

    fn slot(&self, name: Name) -> Slot {
        self.entry(name, Badge::None, self.state(name))
    }

    fn entry(&self, name: Name, badge: Badge, state: State) -> Slot {
        Slot::Entry { identity: name.identity(), label: name.label(), badge, pointer: None, state }
    }

    fn state(&self, name: Name) -> State {
        let own = || self.side.last.iter().filter(|heard| heard.job == Some(name));
        let new = |change| matches!(change, Change::Submitted { .. } | Change::Planned { .. });
        match own().next() {
            None => State::Still,
            Some(_) if own().any(|heard| new(heard.change)) => State::New,
            Some(_) => State::Touched,
        }
    }

    fn touched(&self, name: Name) -> bool {
        self.side.last.iter().any(|heard| heard.job == Some(name))
    }

    fn costs(&self) -> Shape {
        let costs = self.side.world.costs();
        let counted = [
            (costs.comparisons, "comparison", "comparisons"),
            (costs.moves, "move", "moves"),
            (costs.looks, "look", "looks"),
            (costs.commands, "command", "commands"),
        ];
        let told = counted.into_iter().filter(|(number, ..)| *number > 0);
        let told: Vec<String> = told.map(|(number, one, many)| words::counted(number, one, many)).collect();
        let told = if told.is_empty() { "nothing".to_owned() } else { words::list(&told) };
        let empty = match costs.empty {
            0 => String::new(),
            empty => format!("; {} of the looks found nothing due", words::count(empty)),
        };
        Shape::Note(format!("Cost so far: {told}{empty}"))
    }

    fn timing(&self) -> Option<Shape> {
        let live = &self.side.live;
        let mean = live.mean_lateness()?;
        let counted = [
            (live.early, "too early"),
            (live.late, "late"),
            (live.again, "twice"),
            (live.left_out, "left out"),
        ];
        let bad = counted.into_iter().filter(|(number, _)| *number > 0);
        let bad: String = bad.map(|(number, what)| format!("; {} {what}", words::count(number))).collect();
        let fired = words::count(live.fired);
        Some(Shape::Note(format!("{fired} fired, {} late on average{bad}", words::seconds(mean))))
    }
}
