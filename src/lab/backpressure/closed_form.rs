//! Which closed form covers a variant's settings, and what it expects; or why none does.

use super::Backpressure;
use crate::kernel::{Distribution, Pattern, Shape};
use crate::lab::variant::Variant;
use crate::lab::{Figures, Theory};
use crate::theory::queueing::{self, SteadyState};

/// The closed form for `variant` of `scenario`.
pub(super) fn of(scenario: &Backpressure, variant: &Variant) -> Theory {
    match model(scenario, variant) {
        Ok((name, expected)) => {
            let expected = expected.into_iter().map(|(name, value)| (name.to_owned(), value));
            Theory::Model { name, expected: Figures(expected.collect()) }
        }
        Err(why) => Theory::None { why: why.to_owned() },
    }
}

const MEMORY: &str = "No closed form where memory may run out.";

type Expected = (String, Vec<(&'static str, f64)>);

fn model(scenario: &Backpressure, variant: &Variant) -> Result<Expected, &'static str> {
    let Pattern::Poisson { rate } = scenario.arrivals else {
        return Err("No closed form for these arrivals: they are not Poisson at one rate.");
    };
    let Shape::Exponential { .. } = scenario.service else {
        return Err("No closed form for these times: the work is not exponential.");
    };
    if !scenario.slow.is_empty() || !scenario.down.is_empty() {
        return Err("No closed form while a stage is slow or down now and then.");
    }
    if scenario.timeout.is_some() || scenario.retries > 0 {
        return Err("No closed form for callers who give up or try again.");
    }
    let stages = Stages::of(scenario, rate)?;
    match behaviour(scenario, variant)? {
        Behaviour::Open if stages.0.len() == 1 || variant.about.id == "nothing" => open(scenario, &stages),
        Behaviour::Bounded(bound) if stages.0.len() == 1 => {
            if u64::from(scenario.memory) < u64::from(bound) + u64::from(stages.0[0].2) {
                return Err(MEMORY);
            }
            bounded(&stages.0[0], bound, variant.about.id)
        }
        _ => Err("No closed form for stages that hold each other up."),
    }
}

/// One stage as theory sees it: arrivals a second, seconds of work, workers.
type Stage = (f64, f64, u32);

struct Stages(Vec<Stage>);

impl Stages {
    fn of(scenario: &Backpressure, rate: f64) -> Result<Self, &'static str> {
        let mean = Distribution::new(scenario.service).map_err(|_| "No closed form for these times.")?.mean();
        let stages = scenario.workers.iter().enumerate();
        Ok(Stages(stages.map(|(at, workers)| (rate, mean * scenario.pace(at), *workers)).collect()))
    }
}

/// What a caller sees of an answer.
enum Behaviour {
    /// Nobody is turned away, who came first goes first, and no worker is idle while somebody waits.
    Open,
    /// So many may wait, and of one more somebody is lost.
    Bounded(u32),
}

fn behaviour(scenario: &Backpressure, variant: &Variant) -> Result<Behaviour, &'static str> {
    let parameters = &variant.parameters;
    let at_once = |field: &str| parameters.number(field) == 0.0;
    match variant.about.id {
        "nothing" | "block" | "watermarks" => Ok(Behaviour::Open),
        "credits" if at_once("delay") && parameters.whole("batch") == 1 => Ok(Behaviour::Open),
        "pull" if at_once("delay") => Ok(Behaviour::Open),
        "credits" | "pull" => {
            Err("No closed form while signs take time to reach the sender: workers may be idle meanwhile.")
        }
        "drop-tail" | "drop-head" | "fair" => Ok(Behaviour::Bounded(parameters.whole("bound") as u32)),
        "shed" if scenario.classes.len() == 1 => Ok(Behaviour::Bounded(parameters.whole("bound") as u32)),
        "shed" => Err("No closed form is shown for classes that may use parts of a buffer."),
        "scale-out" => Err("No closed form for a number of workers that follows the load."),
        _ => Err("No closed form for drops that depend on how long a queue has been standing."),
    }
}

/// M/M/c for each stage: by Burke's theorem ("The Output of a Queuing System", Operations Research 4,
/// 1956) what leaves one is Poisson again, so that the next knows nothing of it.
fn open(scenario: &Backpressure, stages: &Stages) -> Result<Expected, &'static str> {
    let mut all = Vec::new();
    for (rate, mean, workers) in &stages.0 {
        let load = rate * mean / f64::from(*workers);
        let steady = queueing::mmc(*rate, *mean, *workers);
        let steady =
            steady.ok_or("More comes than can be served: there is no steady state, the queue grows.")?;
        if libm::pow(load, f64::from(scenario.memory)) > 1e-9 {
            return Err(MEMORY);
        }
        all.push(steady);
    }
    let sum = |of: fn(&SteadyState) -> f64| all.iter().map(of).sum::<f64>();
    let rate = stages.0[0].0;
    let mut expected = vec![
        ("goodput", rate),
        ("mean_latency", sum(|steady| steady.mean_sojourn)),
        ("mean_in_system", sum(|steady| steady.mean_in_system)),
        ("lost_ratio", 0.0),
    ];
    let names: Vec<String> = stages.0.iter().map(|(.., workers)| format!("M/M/{workers}")).collect();
    if let [steady] = &all[..] {
        expected.push(("utilisation", steady.utilisation));
        if let Some(tails) = steady.tails {
            let quantiles = [
                ("latency_p50", tails.sojourn_quantile(0.5)),
                ("latency_p95", tails.sojourn_quantile(0.95)),
                ("latency_p99", tails.sojourn_quantile(0.99)),
            ];
            expected.extend(quantiles.into_iter().filter_map(|(name, value)| Some((name, value?))));
        }
    }
    Ok((names.join(" → "), expected))
}

/// M/M/c/K. Who is lost makes no difference to how many there are; but only with drop tail do those who
/// are served wait as those who are let in.
fn bounded(stage: &Stage, bound: u32, answer: &str) -> Result<Expected, &'static str> {
    let (rate, mean, workers) = *stage;
    let places = workers.saturating_add(bound);
    let steady = queueing::mmck(rate, mean, workers, places).ok_or("No closed form for these numbers.")?;
    let mut expected = vec![
        ("goodput", steady.throughput),
        ("lost_ratio", steady.lost_ratio),
        ("mean_in_system", steady.mean_in_system),
        ("utilisation", steady.utilisation),
    ];
    if matches!(answer, "drop-tail" | "shed") {
        expected.push(("mean_latency", steady.mean_sojourn));
    }
    Ok((format!("M/M/{workers}/{places}"), expected))
}
