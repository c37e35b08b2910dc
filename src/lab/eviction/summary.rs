//! What the eviction lab's charts and its table show.

use super::OUTCOMES;
use crate::lab::{Plot, Report, Scale, Summary, Table, VariantReport, View, bad, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary = Summary { views: VIEWS, takeaway, table };

const VIEWS: &[View] = &[
    View {
        id: "running",
        name: "Hit rate so far",
        plot: Plot::Lines("running_hit_ratio"),
        scale: Scale::Share,
        figure: "hit_ratio",
        exact: Some(|marks, steps| 1.0 - marks.count(0..steps, bad(OUTCOMES)) as f64 / steps as f64),
    },
    View {
        id: "windowed",
        name: "Hit rate in windows",
        plot: Plot::Lines("windowed_hit_ratio"),
        scale: Scale::Share,
        figure: "hit_ratio",
        exact: None,
    },
    View {
        id: "summary",
        name: "Summary",
        plot: Plot::Bars,
        scale: Scale::Share,
        figure: "hit_ratio",
        exact: None,
    },
];

/// What the run shows, in a sentence.
fn takeaway(report: &Report) -> String {
    let ratio = |variant: &&VariantReport| variant.figure("hit_ratio").unwrap_or(0.0);
    let after = format!("After {}", words::counted(report.steps, "request", "requests"));
    let best = report.variants.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let worst = report.variants.iter().min_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let (Some(best), Some(worst)) = (best, worst) else { return String::new() };
    if report.variants.len() == 1 {
        return format!(
            "{after} {} has answered {} from the cache.",
            best.name,
            words::percent(ratio(&best))
        );
    }
    let misses = |variant: &VariantReport| variant.figure("misses").unwrap_or(0.0);
    if misses(best) == misses(worst) {
        return format!("{after} all have answered {} from the cache.", words::percent(ratio(&best)));
    }
    let spared = 1.0 - misses(best) / misses(worst);
    format!(
        "{after} {} has answered {} from the cache, {} {}: {} fewer misses.",
        best.name,
        words::percent(ratio(&best)),
        worst.name,
        words::percent(ratio(&worst)),
        words::percent(spared)
    )
}

/// A column: its head, and its cell for a variant.
type Column<'a> = (&'static str, Box<dyn Fn(&VariantReport) -> String + 'a>);

fn table(report: &Report) -> Table {
    let optimum = report
        .variants
        .iter()
        .find(|variant| variant.variant.starts_with("opt"))
        .and_then(|variant| variant.figure("misses"));
    let has = |name: &str| report.variants.iter().any(|variant| variant.figure(name).is_some());
    let mut columns: Vec<Column> = vec![
        ("hits", Box::new(|variant| count(variant, "hits"))),
        ("misses", Box::new(|variant| count(variant, "misses"))),
        ("evictions", Box::new(|variant| count(variant, "evictions"))),
        ("hit rate", Box::new(|variant| words::percent(variant.figure("hit_ratio").unwrap_or(0.0)))),
    ];
    if let Some(optimum) = optimum {
        let above = move |variant: &VariantReport| variant.figure("misses").unwrap_or(0.0) - optimum;
        let cell = move |variant: &VariantReport| words::count(above(variant).max(0.0) as u64);
        columns.push(("misses above the optimum", Box::new(cell)));
    }
    if has("warm_hit_ratio") {
        columns.push(("hit rate when warm", Box::new(warm)));
    }
    if has("expected_hit_ratio") {
        columns.push(("Che’s closed form", Box::new(expected)));
    }
    let rows = report
        .variants
        .iter()
        .map(|variant| (variant.name.clone(), columns.iter().map(|(_, cell)| cell(variant)).collect()));
    let head = ["policy"].into_iter().chain(columns.iter().map(|(head, _)| *head));
    Table { head: head.map(str::to_owned).collect(), rows: rows.collect() }
}

fn count(variant: &VariantReport, name: &str) -> String {
    words::count(variant.figure(name).unwrap_or(0.0) as u64)
}

fn warm(variant: &VariantReport) -> String {
    let Some(interval) = variant.intervals.get("warm_hit_ratio") else { return "–".to_owned() };
    let ratio = variant.figure("warm_hit_ratio").unwrap_or(0.0);
    format!("{} ± {:.1}", words::percent(ratio), 100.0 * interval.half_width())
}

/// The closed form, and whether the measured interval holds it.
fn expected(variant: &VariantReport) -> String {
    let (Some(expected), Some(interval)) =
        (variant.figure("expected_hit_ratio"), variant.intervals.get("warm_hit_ratio"))
    else {
        return "none for this policy".to_owned();
    };
    let agrees = interval.contains(expected);
    format!("{} {}", words::percent(expected), if agrees { "agrees" } else { "differs" })
}
