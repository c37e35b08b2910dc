//! What the charts and the table of the lab of compressed values show.

use super::OUTCOMES;
use crate::lab::columns::{self, Column, bars, count, line, seconds, share};
use crate::lab::{Report, Scale, Summary, Table, VariantReport, View, bad, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary = Summary { views: VIEWS, takeaway, table };

const VIEWS: &[View] = &[
    line("latency", "Mean time in windows", "windowed_latency", Scale::Seconds, "mean_latency"),
    View {
        exact: Some(|marks, steps| 1.0 - marks.count(0..steps, bad(OUTCOMES)) as f64 / steps as f64),
        ..line("running", "Hit rate so far", "running_hit_ratio", Scale::Share, "hit_ratio")
    },
    bars("ratio", "Ratio", Scale::Count, "ratio"),
    bars("codec", "Share of the codec", Scale::Share, "codec_share"),
];

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or(0.0)
}

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let time = |variant: &&VariantReport| figure(variant, "mean_latency");
    let best = report.variants.iter().min_by(|a, b| time(a).total_cmp(&time(b)));
    let worst = report.variants.iter().max_by(|a, b| time(a).total_cmp(&time(b)));
    let (Some(best), Some(worst)) = (best, worst) else { return String::new() };
    let after = format!("After {}", words::counted(report.steps, "request", "requests"));
    let says = |variant: &VariantReport| {
        format!(
            "{} takes {} on average, at a hit rate of {}",
            variant.name,
            words::seconds(figure(variant, "mean_latency")),
            words::percent(figure(variant, "hit_ratio"))
        )
    };
    if best.name == worst.name {
        return format!("{after} {}.", says(best));
    }
    format!("{after} {}; {}.", says(best), says(worst))
}

const COLUMNS: &[Column] = &[
    ("ratio", "ratio", count),
    ("values kept", "values_kept", count),
    ("bytes saved", "bytes_saved", count),
    ("hit rate", "hit_ratio", share),
    ("Che’s closed form", "expected_hit_ratio", share),
    ("mean time", "mean_latency", seconds),
    ("time of the codec", "codec_seconds", seconds),
    ("share of the waiting", "codec_share", share),
];

fn table(report: &Report) -> Table {
    columns::table(report, "codec", COLUMNS, COLUMNS.len())
}
