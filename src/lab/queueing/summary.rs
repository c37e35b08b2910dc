//! What the charts and the table of the queueing labs show.

use super::load;
use crate::lab::columns::{Column, count, line, seconds, share, table};
use crate::lab::{Plot, Report, Scale, Summary, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "queue", COLUMNS, ALWAYS) };

const VIEWS: &[View] = &[
    line("queue", "Queue length", "queue_length", Scale::Count, "mean_queue_length"),
    line("in", "Arriving", "in_rate", Scale::Rate, "sent"),
    line("out", "Done", "out_rate", Scale::Rate, "throughput"),
    line("p50", "Sojourn, median", "sojourn_p50", Scale::Seconds, "sojourn_p50"),
    line("p95", "Sojourn, p95", "sojourn_p95", Scale::Seconds, "sojourn_p95"),
    line("p99", "Sojourn, p99", "sojourn_p99", Scale::Seconds, "sojourn_p99"),
    line("age", "Age of the oldest", "oldest_age", Scale::Seconds, "longest_queue"),
    line("busy", "Utilisation", "utilisation", Scale::Share, "utilisation"),
    line("work", "Under work", "work_in_progress", Scale::Count, "utilisation"),
    line("again", "Redeliveries", "redeliveries", Scale::Count, "redeliveries"),
    line("gone", "Not done", "not_done", Scale::Count, "lost_ratio"),
    View {
        id: "load",
        name: "Wait against load",
        plot: Plot::Curve(load::curve),
        scale: Scale::Seconds,
        figure: "mean_sojourn",
        exact: None,
    },
    View {
        id: "mean",
        name: "Mean sojourn",
        plot: Plot::Bars,
        scale: Scale::Seconds,
        figure: "mean_sojourn",
        exact: None,
    },
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let Some(first) = report.variants.first() else { return String::new() };
    let figure = |variant: &VariantReport, name: &str| variant.figure(name).unwrap_or(0.0);
    let sojourn = |variant: &VariantReport| seconds(variant.figure("mean_sojourn"));
    let tail = |variant: &VariantReport| seconds(variant.figure("sojourn_p99"));
    if report.variants.len() == 1 {
        let share = words::percent(figure(first, "utilisation"));
        return format!(
            "At a utilisation of {share}, a message takes {} on average, and one in a hundred takes more than {}.",
            sojourn(first),
            tail(first)
        );
    }
    let held = |variant: &VariantReport| figure(variant, "caller_wait");
    if report.variants.iter().any(|variant| held(variant) != held(first)) {
        let said = report.variants.iter().map(|variant| match held(variant) {
            0.0 => format!("With “{}” no caller waits", variant.name),
            wait => format!("with “{}” each waits {} on average", variant.name, words::seconds(wait)),
        });
        return format!("{}. The work takes as long either way.", said.collect::<Vec<_>>().join("; "));
    }
    let by_sojourn = |a: &&VariantReport, b: &&VariantReport| {
        figure(a, "mean_sojourn").total_cmp(&figure(b, "mean_sojourn"))
    };
    let bad = |variant: &VariantReport| {
        figure(variant, "sent") - figure(variant, "done") + figure(variant, "duplicates")
    };
    let most = report.variants.iter().map(bad).fold(0.0, f64::max);
    if most > 0.0 && report.variants.iter().any(|variant| bad(variant) != most) {
        let said = report.variants.iter().map(|variant| {
            let undone = figure(variant, "sent") - figure(variant, "done");
            let twice = figure(variant, "duplicates");
            format!(
                "{}: {} not done, {} done twice",
                variant.name,
                words::number(undone),
                words::number(twice)
            )
        });
        return format!("{}.", said.collect::<Vec<_>>().join("; "));
    }
    let best = report.variants.iter().min_by(by_sojourn).unwrap_or(first);
    let worst = report.variants.iter().max_by(by_sojourn).unwrap_or(first);
    if sojourn(best) == sojourn(worst) {
        return same(report, &sojourn(best));
    }
    format!(
        "A message takes {} on average with {}, and {} with {}; one in a hundred takes more than {} and {}.",
        sojourn(best),
        best.name,
        sojourn(worst),
        worst.name,
        tail(best),
        tail(worst)
    )
}

/// What is to be said of variants whose messages take equally long: how often they were handed out
/// again.
fn same(report: &Report, sojourn: &str) -> String {
    let again = |variant: &VariantReport| words::number(variant.figure("redeliveries").unwrap_or(0.0));
    let tries = report.variants.iter().map(|variant| format!("{} {}", variant.name, again(variant)));
    let all = format!("A message that is done takes {sojourn} on average everywhere.");
    if report.variants.iter().all(|variant| again(variant) == "0") {
        return all;
    }
    format!("{all} Handed out again: {}.", tries.collect::<Vec<_>>().join("; "))
}

const COLUMNS: &[Column] = &[
    ("done", "done", count),
    ("mean wait", "mean_wait", seconds),
    ("mean sojourn", "mean_sojourn", seconds),
    ("p50", "sojourn_p50", seconds),
    ("p95", "sojourn_p95", seconds),
    ("p99", "sojourn_p99", seconds),
    ("mean queue", "mean_queue_length", count),
    ("longest queue", "longest_queue", count),
    ("utilisation", "utilisation", share),
    ("done a second", "throughput", count),
    ("caller waits", "caller_wait", seconds),
    ("redelivered", "redeliveries", count),
    ("done twice", "duplicates", count),
    ("refused", "refused", count),
    ("dropped", "dropped", count),
    ("gave up", "expired", count),
    ("failed", "failed", count),
    ("lost", "lost", count),
    ("dead", "dead", count),
    ("still there", "still_there", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 9;
