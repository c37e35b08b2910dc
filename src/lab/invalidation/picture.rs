//! Servers, cache and database as a picture, under each other: who asks and was answered, what the cache
//! keeps, what the database has and who waits for it, and the messages under way.

use super::fields::failure_text;
use super::scenario::Failure;
use super::{Invalidation, words};
use crate::invalidation::{
    Change, Content, Entry, Fate, Fault, Key, Name, Operation, Place, Shelf, System, Trip, Version, Who,
};
use crate::kernel::{Span, Time};
use crate::lab::in_step::Side;
use crate::lab::scene::{Action, Badge, Lane, Mood, Progress, Shape, Slot, State, Station, Token, Wire};
use crate::lab::words as numbers;

/// So many entries of a lane are listed.
const LISTED: usize = 200;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;
/// Of so many keys the rows of the database are shown.
const ROWS_SHOWN: u32 = 30;
/// So many queries are shown one by one.
const QUERIES_SHOWN: usize = 12;
/// Entries of caches, rows and shelves are apart from operations: their identities begin here.
const ENTRIES: u64 = 1 << 40;
const ROWS: u64 = 2 << 40;
const SHELVES: u64 = 3 << 40;

/// The picture of one system at `now`.
pub(super) fn of(scenario: &Invalidation, side: &Side<System>, now: Time) -> Vec<Shape> {
    let painter = Painter { scenario, side, system: &side.world, now };
    let row = |place: Shape, held: Vec<Shape>| Shape::Row(Box::new(place), held);
    let mut shapes = vec![row(painter.servers(), vec![painter.answered()])];
    shapes.push(row(painter.cache(), [painter.entries()].into_iter().chain(painter.shelves()).collect()));
    shapes.push(row(painter.database(), painter.at_database()));
    shapes.extend(painter.wires());
    shapes.push(painter.score());
    shapes
}

/// What a person can let happen right after `now`. What lasts does so for twice the time-out, so that it is
/// felt.
pub(super) fn actions(scenario: &Invalidation, now: Time) -> Vec<Action> {
    const TIME_OUTS: f64 = 2.0;
    const TROUBLES: [(&str, Fault); 6] = [
        ("cache restarts", Fault::Restart),
        ("cache slow", Fault::Slow(20.0)),
        ("cache cut off", Fault::Unreachable),
        ("database down", Fault::Down),
        ("the two parted", Fault::Parted),
        ("a deletion lost", Fault::LostNotice),
    ];
    let rounded = |seconds: f64| (seconds * 1e9).round() / 1e9;
    let from = rounded((now + Span::from_nanos(1)).seconds());
    let until = rounded(from + TIME_OUTS * scenario.timeout);
    let action = |(label, what)| {
        let new = Failure { what, from, until };
        let all = scenario.troubles.iter().chain([&new]).map(failure_text);
        Action { label, field: "troubles", value: all.collect::<Vec<_>>().join(",") }
    };
    TROUBLES.map(action).to_vec()
}

struct Painter<'a> {
    scenario: &'a Invalidation,
    side: &'a Side<System>,
    system: &'a System,
    now: Time,
}

impl Painter<'_> {
    /// Who asks, and for what.
    fn servers(&self) -> Shape {
        let sent = u64::from(self.system.sent());
        let open = self.system.levels().open as u64;
        let more = sent < u64::from(self.scenario.operations);
        let says = format!(
            "{} of {}, {} open",
            numbers::count(sent),
            numbers::count(u64::from(self.scenario.operations)),
            numbers::count(open)
        );
        let mood = if more || open > 0 { Mood::Busy } else { Mood::Idle };
        station("servers", mood, says, Vec::new())
    }

    /// What was answered last; a mark says that it was stale.
    fn answered(&self) -> Shape {
        let live = &self.side.live;
        let slots = live.recent().map(|(name, fate)| {
            let badge = if matches!(fate, Fate::Stale(_)) { Badge::Mark } else { Badge::None };
            let state = match (self.touches(name), fate) {
                (true, Fate::Failed | Fate::Stale(_)) => State::Gone,
                (true, _) => State::Found,
                (false, _) => State::Still,
            };
            entry(name.identity(), label(name), badge, state)
        });
        Shape::Lane(Lane {
            name: "answered".to_owned(),
            ghost: false,
            room: None,
            length: live.reads + live.writes + live.failed,
            ends: (String::new(), String::new()),
            slots: slots.collect(),
            crowd: false,
            queue: false,
        })
    }

    fn cache(&self) -> Shape {
        let state = self.system.state();
        let (mood, says) = match (state.unreachable, state.parted) {
            (true, _) => (Mood::Down, "no server can reach it".to_owned()),
            (_, Some(until)) => (Mood::Down, format!("cannot reach the database until {until}")),
            _ if state.slow > 1.0 => {
                (Mood::Busy, format!("its messages take {} times as long", numbers::number(state.slow)))
            }
            _ => (Mood::Busy, "answers".to_owned()),
        };
        station("cache", mood, says, Vec::new())
    }

    /// What the cache keeps, last used first; a mark says that a value is out of date.
    fn entries(&self) -> Shape {
        let cache = self.system.cache();
        let room = cache.capacity() as u64;
        let listed: Vec<Entry> = cache.entries().take(LISTED).collect();
        let slots = listed.iter().map(|kept| {
            let expired = kept.expires <= self.now;
            let key = self.key_of(kept.name);
            let badge = if self.is_old(key, kept.content) { Badge::Mark } else { Badge::None };
            let state = if expired { State::Gone } else { self.state_of(kept.name) };
            entry(ENTRIES + u64::from(kept.name), self.labelled(kept.name, kept.content), badge, state)
        });
        Shape::Lane(Lane {
            name: "entries".to_owned(),
            ghost: false,
            room: (cache.capacity() < self.scenario.keys as usize).then_some(room),
            length: cache.len() as u64,
            ends: ("used last".to_owned(), "used first".to_owned()),
            slots: slots.collect(),
            crowd: true,
            queue: false,
        })
    }

    /// The database, and what it works on.
    fn database(&self) -> Shape {
        let database = self.system.database();
        let queries = self.system.queries();
        let busy = numbers::count(database.busy() as u64);
        let at_work = match database.connections() {
            Some(connections) => {
                format!("{busy} of {} connections in use", numbers::count(connections as u64))
            }
            None => numbers::counted(database.busy() as u64, "query under way", "queries under way"),
        };
        let (mood, says) = match (self.system.state().down, database.busy()) {
            (true, _) => (Mood::Down, "down".to_owned()),
            (false, 0) => (Mood::Idle, at_work),
            (false, _) => (Mood::Busy, at_work),
        };
        let slots = queries.iter().take(QUERIES_SHOWN).map(|(operation, _)| self.slot(operation));
        let more = queries.len().saturating_sub(QUERIES_SHOWN);
        let more = (more > 0).then_some(Slot::Skipped(more as u64));
        station("database", mood, says, slots.chain(more).collect())
    }

    /// Who waits for a connection, and the rows, if they are few.
    fn at_database(&self) -> Vec<Shape> {
        let queue = self.system.database().connections().map(|_| self.queue());
        queue.into_iter().chain(self.rows()).collect()
    }

    fn queue(&self) -> Shape {
        let waiting = self.system.queued();
        let slots = waiting.iter().take(LISTED).map(|operation| self.slot(operation));
        Shape::Lane(Lane {
            name: "waiting for a connection".to_owned(),
            ghost: false,
            room: None,
            length: waiting.len() as u64,
            ends: ("first come".to_owned(), "last come".to_owned()),
            slots: slots.collect(),
            crowd: true,
            queue: true,
        })
    }

    fn rows(&self) -> Option<Shape> {
        let keys = self.scenario.all_keys();
        let written = |heard: &crate::invalidation::Heard, key: Key| {
            matches!((heard.who, heard.change), (Who::Operation(operation), Change::Committed { .. })
                if operation.key == key)
        };
        let slots = (0..keys).map(|key| {
            let touched = self.side.last.iter().any(|heard| written(heard, key));
            let state = if touched { State::New } else { State::Still };
            let content = self.system.database().row(key);
            entry(ROWS + u64::from(key), self.labelled(key, content), Badge::None, state)
        });
        (keys <= ROWS_SHOWN).then(|| {
            Shape::Lane(Lane {
                name: "rows".to_owned(),
                ghost: false,
                room: None,
                length: u64::from(keys),
                ends: (String::new(), String::new()),
                slots: slots.collect(),
                crowd: false,
                queue: false,
            })
        })
    }

    /// The messages under way, by where they go.
    fn wires(&self) -> Vec<Shape> {
        let trips = self.system.trips();
        let between = |a: Place, b: Place| {
            let both = |trip: &&Trip| (trip.from, trip.to) == (a, b) || (trip.from, trip.to) == (b, a);
            trips.iter().filter(both).collect::<Vec<_>>()
        };
        let mut wires = vec![
            self.wire("with cache", ("sent", "there"), &between(Place::Server, Place::Cache)),
            self.wire("with database", ("sent", "there"), &between(Place::Server, Place::Database)),
        ];
        let inner = between(Place::Cache, Place::Database);
        if !inner.is_empty() {
            wires.push(self.wire("between the two", ("sent", "there"), &inner));
        }
        wires
    }

    fn wire(&self, name: &str, ends: (&str, &str), trips: &[&Trip]) -> Shape {
        let tokens = trips.iter().take(TOKENS_SHOWN).map(|trip| Token {
            slot: self.slot(&trip.operation),
            progress: Progress { from: trip.since.seconds(), until: trip.until.seconds() },
        });
        Shape::Wire(Wire {
            name: name.to_owned(),
            ends: (ends.0.to_owned(), ends.1.to_owned()),
            length: trips.len() as u64,
            tokens: tokens.collect(),
        })
    }

    /// What is kept beside the shared cache.
    fn shelves(&self) -> Vec<Shape> {
        let shelves = self.system.strategy().shelves(self.now).into_iter().enumerate();
        shelves.map(|(at, shelf)| self.shelf(at as u64, &shelf)).collect()
    }

    fn shelf(&self, at: u64, shelf: &Shelf) -> Shape {
        const APART: u64 = 1 << 34;
        let slots = shelf.entries.iter().take(LISTED).map(|(name, content, _)| {
            let old = self.is_old(self.key_of(*name), *content);
            let badge = if old { Badge::Mark } else { Badge::None };
            let identity = SHELVES + at * APART + u64::from(*name);
            entry(identity, self.labelled(*name, *content), badge, State::Still)
        });
        Shape::Lane(Lane {
            name: shelf.name.clone(),
            ghost: false,
            room: shelf.room.map(|room| room as u64),
            length: shelf.entries.len() as u64,
            ends: (String::new(), String::new()),
            slots: slots.collect(),
            crowd: true,
            queue: false,
        })
    }

    fn score(&self) -> Shape {
        let live = &self.side.live;
        let hits = match live.reads {
            0 => String::new(),
            reads => format!(", {} without a fetch", numbers::percent(live.hits as f64 / reads as f64)),
        };
        let counted = [
            (live.stale, "stale"),
            (live.failed, "ended in an error"),
            (live.mistakes, "acted on by mistake"),
        ];
        let told = counted.into_iter().filter(|(number, _)| *number > 0);
        let told: String =
            told.map(|(number, what)| format!("; {} {what}", numbers::count(number))).collect();
        let lost = match &live.lost[..] {
            [] => String::new(),
            lost => format!("; lost for good: {}", words::lost_writes(lost)),
        };
        let done = self.system.database().done;
        let reads = numbers::counted(live.reads, "read answered", "reads answered");
        let writes = numbers::counted(live.writes, "write acknowledged", "writes acknowledged");
        let asked = numbers::counted(done.reads, "read", "reads");
        let written = numbers::counted(done.writes, "write", "writes");
        Shape::Note(format!("{reads}{hits}; {writes}{told}{lost}. Database: {asked}, {written}."))
    }

    /// The key that stands behind a name under which caches keep it.
    fn key_of(&self, name: u32) -> Key {
        self.system.strategy().key_of(name)
    }

    /// Whether a value of `key` is out of date: a newer one has been acknowledged.
    fn is_old(&self, key: Key, content: Content) -> bool {
        let version = content.unwrap_or(Version::FIRST);
        self.system.ledger().outdated(key, version) <= self.now
    }

    fn labelled(&self, name: u32, content: Content) -> String {
        let key = words::key(self.key_of(name), self.scenario.all_keys());
        content.map_or_else(|| format!("{key} –"), |version| format!("{key} v{}", version.number))
    }

    fn slot(&self, operation: &Operation) -> Slot {
        let name = operation.called();
        let state = if self.touches(name) { State::Touched } else { State::Still };
        entry(name.identity(), label(name), Badge::None, state)
    }

    fn touches(&self, name: Name) -> bool {
        self.side.last.iter().any(|heard| heard.who.name() == Some(name))
    }

    /// What the last step did to the entry under `name`.
    fn state_of(&self, name: u32) -> State {
        let own = |who| matches!(who, Who::Operation(operation) if operation.name == name);
        let changes = self.side.last.iter().filter(|heard| own(heard.who)).map(|heard| heard.change);
        changes.fold(State::Still, |state, change| match change {
            Change::Kept { .. } | Change::Recorded { .. } => State::New,
            Change::Hit { .. } if state == State::Still => State::Found,
            _ => state,
        })
    }
}

/// What is written on an operation: `7`, and of one in the background with a letter before it.
fn label(name: Name) -> String {
    let letter = match name.kind {
        crate::invalidation::Kind::Read => "r",
        crate::invalidation::Kind::Write => "w",
        crate::invalidation::Kind::Refresh => "R",
        crate::invalidation::Kind::Flush => "F",
        crate::invalidation::Kind::Notice => "N",
        crate::invalidation::Kind::WarmUp => "W",
    };
    format!("{letter}{}", name.number)
}

fn station(name: &str, mood: Mood, says: String, slots: Vec<Slot>) -> Shape {
    Shape::Station(Station { name: name.to_owned(), mood, says, slots, progress: None, action: None })
}

fn entry(identity: u64, label: String, badge: Badge, state: State) -> Slot {
    Slot::Entry { identity, label, badge, pointer: None, state }
}
