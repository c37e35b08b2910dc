//! # XFetch, probabilistic early refresh
//!
//! Every reader that finds an entry throws dice, and the nearer the expiry, the likelier it fetches the
//! value anew before anybody has to miss it. An entry carries Δ, how long it took to load. It is
//! refreshed if
//!
//! > now − Δ · β · ln(rand) ≥ expiry
//!
//! with rand even between 0 and 1: with probability e^(−left/(βΔ)). So nobody has to know how often a key
//! is read: a hot key is refreshed early by somebody, a cold one hardly ever. β = 1 is usual
//! and does well; more is more eager.
//!
//! Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", Proceedings of
//! the VLDB Endowment 8, 2015, prove that the exponential distribution is the best to draw from. There the
//! reader that refreshes waits for the value; in the **background** it is answered at once, as Symfony’s
//! cache does since 5.2 if it has a message bus.
//!
//! Cost: entries are fetched somewhat more often than they expire. It does nothing for a key that is not
//! in the cache: writes delete here, as in cache-aside, and who misses after that looks aside.

use super::parameters::TTL;
use super::{
    CacheAside, Came, Change, Desk, Entry, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why,
};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::Time;
use crate::theory::stampede;

/// Entries that are refreshed before they expire, by chance.
#[derive(Clone, Debug)]
pub struct XFetch {
    reading: LookAside,
    beta: f64,
    background: bool,
}

impl XFetch {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "xfetch",
        name: "XFetch",
        idea: "The nearer its expiry, the likelier a reader fetches an entry anew.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "beta",
                means: "how eager it is: how many times its own cost ahead an entry is refreshed, on average",
                range: Range::Number { least: 0.01, most: 100.0, default: 1.0 },
            },
            Parameter {
                id: "refresh",
                means: "whether the reader that refreshes waits for the value, or is answered at once",
                range: Range::Choice(&["waits", "background"]),
            },
        ],
        rules: &[&EARLY, &NOT_YET, &STILL_FRESH, &REFRESHES, &STILL_GOOD, &REFRESHED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            read: "a hot entry is fetched by one or two before it expires, and after a deletion by all who miss it",
            ..CacheAside::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        XFetch {
            reading: LookAside::new(setup.parameters.seconds("ttl")),
            beta: setup.parameters.number("beta"),
            background: setup.parameters.choice("refresh") == "background",
        }
    }

    /// Whether the reader of `entry` refreshes it.
    fn early(&self, operation: Operation, entry: &Entry, desk: &mut Desk) -> bool {
        let (now, expiry) = (desk.now().seconds(), entry.expires.seconds());
        let (delta, rand) = (entry.cost.seconds(), 1.0 - desk.chance(&operation));
        let early = now - delta * self.beta * libm::log(rand) >= expiry;
        let (left, life) = (entry.expires.since(desk.now()), entry.expires.since(entry.since));
        let chance = stampede::early_refresh(left.seconds(), delta, self.beta);
        let rule = if early { &EARLY } else { &NOT_YET };
        desk.tell(operation, Change::Weighed { left, life, chance, early }, rule, Figure::Span(left));
        early
    }

    /// The reader of `entry` fetches it anew.
    fn refresh(&self, operation: Operation, entry: &Entry, desk: &mut Desk) {
        if self.background {
            let Operation { key, server, .. } = operation;
            desk.answer(operation, entry.content, &STILL_FRESH, Figure::None);
            let refresh = desk.begin(Kind::Refresh, key, server, Place::Server, &REFRESHES);
            return desk.load(refresh, &REFRESHES);
        }
        let (content, note) = (entry.content, entry.expires.nanos());
        desk.load(Operation { content, note, ..operation }, &REFRESHES);
    }
}

impl Strategy for XFetch {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Write, came) => CacheAside::write(operation, came, desk),
            (Kind::Read, Came::Found(entry)) if self.early(operation, &entry, desk) => {
                self.refresh(operation, &entry, desk);
            }
            (Kind::Read, Came::Failed(Place::Database)) if desk.now() < Time::from_nanos(operation.note) => {
                desk.answer(operation, operation.content, &STILL_GOOD, Figure::None);
            }
            (Kind::Read, came) | (_, came @ Came::Loaded(..)) => self.reading.read(operation, came, desk),
            _ => desk.end(operation, &REFRESHED),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const EARLY: Rule = Rule { name: "EARLY", place: "early", says: "the dice say so, {} before it expires" };
const NOT_YET: Rule =
    Rule { name: "NOT_YET", place: "early", says: "the dice say that there is time, {} before it expires" };
const STILL_FRESH: Rule = Rule {
    name: "STILL_FRESH",
    place: "refresh",
    says: "the entry has not expired; it is fetched anew in the background",
};
const REFRESHES: Rule =
    Rule { name: "REFRESHES", place: "refresh", says: "the value shall be there before the entry expires" };
const STILL_GOOD: Rule = Rule {
    name: "STILL_GOOD",
    place: "go_on",
    says: "the database gave no value, and that of the entry has not expired",
};
const REFRESHED: Rule =
    Rule { name: "REFRESHED", place: "go_on", says: "the value is fetched, or could not be" };
