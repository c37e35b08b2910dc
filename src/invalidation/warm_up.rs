//! # Warm-up
//!
//! Reads and writes are those of [TTL](super::Ttl). In addition the most popular keys are fetched in the
//! background as soon as the cache is empty: before the first client comes, or after a restart, with
//! the clients already at the door. The law of popularity says what that is worth: with Zipf’s law of
//! exponent 1 over 10,000 keys, the first 1,000 are three quarters of all reads.
//!
//! It is a race with the clients. If they come while the warming is at its beginning, they miss as they
//! would without it, and the queries of both stand in one line before the database.
//!
//! Citation: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 4.3; the Google SRE book,
//! chapter 22, "Slow startup and cold caching". Cost: a query for each key, whether anybody asks for it
//! or not. Left out: where the list of popular keys comes from, see [`Warming`](super::Warming).

use super::parameters::ttl;
use super::{Came, Desk, Kind, Listed, Operation, Setup, Strategy, Ttl, Warming, Why};
use crate::catalogue::{About, Parameter, Range};

/// Popular keys fetched ahead, the rest as with TTL.
#[derive(Clone, Debug)]
pub struct WarmUp {
    rest: Ttl,
    warming: Warming,
}

const WARM: Parameter = Parameter {
    id: "warm",
    means: "so many of the most popular keys are fetched in the background while the cache is empty",
    range: Range::Whole { least: 0, most: 1_000_000, default: 500 },
};

impl WarmUp {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "warm-up",
        name: "Warm-up",
        idea: "Popular keys are fetched before anybody asks.",
        file: file!(),
        parameters: &[ttl(Some(60.0)), WARM, Warming::AT_ONCE],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry lives out its TTL, whatever is written",
            read: "popular keys are there before they are asked for; the others wait for the database",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let (warm, at_once) = (setup.parameters.whole("warm"), setup.parameters.whole("at-once"));
        let keys = setup.keys.min(warm as u32);
        let ttl = setup.parameters.seconds("ttl");
        WarmUp { rest: Ttl::new(setup), warming: Warming::new(keys, at_once as u32, setup.servers, ttl) }
    }
}

impl Strategy for WarmUp {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::WarmUp => self.warming.go_on(operation, came, desk),
            _ => self.rest.go_on(operation, came, desk),
        }
    }

    fn starts(&self) -> bool {
        self.warming.is_asked_for()
    }

    fn start(&mut self, desk: &mut Desk) {
        self.warming.begin(desk);
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.warming.begin(desk);
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
