//! # Refresh-ahead
//!
//! An entry that is asked for often is renewed **before it expires**, so that nobody has to wait for it. The
//! first read after the refresh age gets the old value and starts a refresh in the background; an entry that
//! nobody asks for any more is left to expire. A write changes the database and deletes the entry, and a
//! refresh that is under way then is discarded.
//!
//! Caffeine’s `refreshAfterWrite` beside `expireAfterWrite`; Oracle Coherence has the same with a share of
//! the time to live as refresh age. With refresh age R and expiry W later, reads at rate λ and deletions at
//! rate μ, let L = (1 − e^(−μR))/μ and c = e^(−μR) λ/(λ+μ) (1 − e^(−(λ+μ)W)): of λL + 1 reads λL + c are hits.
//!
//! Cost: a query for each refresh, also for values that have not changed and that nobody asks for again.
//! Left out: Caffeine’s other ways to start a refresh, and a pause after one that has failed.

use super::parameters::{TTL, seconds};
use super::{CacheAside, Came, Desk, Kind, Listed, LoadThrough, Operation, Refreshing, Setup, Strategy, Why};
use crate::catalogue::{About, Parameter};

/// A cache that loads by itself, and renews what is asked for.
#[derive(Clone, Debug)]
pub struct RefreshAhead {
    reading: LoadThrough,
    refreshing: Refreshing,
}

const REFRESH: Parameter =
    seconds("refresh", "seconds after which the next read starts a refresh; never: none does", Some(3.0));

impl RefreshAhead {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "refresh-ahead",
        name: "Refresh-ahead",
        idea: "A read of an ageing entry gets it, and starts a refresh in the background.",
        file: file!(),
        parameters: &[REFRESH, TTL],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a write deletes the entry and has a refresh under way discarded; only a lost deletion does harm",
            read: "what is asked for often is renewed before it expires",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let (refresh, ttl) = (setup.parameters.seconds("refresh"), setup.parameters.seconds("ttl"));
        RefreshAhead { reading: LoadThrough::new(refresh, ttl), refreshing: Refreshing::default() }
    }
}

impl Strategy for RefreshAhead {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        if let (Kind::Read, Came::Found(entry)) = (operation.kind, came) {
            self.refreshing.found(operation, entry, desk);
        }
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            Kind::Refresh => self.refreshing.go_on(operation, came, &self.reading, desk),
            _ => CacheAside::write(operation, came, desk),
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
