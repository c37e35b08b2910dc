//! Exploring as something that can be run: it is done in slices, and comes to figures.

use super::findings::{Finding, Findings, Search};
use super::{ABOUT, Races, RacesLab};
use crate::invalidation::explore::Found;
use crate::lab::report::{Report, VariantReport, digest};
use crate::lab::table;
use crate::lab::variant::Variant;
use crate::lab::{Marks, Run, Written};

/// An exploration under way. Its unit of work is a state.
pub struct RacesRun {
    scenario: Races,
    search: Search,
}

impl RacesRun {
    /// At its start.
    pub fn new(scenario: &Races) -> Self {
        RacesRun { scenario: scenario.clone(), search: Search::new(scenario) }
    }
}

impl Run for RacesRun {
    fn progress(&self) -> (u64, u64) {
        self.search.progress()
    }

    fn advance(&mut self, work: u64) {
        self.search.advance(work);
    }

    fn finish(&self) -> (Report, Vec<Marks>) {
        let findings = Findings::new(&self.scenario, self.search.found());
        let variants = self.scenario.variants.iter().zip(findings.0.iter());
        let variants = variants.map(|(variant, finding)| report(variant, finding)).collect();
        let steps = findings.steps();
        let marks = RacesLab::new(&self.scenario, findings).into_marks();
        let report = Report {
            lab: ABOUT.id.to_owned(),
            scenario: self.scenario.query().to_string(),
            steps,
            seconds: None,
            runs: 1,
            variants,
            digest: digest(&marks),
        };
        (report, marks)
    }
}

fn report(variant: &Variant, finding: &Finding) -> VariantReport {
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    figures(&finding.found, |name, unit, value| report.add(name, unit, value));
    report
}

/// The figures of what was found: name, unit and value.
pub(super) fn figures(found: &Found, mut add: impl FnMut(&'static str, &'static str, f64)) {
    if let Some(schedules) = found.schedules {
        add("schedules", "schedules", schedules as f64);
        add("bad", "schedules", found.bad as f64);
        add("bad_share", "1", found.bad as f64 / schedules as f64);
    }
    if let Some(shortest) = &found.shortest {
        add("shortest", "steps", shortest.len() as f64);
    }
    add("states", "states", found.states as f64);
}
