//! What the charts and the tables of the lab of races show.

use super::{Races, run};
use crate::invalidation::RACES;
use crate::invalidation::explore::{Explorer, Harm};
use crate::lab::columns::{Column, bars, count, table};
use crate::lab::variant::Variant;
use crate::lab::{Report, Scale, Summary, Table, VariantReport, View, words};

/// The charts, the table and what to take away.
pub const SUMMARY: Summary =
    Summary { views: VIEWS, takeaway, table: |report| table(report, "strategy", COLUMNS, COLUMNS.len()) };

const VIEWS: &[View] = &[
    bars("share", "Share of bad schedules", Scale::Share, "bad_share"),
    bars("shortest", "Shortest bad schedule", Scale::Count, "shortest"),
    bars("states", "States", Scale::Count, "states"),
];

const COLUMNS: &[Column] = &[
    ("schedules", "schedules", many),
    ("bad", "bad", many),
    ("share of bad ones", "bad_share", share),
    ("steps of the shortest", "shortest", count),
    ("states", "states", count),
];

fn many(value: Option<f64>) -> String {
    value.map_or_else(|| "not counted".to_owned(), number)
}

/// A number of schedules: exact as long as it can be read at a glance.
fn number(value: f64) -> String {
    const READABLE: f64 = 1e12;
    if value < READABLE {
        return words::count(value as u64);
    }
    let text = format!("{value:.2e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{digits} × 10^{power}")
}

/// A share that may be very small.
fn share(value: Option<f64>) -> String {
    match value {
        None => "—".to_owned(),
        Some(0.0) => "none".to_owned(),
        Some(share) if share < 0.001 => format!("1 in {}", number((1.0 / share).round())),
        Some(share) => words::percent(share),
    }
}

/// How many schedules there are, and how many are bad, in sentences.
pub(super) fn counted(report: &VariantReport, harm: Harm) -> String {
    let (one, more) = match harm {
        Harm::Left => ("leaves an old value", "leave an old value"),
        Harm::Read => ("has a stale read", "have a stale read"),
    };
    let shortest = report.figure("shortest").map(|steps| words::counted(steps as u64, "step", "steps"));
    let counts = report.figure("schedules").zip(report.figure("bad"));
    match (counts.map(|(schedules, bad)| (schedules, number(schedules), bad)), shortest) {
        (None, None) => format!("Not all schedules were tried. None so far {one}."),
        (None, Some(steps)) => {
            format!("Not all schedules were tried. The shortest that {one} takes {steps}.")
        }
        (Some((_, all, _)), None) => format!("None of {all} schedules {one}."),
        (Some((schedules, all, bad)), Some(steps)) => {
            let verb = if bad == 1.0 { one } else { more };
            let of_them = if schedules == 1.0 { "schedule" } else { "schedules" };
            format!("{all} {of_them}, {} of them {verb}; the shortest takes {steps}.", number(bad))
        }
    }
}

/// What was found, in a sentence.
fn takeaway(report: &Report) -> String {
    let told = |variant: &VariantReport| {
        let (schedules, bad) = (variant.figure("schedules"), variant.figure("bad"));
        let Some((schedules, bad)) = schedules.zip(bad) else {
            return format!("{}: not all schedules were tried", variant.name);
        };
        match variant.figure("shortest") {
            None => format!("{}: none of {} schedules is bad", variant.name, number(schedules)),
            Some(steps) => format!(
                "{}: {} of {} schedules {} bad ({}), the shortest in {} steps",
                variant.name,
                number(bad),
                number(schedules),
                if bad == 1.0 { "is" } else { "are" },
                share(variant.figure("bad_share")),
                words::number(steps),
            ),
        }
    };
    format!("{}.", report.variants.iter().map(told).collect::<Vec<_>>().join("; "))
}

/// Every strategy for the clients of `scenario`: those that stand side by side as they are set, the others
/// as they are by default.
pub(super) fn survey(scenario: &Races) -> Table {
    let rows = RACES.iter().flat_map(|listed| {
        let set = scenario.variants.iter().filter(|variant| variant.about.id == listed.about.id);
        let mut variants: Vec<Variant> = set.cloned().collect();
        if variants.is_empty() {
            variants.extend(Variant::new([listed.about].into_iter(), "strategy", listed.about.id, []));
        }
        variants.into_iter().filter_map(|variant| row(scenario, &variant)).collect::<Vec<_>>()
    });
    let head = ["strategy"].into_iter().chain(COLUMNS.iter().map(|(head, ..)| *head));
    Table { head: head.map(str::to_owned).collect(), rows: rows.collect() }
}

fn row(scenario: &Races, variant: &Variant) -> Option<(String, Vec<String>)> {
    let mut explorer = Explorer::new(&scenario.plan(variant)?, scenario.harm);
    explorer.advance(u64::MAX);
    let report = run::report(variant, &explorer.found());
    let cells = COLUMNS.iter().map(|(_, figure, write)| write(report.figure(figure)));
    Some((report.name.clone(), cells.collect()))
}
