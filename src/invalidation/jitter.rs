//! # TTL jitter
//!
//! Values that were put into the cache at the same time, by a deployment, a warm-up or a burst, expire at
//! the same time, and are all fetched anew at the same time. With **jitter** each life is drawn from the
//! last part of the TTL: from TTL × (1 − spread) to TTL, every length alike. N keys then expire over
//! spread × TTL instead of at once.
//!
//! Amazon’s guide to caching with ElastiCache has `ttl = 3600 + (rand() * 120)` against the thundering
//! herd. Reads look aside, and writes delete, as in cache-aside.
//!
//! Cost: entries live for spread/2 of the TTL less on average, and so are fetched more often. It does
//! nothing for one hot key: all who miss it between its expiry and the next filling still fetch it.

use super::parameters::TTL;
use super::{CacheAside, Came, Desk, Kind, Listed, LookAside, Operation, Setup, Strategy, Why};
use crate::catalogue::{About, Parameter, Range};
use crate::kernel::Span;

/// Entries that do not all live equally long.
#[derive(Clone, Debug)]
pub struct Jitter {
    ttl: Span,
    spread: f64,
}

impl Jitter {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "jitter",
        name: "TTL jitter",
        idea: "Each entry’s life is drawn by chance, so that not all expire at once.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "spread",
                means: "which part of the TTL chance may take away; 0: none",
                range: Range::Number { least: 0.0, most: 1.0, default: 0.2 },
            },
        ],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            read: "keys that were filled together are fetched one after another, but each still by all who miss it",
            ..CacheAside::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Jitter { ttl: setup.parameters.seconds("ttl"), spread: setup.parameters.number("spread") }
    }

    /// How long the value that `operation` brings will be kept.
    fn life(&self, operation: &Operation, desk: &Desk) -> Span {
        if self.ttl == Span::MAX {
            return self.ttl;
        }
        let taken_away = self.spread * desk.chance(operation);
        Span::from_seconds(self.ttl.seconds() * (1.0 - taken_away))
    }
}

impl Strategy for Jitter {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => LookAside::new(self.life(&operation, desk)).read(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
