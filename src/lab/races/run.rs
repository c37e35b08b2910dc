//! Exploring as something that can be run: it is done in slices, and comes to figures.

use super::findings::{Findings, Search};
use super::{ABOUT, Races, RacesLab, fields};
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
        let variants = self.scenario.variants.iter().zip(self.search.found());
        let variants: Vec<_> = variants.map(|(variant, found)| report(variant, &found)).collect();
        let findings = Findings::new(&self.scenario, &variants);
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

/// What was found for `variant`.
pub(super) fn report(variant: &Variant, found: &Found) -> VariantReport {
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    if let Some(schedules) = found.schedules {
        report.add("schedules", "schedules", schedules as f64);
        report.add("bad", "schedules", found.bad as f64);
        report.add("bad_share", "1", found.bad as f64 / schedules as f64);
    }
    if let Some(shortest) = &found.shortest {
        report.add("shortest", "steps", shortest.len() as f64);
        report.schedule = Some(fields::written(shortest));
    }
    report.add("states", "states", found.states as f64);
    report
}
