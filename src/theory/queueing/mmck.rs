//! M/M/c/K: c servers and K places in all, those of the servers included; who finds them taken is
//! refused. With a place for each server and none to wait, Erlang B.
//!
//! Erlang's first formula is from "Solution of Some Problems in the Theory of Probabilities of
//! Significance in Automatic Telephone Exchanges", 1917; the finite queue is in Gross et al.,
//! "Fundamentals of Queueing Theory", section 2.5. Both exist at any load. Erlang B holds for any
//! distribution of service with the same mean, M/M/c/K for the exponential alone.
//!
//! Who is admitted sees the system as it would be with one place less, because those who come when
//! it is full do not count.

use super::chain::Chain;
use super::{SteadyState, Traffic};

/// `servers` servers and `places` places, at least one for each server. `arrival_rate` is per
/// second, `mean_service` in seconds. Wait and sojourn are means over those who are admitted.
/// `None` unless both numbers are finite and above 0, there is a server, and `places` is not below
/// `servers`. Takes time in proportion to `places`.
pub fn mmck(arrival_rate: f64, mean_service: f64, servers: u32, places: u32) -> Option<SteadyState> {
    let traffic = Traffic::new(arrival_rate, mean_service)?;
    if servers == 0 || places < servers {
        return None;
    }
    let count = f64::from(servers);
    let mut chain = Chain::new(count, 0.0);
    let mut wait_probability = 0.0;
    for inside in 1..=places {
        wait_probability = chain.all_busy;
        chain.raise(f64::from(inside.min(servers)) / traffic.offered);
    }
    let throughput = chain.serving / mean_service;
    let mean_wait = chain.waiting / throughput;
    Some(SteadyState {
        throughput,
        utilisation: chain.serving / count,
        wait_probability,
        mean_wait,
        mean_sojourn: mean_wait + mean_service,
        mean_queue_length: chain.waiting,
        mean_in_system: chain.waiting + chain.serving,
        lost_ratio: chain.at_top(),
        tails: None,
    })
}

/// `servers` servers and no place to wait: `lost_ratio` is Erlang B. Otherwise as [`mmck`].
pub fn erlang_b(arrival_rate: f64, mean_service: f64, servers: u32) -> Option<SteadyState> {
    mmck(arrival_rate, mean_service, servers, servers)
}
