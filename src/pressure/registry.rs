//! The list of answers: a new one is a file and a line in [`ANSWERS`].

use super::{
    AdaptiveLifo, Answer, Block, CoDel, Credits, DropHead, DropRandom, DropTail, Fair, Pull, ScaleOut, Setup,
    Shed, Unbounded, Watermarks, answer, callers, stage,
};
use crate::catalogue::{About, Rule};

/// Every answer, in the order in which menus list them: nothing, slow down, pause, drop, shed, scale
/// out.
pub const ANSWERS: &[Entry] = &[
    Entry { about: &Unbounded::ABOUT, build: |_| Box::new(Unbounded) },
    Entry { about: &Block::ABOUT, build: |setup| Box::new(Block::new(setup)) },
    Entry { about: &Credits::ABOUT, build: |setup| Box::new(Credits::new(setup)) },
    Entry { about: &Pull::ABOUT, build: |setup| Box::new(Pull::new(setup)) },
    Entry { about: &Watermarks::ABOUT, build: |setup| Box::new(Watermarks::new(setup)) },
    Entry { about: &DropTail::ABOUT, build: |setup| Box::new(DropTail::new(setup)) },
    Entry { about: &DropHead::ABOUT, build: |setup| Box::new(DropHead::new(setup)) },
    Entry { about: &DropRandom::ABOUT, build: |setup| Box::new(DropRandom::new(setup)) },
    Entry { about: &CoDel::ABOUT, build: |setup| Box::new(CoDel::new(setup)) },
    Entry { about: &AdaptiveLifo::ABOUT, build: |setup| Box::new(AdaptiveLifo::new(setup)) },
    Entry { about: &Shed::ABOUT, build: |setup| Box::new(Shed::new(setup)) },
    Entry { about: &Fair::ABOUT, build: |setup| Box::new(Fair::new(setup)) },
    Entry { about: &ScaleOut::ABOUT, build: |setup| Box::new(ScaleOut::new(setup)) },
];

/// An answer in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Builds one.
    pub build: fn(&Setup) -> Box<dyn Answer>,
}

/// The answer that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    ANSWERS.iter().find(|entry| entry.about.id == id)
}

/// A file and its rules.
pub type Common = (&'static str, &'static [&'static Rule]);

/// What all answers stand on.
pub const COMMON: &[Common] =
    &[(stage::SOURCE, stage::RULES), (callers::SOURCE, callers::RULES), (answer::SOURCE, answer::RULES)];
