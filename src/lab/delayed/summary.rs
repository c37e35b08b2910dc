//! What the charts and the table of the lab of delayed jobs show.

use crate::lab::columns::{Column, bars, count, line, seconds, table};
use crate::lab::{Report, Scale, Summary, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "scheduler", COLUMNS, ALWAYS) };

const VIEWS: &[View] = &[
    line("waiting", "Jobs waiting", "waiting", Scale::Count, "most_kept"),
    line("late", "Lateness, median", "lateness_p50", Scale::Seconds, "lateness_p50"),
    line("latest", "Lateness, greatest", "lateness_max", Scale::Seconds, "lateness_max"),
    line("fired", "Fired", "fired_rate", Scale::Rate, "fired"),
    line("cost", "Operations", "operations", Scale::Rate, "operations"),
    line("empty", "Looks in vain", "empty_looks", Scale::Rate, "empty_looks"),
    line("done", "Done", "done_rate", Scale::Rate, "done"),
    line("work", "Under work", "work_in_progress", Scale::Count, "mean_wait"),
    line("wrong", "Out of time", "wrong", Scale::Count, "late"),
    bars("mean", "Mean lateness", Scale::Seconds, "mean_lateness"),
    bars("each", "Operations a job", Scale::Count, "operations"),
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let Some(first) = report.variants.first() else { return String::new() };
    let figure = |variant: &VariantReport, name: &str| variant.figure(name).unwrap_or(0.0);
    let told = |variant: &VariantReport| {
        let late = seconds(variant.figure("mean_lateness"));
        let cost = words::number(figure(variant, "operations"));
        format!("{late} late on average, at {cost} operations a job")
    };
    let wrong = |variant: &VariantReport| {
        let counted =
            [("early", "early"), ("duplicates", "twice"), ("skipped", "skipped"), ("coalesced", "merged")];
        let said = counted.into_iter().map(|(name, what)| (figure(variant, name), what));
        let said: Vec<String> =
            said.filter(|(n, _)| *n > 0.0).map(|(n, what)| format!("{} {what}", words::number(n))).collect();
        if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
    };
    if report.variants.len() == 1 {
        return format!("A job fires {}{}.", told(first), wrong(first));
    }
    let said = report
        .variants
        .iter()
        .map(|variant| format!("{}: {}{}", variant.name, told(variant), wrong(variant)));
    format!("{}.", said.collect::<Vec<_>>().join("; "))
}

const COLUMNS: &[Column] = &[
    ("fired", "fired", count),
    ("mean lateness", "mean_lateness", seconds),
    ("p50", "lateness_p50", seconds),
    ("p95", "lateness_p95", seconds),
    ("p99", "lateness_p99", seconds),
    ("greatest", "lateness_max", seconds),
    ("operations a job", "operations", count),
    ("looks", "looks", count),
    ("in vain", "empty_looks", count),
    ("places", "memory", count),
    ("late", "late", count),
    ("early", "early", count),
    ("twice", "duplicates", count),
    ("skipped", "skipped", count),
    ("merged", "coalesced", count),
    ("comparisons a job", "comparisons", count),
    ("moves a job", "moves", count),
    ("commands a job", "commands", count),
    ("hops", "hops", count),
    ("cascades", "cascades", count),
    ("mean wait for a worker", "mean_wait", seconds),
    ("still there", "still_there", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 10;
