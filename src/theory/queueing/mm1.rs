//! M/M/1: one server, exponential service.
//!
//! With ρ = λs the share of time that the server is busy, an arrival finds n inside with
//! probability (1 - ρ)ρⁿ, so that ρ / (1 - ρ) are inside on average (Kleinrock, "Queueing Systems,
//! Volume 1", 1975, section 3.2). The sojourn is exponential, like the service, only longer.

use super::{SteadyState, Tails, Traffic};

/// One server. `arrival_rate` is per second, `mean_service` in seconds; `None` unless both are
/// finite and above 0 and their product, the load, is below 1.
pub fn mm1(arrival_rate: f64, mean_service: f64) -> Option<SteadyState> {
    let traffic = Traffic::new(arrival_rate, mean_service)?;
    let one = traffic.stable_on(1)?;
    let load = traffic.offered;
    let mean_wait = load / (1.0 - load) * mean_service;
    let tails = Tails { delayed: load, drain: (1.0 - load) / mean_service, mean_service };
    Some(SteadyState { tails: Some(tails), ..SteadyState::lossless(traffic, one, load, mean_wait) })
}
