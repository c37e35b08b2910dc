//! # Stale-while-revalidate
//!
//! A value is fresh for its `max-age`. For a further window it is old, but good enough: who asks gets it **at
//! once**, and the first to ask starts a fetch in the background. After the window it is gone. Nobody tells
//! the cache of a write; this is the TTL strategy, except that readers do not wait for the new value.
//!
//! RFC 5861, section 3, for the caches of HTTP, which stand before a server as this one stands before the
//! database: misses are loaded by the cache itself, once at a time. The old value may be asked for after any
//! pause within the window, so the two together, not `max-age` alone, bound how old what is read can be.
//!
//! With reads and writes at rates λ and μ, max-age M and window W, of λM + 1 reads λM + 1 − e^(−λW) are
//! hits. Cost: staleness beyond `max-age`, and a query for each refresh. Left out: validation by ETag, which
//! spares the transfer of a value that has not changed (RFC 9110, section 13).

use super::parameters::{MAX_AGE, seconds};
use super::{Came, Desk, Kind, Listed, LoadThrough, Operation, Refreshing, Setup, Strategy, Ttl, Why};
use crate::catalogue::{About, Parameter};

/// Old values while new ones are fetched.
#[derive(Clone, Debug)]
pub struct StaleWhileRevalidate {
    reading: LoadThrough,
    refreshing: Refreshing,
}

const WINDOW: Parameter =
    seconds("window", "further seconds for which the old value is given while it is fetched", Some(3.0));

impl StaleWhileRevalidate {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "stale-while-revalidate",
        name: "Stale-while-revalidate",
        idea: "An old value is given at once while a new one is fetched in the background.",
        file: file!(),
        parameters: &[MAX_AGE, WINDOW],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "the first read after the maximum age still gets the old value, whatever is written",
            read: "within the window nobody waits for the database",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let (fresh, window) = (setup.parameters.seconds("max-age"), setup.parameters.seconds("window"));
        StaleWhileRevalidate {
            reading: LoadThrough::new(fresh, fresh + window),
            refreshing: Refreshing::default(),
        }
    }
}

impl Strategy for StaleWhileRevalidate {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        if let (Kind::Read, Came::Found(entry)) = (operation.kind, came) {
            self.refreshing.found(operation, entry, desk);
        }
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            Kind::Refresh => self.refreshing.go_on(operation, came, &self.reading, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.reading.restarted(desk);
        self.refreshing.restarted();
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
