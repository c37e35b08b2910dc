//! Priorities without pre-emption: who is next is the first of the highest class that waits, and
//! who is being served stays.
//!
//! Let R be the mean time until a server is free, given as an arrival finds it, and σₖ the load of
//! class k and those above it, in servers' shares. Then class k waits R / (1 - σₖ₋₁)(1 - σₖ)
//! (Cobham, "Priority Assignment in Waiting Line Problems", Operations Research 2, 1954, with the
//! correction in volume 3, 1955). What the favoured gain the others pay: weighted with their loads,
//! the waits add up to what they are without priorities (Kleinrock, "A Conservation Law for a Wide
//! Class of Queueing Disciplines", Naval Research Logistics Quarterly 12, 1965).
//!
//! Several servers need one service time for all classes. Pre-emption, and classes that are served
//! although those below them have no steady state, are left out.

use super::mg1::residual_work;
use super::mmc::erlang_c;
use super::{Traffic, positive};

/// Those who have the same priority before one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Arrivals a second, above 0.
    pub arrival_rate: f64,
    /// Seconds, above 0.
    pub mean_service: f64,
    /// Seconds squared, not negative.
    pub service_variance: f64,
}

/// How long each class waits, on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Waits {
    /// Mean wait in seconds by class, the highest priority first.
    pub by_class: Vec<f64>,
    /// Mean wait in seconds of all who arrive.
    pub overall: f64,
}

/// M/G/1 with priorities, the highest first. `None` unless there is a class, their numbers are
/// finite and in range, and their loads, rate times mean, add up to less than 1.
pub fn mg1(classes: &[Class]) -> Option<Waits> {
    let mut residual = 0.0;
    let mut flows = Vec::with_capacity(classes.len());
    for class in classes {
        let traffic = Traffic::new(class.arrival_rate, class.mean_service)?;
        residual += residual_work(traffic, class.service_variance)?;
        flows.push(Flow { rate: class.arrival_rate, load: traffic.offered });
    }
    waits(residual, &flows)
}

/// M/M/c with priorities, the highest first. `arrival_rates` are per second, by class;
/// `mean_service`, in seconds, is the same for all. `None` unless there are a class and a server,
/// the numbers are finite and above 0, and all rates together times mean, the load, are below
/// `servers`. Takes time in proportion to `servers`.
pub fn mmc(arrival_rates: &[f64], mean_service: f64, servers: u32) -> Option<Waits> {
    let traffic = Traffic::new(arrival_rates.iter().sum(), mean_service)?;
    let count = traffic.stable_on(servers)?;
    let residual = erlang_c(traffic.offered, servers) * mean_service / count;
    let flow = |rate: &f64| Some(Flow { rate: positive(*rate)?, load: rate * mean_service / count });
    waits(residual, &arrival_rates.iter().map(flow).collect::<Option<Vec<_>>>()?)
}

/// What a class brings.
struct Flow {
    /// Arrivals a second.
    rate: f64,
    /// The share of the servers that it keeps busy.
    load: f64,
}

/// Cobham's formula. `residual` is the mean time in seconds until a server is free, as an arrival
/// finds it, before anybody else is let in.
fn waits(residual: f64, flows: &[Flow]) -> Option<Waits> {
    let all: f64 = flows.iter().map(|flow| flow.rate).sum();
    let (mut ahead, mut overall) = (0.0, 0.0);
    let mut by_class = Vec::with_capacity(flows.len());
    for flow in flows {
        let with_class = ahead + flow.load;
        let wait = residual / ((1.0 - ahead) * (1.0 - with_class));
        by_class.push(wait);
        overall += wait * (flow.rate / all);
        ahead = with_class;
    }
    (ahead < 1.0 && !flows.is_empty()).then_some(Waits { by_class, overall })
}
