//! The labs of queues at one moment: up to four systems that get the same messages.

use super::{Queueing, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Fate, Moment, Part};
use crate::lab::table;
use crate::lab::{Clock, Lab, Scene};
use crate::queue::{Change, Figure, Heard, Live, System, gravity};

/// The lab at one moment.
pub struct QueueLab {
    sides: Sides<Box<dyn System>>,
    scenario: Queueing,
}

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Box<dyn System>>;

impl QueueLab {
    /// Systems that have not been sent anything yet, for so many steps.
    pub fn new(scenario: &Queueing, length: u64) -> Self {
        let names = scenario.variants.iter().map(table::name);
        let worlds = names.zip(scenario.build_all(0)).map(|(name, world)| (name, world, Live::default()));
        QueueLab { sides: Sides::new(worlds, length), scenario: scenario.clone() }
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

    /// What became of a message in each system, when it is worse off in one than in another.
    fn difference(&self) -> Option<Difference> {
        const BAD: u8 = 2;
        let bad = |side: &Side| side.outcome() >= BAD;
        if self.sides.each.iter().all(bad) || !self.sides.each.iter().any(bad) {
            return None;
        }
        let number = self.sides.each.iter().filter(|side| bad(side)).find_map(|side| {
            side.last.iter().filter(|heard| gravity(heard.change) >= BAD).find_map(|heard| heard.message)
        })?;
        let fates =
            self.sides.each.iter().map(|side| Fate { variant: side.name.clone(), says: side.status(number) });
        Some(Difference::Fates { message: format!("message {number}"), fates: fates.collect() })
    }
}

impl Side {
    pub(super) fn outcome(&self) -> u8 {
        self.last.iter().map(|heard| gravity(heard.change)).max().unwrap_or(0)
    }

    fn part(&self) -> Part {
        let because = self.last.iter().map(because);
        Part { variant: self.name.clone(), outcome: self.outcome(), because: because.collect() }
    }

    /// How message `number` stands here, as the second half of a sentence.
    fn status(&self, number: u32) -> String {
        let just_now = self.last.iter().filter(|heard| heard.message == Some(number));
        if let Some(heard) = just_now.max_by_key(|heard| words::weight(&heard.change)) {
            let what = words::happens("it", false, &heard.change);
            let reason = moment::reason(heard.rule, figure(heard).as_deref());
            return format!("{}, because {reason}", uncapitalised(&what));
        }
        if let Some(fate) = self.live.fate(number) {
            return format!("it {}", words::fate(fate));
        }
        let view = self.world.view();
        let at_work = view.workers.iter().position(|worker| {
            worker.job.is_some_and(|job| view.messages[job.delivery.message].number == number)
        });
        match (at_work, view.messages.find(number)) {
            (Some(worker), _) => format!("it is with {}", words::named(worker as u32)),
            (None, Some(message)) if message.lent.is_some() => "it is handed out".to_owned(),
            (None, Some(message)) if message.receives > 0 => "it waits for another try".to_owned(),
            (None, Some(_)) => "it waits".to_owned(),
            (None, None) => "it has not come yet".to_owned(),
        }
    }
}

impl Lab for QueueLab {
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
            panels: self
                .sides
                .each
                .iter()
                .map(|side| picture::of(side, self.sides.now(), &self.scenario))
                .collect(),
        }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    fn weight(&self) -> usize {
        const BYTES_A_MESSAGE: usize = 200;
        let held: usize = self.sides.each.iter().map(|side| side.world.view().messages.len()).sum();
        let fates: usize = self.sides.each.iter().map(|side| side.live.weight()).sum();
        (held + 64 * self.sides.each.len()) * BYTES_A_MESSAGE
            + fates
            + self.scenario.messages as usize * self.sides.each.len()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(QueueLab { sides: self.sides.duplicate(), scenario: self.scenario.clone() })
    }
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard) -> String {
    match (heard.message, heard.change) {
        (Some(number), _) => format!("message {number}"),
        (None, Change::Crashed { worker } | Change::Back { worker }) => words::named(worker),
        (None, _) => String::new(),
    }
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard) -> Because {
    Because {
        subject: subject(heard),
        change: moment::Change::Queue(heard.change),
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

pub(in crate::lab) fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
