//! The lab of delayed jobs at one moment: up to four schedulers that get the same jobs.

use super::{Delayed, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Moment, Part};
use crate::lab::queueing::lab::uncapitalised;
use crate::lab::table;
use crate::lab::{Clock, Lab, Scene};
use crate::queue::Figure;
use crate::queue::delay::{Heard, Live, Name, System, gravity};

/// The lab at one moment.
pub struct DelayedLab {
    sides: Sides<Box<dyn System>>,
    scenario: Delayed,
}

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Box<dyn System>>;

impl DelayedLab {
    /// Schedulers that have not been given anything yet, for so many steps.
    pub fn new(scenario: &Delayed, length: u64) -> Self {
        let names = scenario.variants.iter().map(table::name);
        let worlds = names.zip(scenario.build_all(0)).map(|(name, world)| (name, world, Live::default()));
        DelayedLab { sides: Sides::new(worlds, length), scenario: scenario.clone() }
    }

    fn moment(&self) -> Moment {
        let subject = self.sides.each.iter().find_map(|side| side.last.first().map(subject));
        Moment {
            step: self.sides.position(),
            subject: subject.unwrap_or_default(),
            parts: self.sides.each.iter().map(Side::part).collect(),
            difference: self.difference(),
        }
    }

    /// What became of a job with each scheduler, when it is worse off with one than with another.
    fn difference(&self) -> Option<Difference> {
        const BAD: u8 = 2;
        let bad = |side: &Side| side.outcome() >= BAD;
        if self.sides.each.iter().all(bad) || !self.sides.each.iter().any(bad) {
            return None;
        }
        let name = self.sides.each.iter().filter(|side| bad(side)).find_map(|side| {
            side.last.iter().filter(|heard| gravity(heard.change) >= BAD).find_map(|heard| heard.job)
        })?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| moment::Fate { variant: side.name.clone(), says: side.status(name) });
        Some(Difference::Fates { message: name.to_string(), fates: fates.collect() })
    }
}

impl Side {
    fn outcome(&self) -> u8 {
        self.last.iter().map(|heard| gravity(heard.change)).max().unwrap_or(0)
    }

    fn part(&self) -> Part {
        let because = self.last.iter().map(because);
        Part { variant: self.name.clone(), outcome: self.outcome(), because: because.collect() }
    }

    /// How the job called `name` stands here, as the second half of a sentence.
    fn status(&self, name: Name) -> String {
        let just_now = self.last.iter().filter(|heard| heard.job == Some(name));
        if let Some(heard) = just_now.max_by_key(|heard| words::weight(&heard.change)) {
            let what = words::happens("it", false, &heard.change);
            let reason = moment::reason(heard.rule, figure(heard).as_deref());
            return format!("{}, because {reason}", uncapitalised(&what));
        }
        match self.live.fate(name) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "its time has not come yet".to_owned(),
        }
    }
}

impl Lab for DelayedLab {
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
        Scene { panels: self.sides.each.iter().map(|side| picture::of(side, self.sides.now())).collect() }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    fn weight(&self) -> usize {
        const BYTES_A_JOB: usize = 100;
        let side = |side: &Side| {
            let (waiting, under_way) = side.world.levels();
            (waiting + under_way + 64) * BYTES_A_JOB + side.live.weight() + self.scenario.all() as usize
        };
        self.sides.each.iter().map(side).sum()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(DelayedLab { sides: self.sides.duplicate(), scenario: self.scenario.clone() })
    }
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard) -> String {
    heard.job.map_or_else(|| words::SCHEDULER.to_owned(), |name| name.to_string())
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard) -> Because {
    Because {
        subject: subject(heard),
        change: moment::Change::Delay(heard.change),
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
