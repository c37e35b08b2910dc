//! # Trust
//!
//! The client acts on what the cache says. That is right for as long as the value has not been written
//! since, and a mistake afterwards, until the entry expires. Nothing is asked that could tell.
//!
//! It is what most programs do, and often it is good enough: whoever acts on a page’s view count does no
//! harm. Cost: none but the mistakes. If messages and queries took no time, its share of mistakes would be
//! exactly its share of stale reads, λ(T − (1 − e^(−μT))/μ) of 1 + λT with reads at rate λ, writes at
//! rate μ and a time to live T; as they take time, writes that come in between are added.

use super::parameters::TTL;
use super::{Came, Desk, Hint, Kind, Listed, Operation, Setup, Strategy, Ttl, Why};
use crate::catalogue::{About, Figure, Rule};

/// Acting on what the cache says.
#[derive(Clone, Debug)]
pub struct Trust {
    hint: Hint,
    rest: Ttl,
}

impl Trust {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "trust",
        name: "Trust",
        idea: "The client acts on what the cache says.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&ACTS, &DONE],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry lives out its TTL, and nobody asks whether it is still true",
            read: "the database is asked only to act",
            ..Ttl::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Trust { hint: Hint { ttl: setup.parameters.seconds("ttl") }, rest: Ttl::new(setup) }
    }
}

impl Strategy for Trust {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Acted(_)) => desk.answer(operation, operation.content, &DONE, Figure::None),
            (Kind::Read, came) => {
                if let Some(operation) = self.hint.seek(operation, came, desk) {
                    desk.act(operation, &ACTS);
                }
            }
            (_, came) => self.rest.go_on(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const ACTS: Rule = Rule { name: "ACTS", place: "go_on", says: "the value is taken for true" };
const DONE: Rule = Rule { name: "DONE", place: "go_on", says: "the database has done it" };
