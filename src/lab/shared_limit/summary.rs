//! What the charts and the table of the lab of the shared limit show.

use crate::lab::queueing::summary::{count, seconds, share};
use crate::lab::{Plot, Report, Scale, Summary, Table, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary = Summary { views: VIEWS, takeaway, table };

const fn line(
    id: &'static str,
    name: &'static str,
    series: &'static str,
    scale: Scale,
    figure: &'static str,
) -> View {
    View { id, name, plot: Plot::Lines(series), scale, figure, exact: None }
}

const fn bars(id: &'static str, name: &'static str, scale: Scale, figure: &'static str) -> View {
    View { id, name, plot: Plot::Bars, scale, figure, exact: None }
}

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

/// A column: its head, its figure, and how it is written.
type Column = (&'static str, &'static str, fn(Option<f64>) -> String);

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

fn table(report: &Report) -> Table {
    let matters = |name: &str| {
        report.variants.iter().any(|variant| variant.figure(name).is_some_and(|value| value != 0.0))
    };
    let numbered = COLUMNS.iter().enumerate();
    let shown = numbered.filter(|(at, (_, figure, _))| *at < ALWAYS || matters(figure));
    let shown: Vec<&Column> = shown.map(|(_, column)| column).collect();
    let rows = report.variants.iter().map(|variant| {
        let cells = shown.iter().map(|(_, figure, write)| write(variant.figure(figure)));
        (variant.name.clone(), cells.collect())
    });
    let head = ["design"].into_iter().chain(shown.iter().map(|(head, ..)| *head));
    Table { head: head.map(str::to_owned).collect(), rows: rows.collect() }
}
