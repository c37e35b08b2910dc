//! What theory expects of a variant: how late it is on average, and how many comparisons it makes.

use super::Delayed;
use crate::kernel::Pattern;
use crate::lab::variant::Variant;
use crate::lab::{Figures, Theory};

/// What is expected of `variant`, which kept at most `most_kept` jobs at a time.
pub(super) fn of(scenario: &Delayed, variant: &Variant, most_kept: u64) -> Theory {
    match expected(scenario, variant, most_kept) {
        Ok((name, expected)) => {
            let expected = expected.into_iter().map(|(name, value)| (name.to_owned(), value));
            Theory::Model { name, expected: Figures(expected.collect()) }
        }
        Err(why) => Theory::None { why: why.to_owned() },
    }
}

type Expected = (String, Vec<(&'static str, f64)>);

fn expected(scenario: &Delayed, variant: &Variant, most_kept: u64) -> Result<Expected, &'static str> {
    let right = scenario.drift == 1.0 && scenario.skew.is_empty();
    if !right {
        return Err("No closed form while the clock is wrong.");
    }
    if !scenario.down.is_empty() {
        return Err("No closed form for a scheduler that is down now and then.");
    }
    let spread = matches!(scenario.arrivals, Pattern::Poisson { .. }) && scenario.jobs.is_empty();
    let spread = spread && scenario.recurring.is_empty() && scenario.repeats.until.is_none();
    let parameters = &variant.parameters;
    match variant.about.id {
        "heap" => {
            let deepest = most_kept.max(1).ilog2();
            let bounds = vec![
                ("mean_lateness", 0.0),
                ("most_to_keep", f64::from(deepest)),
                ("most_to_take", f64::from(2 * deepest)),
            ];
            Ok(("Sleeps until the root is due; at most ⌊log₂ n⌋ levels to climb, and two comparisons at each to descend".to_owned(), bounds))
        }
        "wheel" | "hierarchical-wheel" | "sorted-set" if !spread => {
            Err("No closed form for these jobs: their times may keep step with the ticks.")
        }
        "wheel" | "hierarchical-wheel" => {
            let mean = parameters.number("tick") / 2.0;
            Ok(("Half a tick on average".to_owned(), vec![("mean_lateness", mean)]))
        }
        // The mean time to the next poll: half of E[X²] / E[X], for polls X apart.
        "sorted-set" if parameters.choice("jitter") == "yes" => {
            let mean = parameters.number("poll") * 13.0 / 24.0;
            Ok((
                "13/24 of the mean time between polls: long gaps catch more jobs".to_owned(),
                vec![("mean_lateness", mean)],
            ))
        }
        "sorted-set" => {
            let mean = parameters.number("poll") / 2.0;
            Ok(("Half of the time between polls".to_owned(), vec![("mean_lateness", mean)]))
        }
        "sqs-delay" => Err("No closed form is shown: a delay is rounded up to whole seconds."),
        _ => Err("No closed form for jobs that stand in each other's way."),
    }
}
