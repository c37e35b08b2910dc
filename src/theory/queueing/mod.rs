//! Queues in their steady state: what waits, for how long, and how busy the servers are.
//!
//! In all of these arrivals are Poisson, which Kendall writes as the first M; the second letter is
//! the service time (M exponential, D constant, G any), then come the servers, then the places.
//! The next to be served is the one who came first, unless the model has priorities. Means and
//! shares are those of the long run; they say nothing about how long it takes to get there.
//!
//! | model | function | what it adds |
//! |---|---|---|
//! | M/M/1 | [`mm1`] | one server |
//! | M/M/c, Erlang C | [`mmc`] | many servers, one queue |
//! | M/M/c/K | [`mmck`] | a queue that can be full |
//! | M/M/c/c, Erlang B | [`erlang_b`] | no queue |
//! | M/M/c+M, Erlang A | [`erlang_a`] | impatience |
//! | M/D/1, M/G/1 | [`md1`], [`mg1`] | other service times |
//! | priorities | [`priorities`] | some go first |
//!
//! A common source is Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory",
//! 4th edition, 2008; each file names where its own formula is from. Left out are networks of
//! queues, arrivals that are not Poisson, and several servers with other than exponential service:
//! for most of these there is no closed form.

mod chain;
mod erlang_a;
mod mg1;
mod mm1;
mod mmc;
mod mmck;
pub mod priorities;
mod tails;

pub use erlang_a::erlang_a;
pub use mg1::{md1, mg1};
pub use mm1::mm1;
pub use mmc::mmc;
pub use mmck::{erlang_b, mmck};
pub use tails::Tails;

/// A queue in the long run.
///
/// Those who arrive are admitted or refused; those who are admitted are served or, if the model
/// has impatience, give up while they wait. Only [`mmck`] and [`erlang_b`] refuse, and only in
/// [`erlang_a`] does anyone give up; in the others all who arrive are served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SteadyState {
    /// How many are served in a second.
    pub throughput: f64,
    /// The share of the servers that is busy, from 0 to 1.
    pub utilisation: f64,
    /// The share of those admitted who find all servers busy, from 0 to 1.
    pub wait_probability: f64,
    /// Seconds between admission and the start of service, or giving up: the mean over all who
    /// are admitted, those who need not wait included.
    pub mean_wait: f64,
    /// Seconds between admission and leaving: the mean over all who are admitted.
    pub mean_sojourn: f64,
    /// How many wait, on average over time; those in service do not count.
    pub mean_queue_length: f64,
    /// How many wait or are in service, on average over time.
    pub mean_in_system: f64,
    /// The share of those arriving who are not served, refused or gave up, from 0 to 1.
    pub lost_ratio: f64,
    /// How wait and sojourn are distributed; `None` where this program has no closed form.
    pub tails: Option<Tails>,
}

impl SteadyState {
    /// A queue in which all who arrive are served. Little's law, L = λW, gives the numbers from
    /// the times, whatever the distributions (Little, "A Proof for the Queuing Formula: L = λW",
    /// Operations Research 9, 1961).
    fn lossless(traffic: Traffic, servers: f64, wait_probability: f64, mean_wait: f64) -> Self {
        let Traffic { arrival_rate, mean_service, offered } = traffic;
        let mean_queue_length = arrival_rate * mean_wait;
        SteadyState {
            throughput: arrival_rate,
            utilisation: offered / servers,
            wait_probability,
            mean_wait,
            mean_sojourn: mean_wait + mean_service,
            mean_queue_length,
            mean_in_system: mean_queue_length + offered,
            lost_ratio: 0.0,
            tails: None,
        }
    }
}

/// How much there is to do.
#[derive(Clone, Copy)]
struct Traffic {
    /// Arrivals a second.
    arrival_rate: f64,
    /// Seconds.
    mean_service: f64,
    /// The offered load in erlangs: how many servers it would keep busy if none were refused.
    offered: f64,
}

impl Traffic {
    /// `None` unless both are finite and above 0, and so is their product.
    fn new(arrival_rate: f64, mean_service: f64) -> Option<Self> {
        let offered = positive(positive(arrival_rate)? * positive(mean_service)?)?;
        Some(Traffic { arrival_rate, mean_service, offered })
    }

    /// The number of servers, if there is one and the load does not outgrow them.
    fn stable_on(self, servers: u32) -> Option<f64> {
        let servers = f64::from(servers);
        (self.offered < servers).then_some(servers)
    }
}

/// The value if it can be divided by: finite, above 0, and not so near to 0 that digits are lost.
fn positive(value: f64) -> Option<f64> {
    (value > 0.0 && value.is_normal()).then_some(value)
}
