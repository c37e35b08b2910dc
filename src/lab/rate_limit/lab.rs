//! The lab of rate limits at one moment: up to four limiters to which the same requests come.

use super::{RateLimit, picture, words};
use crate::lab::in_step::{self, Sides};
use crate::lab::moment::{self, Because, Difference, Moment, Part};
use crate::lab::queueing::lab::uncapitalised;
use crate::lab::table;
use crate::lab::{Clock, Lab, Scene};
use crate::limit::Figure;
use crate::limit::door::{Door, Heard, Live, Request, gravity};

/// The lab at one moment.
pub struct RateLimitLab {
    sides: Sides<Door>,
    scenario: RateLimit,
}

/// One of the doors that stand side by side.
pub(super) type Side = in_step::Side<Door>;

impl RateLimitLab {
    /// Doors to which nobody has come yet, for so many steps.
    pub fn new(scenario: &RateLimit, length: u64) -> Self {
        let names = scenario.variants.iter().map(table::name);
        let worlds = names.zip(scenario.build_all(0)).map(|(name, world)| (name, world, Live::default()));
        RateLimitLab { sides: Sides::new(worlds, length), scenario: scenario.clone() }
    }

    fn moment(&self) -> Moment {
        let mut last = self.sides.each.iter().filter_map(|side| side.last.first());
        Moment {
            step: self.sides.position(),
            subject: last.next().map(|heard| self.scenario.subject(heard)).unwrap_or_default(),
            parts: self.sides.each.iter().map(|side| self.part(side)).collect(),
            difference: self.difference(),
        }
    }

    fn part(&self, side: &Side) -> Part {
        let because = side.last.iter().map(|heard| because(heard, &self.scenario));
        Part { variant: side.name.clone(), outcome: side.outcome(), because: because.collect() }
    }

    /// What became of a request with each limiter, when one refuses what another lets pass.
    fn difference(&self) -> Option<Difference> {
        const REFUSED: u8 = 3;
        let refused = |side: &Side| side.outcome() >= REFUSED;
        if self.sides.each.iter().all(refused) {
            return None;
        }
        let request = self.sides.each.iter().find_map(|side| {
            side.last.iter().filter(|heard| gravity(heard.change) >= REFUSED).find_map(|heard| heard.request)
        })?;
        let fates = self
            .sides
            .each
            .iter()
            .map(|side| moment::Fate { variant: side.name.clone(), says: side.status(request.number) });
        Some(Difference::Fates { message: self.scenario.name_of(&request), fates: fates.collect() })
    }
}

impl Side {
    fn outcome(&self) -> u8 {
        self.last.iter().map(|heard| gravity(heard.change)).max().unwrap_or(0)
    }

    /// How the request with this number stands here, as the second half of a sentence.
    fn status(&self, number: u32) -> String {
        let own = |heard: &&Heard| heard.request.is_some_and(|request| request.number == number);
        if let Some(heard) = self.last.iter().filter(own).max_by_key(|heard| words::weight(&heard.change)) {
            let what = words::happens("it", false, &heard.change);
            let reason = moment::reason(heard.rule, figure(heard.figure).as_deref());
            return format!("{}, because {reason}", uncapitalised(&what));
        }
        format!("it {}", words::fate(self.live.fate(number)))
    }
}

impl Lab for RateLimitLab {
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
        let panel = |(at, side)| picture::of(side, at, self.sides.now(), &self.scenario);
        Scene { panels: self.sides.each.iter().enumerate().map(panel).collect() }
    }

    fn clock(&self) -> Option<Clock> {
        Some(self.sides.clock())
    }

    fn weight(&self) -> usize {
        const BYTES_A_REQUEST: usize = 100;
        const BYTES_A_CLIENT: usize = 4;
        let clients = self.scenario.clients() as usize * BYTES_A_CLIENT;
        let side = |side: &Side| {
            let held = side.world.pending() + side.world.under_way() as usize + 64;
            held * BYTES_A_REQUEST + side.live.weight() + side.world.limiter().cost().bytes + clients
        };
        self.sides.each.iter().map(side).sum::<usize>() + self.scenario.all() as usize
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(RateLimitLab { sides: self.sides.duplicate(), scenario: self.scenario.clone() })
    }
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard, scenario: &RateLimit) -> Because {
    Because {
        subject: scenario.subject(heard),
        change: moment::Change::Limit(heard.change),
        rule: heard.rule,
        figure: figure(heard.figure),
    }
}

fn figure(figure: Figure) -> Option<String> {
    match figure {
        Figure::None => None,
        Figure::Count(count) => Some(crate::lab::words::count(count)),
        other => Some(other.to_string()),
    }
}

/// What people call a request, and what happened to none.
impl RateLimit {
    fn subject(&self, heard: &Heard) -> String {
        heard.request.map_or_else(|| words::LIMITER.to_owned(), |request| self.name_of(&request))
    }

    /// "request 7", and of whom where there are several.
    pub(super) fn name_of(&self, request: &Request) -> String {
        match self.clients() {
            0 | 1 => format!("request {}", request.number),
            _ => format!("request {} of {}", request.number, self.client_name(request.client)),
        }
    }
}
