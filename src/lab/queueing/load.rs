//! How long messages take against how busy the workers are: the curves of theory, and where each
//! variant stands among them.

use super::{COMMON, Queueing};
use crate::kernel::Distribution;
use crate::lab::{About, Curve, Query, Report, words};
use crate::theory::queueing;

/// The curve ends here: at full load it would never end.
const MOST_LOAD: u32 = 98;

/// The mean and the 99th percentile of the sojourn in M/M/c, with the workers of the first variant;
/// and what was measured of every variant.
pub fn curve(report: &Report) -> Option<Curve> {
    const ANY: About = COMMON;
    let (scenario, _) = Queueing::from_query(&ANY, &Query::parse(&report.scenario));
    let first = scenario.variants.first()?;
    let workers = first.parameters.whole("workers") as u32;
    let mean = Distribution::new(scenario.service).ok()?.mean() / first.parameters.number("speed");
    let states = (1..=MOST_LOAD).filter_map(|percent| {
        let load = f64::from(percent) / 100.0;
        Some((load, queueing::mmc(load * f64::from(workers) / mean, mean, workers)?))
    });
    let states: Vec<_> = states.collect();
    let means = states.iter().map(|(load, state)| (*load, state.mean_sojourn));
    let tails = states.iter().filter_map(|(load, state)| Some((*load, state.tails?.sojourn_quantile(0.99)?)));
    let points = report.variants.iter().enumerate().flat_map(|(at, variant)| {
        let load = variant.figure("utilisation");
        let figures = ["mean_sojourn", "sojourn_p99"].into_iter().filter_map(|name| variant.figure(name));
        figures.filter_map(move |figure| Some((at, load?, figure))).collect::<Vec<_>>()
    });
    Some(Curve {
        lines: vec![
            (format!("p99, M/M/{workers}"), tails.collect()),
            (format!("mean, M/M/{workers}"), means.collect()),
        ],
        points: points.collect(),
        across: "busy",
        says: format!(
            "Mean and 99th percentile of the time a message takes, against the utilisation of {}; the marks are what was measured.",
            words::counted(u64::from(workers), "worker", "workers")
        ),
    })
}
