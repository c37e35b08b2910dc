//! The lab at one moment: up to four designs that get the same messages.

use super::{FanOut, explain, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Fate, Moment, Part};
use crate::lab::{Clock, Lab, Scene};
use crate::queue::fanout::{Figure, Heard, Live, System, gravity};

/// The lab at one moment.
pub struct FanOutLab {
    sides: Sides<Box<dyn System>>,
    scenario: FanOut,
}

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Box<dyn System>>;

impl FanOutLab {
    /// Designs that have not been given anything yet, for so many steps.
    pub fn new(scenario: &FanOut, length: u64) -> Self {
        let names = scenario.variants.iter().map(FanOut::name);
        let worlds = names
            .zip(scenario.build_all(0))
            .map(|(name, world)| (name, world, Live::new(scenario.subscribers.len())));
        FanOutLab { sides: Sides::new(worlds, length), scenario: scenario.clone() }
    }

    fn moment(&self) -> Moment {
        let subject = self.sides.each.iter().find_map(|side| side.last.first());
        Moment {
            step: self.sides.position(),
            subject: subject.map_or_else(String::new, |heard| self.title(heard)),
            parts: self.sides.each.iter().map(|side| self.part(side)).collect(),
            difference: self.difference(),
        }
    }

    /// What a step is about: the message, or the subscriber.
    fn title(&self, heard: &Heard) -> String {
        match heard.letter {
            Some(letter) => format!("message {}", letter.number),
            None => subject(heard, &self.scenario),
        }
    }

    fn part(&self, side: &Side) -> Part {
        let because = side.last.iter().map(|heard| because(heard, &self.scenario));
        Part { variant: side.name.clone(), outcome: side.outcome(), because: because.collect() }
    }

    /// What became of a copy in each design, when it is worse off in one than in another.
    fn difference(&self) -> Option<Difference> {
        const BAD: u8 = 2;
        let bad = |side: &Side| side.outcome() >= BAD;
        if self.sides.each.iter().all(bad) || !self.sides.each.iter().any(bad) {
            return None;
        }
        let of_copy = |heard: &Heard| Some((heard.letter?.number, heard.subscriber?));
        let (number, subscriber) = self.sides.each.iter().find_map(|side| {
            side.last.iter().filter(|heard| gravity(heard.change) >= BAD).find_map(of_copy)
        })?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| Fate { variant: side.name.clone(), says: self.status(side, number, subscriber) });
        let name = self.scenario.subscribers.get(subscriber as usize).map_or("", |one| one.name.as_str());
        Some(Difference::Fates { message: format!("message {number} for {name}"), fates: fates.collect() })
    }

    fn status(&self, side: &Side, number: u32, subscriber: u32) -> String {
        let is_it = |heard: &&Heard| {
            heard.subscriber == Some(subscriber) && heard.letter.is_some_and(|letter| letter.number == number)
        };
        let just_now = side.last.iter().filter(is_it).max_by_key(|heard| words::weight(heard.change));
        match just_now {
            Some(heard) => {
                let what = words::happens("it", false, heard.change).replacen("It", "it", 1);
                let reason = moment::reason(heard.rule, figure(heard, &self.scenario).as_deref());
                format!("{what}, because {reason}")
            }
            None => format!("it {}", words::stands(side.live.stand(number, subscriber))),
        }
    }
}

impl Side {
    fn outcome(&self) -> u8 {
        self.last.iter().map(|heard| gravity(heard.change)).max().unwrap_or(0)
    }
}

impl Lab for FanOutLab {
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
        Scene {
            actions: Vec::new(),
            panels: self.sides.each.iter().map(|side| picture::of(side, &self.scenario)).collect(),
        }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    /// A log may keep every message, and so may the queues.
    fn weight(&self) -> usize {
        const BYTES_A_COPY: usize = 20;
        let copies = self.scenario.messages as usize * (self.scenario.subscribers.len() + 1);
        self.sides.each.len() * (4_096 + copies * BYTES_A_COPY)
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(FanOutLab { sides: self.sides.duplicate(), scenario: self.scenario.clone() })
    }
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard, scenario: &FanOut) -> String {
    let name = heard.subscriber.and_then(|at| scenario.subscribers.get(at as usize)).map(|one| &one.name);
    match (heard.letter, name) {
        (Some(letter), Some(name)) => format!("message {} for {name}", letter.number),
        (Some(letter), None) => format!("message {}", letter.number),
        (None, name) => name.cloned().unwrap_or_default(),
    }
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard, scenario: &FanOut) -> Because {
    Because {
        subject: subject(heard, scenario),
        change: moment::Change::FanOut(heard.change),
        rule: heard.rule,
        figure: figure(heard, scenario),
    }
}

fn figure(heard: &Heard, scenario: &FanOut) -> Option<String> {
    heard.figure.map(|figure| match figure {
        Figure::Count(count) => crate::lab::words::count(count),
        Figure::Span(span) => span.to_string(),
        Figure::Bindings { key, subscriber } => explain::bindings(scenario, key, subscriber),
    })
}
