//! The lab at one moment, for every lab whose systems go in step: what it tells of a step, how it
//! explains that systems part, and what it draws. What there is to tell and to draw is the lab’s affair,
//! which says so as [`Shown`].

use super::{Experiment, Side, Sides, World};
use crate::kernel::Time;
use crate::lab::moment::{self, Because, Difference, Fate, Moment, Part};
use crate::lab::scene::{Action, Shape};
use crate::lab::words::uncapitalised;
use crate::lab::{Clock, Lab, Scene};

/// Something that was heard of a system of an experiment.
pub type Heard<E> = <<E as Experiment>::World as World>::Heard;

/// A system of an experiment, beside others.
pub type SideOf<E> = Side<<E as Experiment>::World>;

/// An experiment whose systems can be told of and drawn.
pub trait Shown: Experiment {
    /// From this outcome on something went badly.
    const BAD: u8;

    /// The names of the systems, as people call them.
    fn names(&self) -> Vec<String>;

    /// How grave what was heard is, as an outcome of the lab.
    fn gravity(heard: &Heard<Self>) -> u8;

    /// To which subject it happened, as a scene identifies it; `None`: to none.
    fn whom(heard: &Heard<Self>) -> Option<u64>;

    /// A typed reason from what was heard of `world`.
    fn because(&self, heard: &Heard<Self>, world: &Self::World) -> Because;

    /// How that subject stands, where nothing has just happened to it, as the second half of a sentence.
    fn status(&self, side: &SideOf<Self>, identity: u64) -> String;

    /// The picture of system `at`, at `now`.
    fn picture(&self, at: usize, side: &SideOf<Self>, now: Time) -> Vec<Shape>;

    /// What a person can let happen right after `now`.
    fn actions(&self, _now: Time) -> Vec<Action> {
        Vec::new()
    }

    /// About how many bytes a copy of a system costs.
    fn bytes(&self, side: &SideOf<Self>) -> usize;
}

/// The lab at one moment.
pub struct Front<E: Shown>
where
    <E::World as World>::Live: Default,
{
    sides: Sides<E::World>,
    experiment: E,
}

impl<E: Shown + 'static> Front<E>
where
    <E::World as World>::Live: Default,
{
    /// The systems at their start, for so many steps.
    pub fn new(experiment: &E, length: u64) -> Self {
        let worlds = experiment.begin(0).into_iter().map(|(world, _)| world);
        let named = experiment.names().into_iter().zip(worlds);
        let sides = named.map(|(name, world)| (name, world, Default::default()));
        Front { sides: Sides::new(sides, length), experiment: experiment.clone() }
    }

    fn moment(&self) -> Moment {
        let first = self.sides.each.iter().find_map(|side| {
            let heard = side.last.first()?;
            Some(self.experiment.because(heard, &side.world).subject)
        });
        Moment {
            step: self.sides.position(),
            subject: first.unwrap_or_default(),
            parts: self.sides.each.iter().map(|side| self.part(side)).collect(),
            difference: self.difference(),
        }
    }

    fn part(&self, side: &SideOf<E>) -> Part {
        let because = side.last.iter().map(|heard| self.experiment.because(heard, &side.world));
        Part { variant: side.name.clone(), outcome: outcome::<E>(side), because: because.collect() }
    }

    /// What became of a subject in each system, when it goes badly in one and not in another.
    fn difference(&self) -> Option<Difference> {
        let bad = |side: &&SideOf<E>| outcome::<E>(side) >= E::BAD;
        if self.sides.each.iter().filter(bad).count() == self.sides.each.len() {
            return None;
        }
        let (message, identity) = self.sides.each.iter().find_map(|side| self.gone_badly(side))?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| Fate { variant: side.name.clone(), says: self.status(side, identity) });
        Some(Difference::Fates { message, fates: fates.collect() })
    }

    /// The subject with which it went badly in one system: what people call it, and its identity.
    fn gone_badly(&self, side: &SideOf<E>) -> Option<(String, u64)> {
        let grave = side.last.iter().filter(|heard| E::gravity(heard) >= E::BAD);
        let mut named = grave.filter_map(|heard| Some((heard, E::whom(heard)?)));
        named.next().map(|(heard, identity)| (self.experiment.because(heard, &side.world).subject, identity))
    }

    /// How a subject stands in one system, as the second half of a sentence.
    fn status(&self, side: &SideOf<E>, identity: u64) -> String {
        let own = side.last.iter().filter(|heard| E::whom(heard) == Some(identity));
        let told = own.map(|heard| self.experiment.because(heard, &side.world));
        match told.max_by_key(|because| because.change.weight()) {
            None => self.experiment.status(side, identity),
            Some(Because { change, rule, figure, .. }) => {
                let what = uncapitalised(&change.happens("it", false));
                format!("{what}, because {}", moment::reason(rule, figure.as_deref()))
            }
        }
    }
}

/// The gravest that the last step did to a system.
fn outcome<E: Shown>(side: &SideOf<E>) -> u8 {
    side.last.iter().map(E::gravity).max().unwrap_or(0)
}

impl<E: Shown + 'static> Lab for Front<E>
where
    <E::World as World>::Live: Default,
{
    fn position(&self) -> u64 {
        self.sides.position()
    }

    fn length(&self) -> u64 {
        self.sides.length()
    }

    fn advance(&mut self, steps: u64) {
        self.sides.skip(steps);
    }

    fn step(&mut self) -> Option<Moment> {
        self.sides.step().then(|| self.moment())
    }

    fn scene(&self) -> Scene {
        let now = self.sides.now();
        let panels = self.sides.each.iter().enumerate();
        Scene {
            panels: panels.map(|(at, side)| self.experiment.picture(at, side, now)).collect(),
            actions: self.experiment.actions(now),
        }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    fn weight(&self) -> usize {
        self.sides.each.iter().map(|side| self.experiment.bytes(side)).sum()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(Front { sides: self.sides.duplicate(), experiment: self.experiment.clone() })
    }
}
