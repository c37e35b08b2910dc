//! # Stale-if-error
//!
//! A value is fresh for its `max-age`. After that it is fetched anew, and readers wait for it; but it is not
//! thrown away. If the database **gives an error** or does not answer, the old value is given instead, for a
//! further window. So an outage that is shorter than the window is not seen by those who ask for what is in
//! the cache, and while all is well nothing is older than with a TTL of `max-age`.
//!
//! RFC 5861, section 4. It may be combined with stale-while-revalidate; here it stands alone, and reads look
//! aside. Each read during the outage asks the database first and waits for its error, or for the time-out.
//!
//! Cost: room for entries that are no longer fresh. Left out: a pause before a database that has just failed
//! is asked again.

use super::parameters::{MAX_AGE, seconds};
use super::{
    Came, Check, Desk, Entry, Fill, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Ttl, Why,
};
use crate::catalogue::{About, Figure, Parameter, Rule};
use crate::kernel::{Span, Time};

/// Old values when there are no new ones.
#[derive(Clone, Debug)]
pub struct StaleIfError {
    fresh: Span,
    reading: LookAside,
}

const WINDOW: Parameter =
    seconds("window", "further seconds for which the old value is given if the database fails", Some(60.0));

impl StaleIfError {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "stale-if-error",
        name: "Stale-if-error",
        idea: "An old value is given if the database gives an error.",
        file: file!(),
        parameters: &[MAX_AGE, WINDOW],
        rules: &[&AGED, &KEEPS, &BETTER_THAN_NONE],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry lives out its maximum age, and longer while the database fails",
            read: "a read that misses waits for the database, even for its error",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let (fresh, window) = (setup.parameters.seconds("max-age"), setup.parameters.seconds("window"));
        StaleIfError { fresh, reading: LookAside::new(fresh + window) }
    }

    /// The entry is too old to be given without asking; the operation remembers it.
    fn revalidate(operation: Operation, entry: Entry, desk: &mut Desk) {
        let (content, note) = (entry.content, entry.expires.nanos());
        desk.load(Operation { content, note, missed: true, ..operation }, &AGED);
    }

    fn read(&self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Found(entry) if desk.now() >= entry.fresh => Self::revalidate(operation, entry, desk),
            Came::Loaded(content, cost) => {
                let fill = Fill { cost, fresh: self.fresh, ..Fill::lasting(content, self.reading.ttl) };
                desk.fill(Operation { content, ..operation }, fill, Check::Always, &KEEPS);
            }
            Came::Failed(Place::Database) if desk.now() < Time::from_nanos(operation.note) => {
                desk.answer(operation, operation.content, &BETTER_THAN_NONE, Figure::None);
            }
            _ => self.reading.read(operation, came, desk),
        }
    }
}

impl Strategy for StaleIfError {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.read(operation, came, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const AGED: Rule = Rule {
    name: "AGED",
    place: "revalidate",
    says: "the entry is no longer fresh, and the database may have a newer one",
};
const KEEPS: Rule = Rule {
    name: "KEEPS",
    place: "read",
    says: "it is kept longer than it is fresh, for the case that the database fails",
};
const BETTER_THAN_NONE: Rule = Rule {
    name: "BETTER_THAN_NONE",
    place: "read",
    says: "the database fails, and the old value is better than none",
};
