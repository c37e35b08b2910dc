//! # Conditional act
//!
//! The client acts on the hint at once, and says on which version it acts. The database compares in the
//! same statement, `UPDATE … WHERE version = 7`, and refuses if another version is in the row; then the
//! server fetches the value, corrects the cache and lets the client try again. The check costs no
//! message of its own, and there is no gap between it and the act: a mistake is refused instead of made.
//!
//! It is compare-and-set, optimistic concurrency control (Kung and Robinson, TODS 1981), and HTTP’s
//! `If-Match` (RFC 9110, section 13.1.1). Cost: nothing while hints are right; a wrong one costs a refused
//! act, a fetch and another act. A key that is written all the time may refuse several times in a row.
//! It works only where the act and the value are in one place that can compare.

use super::parameters::TTL;
use super::{Came, Desk, Hint, Kind, Listed, Operation, Setup, Strategy, Ttl, Why};
use crate::catalogue::{About, Figure, Rule};

/// Acting on condition that the hint is right.
#[derive(Clone, Debug)]
pub struct Conditional {
    hint: Hint,
    rest: Ttl,
}

impl Conditional {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "conditional",
        name: "Conditional act",
        idea: "The client acts at once; the database refuses what rests on an old version.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&ACTS, &REFUSED, &DONE],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "the database compares the version in the same statement in which it acts",
            read: "only a wrong hint costs more queries than the act itself",
            ..Ttl::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Conditional { hint: Hint { ttl: setup.parameters.seconds("ttl") }, rest: Ttl::new(setup) }
    }
}

impl Strategy for Conditional {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Acted(true)) => {
                desk.answer(operation, operation.content, &DONE, Figure::None);
            }
            (Kind::Read, Came::Acted(false)) => desk.load(operation, &REFUSED),
            (Kind::Read, came) => {
                if let Some(operation) = self.hint.seek(operation, came, desk) {
                    desk.act_if_true(operation, &ACTS);
                }
            }
            (_, came) => self.rest.go_on(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const ACTS: Rule =
    Rule { name: "ACTS", place: "go_on", says: "the database will refuse it if the hint is wrong" };
const REFUSED: Rule = Rule { name: "REFUSED", place: "go_on", says: "the hint was wrong" };
const DONE: Rule =
    Rule { name: "DONE", place: "go_on", says: "the hint was right, and the database has done it" };
