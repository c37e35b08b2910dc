//! What one variant's runs come to: its figures, where the true values probably lie, its course, its
//! answers, and what is proven about it.

use super::RateLimit;
use crate::kernel::Time;
use crate::kernel::statistics::OverTime;
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::report::Decision;
use crate::lab::{Figures, Series, Theory, VariantReport, table};
use crate::limit::door::{Answer, Passage, Statistics};

/// A figure: its name, its unit, and how it is taken from one run.
type Figure = (&'static str, &'static str, fn(&Statistics) -> Option<f64>);

/// The most permits of one key in any window, as figures and bounds call it.
pub(super) const MOST_OF_KEY: &str = "most_of_a_key";

/// The figures in the order in which they are shown.
const FIGURES: &[Figure] = &[
    ("requests", "requests", |run| Some(run.counts.requests as f64)),
    ("tries", "tries", |run| Some(run.counts.tries as f64)),
    ("admitted", "tries", |run| Some(run.counts.admitted as f64)),
    ("refused", "tries", |run| Some(run.counts.refused as f64)),
    ("refused_ratio", "1", |run| ratio(run.counts.refused as f64, run.counts.tries as f64)),
    ("held_back", "tries", |run| Some(run.counts.held_back as f64)),
    ("passed", "requests", |run| Some(run.counts.passed as f64)),
    ("given_up", "requests", |run| Some(run.counts.given_up as f64)),
    ("retries", "tries", |run| Some((run.counts.tries - run.counts.requests) as f64)),
    (MOST_OF_KEY, "permits", |run| Some(run.passed.most_of_key as f64)),
    ("most_in_window", "permits", |run| Some(run.passed.most as f64)),
    ("mean_delay", "s", |run| ratio(run.sums.0, run.counts.passed as f64)),
    ("delay_p50", "s", |run| quantile(&run.delays, 0.5)),
    ("delay_p95", "s", |run| quantile(&run.delays, 0.95)),
    ("delay_max", "s", |run| quantile(&run.delays, 1.0)),
    ("mean_hold", "s", |run| ratio(run.sums.1, run.counts.passed as f64)),
    ("fairness", "1", Statistics::fairness),
    ("wrongly_refused", "tries", |run| run.has_ideal().then_some(run.counts.wrongly_refused as f64)),
    ("wrongly_admitted", "tries", |run| run.has_ideal().then_some(run.counts.wrongly_admitted as f64)),
    ("done", "requests", |run| Some(run.counts.done as f64)),
    ("dropped", "requests", |run| Some(run.counts.dropped as f64)),
    ("wasted", "requests", |run| Some(run.counts.wasted as f64)),
    ("sojourn_p50", "s", |run| quantile(&run.sojourns, 0.5)),
    ("sojourn_p95", "s", |run| quantile(&run.sojourns, 0.95)),
    ("under_way", "requests", |run| Some(run.under_way() as f64)),
    ("adaptations", "changes", |run| Some(run.counts.adaptations as f64)),
    ("clients", "clients", |run| Some(run.clients().0 as f64)),
    ("memory_a_key", "bytes", |run| ratio(run.cost.0.bytes as f64, run.cost.2 as f64)),
    ("words_a_decision", "words", |run| ratio(run.cost.0.touched as f64, run.cost.1 as f64)),
];

/// What one run of one variant came to, in the order of [`FIGURES`]; `None` where there is no value.
pub(super) type Values = Vec<Option<f64>>;

/// Takes the figures of a run.
pub(super) fn taken(run: &Statistics) -> Values {
    FIGURES.iter().map(|(.., figure)| figure(run)).collect()
}

/// What variant `at` came to in `runs`, of which the first is kept with its measurements.
pub(super) fn of(scenario: &RateLimit, at: usize, runs: &[(Values, Option<Statistics>)]) -> VariantReport {
    let variant = &scenario.variants[at];
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    let first = runs.first().and_then(|(_, statistics)| statistics.as_ref());
    for (column, (name, unit, _)) in FIGURES.iter().enumerate() {
        let within_run = || first.and_then(|run| run.delay.interval(LEVEL)).filter(|_| *name == "mean_delay");
        let values = runs.iter().filter_map(|(values, _)| values[column]);
        figures::add(&mut report, name, unit, values, within_run);
    }
    report.theory = Some(bound(scenario, at));
    if let Some(first) = first {
        report.decisions = first.answers.iter().map(|answer| decision(scenario, answer)).collect();
        report.series = first.course().map(|course| series(course, first.now())).unwrap_or_default();
    }
    report
}

/// The most that the limiter lets pass of one key, as its file proves it.
fn bound(scenario: &RateLimit, at: usize) -> Theory {
    if !scenario.skew.is_empty() || scenario.costs.iter().any(|cost| *cost > 1) {
        let why = "What is proven holds for requests of one permit each, and a clock that nobody puts.";
        return Theory::None { why: why.to_owned() };
    }
    let Some(most) = scenario.limiter(at).and_then(|limiter| limiter.bound(scenario.span())) else {
        return Theory::None { why: "It looks at what is under way: time alone gives no bound.".to_owned() };
    };
    let name = format!("The most of one key that can pass in any {} s, whatever comes", scenario.window);
    Theory::Bound { name, most: Figures(vec![(MOST_OF_KEY.to_owned(), most as f64)]) }
}

fn decision(scenario: &RateLimit, answer: &Answer) -> Decision {
    let Answer { request, decision } = answer;
    Decision {
        number: u64::from(request.number),
        attempt: u64::from(request.attempt),
        at: request.asked.seconds(),
        client: scenario.client_name(request.client),
        admitted: decision.admitted(),
        delay: decision.wait().seconds(),
        retry_after: decision.retry().map(|retry| retry.seconds()),
        remaining: u64::from(decision.remaining),
        limit: u64::from(decision.limit),
        reset: decision.reset.seconds(),
    }
}

/// The course of a run, a point a window at the window's end.
fn series(course: &OverTime<Passage>, last: Time) -> Vec<Series> {
    let line = |name: &str, unit: &str, of: &dyn Fn(&Passage, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    vec![
        line("tries_rate", "tries/s", &|window, length| Some(window.tries as f64 / length)),
        line("admitted_rate", "tries/s", &|window, length| Some(window.admitted as f64 / length)),
        line("refused_rate", "tries/s", &|window, length| Some(window.refused as f64 / length)),
        line("in_window", "permits", &|window, _| Some(window.burst as f64)),
        line("mean_delay", "s", &|window, _| ratio(window.delay, window.passed as f64)),
        line("remaining", "permits", &|window, _| window.remaining.map(f64::from)),
        line("limit", "permits", &|window, length| Some(window.limit / length)),
        line("under_way", "requests", &|window, length| Some(window.under_way / length)),
    ]
}
