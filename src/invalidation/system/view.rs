//! What there is to see of a system, between its last event and the next.

use super::messages::{FROM_CACHE, TO_CACHE};
use super::{Event, System};
use crate::invalidation::cache::Cache;
use crate::invalidation::database::Database;
use crate::invalidation::ledger::Ledger;
use crate::invalidation::operation::{Operation, Place};
use crate::invalidation::strategy::{Came, Strategy};
use crate::kernel::{Span, Time};

/// A message under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trip {
    /// For which operation.
    pub operation: Operation,
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// Since when.
    pub since: Time,
    /// When it arrives.
    pub until: Time,
}

impl System {
    /// The cache.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// How many commands have come to each node of the cache, and how much work it has before it.
    pub fn nodes(&self) -> impl Iterator<Item = (u64, Span)> + '_ {
        let before = |idle: &Time| if *idle > self.now { idle.since(self.now) } else { Span::ZERO };
        self.commands.iter().zip(&self.idle).map(move |(commands, idle)| (*commands, before(idle)))
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What is true.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The strategy.
    pub fn strategy(&self) -> &dyn Strategy {
        &*self.strategy
    }

    /// How many operations clients have asked for.
    pub fn sent(&self) -> u32 {
        self.source.sent()
    }

    /// What is the matter with the cache at present, and with the database.
    pub fn state(&self) -> State {
        State {
            unreachable: self.unreachable,
            slow: self.slow,
            parted: self.parted,
            down: self.database.down,
        }
    }

    /// About how many events are to come.
    pub fn weight(&self) -> usize {
        self.events.len() + self.cache.len() + self.open.len()
    }

    /// The messages under way, first the one that arrives first.
    pub fn trips(&self) -> Vec<Trip> {
        let trip = |(until, event): (Time, &Event)| {
            let (operation, from, to) = match *event {
                Event::AtCache(operation, _) | Event::Passes(operation) => {
                    (operation, operation.place, Place::Cache)
                }
                Event::AtDatabase(operation, _) => (operation, operation.place, Place::Database),
                Event::Comes(operation, came) => (operation, came.from()?, operation.place),
                Event::Reaches(operation, ..) => (operation, Place::Cache, Place::Server),
                _ => return None,
            };
            let way = match (from, to) {
                (Place::Database, _) | (_, Place::Database) => self.plant.far,
                (_, Place::Cache) => self.near(operation, TO_CACHE),
                _ => self.near(operation, FROM_CACHE),
            };
            let since = Time::from_nanos(until.nanos().saturating_sub(way.nanos()));
            Some(Trip { operation, from, to, since, until })
        };
        let mut trips: Vec<Trip> = self.events.iter().filter_map(trip).collect();
        trips.sort_by_key(|trip| (trip.until, trip.operation.called().identity()));
        trips
    }

    /// The operations that wait for a connection to the database, who came first first.
    pub fn queued(&self) -> Vec<Operation> {
        self.database.waiting.iter().map(|(operation, _)| *operation).collect()
    }

    /// The queries that the database works on, and when each is done, first the one that is done first.
    pub fn queries(&self) -> Vec<(Operation, Time)> {
        let query = |(until, event): (Time, &Event)| match *event {
            Event::DatabaseDoes(operation, _, _, epoch) if epoch == self.database.epoch => {
                Some((operation, until))
            }
            _ => None,
        };
        let mut queries: Vec<(Operation, Time)> = self.events.iter().filter_map(query).collect();
        queries.sort_by_key(|(operation, until)| (*until, operation.called().identity()));
        queries
    }
}

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// No server reaches the cache.
    pub unreachable: bool,
    /// How many times as long messages to the cache take.
    pub slow: f64,
    /// Until when cache and database cannot reach each other.
    pub parted: Option<Time>,
    /// The database refuses everything.
    pub down: bool,
}

impl Came {
    /// From where it came; `None`: from nowhere.
    fn from(self) -> Option<Place> {
        match self {
            Came::Loaded(..) | Came::Checked(_) | Came::Stored(_) | Came::Acted(_) => Some(Place::Database),
            Came::Failed(place) => Some(place),
            Came::Begins | Came::Waited => None,
            _ => Some(Place::Cache),
        }
    }
}
