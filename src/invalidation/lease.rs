//! # Leases
//!
//! Who misses gets a **lease** from the cache, a token that allows one fill. A deletion makes the token
//! void, and a fill with a void token is refused: a value that was fetched before a write cannot be put
//! into the cache after its deletion. While a lease is out, the others who miss are told so; they wait a
//! little and ask again, the longer they have waited the later, and so one query serves all of them. Who
//! gets no value from the database deletes, so that the next gets a lease. A lease that lasts too long,
//! because its reader died, is given to somebody else.
//!
//! Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1: leases end stale sets and
//! thundering herds. A write still changes the database first and then deletes. Cost: a word for each key
//! that is being fetched, and readers who wait. Left out: to give the old value to those who may have it,
//! as Facebook’s cache can.

use super::parameters::TTL;
use super::{CacheAside, Came, Check, Desk, Fill, Kind, Listed, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::{Span, Time};

/// Reads that fill with a token, and writes that make it void.
#[derive(Clone, Debug)]
pub struct Lease {
    ttl: Span,
    lease: Span,
    pause: Span,
}

const LEASE: Parameter = Parameter {
    id: "lease",
    means: "seconds after which a lease can be given to somebody else",
    range: Range::Seconds { most: 3_600.0, default: Some(10.0) },
};
const PAUSE: Parameter = Parameter {
    id: "pause",
    means: "seconds that a reader waits before it asks again, while somebody else has the lease",
    range: Range::Number { least: 0.001, most: 60.0, default: 0.02 },
};

/// After so long a reader no longer relies on whoever has the lease.
const PATIENCE: Span = Span::from_millis(60_000);

/// The note of a read that has no lease; tokens are counted from 1.
const NO_LEASE: u64 = 0;
/// The note of a read that has given its lease back.
const GIVEN_BACK: u64 = u64::MAX;

impl Lease {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "lease",
        name: "Lease",
        idea: "Who misses gets a token to fill with; a deletion makes it void, and the others wait.",
        file: file!(),
        parameters: &[TTL, LEASE, PAUSE],
        rules: &[
            &LOOKS,
            &HIT,
            &HAS_LEASE,
            &TAKEN,
            &LOOKS_AGAIN,
            &TOO_LONG,
            &GIVES_BACK,
            &FILLS,
            &LOADED,
            &WITHOUT,
            &NO_VALUE,
        ],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a fill that comes after a deletion is refused; only a deletion that gets lost leaves an old value",
            read: "of those who miss at the same time one asks the database, and the others wait for it",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        Lease {
            ttl: parameters.seconds("ttl"),
            lease: parameters.seconds("lease"),
            pause: parameters.span("pause"),
        }
    }

    /// How long a reader waits until it asks again: the longer the longer it has waited, so that it does not
    /// ask too often.
    fn pause_of(&self, operation: Operation, now: Time) -> Span {
        const PART: u64 = 4;
        self.pause.max(Span::from_nanos(now.since(operation.began).nanos() / PART))
    }

    fn read(&self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.get_or_lease(operation, self.lease, &LOOKS),
            Came::Found(entry) => desk.answer(operation, entry.content, &HIT, Figure::None),
            Came::Leased(token) => {
                desk.load(Operation { note: u64::from(token), ..operation }, &HAS_LEASE);
            }
            Came::Taken => desk.wait(operation, self.pause_of(operation, desk.now()), &TAKEN),
            Came::Waited if desk.now() > operation.began + PATIENCE => desk.load(operation, &TOO_LONG),
            Came::Waited => desk.get_or_lease(operation, self.lease, &LOOKS_AGAIN),
            Came::Failed(Place::Database) if operation.note != NO_LEASE && operation.note != GIVEN_BACK => {
                desk.delete(Operation { note: GIVEN_BACK, ..operation }, &GIVES_BACK);
            }
            Came::Deleted(_) => desk.fail(operation, &NO_VALUE),
            Came::Failed(Place::Cache) if operation.note == GIVEN_BACK => desk.fail(operation, &NO_VALUE),
            Came::Failed(Place::Cache) if operation.note == NO_LEASE => desk.load(operation, &WITHOUT),
            Came::Failed(Place::Database) => desk.fail(operation, &NO_VALUE),
            Came::Loaded(content, cost) if operation.note != NO_LEASE => {
                let fill = Fill { cost, ..Fill::lasting(content, self.ttl) };
                let token = Check::Lease(operation.note as u32);
                desk.fill(Operation { content, ..operation }, fill, token, &FILLS);
            }
            Came::Loaded(content, _) => desk.answer(operation, content, &LOADED, Figure::None),
            _ => desk.answer(operation, operation.content, &LOADED, Figure::None),
        }
    }
}

impl Strategy for Lease {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.read(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const LOOKS: Rule = Rule { name: "LOOKS", place: "read", says: "the cache is asked first" };
const HIT: Rule = Rule { name: "HIT", place: "read", says: "the cache had the value" };
const HAS_LEASE: Rule =
    Rule { name: "HAS_LEASE", place: "read", says: "it has the lease, so it is the one to fetch the value" };
const TAKEN: Rule =
    Rule { name: "TAKEN", place: "read", says: "somebody else fetches the value, and may have it in {}" };
const LOOKS_AGAIN: Rule = Rule { name: "LOOKS_AGAIN", place: "read", says: "the value may be there by now" };
const GIVES_BACK: Rule = Rule {
    name: "GIVES_BACK",
    place: "read",
    says: "the database gave no value, so somebody else shall have the lease",
};
const TOO_LONG: Rule = Rule {
    name: "TOO_LONG",
    place: "read",
    says: "it has waited for a minute, and whoever has the lease may be gone",
};
const FILLS: Rule = Rule {
    name: "FILLS",
    place: "read",
    says: "the next to ask shall find it there, if the lease still holds",
};
const LOADED: Rule = Rule { name: "LOADED", place: "read", says: "the database gave the value" };
const WITHOUT: Rule =
    Rule { name: "WITHOUT", place: "read", says: "the cache does not answer, so it has to go without" };
const NO_VALUE: Rule =
    Rule { name: "NO_VALUE", place: "read", says: "neither cache nor database has given a value" };
