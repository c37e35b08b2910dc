//! M/M/c+M: as M/M/c, but who waits longer than their patience gives up. Erlang A.
//!
//! Patience is exponential and counts while waiting only; who is being served stays (Palm,
//! "Research on Telephone Traffic Carried by Full Availability Groups", Tele 1, 1957; Garnett,
//! Mandelbaum and Reiman, "Designing a Call Center with Impatient Customers", Manufacturing &
//! Service Operations Management 4, 2002). There is a steady state at any load, because the longer
//! the queue, the more leave it.
//!
//! Palm's formula is an incomplete gamma function, from which the wait is found as a small
//! difference of large numbers when few give up. Here the states are added up one by one instead.
//! The distribution of the wait is left out.

use super::chain::Chain;
use super::{SteadyState, Traffic, positive};

/// `servers` servers, and who waits gives up after `mean_patience` seconds on average.
/// `arrival_rate` is per second, `mean_service` in seconds. `lost_ratio` is the share that gives
/// up, and the wait is that of all who arrive, until they are served or give up. `None` unless the
/// numbers are finite and above 0 and there is a server. Takes time in proportion to `servers` and
/// to the square root of how many arrive within the mean patience.
pub fn erlang_a(
    arrival_rate: f64,
    mean_service: f64,
    servers: u32,
    mean_patience: f64,
) -> Option<SteadyState> {
    let traffic = Traffic::new(arrival_rate, mean_service)?;
    let within_patience = positive(arrival_rate * positive(mean_patience)?)?;
    let servers = positive(f64::from(servers))?;
    let fall = |inside: f64| {
        let serving = inside.min(servers);
        serving / traffic.offered + (inside - serving) / within_patience
    };
    let mut chain = Chain::new(servers, lowest(traffic.offered, servers, within_patience));
    while !is_complete(&chain, servers, fall(chain.highest() + 1.0)) {
        chain.raise(fall(chain.highest() + 1.0));
    }
    let mean_wait = chain.waiting / arrival_rate;
    Some(SteadyState {
        throughput: chain.serving / mean_service,
        utilisation: chain.serving / servers,
        wait_probability: chain.all_busy,
        mean_wait,
        mean_sojourn: mean_wait + chain.serving / arrival_rate,
        mean_queue_length: chain.waiting,
        mean_in_system: chain.waiting + chain.serving,
        lost_ratio: chain.waiting / within_patience,
        tails: None,
    })
}

/// A number inside below which the system is with a probability under e⁻⁷⁰, so that a long queue
/// need not be built up from nothing. Around the number where as many leave as arrive, it varies
/// like a normal variable whose variance is the number that arrive within the mean patience.
fn lowest(offered: f64, servers: f64, within_patience: f64) -> f64 {
    let balance = servers + (1.0 - servers / offered) * within_patience;
    let lowest = (balance - 12.0 * within_patience.sqrt()).floor();
    if lowest > servers { lowest } else { 0.0 }
}

/// Whether the states above the highest add nothing to the number that waits. Each is at least
/// `fall` times less likely than the one below.
fn is_complete(chain: &Chain, servers: f64, fall: f64) -> bool {
    if chain.highest() < servers || fall <= 1.0 {
        return false;
    }
    let states = 1.0 / (1.0 - 1.0 / fall);
    let rest = chain.at_top() * states * (chain.highest() - servers + states);
    rest <= 1e-17 * chain.waiting
}
