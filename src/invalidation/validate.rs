//! # Validate first
//!
//! Before the client acts, its server asks the database which version it has. If it is that of the hint,
//! the client acts; if not, the server fetches the value, corrects the cache and lets the client act on what
//! is true. To ask for a version is less work than to fetch a value.
//!
//! No mistake remains that could have been seen when the client asked: whatever had been acknowledged by
//! then is in the row when the version is looked up. But between the check and the act there is a gap,
//! and a write that is committed in it is not seen: the check was right, and the act is a mistake
//! ("time of check to time of use").
//!
//! HTTP’s `If-None-Match` is this check (RFC 9110, section 13.1.2). Cost: a message there and back and a
//! small query for every hint, right or wrong.

use super::parameters::TTL;
use super::{Came, Desk, Hint, Kind, Listed, Operation, Setup, Strategy, Ttl, Why};
use crate::catalogue::{About, Figure, Rule};

/// Checking the version, and then acting.
#[derive(Clone, Debug)]
pub struct Validate {
    hint: Hint,
    rest: Ttl,
}

impl Validate {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "validate",
        name: "Validate first",
        idea: "The database is asked for the version before the client acts.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&CHECKS, &IS_TRUE, &IS_WRONG, &FETCHED, &DONE],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "the version is compared before anybody acts; only a write after that is not seen",
            read: "every hint is checked at the database before it is used",
            ..Ttl::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Validate { hint: Hint { ttl: setup.parameters.seconds("ttl") }, rest: Ttl::new(setup) }
    }
}

impl Strategy for Validate {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Found(entry)) => {
                desk.check(Operation { content: entry.content, ..operation }, &CHECKS);
            }
            (Kind::Read, Came::Checked(true_one)) if true_one == operation.content => {
                desk.act(operation, &IS_TRUE);
            }
            (Kind::Read, Came::Checked(_)) => desk.load(operation, &IS_WRONG),
            (Kind::Read, Came::Acted(_)) => desk.answer(operation, operation.content, &DONE, Figure::None),
            (Kind::Read, came) => {
                if let Some(operation) = self.hint.seek(operation, came, desk) {
                    desk.act(operation, &FETCHED);
                }
            }
            (_, came) => self.rest.go_on(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const CHECKS: Rule = Rule { name: "CHECKS", place: "go_on", says: "what the cache says may be wrong" };
const IS_TRUE: Rule = Rule { name: "IS_TRUE", place: "go_on", says: "the database has the same version" };
const IS_WRONG: Rule = Rule { name: "IS_WRONG", place: "go_on", says: "the database has another version" };
const FETCHED: Rule = Rule { name: "FETCHED", place: "go_on", says: "it has just been fetched" };
const DONE: Rule = Rule { name: "DONE", place: "go_on", says: "the database has done it" };
