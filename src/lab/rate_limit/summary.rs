//! What the charts and the tables of the labs of rate limits show.

use super::figures::MOST_OF_KEY;
use crate::lab::columns::{bars, count, line, seconds, share};
use crate::lab::{Report, Scale, Summary, Table, Theory, VariantReport, View, words};

/// The charts, the table and what to take away of the lab of rate limits.
pub const SUMMARY: Summary = Summary { views: VIEWS, takeaway, table };
/// The same of the lab of the worst case.
pub const WORST: Summary = Summary { views: WORST_VIEWS, takeaway: worst_takeaway, table };

const IN_WINDOW: View = line("burst", "In the last window", "in_window", Scale::Count, "most_in_window");
const MOST: View = bars("most", "Most in a window", Scale::Count, MOST_OF_KEY);

const VIEWS: &[View] = &[
    line("admitted", "Admitted", "admitted_rate", Scale::Rate, "admitted"),
    line("refused", "Refused", "refused_rate", Scale::Rate, "refused"),
    line("tries", "Tries", "tries_rate", Scale::Rate, "tries"),
    IN_WINDOW,
    line("delay", "Delay added", "mean_delay", Scale::Seconds, "mean_delay"),
    line("remaining", "Remaining", "remaining", Scale::Count, "refused"),
    line("limit", "Limit", "limit", Scale::Count, "adaptations"),
    line("under-way", "Under way", "under_way", Scale::Count, "done"),
    MOST,
    bars("fairness", "Fairness", Scale::Share, "fairness"),
    bars("wrong", "Wrongly refused", Scale::Count, "wrongly_refused"),
];

const WORST_VIEWS: &[View] = &[
    MOST,
    IN_WINDOW,
    line("admitted", "Admitted", "admitted_rate", Scale::Rate, "admitted"),
    line("remaining", "Remaining", "remaining", Scale::Count, "refused"),
    line("delay", "Delay added", "mean_delay", Scale::Seconds, "mean_delay"),
];

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or(0.0)
}

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let told = |variant: &VariantReport| {
        let tries = words::number(figure(variant, "tries"));
        let admitted = words::number(figure(variant, "admitted"));
        let most = words::number(figure(variant, MOST_OF_KEY));
        let delay = match figure(variant, "mean_delay") {
            0.0 => String::new(),
            delay => format!(", {} later on average", words::seconds(delay)),
        };
        format!("{admitted} of {tries} tries{delay}, at most {most} in a window")
    };
    let said = report.variants.iter().map(|variant| match report.variants.len() {
        1 => format!("It admits {}", told(variant)),
        _ => format!("{}: {}", variant.name, told(variant)),
    });
    format!("{}.", said.collect::<Vec<_>>().join("; "))
}

/// What the worst case shows, in a sentence.
fn worst_takeaway(report: &Report) -> String {
    let told = |variant: &VariantReport| {
        let most = words::number(figure(variant, MOST_OF_KEY));
        match proven(variant) {
            Some(bound) if bound == figure(variant, MOST_OF_KEY) => {
                format!("{}: {most} get through, as many as is proven", variant.name)
            }
            Some(bound) => {
                format!(
                    "{}: {most} get through, and more than {} never can",
                    variant.name,
                    words::number(bound)
                )
            }
            None => format!("{}: {most} get through, and time gives no bound", variant.name),
        }
    };
    let said: Vec<String> = report.variants.iter().map(told).collect();
    format!("In one window: {}.", said.join("; "))
}

/// The most of one key that can pass in a window, as it is proven.
fn proven(variant: &VariantReport) -> Option<f64> {
    let Some(Theory::Bound { most, .. }) = &variant.theory else { return None };
    most.0.iter().find(|(name, _)| name == MOST_OF_KEY).map(|(_, bound)| *bound)
}

/// A column: its head, its value, and how it is written.
type Column = (&'static str, fn(&VariantReport) -> Option<f64>, fn(Option<f64>) -> String);

const COLUMNS: &[Column] = &[
    ("tries", |v| v.figure("tries"), count),
    ("admitted", |v| v.figure("admitted"), count),
    ("refused", |v| v.figure("refused"), count),
    ("refused share", |v| v.figure("refused_ratio"), share),
    ("most of a key in a window", |v| v.figure(MOST_OF_KEY), count),
    ("never more than", proven, count),
    ("mean delay", |v| v.figure("mean_delay"), seconds),
    ("delay p95", |v| v.figure("delay_p95"), seconds),
    ("greatest delay", |v| v.figure("delay_max"), seconds),
    ("wrongly refused", |v| v.figure("wrongly_refused"), count),
    ("wrongly admitted", |v| v.figure("wrongly_admitted"), count),
    ("bytes a key", |v| v.figure("memory_a_key"), count),
    ("words a decision", |v| v.figure("words_a_decision"), count),
    ("fairness", |v| v.figure("fairness").filter(|_| figure(v, "clients") > 1.0), share),
    ("most of all in a window", |v| v.figure("most_in_window").filter(|_| figure(v, "clients") > 1.0), count),
    ("retries", |v| v.figure("retries"), count),
    ("given up", |v| v.figure("given_up"), count),
    ("held back", |v| v.figure("held_back"), count),
    ("done", |v| v.figure("done"), count),
    ("dropped", |v| v.figure("dropped"), count),
    ("done for nothing", |v| v.figure("wasted"), count),
    ("time at the server, p95", |v| v.figure("sojourn_p95"), seconds),
    ("limit adapted", |v| v.figure("adaptations"), count),
    ("under way at the end", |v| v.figure("under_way"), count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 13;

fn table(report: &Report) -> Table {
    let matters = |value: fn(&VariantReport) -> Option<f64>| {
        report.variants.iter().any(|variant| value(variant).is_some_and(|value| value != 0.0))
    };
    let numbered = COLUMNS.iter().enumerate();
    let shown = numbered.filter(|(at, (_, value, _))| *at < ALWAYS || matters(*value));
    let shown: Vec<&Column> = shown.map(|(_, column)| column).collect();
    let rows = report.variants.iter().map(|variant| {
        let cells = shown.iter().map(|(_, value, write)| write(value(variant)));
        (variant.name.clone(), cells.collect())
    });
    let head = ["limiter"].into_iter().chain(shown.iter().map(|(head, ..)| *head));
    Table { head: head.map(str::to_owned).collect(), rows: rows.collect() }
}
