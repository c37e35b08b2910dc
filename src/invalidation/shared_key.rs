//! # Shared keys
//!
//! Old and new servers keep their values under the same names, each in the form that it knows. A server
//! that finds the other form cannot read it. Either that is an **error**: the entry stays where it is, and
//! half of the servers fail on it until it expires or is deleted. Or it is taken for a **miss**: the
//! server fetches the value and overwrites the entry, and the next server of the other kind does the same;
//! old and new throw each other’s entries out for as long as both run.
//!
//! This is what happens if nobody thought of it: a pickled object with a new field, a changed serializer.
//! Cost: with a share p of the reads at new servers, an error meets all reads at the servers that did not
//! fill the entry. Where they overwrite, a popular key is in the wrong form for about 2p(1 − p) of all
//! reads: one finds the other form if the one before it was at the other kind of server.

use super::parameters::ttl;
use super::{CacheAside, Came, Change, Desk, Kind, Listed, Operation, Rollout, Setup, Strategy, Why};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};

/// One name for both forms.
#[derive(Clone, Debug)]
pub struct SharedKey {
    rollout: Rollout,
    overwrites: bool,
}

const UNREADABLE: Parameter = Parameter {
    id: "unreadable",
    means: "what a server does with an entry that it cannot read: it gives an error, or it fetches and overwrites",
    range: Range::Choice(&["error", "overwrite"]),
};

impl SharedKey {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "shared-key",
        name: "Shared keys",
        idea: "Old and new servers use the same names.",
        file: file!(),
        parameters: &[ttl(Some(60.0)), UNREADABLE],
        rules: &[&OTHER_FORM, &AN_ERROR, &A_MISS],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            read: "entries in the other form cannot be read while old and new servers run",
            ..CacheAside::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let overwrites = setup.parameters.choice("unreadable") == "overwrite";
        SharedKey { rollout: Rollout::new(setup), overwrites }
    }
}

impl Strategy for SharedKey {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let form = self.rollout.form(&operation);
        match (operation.kind, came) {
            (Kind::Read, Came::Found(entry)) if entry.form != form => {
                let found = Figure::Count(u64::from(entry.form));
                desk.tell(operation, Change::Unreadable, &OTHER_FORM, found);
                if self.overwrites { desk.load(operation, &A_MISS) } else { desk.fail(operation, &AN_ERROR) }
            }
            (_, came) => self.rollout.go_on(operation, came, form, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const OTHER_FORM: Rule =
    Rule { name: "OTHER_FORM", place: "go_on", says: "it is in form {}, which this server does not know" };
const AN_ERROR: Rule =
    Rule { name: "AN_ERROR", place: "go_on", says: "the cache had the value, and it could not be read" };
const A_MISS: Rule =
    Rule { name: "A_MISS", place: "go_on", says: "what cannot be read is as good as not there" };
