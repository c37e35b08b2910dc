//! What exploring has found, and which schedule of each variant is stepped through.

use super::summary::counted;
use super::{Races, fields};
use crate::invalidation::explore::{Choice, Explorer, Found, Plan, World};
use crate::lab::VariantReport;
use std::rc::Rc;

/// Every schedule of every variant, being explored.
pub struct Search {
    explorers: Vec<Explorer>,
}

impl Search {
    /// At the start of all of them.
    pub fn new(scenario: &Races) -> Self {
        let explorers = scenario.plans().iter().map(|plan| Explorer::new(plan, scenario.harm)).collect();
        Search { explorers }
    }

    /// How much there is, and how much of it is done: a share of each variant in thousandths.
    pub fn progress(&self) -> (u64, u64) {
        const WHOLE: u64 = 1_000;
        let of = |explorer: &Explorer| match explorer.is_over() {
            true => WHOLE,
            false => {
                let (done, known) = explorer.progress();
                (WHOLE * done / known.max(1)).min(WHOLE - 1)
            }
        };
        (WHOLE * self.explorers.len() as u64, self.explorers.iter().map(of).sum())
    }

    /// Looks at more states, as many under each variant: a slice of so much `work` must end as soon as one of
    /// any lab, and a state is more than a unit of it.
    pub fn advance(&mut self, work: u64) {
        const UNITS: u64 = 10;
        let states = work / UNITS / self.explorers.len().max(1) as u64;
        self.explorers.iter_mut().for_each(|explorer| explorer.advance(states.max(1)));
    }

    /// What is found so far.
    pub fn found(&self) -> Vec<Found> {
        self.explorers.iter().map(Explorer::found).collect()
    }
}

/// Which schedule of a variant is stepped through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Its shortest bad one.
    Shortest,
    /// The order of another variant, by its place, as far as it can be followed.
    OrderOf(usize),
    /// The clients take turns.
    Turns,
    /// The person’s own.
    ByHand,
}

/// What was found for one variant, as far as it is shown.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was explored.
    pub plan: Plan,
    /// How many schedules there are, and how many are bad, in sentences.
    pub counted: String,
    /// Which schedule is stepped through.
    pub shown: Shown,
    /// It.
    pub schedule: Vec<Choice>,
}

/// What was found for every variant.
#[derive(Clone, Debug)]
pub struct Findings(pub Rc<[Finding]>);

impl Findings {
    /// From what was reported of each variant of `scenario`; nothing is explored for it.
    pub fn new(scenario: &Races, variants: &[VariantReport]) -> Self {
        let shortest = |variant: &VariantReport| fields::schedule(variant.schedule.as_deref()?).ok();
        let broken = variants.iter().position(|variant| shortest(variant).is_some());
        let guide = broken.and_then(|at| shortest(&variants[at])).unwrap_or_default();
        let finding = |(plan, variant): (Plan, &VariantReport)| {
            let (shown, schedule) = match (shortest(variant), broken) {
                _ if !scenario.schedule.is_empty() => (Shown::ByHand, followed(&plan, &scenario.schedule).1),
                (Some(own), _) => (Shown::Shortest, own),
                (None, Some(at)) => (Shown::OrderOf(at), to_the_end(followed(&plan, &guide))),
                (None, None) => (Shown::Turns, to_the_end(in_turns(&plan))),
            };
            Finding { plan, counted: counted(variant, scenario.harm), shown, schedule }
        };
        Findings(scenario.plans().into_iter().zip(variants).map(finding).collect())
    }

    /// How many steps the longest schedule has.
    pub fn steps(&self) -> u64 {
        self.0.iter().map(|finding| finding.schedule.len() as u64).max().unwrap_or(0)
    }
}

/// The world after a schedule, and the schedule.
type Walked = (World, Vec<Choice>);

/// `schedule` under `plan`, without what cannot be done there.
fn followed(plan: &Plan, schedule: &[Choice]) -> Walked {
    let mut world = World::new(plan);
    let mut taken = schedule.to_vec();
    taken.retain(|choice| world.take(*choice, &mut Vec::new()).is_some());
    (world, taken)
}

/// Each client takes a step in turn.
fn in_turns(plan: &Plan) -> Walked {
    const ROUNDS: usize = 16;
    let round = (1..=plan.clients.len() as u32).map(Choice::Client).collect::<Vec<_>>();
    followed(plan, &round.repeat(ROUNDS))
}

/// The rest of a schedule: whoever can do something, the first client first.
fn to_the_end((mut world, mut schedule): Walked) -> Vec<Choice> {
    const MOST: usize = 200;
    while let Some(choice) = world.first_choice().filter(|_| schedule.len() < MOST) {
        world.take(choice, &mut Vec::new());
        schedule.push(choice);
    }
    schedule
}
