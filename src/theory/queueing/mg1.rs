//! M/G/1: one server, any distribution of service. Pollaczek and Khinchine.
//!
//! Of the distribution only mean s and variance v matter for the mean wait, λ(s² + v) / 2(1 - ρ):
//! half of it comes from the load and half from the variability if service is exponential, where
//! v = s² (Pollaczek, "Über eine Aufgabe der Wahrscheinlichkeitstheorie", Mathematische Zeitschrift
//! 32, 1930; Khinchine, 1932; Kleinrock, "Queueing Systems, Volume 1", 1975, section 5.6). Without
//! variance, M/D/1, the wait is half of that of M/M/1.
//!
//! The distribution of the wait depends on more than two numbers and is left out.

use super::{SteadyState, Traffic};

/// One server whose service has the mean `mean_service` in seconds and the variance
/// `service_variance` in seconds squared; `arrival_rate` is per second. `None` unless rate and mean
/// are finite and above 0, the variance is finite and not negative, and the load, rate times mean,
/// is below 1.
pub fn mg1(arrival_rate: f64, mean_service: f64, service_variance: f64) -> Option<SteadyState> {
    let traffic = Traffic::new(arrival_rate, mean_service)?;
    let one = traffic.stable_on(1)?;
    let mean_wait = residual_work(traffic, service_variance)? / (1.0 - traffic.offered);
    Some(SteadyState::lossless(traffic, one, traffic.offered, mean_wait))
}

/// One server that always takes `mean_service` seconds; otherwise as [`mg1`].
pub fn md1(arrival_rate: f64, mean_service: f64) -> Option<SteadyState> {
    mg1(arrival_rate, mean_service, 0.0)
}

/// The mean time in seconds until the service in progress is over, or 0 where there is none, as an
/// arrival finds it: λ E\[S²\] / 2.
pub(super) fn residual_work(traffic: Traffic, service_variance: f64) -> Option<f64> {
    let Traffic { arrival_rate, mean_service, offered } = traffic;
    let residual = (offered * mean_service + arrival_rate * service_variance) / 2.0;
    (service_variance >= 0.0 && residual.is_finite()).then_some(residual)
}
