//! Which closed form covers a variant's settings, and what it expects; or why none does.

use super::Queueing;
use crate::kernel::{Distribution, Pattern, Shape};
use crate::lab::variant::Variant;
use crate::lab::{Figures, Theory};
use crate::theory::queueing::{self, SteadyState, priorities};

/// The closed form for `variant` of `scenario`.
pub(super) fn of(scenario: &Queueing, variant: &Variant) -> Theory {
    match Model::of(scenario, variant) {
        Ok(model) => model.expected().map_or_else(
            || none("The load is 1 or above: the queue has no steady state, it grows until something stops it."),
            |expected| Theory::Model { name: model.name(), expected },
        ),
        Err(why) => none(why),
    }
}

fn none(why: &str) -> Theory {
    Theory::None { why: why.to_owned() }
}

/// A queue that theory knows.
struct Model {
    arrival_rate: f64,
    service: Shape,
    /// The mean of the service times at the speed of these workers.
    mean: f64,
    speed: f64,
    workers: u32,
    kind: Kind,
}

enum Kind {
    /// One line before all workers, without a bound.
    Open,
    /// As many lines as workers, chosen by chance.
    OwnLines,
    /// So many may wait, the others are lost.
    Bounded(u32),
    /// Those who wait give up after an exponential time with this mean.
    Impatient(f64),
    /// This share is urgent and goes first.
    Urgent(f64),
}

impl Model {
    /// The model that covers these settings, or why there is none.
    fn of(scenario: &Queueing, variant: &Variant) -> Result<Model, &'static str> {
        let Pattern::Poisson { rate } = scenario.arrivals else {
            return Err("No closed form for these arrivals: they are not Poisson.");
        };
        if scenario.fail + scenario.crash > 0.0
            || !(scenario.poison.is_empty() && scenario.crashes.is_empty() && scenario.slow.is_empty())
        {
            return Err("No closed form for these settings: something goes wrong in them.");
        }
        let kind = Kind::of(scenario, variant)?;
        let speed = variant.parameters.number("speed");
        let workers = variant.parameters.whole("workers") as u32;
        let mean = Distribution::new(scenario.service).map_err(|_| "")?.mean() / speed;
        if mean == 0.0 {
            return Err("No closed form is needed: the work takes no time.");
        }
        let model = Model { arrival_rate: rate, service: scenario.service, mean, speed, workers, kind };
        model.check_service()
    }

    /// With one worker any service times will do; with several they must be exponential.
    fn check_service(self) -> Result<Model, &'static str> {
        let exponential = matches!(self.service, Shape::Exponential { .. });
        let single = self.workers == 1 && matches!(self.kind, Kind::Open | Kind::Urgent(_));
        let lines = matches!(self.kind, Kind::OwnLines);
        if exponential || single || lines {
            return match self.variance() {
                None => Err("No closed form for these service times: their variance is infinite."),
                Some(_) => Ok(self),
            };
        }
        Err("No closed form for these service times with several workers, a bound or lost patience.")
    }

    fn variance(&self) -> Option<f64> {
        let variance = Distribution::new(self.service).ok()?.variance()?;
        Some(variance / (self.speed * self.speed))
    }

    fn is_constant(&self) -> bool {
        matches!(self.service, Shape::Constant { .. })
    }

    /// As Kendall wrote it.
    fn name(&self) -> String {
        let service = match self.service {
            Shape::Exponential { .. } => "M",
            Shape::Constant { .. } => "D",
            _ => "G",
        };
        let c = self.workers;
        match self.kind {
            Kind::Open => format!("M/{service}/{c}"),
            Kind::OwnLines => format!("{c} × M/{service}/1"),
            Kind::Bounded(0) => format!("M/M/{c}/{c} (Erlang B)"),
            Kind::Bounded(waiting) => format!("M/M/{c}/{}", u64::from(c) + u64::from(waiting)),
            Kind::Impatient(_) => format!("M/M/{c}+M (Erlang A)"),
            Kind::Urgent(_) => format!("M/{service}/{c} with two priorities"),
        }
    }

    fn expected(&self) -> Option<Figures> {
        let (rate, mean, c) = (self.arrival_rate, self.mean, self.workers);
        match self.kind {
            Kind::Open if self.is_constant() && c == 1 => Some(figures(&queueing::md1(rate, mean)?)),
            Kind::Open if !matches!(self.service, Shape::Exponential { .. }) => {
                Some(figures(&queueing::mg1(rate, mean, self.variance()?)?))
            }
            Kind::Open => Some(figures(&queueing::mmc(rate, mean, c)?)),
            Kind::OwnLines => self.own_lines(),
            Kind::Bounded(waiting) => {
                Some(figures(&queueing::mmck(rate, mean, c, c.saturating_add(waiting))?))
            }
            Kind::Impatient(patience) => {
                let all = queueing::erlang_a(rate, mean, c, patience)?;
                let mut expected = Figures::default();
                expected.0.push(("mean_queue_length".to_owned(), all.mean_queue_length));
                expected.0.push(("utilisation".to_owned(), all.utilisation));
                expected.0.push(("lost_ratio".to_owned(), all.lost_ratio));
                Some(expected)
            }
            Kind::Urgent(share) => self.urgent(share),
        }
    }

    /// A Poisson stream split by chance is as many Poisson streams.
    fn own_lines(&self) -> Option<Figures> {
        let lines = f64::from(self.workers);
        let one = queueing::mg1(self.arrival_rate / lines, self.mean, self.variance()?)?;
        let mut all = figures(&one);
        for (name, value) in &mut all.0 {
            if ["mean_queue_length", "mean_in_system", "throughput"].contains(&name.as_str()) {
                *value *= lines;
            }
        }
        Some(all)
    }

    fn urgent(&self, share: f64) -> Option<Figures> {
        let (urgent, usual) = (self.arrival_rate * share, self.arrival_rate * (1.0 - share));
        let class = |arrival_rate| {
            let (mean_service, variance) = (self.mean, self.variance()?);
            Some(priorities::Class { arrival_rate, mean_service, service_variance: variance })
        };
        let waits = match self.workers {
            1 => priorities::mg1(&[class(urgent)?, class(usual)?])?,
            workers => priorities::mmc(&[urgent, usual], self.mean, workers)?,
        };
        let mut expected = Figures::default();
        expected.0.push(("mean_wait".to_owned(), waits.overall));
        expected.0.push(("mean_sojourn".to_owned(), waits.overall + self.mean));
        Some(expected)
    }
}

impl Kind {
    fn of(scenario: &Queueing, variant: &Variant) -> Result<Kind, &'static str> {
        match variant.about.id {
            "plain" => Kind::of_plain(scenario, variant),
            "direct" if variant.parameters.limit("lines").is_none() && scenario.patience.is_none() => {
                Ok(Kind::Open)
            }
            "direct" => Err("No closed form is shown for callers who hear the busy signal or hang up."),
            _ => Err(
                "No closed form for this system's rules; with enough time on each lease it behaves as a plain queue.",
            ),
        }
    }

    fn of_plain(scenario: &Queueing, variant: &Variant) -> Result<Kind, &'static str> {
        let parameters = &variant.parameters;
        let special = [
            parameters.choice("order") == "newest",
            parameters.choice("lines") == "own",
            parameters.limit("bound").is_some(),
            scenario.patience.is_some(),
            scenario.urgent > 0.0 && scenario.urgent < 1.0,
        ];
        match special {
            [false, false, false, false, false] => Ok(Kind::Open),
            [false, true, false, false, false] => Ok(Kind::OwnLines),
            [false, false, true, false, false] if parameters.choice("overflow") == "refuse" => {
                Ok(Kind::Bounded(parameters.limit("bound").unwrap_or(0) as u32))
            }
            [false, false, false, true, false] => match scenario.patience {
                Some(Shape::Exponential { mean }) => Ok(Kind::Impatient(mean)),
                _ => Err("No closed form for this patience: it is not exponential."),
            },
            [false, false, false, false, true] => Ok(Kind::Urgent(scenario.urgent)),
            _ => Err("No closed form for this combination of rules."),
        }
    }
}

fn figures(steady: &SteadyState) -> Figures {
    let mut all: Vec<(&str, f64)> = vec![
        ("mean_wait", steady.mean_wait),
        ("mean_sojourn", steady.mean_sojourn),
        ("mean_queue_length", steady.mean_queue_length),
        ("mean_in_system", steady.mean_in_system),
        ("utilisation", steady.utilisation),
        ("throughput", steady.throughput),
        ("lost_ratio", steady.lost_ratio),
    ];
    if let Some(tails) = steady.tails {
        let quantiles = [
            ("wait_p50", tails.wait_quantile(0.5)),
            ("wait_p95", tails.wait_quantile(0.95)),
            ("wait_p99", tails.wait_quantile(0.99)),
            ("sojourn_p50", tails.sojourn_quantile(0.5)),
            ("sojourn_p95", tails.sojourn_quantile(0.95)),
            ("sojourn_p99", tails.sojourn_quantile(0.99)),
        ];
        all.extend(quantiles.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    Figures(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
