//! What the charts and the table of the labs of backpressure show.

use crate::lab::columns::{Column, bars, count, line, rate, seconds, share, table};
use crate::lab::{Report, Scale, Summary, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "answer", COLUMNS, ALWAYS) };

const VIEWS: &[View] = &[
    line("goodput", "Goodput", "goodput", Scale::Rate, "goodput"),
    line("backlog", "Backlog", "backlog", Scale::Count, "mean_in_system"),
    line("p50", "Latency, median", "latency_p50", Scale::Seconds, "latency_p50"),
    line("p95", "Latency, p95", "latency_p95", Scale::Seconds, "latency_p95"),
    line("offered", "Offered", "offered", Scale::Rate, "offered"),
    line("throughput", "Throughput", "throughput", Scale::Rate, "throughput"),
    line("loss", "Losses", "loss_rate", Scale::Rate, "lost_ratio"),
    line("memory", "Memory in bytes", "memory", Scale::Count, "most_memory"),
    line("blocked", "Blocked senders", "blocked", Scale::Count, "mean_blocked"),
    line("workers", "Workers", "workers", Scale::Count, "mean_workers"),
    line("open", "Open requests", "open", Scale::Count, "still_open"),
    bars("answered", "Answered", Scale::Share, "goodput_ratio"),
    bars("recovery", "Recovery", Scale::Seconds, "recovery_time"),
    bars("cost", "Cost in worker-seconds", Scale::Count, "cost"),
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    if let [only] = &report.variants[..] {
        return format!("{}.", words::capitalised(&told(only)));
    }
    let said = report.variants.iter().map(|variant| format!("{}: {}", variant.name, told(variant)));
    format!("{}.", said.collect::<Vec<_>>().join("; "))
}

fn told(variant: &VariantReport) -> String {
    let figure = |name: &str| variant.figure(name).unwrap_or(0.0);
    let answered = words::percent(figure("goodput_ratio"));
    let tail = seconds(variant.figure("latency_p95"));
    let held = words::count(figure("most_held") as u64);
    let recovery = match (variant.figure("recovery_time"), variant.figure("recovered")) {
        (Some(time), Some(1.0)) => format!(", recovered {} after the overload", words::seconds(time)),
        (Some(_), Some(share)) if share > 0.0 => ", did not always recover".to_owned(),
        (Some(_), Some(_)) => ", never recovered".to_owned(),
        _ => String::new(),
    };
    let kills = match figure("kills") {
        0.0 => String::new(),
        kills => format!(", {} down", times(kills)),
    };
    format!("{answered} answered, 95 in 100 of these within {tail}, at most {held} held{kills}{recovery}")
}

fn times(number: f64) -> String {
    match words::number(number).as_str() {
        "1" => "once".to_owned(),
        "2" => "twice".to_owned(),
        number => format!("{number} times"),
    }
}

const COLUMNS: &[Column] = &[
    ("answered", "goodput_ratio", share),
    ("goodput", "goodput", rate),
    ("throughput", "throughput", rate),
    ("mean latency", "mean_latency", seconds),
    ("p50", "latency_p50", seconds),
    ("p95", "latency_p95", seconds),
    ("p99", "latency_p99", seconds),
    ("most held", "most_held", count),
    ("most memory", "most_memory", bytes),
    ("cost in worker-seconds", "cost", count),
    ("recovery", "recovery_time", seconds),
    ("refused", "refused", count),
    ("dropped", "dropped", count),
    ("shed", "shed", count),
    ("thrown away", "expired", count),
    ("lost", "lost", count),
    ("left the door", "left", count),
    ("done in vain", "in_vain", count),
    ("work wasted", "wasted_ratio", share),
    ("given up", "given_up", count),
    ("retries", "retries", count),
    ("tries a request", "amplification", count),
    ("timed out", "timed_out", count),
    ("blocked a try", "blocked_time", seconds),
    ("times down", "kills", count),
    ("first class answered", "first_class", share),
    ("last class answered", "last_class", share),
    ("fairness", "fairness", count),
    ("smallest tenant answered", "smallest_tenant", share),
    ("still open", "still_open", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 10;

/// Bytes in the unit that suits them.
fn bytes(value: Option<f64>) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let Some(mut value) = value else { return "—".to_owned() };
    let mut unit = 0;
    while value >= 1_000.0 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{} {}", words::number(value), UNITS[unit])
}
