//! A lab of backpressure at one moment: up to four answers to overload that get the same requests.

use super::{Backpressure, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Moment, Part};
use crate::lab::queueing::lab::uncapitalised;
use crate::lab::{Clock, Lab, Scene, table};
use crate::pressure::{Heard, Live, Name, System, gravity};
use crate::queue::Figure;

/// The lab at one moment.
pub struct PressureLab {
    sides: Sides<System>,
    scenario: Backpressure,
}

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<System>;

impl PressureLab {
    /// Systems to which nothing has been sent yet, for so many steps.
    pub fn new(scenario: &Backpressure, length: u64) -> Self {
        let names = scenario.variants.iter().map(table::name);
        let worlds = names.zip(scenario.build_all(0)).map(|(name, world)| (name, world, Live::default()));
        PressureLab { sides: Sides::new(worlds, length), scenario: scenario.clone() }
    }

    fn moment(&self) -> Moment {
        let subject = self
            .sides
            .each
            .iter()
            .find_map(|side| side.last.first().map(|heard| subject(heard, &side.world)));
        Moment {
            step: self.sides.position(),
            subject: subject.unwrap_or_default(),
            parts: self.sides.each.iter().map(Side::part).collect(),
            difference: self.difference(),
        }
    }

    /// What became of a request under each answer, when it is worse off under one than under another.
    fn difference(&self) -> Option<Difference> {
        const BAD: u8 = 2;
        let bad = |side: &Side| side.outcome() >= BAD;
        if self.sides.each.iter().all(bad) || !self.sides.each.iter().any(bad) {
            return None;
        }
        let name = self.sides.each.iter().filter(|side| bad(side)).find_map(|side| {
            side.last.iter().filter(|heard| gravity(heard.change) >= BAD).find_map(|heard| heard.request)
        })?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| moment::Fate { variant: side.name.clone(), says: side.status(name) });
        let message = Name { attempt: 1, ..name }.to_string();
        Some(Difference::Fates { message, fates: fates.collect() })
    }
}

impl Side {
    fn outcome(&self) -> u8 {
        self.last.iter().map(|heard| gravity(heard.change)).max().unwrap_or(0)
    }

    fn part(&self) -> Part {
        let because = self.last.iter().map(|heard| because(heard, &self.world));
        Part { variant: self.name.clone(), outcome: self.outcome(), because: because.collect() }
    }

    /// How the request of the try called `name` stands here, as the second half of a sentence.
    fn status(&self, name: Name) -> String {
        let number = name.number;
        let own = |heard: &&Heard| heard.request.is_some_and(|name| name.number == number);
        if let Some(heard) = self.last.iter().filter(own).max_by_key(|heard| words::weight(&heard.change)) {
            let what = words::happens("it", false, &heard.change, place(heard, &self.world));
            let reason = moment::reason(heard.rule, figure(heard).as_deref());
            return format!("{}, because {reason}", uncapitalised(&what));
        }
        match self.live.fate(number) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "it is still under way".to_owned(),
        }
    }
}

impl Lab for PressureLab {
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
        let panel = |side: &Side| picture::of(side, &self.scenario, self.sides.now());
        Scene { panels: self.sides.each.iter().map(panel).collect() }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    fn weight(&self) -> usize {
        const BYTES_A_REQUEST: usize = 200;
        let side = |side: &Side| {
            let levels = side.world.levels();
            (levels.held + levels.outside + levels.open + 64) * BYTES_A_REQUEST + side.live.weight()
        };
        self.sides.each.iter().map(side).sum()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(PressureLab { sides: self.sides.duplicate(), scenario: self.scenario.clone() })
    }
}

/// At which stage something happened, where there are several.
fn place(heard: &Heard, system: &System) -> Option<u8> {
    (system.stages().len() > 1).then_some(heard.stage)
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard, system: &System) -> String {
    heard.request.map_or_else(|| words::stage(place(heard, system)), |name| name.to_string())
}

/// A typed reason from what was heard of `system`.
pub(super) fn because(heard: &Heard, system: &System) -> Because {
    Because {
        subject: subject(heard, system),
        change: moment::Change::Pressure { change: heard.change, stage: place(heard, system) },
        rule: heard.rule,
        figure: figure(heard),
    }
}

fn figure(heard: &Heard) -> Option<String> {
    heard.figure.map(|figure| match figure {
        Figure::Count(count) => crate::lab::words::count(count),
        Figure::Span(span) => span.to_string(),
        Figure::Time(time) => time.to_string(),
    })
}
