//! What the charts and the table of the lab of the shared limit show.

use crate::lab::columns::{Column, bars, count, line, seconds, share, table};
use crate::lab::{Report, Scale, Summary, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "design", COLUMNS, ALWAYS) };

const VIEWS: &[View] = &[
    line("window", "Passed in the window", "in_window", Scale::Count, "fullest_window"),
    bars("fullest", "Fullest window", Scale::Count, "fullest_window"),
    line("over", "Over, a second", "over", Scale::Rate, "over"),
    line("early", "Refused too early", "refused_early", Scale::Rate, "refused_early"),
    line("admitted", "Passed", "admitted_rate", Scale::Rate, "admitted"),
    line("offered", "Offered", "offered_rate", Scale::Rate, "offered"),
    line("delay", "Delay, median", "delay_p50", Scale::Seconds, "delay_p50"),
    line("p95", "Delay, 95 %", "delay_p95", Scale::Seconds, "delay_p95"),
    line("messages", "Messages", "messages", Scale::Rate, "messages"),
    line("node", "Busiest node", "busiest_node", Scale::Rate, "busiest_node"),
    line("failed", "Store does not answer", "gave_up", Scale::Rate, "gave_up"),
    bars("unused", "Left unused", Scale::Count, "unused"),
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let Some(first) = report.variants.first() else { return String::new() };
    if report.variants.len() == 1 {
        return format!("{} {}.", first.name, told(first));
    }
    let said = report.variants.iter().map(|variant| format!("{} {}", variant.name, told(variant)));
    format!("{}.", said.collect::<Vec<_>>().join("; "))
}

fn told(variant: &VariantReport) -> String {
    let figure = |name: &str| variant.figure(name).unwrap_or(0.0);
    let over = match figure("over_limit") {
        0.0 => "never goes over the limit".to_owned(),
        over => format!("goes over the limit by {}", words::percent(over)),
    };
    let unused = match figure("unused") {
        0.0 => String::new(),
        unused => format!(", leaves {} unused", words::number(unused)),
    };
    let delay = match figure("mean_delay") {
        0.0 => "without delay".to_owned(),
        delay => format!("with a delay of {}", words::seconds(delay)),
    };
    format!("{over}{unused}, {delay} and {} messages a request", words::number(figure("messages")))
}

const COLUMNS: &[Column] = &[
    ("offered", "offered", count),
    ("passed", "admitted", count),
    ("refused", "refused", count),
    ("fullest window", "fullest_window", count),
    ("over the limit", "over_limit", share),
    ("fullest stretch", "fullest_any", count),
    ("over", "over", count),
    ("refused too early", "refused_early", count),
    ("left unused", "unused", count),
    ("mean delay", "mean_delay", seconds),
    ("messages a request", "messages", count),
    ("p50", "delay_p50", seconds),
    ("p95", "delay_p95", seconds),
    ("p99", "delay_p99", seconds),
    ("busiest node", "busiest_node", share),
    ("passed a window", "mean_admitted", count),
    ("over a window", "mean_over", count),
    ("without an answer", "failed", count),
    ("lost messages", "lost", count),
    ("late answers", "late", count),
    ("still there", "still_there", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 11;
