//! What the charts and the table of the labs of invalidation show.

use super::closed_form;
use crate::lab::columns::{Column, bars, count, line, rate, seconds, share, table};
use crate::lab::{Plot, Report, Scale, Summary, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "strategy", COLUMNS, ALWAYS) };

const VIEWS: &[View] = &[
    line("hits", "Hit rate", "hit_ratio", Scale::Share, "hit_ratio"),
    line("stale", "Stale reads", "stale_ratio", Scale::Share, "stale_ratio"),
    line("loads", "Database reads", "database_reads", Scale::Rate, "database_read_rate"),
    line("stores", "Database writes", "database_writes", Scale::Rate, "database_writes"),
    line("latency", "Read latency, median", "read_p50", Scale::Seconds, "read_p50"),
    line("p99", "Read latency, p99", "read_p99", Scale::Seconds, "read_p99"),
    line("writing", "Write latency, median", "write_p50", Scale::Seconds, "write_p50"),
    line("reads", "Reads answered", "reads", Scale::Rate, "goodput"),
    line("failed", "Errors", "failed", Scale::Rate, "failed_ratio"),
    line("busy", "Connections in use", "busy", Scale::Count, "most_busy"),
    line("queued", "Waiting for the database", "queued", Scale::Count, "most_queued"),
    line("entries", "Entries", "entries", Scale::Count, "most_entries"),
    bars("age", "Age of stale reads", Scale::Seconds, "stale_age"),
    bars("lost", "Lost writes", Scale::Count, "lost_writes"),
    bars("node", "Load of the fullest node", Scale::Share, "fullest_load"),
    View {
        id: "early",
        name: "Early refreshes",
        plot: Plot::Curve(closed_form::early_refreshes),
        scale: Scale::Share,
        figure: "hit_ratio",
        exact: None,
    },
    View {
        id: "change",
        name: "By rate of change",
        plot: Plot::Curve(closed_form::curve),
        scale: Scale::Share,
        figure: "stale_ratio",
        exact: None,
    },
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
    let number = |name: &str| words::count(figure(name) as u64);
    let hits = words::percent(figure("hit_ratio"));
    let stale = match figure("stale_reads") {
        0.0 => "nothing stale".to_owned(),
        _ => format!(
            "{} stale by {} on average",
            words::percent(figure("stale_ratio")),
            words::seconds(figure("stale_age"))
        ),
    };
    let more =
        [("lost_writes", "lost writes"), ("mistakes", "mistakes"), ("unreadable", "unreadable entries")];
    let more = more.iter().filter(|(name, _)| figure(name) > 0.0);
    let more: String = more.map(|(name, what)| format!(", {} {what}", number(name))).collect();
    let failed = match figure("failed_ratio") {
        0.0 => String::new(),
        ratio => format!(", {} errors", words::percent(ratio)),
    };
    format!("{hits} hits, {stale}, {} database reads{more}{failed}", number("database_reads"))
}

const COLUMNS: &[Column] = &[
    ("hit rate", "hit_ratio", share),
    ("stale", "stale_ratio", share),
    ("mean age", "stale_age", seconds),
    ("mean read", "read_latency", seconds),
    ("read p99", "read_p99", seconds),
    ("mean write", "write_latency", seconds),
    ("database reads", "database_reads", count),
    ("database writes", "database_writes", count),
    ("lost writes", "lost_writes", count),
    ("most entries", "most_entries", count),
    ("oldest read", "stale_age_max", seconds),
    ("read p50", "read_p50", seconds),
    ("write p99", "write_p99", seconds),
    ("errors", "failed_ratio", share),
    ("failed reads", "failed_reads", count),
    ("failed writes", "failed_writes", count),
    ("answered", "goodput", rate),
    ("versions looked up", "database_checks", count),
    ("rows written", "database_rows", count),
    ("connections in use", "mean_busy", count),
    ("most connections", "most_busy", count),
    ("most waiting", "most_queued", count),
    ("kept aside", "kept_aside", count),
    ("evicted", "evicted", count),
    ("fills refused", "refused_fills", count),
    ("in the background", "background", count),
    ("lost messages", "lost_messages", count),
    ("mistakes", "mistakes", count),
    ("acts refused", "conflicts", count),
    ("unreadable", "unreadable", count),
    ("told “nothing” wrongly", "denied", count),
    ("queries for nothing", "empty_loads", count),
    ("stopped by a filter", "barred", count),
    ("let through by it", "passed_filter", share),
    ("from a copy", "copies", count),
    ("commands", "commands", count),
    ("share of the fullest node", "fullest_share", share),
    ("load of the fullest node", "fullest_load", share),
    ("still open", "still_open", count),
];

/// What is always shown; the other columns only if something in them is not zero.
const ALWAYS: usize = 10;
