//! What the charts and the table of the lab show.

use crate::lab::columns::{Column, bars, count, line, seconds};
use crate::lab::{Report, Scale, Summary, Table, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary = Summary { views: VIEWS, takeaway, table };

const VIEWS: &[View] = &[
    line("queue", "Waiting in all", "queue_length", Scale::Count, "mean_queue_length"),
    line("lag", "Lag of the slowest", "slowest_lag", Scale::Count, "longest_lag"),
    line("fastest", "Latency of the fastest", "fastest_latency", Scale::Seconds, "fastest_latency"),
    line("p95", "Latency, p95", "latency_p95", Scale::Seconds, "latency_p95"),
    line("publisher", "Publisher held up", "publisher_wait", Scale::Seconds, "publisher_wait"),
    line("gone", "Missed, lost, refused", "gone", Scale::Count, "missed"),
    line("out", "Done", "out_rate", Scale::Rate, "throughput"),
    bars("mean", "Mean latency", Scale::Seconds, "mean_latency"),
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let said = report.variants.iter().map(|variant| {
        let figure = |name: &str| variant.figure(name).unwrap_or(0.0);
        let gone = figure("missed") + figure("dropped") + figure("refused");
        let fast = seconds(variant.figure("fastest_latency"));
        let mut said = format!("{}: the fastest gets its copies in {fast}", variant.name);
        if figure("publisher_wait") > 0.0 {
            said += &format!(", the publisher is held up for {}", seconds(variant.figure("publisher_wait")));
        }
        if gone > 0.0 {
            said += &format!(", {} never arrive", words::counted(gone.round() as u64, "copy", "copies"));
        }
        said
    });
    let said = said.collect::<Vec<_>>().join("; ");
    if said.is_empty() { said } else { format!("{said}.") }
}

const COLUMNS: &[Column] = &[
    ("published", "published", count),
    ("copies done", "done", count),
    ("mean latency", "mean_latency", seconds),
    ("p95", "latency_p95", seconds),
    ("fastest", "fastest_latency", seconds),
    ("slowest", "slowest_latency", seconds),
    ("longest lag", "longest_lag", count),
    ("publisher held up", "publisher_wait", seconds),
    ("missed", "missed", count),
    ("lost", "dropped", count),
    ("refused", "refused", count),
    ("still there", "still_there", count),
    ("done a second", "throughput", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 7;

/// Figures over all subscribers, then the mean latency of each.
fn table(report: &Report) -> Table {
    let matters = |name: &str| {
        report.variants.iter().any(|variant| variant.figure(name).is_some_and(|value| value != 0.0))
    };
    let shown: Vec<&Column> = COLUMNS
        .iter()
        .enumerate()
        .filter(|(at, (_, figure, _))| *at < ALWAYS || matters(figure))
        .map(|(_, column)| column)
        .collect();
    let names = subscribers(report);
    let rows = report.variants.iter().map(|variant| {
        let cells = shown.iter().map(|(_, figure, write)| write(variant.figure(figure)));
        let each = names.iter().map(|name| seconds(variant.figure(&format!("{EACH}{name}"))));
        (variant.name.clone(), cells.chain(each).collect())
    });
    let head = ["design"].into_iter().chain(shown.iter().map(|(head, ..)| *head)).map(str::to_owned);
    Table { head: head.chain(names.iter().cloned()).collect(), rows: rows.collect() }
}

const EACH: &str = "mean_latency_";

/// The names of the subscribers that have a latency anywhere.
fn subscribers(report: &Report) -> Vec<String> {
    let of = |variant: &VariantReport| {
        let names = variant.figures.0.iter().filter_map(|(name, _)| name.strip_prefix(EACH));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut names: Vec<String> = Vec::new();
    for name in report.variants.iter().flat_map(of) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
