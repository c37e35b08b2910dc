//! The lab of the shared limit at one moment: up to four designs that get the same requests.

use super::{SharedLimit, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Moment, Part};
use crate::lab::queueing::lab::uncapitalised;
use crate::lab::table;
use crate::lab::{Clock, Lab, Scene};
use crate::limit::Figure;
use crate::limit::shared::{Cluster, Heard, Live, Request, Who, gravity};

/// The lab at one moment.
pub struct SharedLab {
    sides: Sides<Cluster>,
}

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Cluster>;

impl SharedLab {
    /// Nodes to which nothing has come yet, for so many steps.
    pub fn new(scenario: &SharedLimit, length: u64) -> Self {
        let names = scenario.variants.iter().map(table::name);
        let worlds = names.zip(scenario.build_all(0)).map(|(name, world)| (name, world, Live::default()));
        SharedLab { sides: Sides::new(worlds, length) }
    }

    fn moment(&self) -> Moment {
        let subject = self.sides.each.iter().find_map(|side| side.last.first());
        Moment {
            step: self.sides.position(),
            subject: subject.map(|heard| words::who(heard.who)).unwrap_or_default(),
            parts: self.sides.each.iter().map(Side::part).collect(),
            difference: self.difference(),
        }
    }

    /// What became of a request in each design, when one of them treats it as no exact counter would.
    fn difference(&self) -> Option<Difference> {
        const BAD: u8 = 2;
        let bad = |side: &Side| side.outcome() >= BAD;
        if self.sides.each.iter().all(bad) || !self.sides.each.iter().any(bad) {
            return None;
        }
        let request =
            self.sides.each.iter().flat_map(|side| &side.last).find_map(|heard| match heard.who {
                Who::Request(request) if gravity(heard.change) >= BAD => Some(request),
                _ => None,
            })?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| moment::Fate { variant: side.name.clone(), says: side.status(request) });
        Some(Difference::Fates { message: words::who(Who::Request(request)), fates: fates.collect() })
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

    /// How `request` stands here, as the second half of a sentence.
    fn status(&self, request: Request) -> String {
        let own = |heard: &&Heard| matches!(heard.who, Who::Request(r) if r.number == request.number);
        if let Some(heard) = self.last.iter().filter(own).max_by_key(|heard| words::weight(heard.change)) {
            let what = words::happens("it", false, heard.change);
            let reason = moment::reason(heard.rule, figure(heard.figure).as_deref());
            return format!("{}, because {reason}", uncapitalised(&what));
        }
        match self.live.fate(request.number) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "it has not come yet".to_owned(),
        }
    }
}

impl Lab for SharedLab {
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
        const BYTES_AN_EVENT: usize = 160;
        let now = self.sides.now();
        let side = |side: &Side| (side.world.view(now).weight() + 64) * BYTES_AN_EVENT + side.live.weight();
        self.sides.each.iter().map(side).sum()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(SharedLab { sides: self.sides.duplicate() })
    }
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard) -> Because {
    Because {
        subject: words::who(heard.who),
        change: moment::Change::Shared(heard.change),
        rule: heard.rule,
        figure: figure(heard.figure),
    }
}

fn figure(figure: Figure) -> Option<String> {
    (figure != Figure::None).then(|| figure.to_string())
}
