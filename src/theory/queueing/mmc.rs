//! M/M/c: one queue before c servers, exponential service. Erlang C.
//!
//! The share of arrivals that find all servers busy is Erlang's second formula ("Solution of Some
//! Problems in the Theory of Probabilities of Significance in Automatic Telephone Exchanges",
//! 1917). It follows from his first, the blocking B of a system without a queue, as
//! B / (1 - ρ(1 - B)) with ρ the load of a server; B comes from a recurrence that neither overflows
//! nor cancels, where the powers and factorials of the textbooks do from 150 servers on. Those who
//! wait do so for an exponential time, for while all are busy the queue drains at the rate
//! c / s - λ.

use super::chain::Chain;
use super::{SteadyState, Tails, Traffic};

/// `servers` servers. `arrival_rate` is per second, `mean_service` in seconds; `None` unless both
/// are finite and above 0 and their product, the load, is below `servers`. Takes time in
/// proportion to `servers`.
pub fn mmc(arrival_rate: f64, mean_service: f64, servers: u32) -> Option<SteadyState> {
    let traffic = Traffic::new(arrival_rate, mean_service)?;
    let count = traffic.stable_on(servers)?;
    let drain = (count - traffic.offered) / mean_service;
    let delayed = erlang_c(traffic.offered, servers);
    let tails = Tails { delayed, drain, mean_service };
    let state = SteadyState::lossless(traffic, count, delayed, delayed / drain);
    Some(SteadyState { tails: Some(tails), ..state })
}

/// The share of arrivals that wait. `offered` is in erlangs and below `servers`.
pub(super) fn erlang_c(offered: f64, servers: u32) -> f64 {
    let blocking = Chain::of_servers(offered, servers).at_top();
    let spare = 1.0 - offered / f64::from(servers);
    blocking / (blocking + spare * (1.0 - blocking))
}
