//! Running a whole scenario in slices.

use super::{Stop, Watch};
use crate::lab::{Marks, Report, Run, Scenario};
use crate::trace::Trace;

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// The summary.
    pub report: Report,
    /// The outcome of every step, by variant.
    pub marks: Vec<Marks>,
}

/// Runs `scenario` over `trace`. A run that is cancelled still gives what it has counted so far.
pub async fn run(scenario: &Scenario, trace: &Trace, watch: &Watch) -> Ran {
    let mut run = scenario.run(trace);
    loop {
        let (all, done) = run.progress();
        if done == all || watch.pause(done, all).await == Err(Stop::Cancelled) {
            return result(&*run);
        }
        run.advance(watch.slice);
    }
}

fn result(run: &dyn Run) -> Ran {
    let (report, marks) = run.finish();
    Ran { report, marks }
}
