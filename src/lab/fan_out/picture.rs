//! A design as a picture: the publisher, what is compared, what is kept for each subscriber, the
//! subscribers, and what they have done, from left to right.

use super::lab::Side;
use super::{FanOut, explain};
use crate::lab::scene::{Badge, Cell, Grid, Lane, Mood, Progress, Shape, Slot, State, Station, Token, Wire};
use crate::lab::words;
use crate::queue::fanout::{Change, Heard, Letter, Line, Presence, Reading, Subscriber, View, find};
use crate::queue::routing::Exchange;

/// So many records of a log are shown.
const RECORDS_SHOWN: usize = 24;
/// A message and its copies have so many identities: the message's own, then one a subscriber.
const IDENTITIES: u64 = 32;

/// The number of the message that has this identity, or whose copy has it.
pub(super) fn number_of(identity: u64) -> u64 {
    identity / IDENTITIES
}

/// The picture of one design.
pub(super) fn of(side: &Side, scenario: &FanOut) -> Vec<Shape> {
    let view = side.world.view();
    let painter = Painter { side, scenario, view: &view };
    let each = || (0..).zip(view.subscribers);
    let lines = (0..).zip(&view.design.lines);
    let mut columns = vec![
        painter.publisher(),
        painter.exchange(),
        lines.map(|(at, line)| painter.line(at, line)).collect(),
        each().map(|(at, subscriber)| painter.subscriber(at, subscriber)).collect(),
        each().map(|(at, subscriber)| painter.done(at, subscriber)).collect(),
    ];
    columns.retain(|column| !column.is_empty());
    let mut shapes = vec![Shape::Flow(columns)];
    shapes.extend(view.design.log.as_ref().map(|log| painter.log(log)));
    shapes.extend(painter.hidden());
    shapes.extend(painter.just_gone());
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    scenario: &'a FanOut,
    view: &'a View<'a>,
}

impl Painter<'_> {
    fn name(&self, subscriber: u32) -> &str {
        self.scenario.subscribers.get(subscriber as usize).map_or("", |one| &one.name)
    }

    fn publisher(&self) -> Vec<Shape> {
        let design = &self.view.design;
        let sent = words::counted(u64::from(self.view.sent), "published", "published");
        let (mood, says) = match (design.waits_for, self.view.next_sent) {
            (Some(subscriber), _) => (Mood::Busy, format!("{sent}; waits for {}", self.name(subscriber))),
            (None, Some(at)) => (Mood::Busy, format!("{sent}; the next at {at}")),
            (None, None) => (Mood::Idle, format!("{sent}; no more to come")),
        };
        let slots = design.publisher.first().map(|letter| self.slot(*letter, None));
        let station = Station {
            name: "publisher".to_owned(),
            mood,
            says,
            slots: slots.into_iter().collect(),
            progress: None,
            action: None,
        };
        let mut shapes = vec![Shape::Station(station)];
        if let [_, waiting @ ..] = design.publisher.as_slice()
            && !waiting.is_empty()
        {
            let slots = waiting.iter().map(|letter| self.slot(*letter, None)).collect();
            let lane = lane("held up", waiting.len(), slots);
            let ends = ("next".to_owned(), "last".to_owned());
            shapes.push(Shape::Lane(Lane { queue: true, crowd: true, ends, ..lane }));
        }
        shapes
    }

    /// What everybody asks for, with a mark where the last message matched.
    fn exchange(&self) -> Vec<Shape> {
        let last = self.side.live.last();
        let key = last.and_then(|letter| self.scenario.keys.get(usize::from(letter.key)));
        let says = match (last, key) {
            (Some(letter), Some(key)) if self.scenario.exchange == Exchange::Headers => {
                format!("message {}: {}", letter.number, key.headers)
            }
            (Some(letter), Some(key)) => format!("message {}: {}", letter.number, key.key),
            _ => "nothing published yet".to_owned(),
        };
        let cells = self.scenario.subscribers.iter().map(|subscriber| {
            let wanted = key.filter(|key| subscriber.matching(&key.key, &key.headers).is_some());
            Cell {
                label: format!("{}: {}", subscriber.name, explain::all(subscriber)),
                slots: Vec::new(),
                pointer: wanted.map(|_| "matches"),
            }
        });
        let name = match self.compares() {
            true => format!("{} exchange", self.scenario.exchange),
            false => "compared by each subscriber".to_owned(),
        };
        vec![Shape::Grid(Grid { name, says, columns: 1, cells: cells.collect() })]
    }

    /// Whether the design compares before it sends.
    fn compares(&self) -> bool {
        let variant = self.scenario.variants.iter().find(|variant| FanOut::name(variant) == self.side.name);
        let entry = variant.and_then(|variant| find(variant.about.id));
        entry.is_some_and(|entry| (entry.filters)(self.scenario.exchange))
    }

    fn line(&self, at: u32, line: &Line) -> Shape {
        let slots = line.letters.iter().map(|letter| self.slot(*letter, Some(u64::from(at) + 1))).collect();
        Shape::Lane(Lane {
            room: line.room.map(|room| room as u64),
            ends: ("next".to_owned(), "last".to_owned()),
            crowd: true,
            queue: true,
            ..lane(&format!("{}: {}", self.name(at), line.name), line.length, slots)
        })
    }

    fn subscriber(&self, at: u32, subscriber: &Subscriber) -> Shape {
        let one = &self.scenario.subscribers[at as usize];
        let kind = if one.ephemeral { ", ephemeral" } else { "" };
        let (mood, says) = match (subscriber.presence, subscriber.job) {
            (Presence::NotYet, _) => (Mood::Down, format!("joins at {} s", words::number(one.joins))),
            (Presence::Away, _) => (Mood::Down, format!("away{kind}")),
            (Presence::Here, Some(job)) => (Mood::Busy, format!("until {}", job.until)),
            (Presence::Here, None) => (Mood::Idle, format!("idle{kind}")),
        };
        let progress = |job: &crate::queue::fanout::Job| Progress {
            from: job.from.seconds(),
            until: job.until.seconds(),
        };
        let slots = subscriber.job.map(|job| self.slot(job.letter, Some(u64::from(at) + 1)));
        Shape::Station(Station {
            name: one.name.clone(),
            mood,
            says,
            slots: slots.into_iter().collect(),
            progress: subscriber.job.as_ref().map(progress),
            action: None,
        })
    }

    fn done(&self, at: u32, subscriber: &Subscriber) -> Shape {
        let numbers = subscriber.recent.iter().filter(|number| **number > 0);
        let slots = numbers.map(|number| {
            let just_now = self.side.last.iter().any(|heard| {
                heard.change == Change::Done
                    && heard.subscriber == Some(at)
                    && heard.letter.is_some_and(|letter| letter.number == *number)
            });
            entry(*number, Some(u64::from(at) + 1), if just_now { State::Found } else { State::Still })
        });
        let name = format!("{}: done", self.name(at));
        Shape::Lane(lane(&name, subscriber.tally.done as usize, slots.collect()))
    }

    /// The records, with the names of those who read each of them next above it.
    fn log(&self, log: &Reading) -> Shape {
        let hidden = log.records.len().saturating_sub(RECORDS_SHOWN);
        let from = log.first as usize + log.length - log.records.len() + hidden;
        let readers = |offset: usize, or_before: bool| {
            let is_here = |next: u32| next as usize == offset || (or_before && (next as usize) < offset);
            let here = (0..).zip(&log.next).filter(|(_, next)| next.is_some_and(is_here));
            here.map(|(at, _)| self.name(at)).collect::<Vec<_>>().join(", ")
        };
        let shown = log.records[hidden..].iter().enumerate().map(|(at, letter)| Cell {
            label: match readers(from + at, at == 0) {
                names if names.is_empty() => format!("{}", from + at),
                names if at == 0 && from > log.first as usize => format!("{} ← {names} or before", from + at),
                names => format!("{} ← {names}", from + at),
            },
            slots: vec![self.slot(*letter, None)],
            pointer: None,
        });
        let end = from + log.records.len() - hidden;
        let names = readers(end, log.records.is_empty());
        let tail = Cell {
            label: if names.is_empty() { "end".to_owned() } else { format!("end ← {names}") },
            slots: Vec::new(),
            pointer: None,
        };
        let records = words::counted(log.length as u64, "record", "records");
        Shape::Grid(Grid {
            name: "log".to_owned(),
            says: format!("{records} from offset {}, each with those who read it next", log.first),
            columns: 0,
            cells: shown.chain([tail]).collect(),
        })
    }

    fn hidden(&self) -> Option<Shape> {
        let hidden = &self.view.design.hidden;
        let mut tokens: Vec<Token> = hidden
            .iter()
            .map(|(at, letter, from, until)| Token {
                slot: self.slot(*letter, Some(u64::from(*at) + 1)),
                progress: Progress { from: from.seconds(), until: until.seconds() },
            })
            .collect();
        tokens.sort_by(|a, b| a.progress.until.total_cmp(&b.progress.until));
        let ends = ("received".to_owned(), "seen again".to_owned());
        let length = tokens.len() as u64;
        (length > 0).then(|| Shape::Wire(Wire { name: "hidden".to_owned(), ends, length, tokens }))
    }

    /// Copies that this step lost.
    fn just_gone(&self) -> Option<Shape> {
        let gone =
            self.side.last.iter().filter_map(|heard| match (heard.change, heard.letter, heard.subscriber) {
                (Change::Missed | Change::Dropped | Change::Refused, Some(letter), Some(at)) => {
                    Some(entry(letter.number, Some(u64::from(at) + 1), State::Gone))
                }
                _ => None,
            });
        let gone: Vec<Slot> = gone.take(Line::SHOWN).collect();
        let length = gone.len();
        (length > 0).then(|| Shape::Lane(Lane { ghost: true, ..lane("just gone", length, gone) }))
    }

    fn slot(&self, letter: Letter, copy: Option<u64>) -> Slot {
        let is_it = |heard: &&Heard| heard.letter.is_some_and(|other| other.number == letter.number);
        let mine = |heard: &&Heard| heard.subscriber.map(|at| u64::from(at) + 1) == copy;
        let last = || self.side.last.iter().filter(is_it);
        let state = match () {
            () if last().any(|heard| heard.change == Change::Published) => State::New,
            () if last().any(|heard| mine(&heard)) => State::Touched,
            () => State::Still,
        };
        entry(letter.number, copy, state)
    }
}

fn entry(number: u32, copy: Option<u64>, state: State) -> Slot {
    Slot::Entry {
        identity: u64::from(number) * IDENTITIES + copy.unwrap_or(0),
        label: number.to_string(),
        badge: Badge::None,
        pointer: None,
        state,
    }
}

fn lane(name: &str, length: usize, slots: Vec<Slot>) -> Lane {
    Lane {
        name: name.to_owned(),
        ghost: false,
        room: None,
        length: length as u64,
        ends: (String::new(), String::new()),
        slots,
        crowd: false,
        queue: false,
    }
}
