//! # Tolerant readers
//!
//! Expand and contract. The new program reads **both** forms and goes on writing the old one, so that
//! whatever a server writes every other can read. Only when the last server has changed does a second
//! change let them write the new form; a third, not shown here, then takes the old one out of the program.
//! The cache stays warm the whole time, and each key has one entry.
//!
//! The second change must wait until the old program has finished what it began: it comes a **delay**
//! after the end of the rollout, which has to be longer than a request can take.
//!
//! Danilo Sato, "Parallel Change", martinfowler.com, 2014; Martin Fowler, "Tolerant Reader", 2011. Cost: code
//! for two forms, and two changes instead of one. Left out: going back. After the second change the
//! old program must not run again.

use super::parameters::ttl;
use super::{CacheAside, Came, Change, Desk, Kind, Listed, Operation, Rollout, Setup, Strategy, Why};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::Time;

/// Servers that read both forms.
#[derive(Clone, Debug)]
pub struct Tolerant {
    rollout: Rollout,
    /// When the second change comes.
    switched: Time,
}

const DELAY: Parameter = Parameter {
    id: "delay",
    means: "so many seconds after the last server has changed, servers begin to write the new form",
    range: Range::Number { least: 0.0, most: 1e9, default: 1.0 },
};

impl Tolerant {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "tolerant",
        name: "Tolerant readers",
        idea: "New servers read both forms, and write the old one until all are new.",
        file: file!(),
        parameters: &[ttl(Some(60.0)), DELAY],
        rules: &[&TOO_NEW, &FAILS],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            read: "every server can read what is there, so the rollout costs no miss",
            ..CacheAside::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let rollout = Rollout::new(setup);
        let switched = rollout.until + setup.parameters.span("delay");
        Tolerant { rollout, switched }
    }
}

impl Strategy for Tolerant {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let program = self.rollout.form(&operation);
        let writes = if desk.now() < self.switched { Rollout::OLD } else { program };
        match (operation.kind, came) {
            (Kind::Read, Came::Found(entry)) if entry.form > program => {
                desk.tell(operation, Change::Unreadable, &TOO_NEW, Figure::Count(u64::from(entry.form)));
                desk.fail(operation, &FAILS);
            }
            (_, came) => self.rollout.go_on(operation, came, writes, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const TOO_NEW: Rule = Rule {
    name: "TOO_NEW",
    place: "go_on",
    says: "it is in form {}: the second change came before the old program had finished",
};
const FAILS: Rule =
    Rule { name: "FAILS", place: "go_on", says: "the cache had the value, and it could not be read" };
