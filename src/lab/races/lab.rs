//! The lab of races at one moment: a schedule of each variant, a step at a time.

use super::findings::{Finding, Findings};
use super::{ANSWERED, HARM, Races, TAKES_OLD, UNDER_WAY, picture, words};
use crate::invalidation::Heard;
use crate::invalidation::explore::{Answered, Choice, Harm, Outcome, World};
use crate::lab::moment::{self, Because, Difference, Moment, Part};
use crate::lab::words::uncapitalised;
use crate::lab::{Lab, Marks, Scene, table};

/// The lab at one moment.
pub struct RacesLab {
    sides: Vec<Side>,
    findings: Findings,
    harm: Harm,
    position: u64,
}

/// One of the variants that stand side by side.
pub(super) struct Side {
    pub name: String,
    pub world: World,
    /// What the last step did here; empty after a silent one.
    pub last: Vec<Heard>,
    outcome: u8,
}

impl RacesLab {
    /// Before the first step of the schedules of `scenario`.
    pub fn new(scenario: &Races, findings: Findings) -> Self {
        let sides = scenario.variants.iter().zip(findings.0.iter()).map(|(variant, finding)| Side {
            name: table::name(variant),
            world: World::new(&finding.plan),
            last: Vec::new(),
            outcome: UNDER_WAY,
        });
        RacesLab { sides: sides.collect(), findings, harm: scenario.harm, position: 0 }
    }

    /// What becomes of every step, by variant.
    pub fn into_marks(mut self) -> Vec<Marks> {
        let mut marks = vec![Marks::default(); self.sides.len()];
        while self.take() {
            marks.iter_mut().zip(&self.sides).for_each(|(marks, side)| marks.push(side.outcome));
        }
        marks
    }

    /// Takes the next step, if there is one.
    fn take(&mut self) -> bool {
        if self.position >= self.length() {
            return false;
        }
        for (side, finding) in self.sides.iter_mut().zip(self.findings.0.iter()) {
            side.take(finding.schedule.get(self.position as usize), self.harm);
        }
        self.position += 1;
        true
    }

    fn moment(&self) -> Moment {
        let heard = self.sides.iter().find_map(|side| side.last.first());
        Moment {
            step: self.position,
            subject: heard.map(|heard| words::who(heard.who)).unwrap_or_default(),
            parts: self.sides.iter().map(Side::part).collect(),
            difference: self.difference(),
        }
    }

    /// What each variant did where some of them did harm and others did not.
    fn difference(&self) -> Option<Difference> {
        let bad = |side: &&Side| side.outcome >= TAKES_OLD;
        let first = self.sides.iter().find(bad)?;
        if self.sides.iter().all(|side| bad(&side)) {
            return None;
        }
        let subject = first.last.first().map(|heard| words::who(heard.who)).unwrap_or_default();
        let fates = self
            .sides
            .iter()
            .map(|side| moment::Fate { variant: side.name.clone(), says: side.says() })
            .collect();
        Some(Difference::Fates { message: subject, fates })
    }
}

impl Side {
    fn take(&mut self, choice: Option<&Choice>, harm: Harm) {
        self.last.clear();
        let outcome = choice.and_then(|choice| self.world.take(*choice, &mut self.last));
        let left = harm == Harm::Left && self.is_left();
        let stale = |answered: &Answered| matches!(answered, Answered::Read { stale: true, .. });
        self.outcome = match outcome {
            Some(Outcome { answered, .. }) if left || answered.iter().any(stale) => HARM,
            Some(Outcome { took_old: true, .. }) => TAKES_OLD,
            Some(Outcome { answered, .. }) if !answered.is_empty() => ANSWERED,
            _ => UNDER_WAY,
        };
    }

    /// Whether all is over, and the cache holds an old value for good.
    pub(super) fn is_left(&self) -> bool {
        self.world.is_old() && self.world.choices().is_empty()
    }

    fn part(&self) -> Part {
        let because = self.last.iter().filter(|heard| words::is_told(heard.change)).map(because);
        Part { variant: self.name.clone(), outcome: self.outcome, because: because.collect() }
    }

    /// What the last step did, as the second half of a sentence.
    fn says(&self) -> String {
        let part = self.part();
        let Some(Because { subject, change, rule, figure }) = part.main() else {
            return "nothing is left to do".to_owned();
        };
        let what = uncapitalised(&change.happens(subject, false));
        format!("{what}, because {}", moment::reason(rule, figure.as_deref()))
    }
}

impl Lab for RacesLab {
    fn position(&self) -> u64 {
        self.position
    }

    fn length(&self) -> u64 {
        self.findings.steps()
    }

    fn advance(&mut self, steps: u64) {
        for _ in 0..steps {
            if !self.take() {
                return;
            }
            self.sides.iter_mut().for_each(|side| side.last.clear());
        }
    }

    fn step(&mut self) -> Option<Moment> {
        self.take().then(|| self.moment())
    }

    fn scene(&self) -> Scene {
        let of = |(side, finding): (&Side, &Finding)| {
            let taken = (self.position as usize).min(finding.schedule.len());
            picture::of(side, finding, taken, self.harm, &self.sides)
        };
        Scene { actions: Vec::new(), panels: self.sides.iter().zip(self.findings.0.iter()).map(of).collect() }
    }

    fn weight(&self) -> usize {
        const BYTES: usize = 4096;
        self.sides.len() * BYTES
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        let sides = self.sides.iter().map(|side| Side {
            name: side.name.clone(),
            world: side.world.duplicate(),
            last: side.last.clone(),
            outcome: side.outcome,
        });
        Box::new(RacesLab { sides: sides.collect(), findings: self.findings.clone(), ..*self })
    }
}

/// A typed reason from what was heard.
fn because(heard: &Heard) -> Because {
    let figure = heard.figure.to_string();
    Because {
        subject: words::who(heard.who),
        change: moment::Change::Race(heard.change),
        rule: heard.rule,
        figure: (!figure.is_empty()).then_some(figure),
    }
}
