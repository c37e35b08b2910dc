//! Tables of figures, a row a variant, made from a list of columns; and charts, made from a line each.

use super::view::{Plot, Scale, Table, View};
use super::{Report, words};

/// A column: its head, its figure, and how it is written.
pub type Column = (&'static str, &'static str, fn(Option<f64>) -> String);

/// The table of `report`, whose variants are each called a `noun`. The first `always` columns are always
/// shown, the others only if something in them is not zero.
pub fn table(report: &Report, noun: &str, columns: &[Column], always: usize) -> Table {
    let matters = |name: &str| {
        report.variants.iter().any(|variant| variant.figure(name).is_some_and(|value| value != 0.0))
    };
    let numbered = columns.iter().enumerate();
    let shown = numbered.filter(|(at, (_, figure, _))| *at < always || matters(figure));
    let shown: Vec<&Column> = shown.map(|(_, column)| column).collect();
    let rows = report.variants.iter().map(|variant| {
        let cells = shown.iter().map(|(_, figure, write)| write(variant.figure(figure)));
        (variant.name.clone(), cells.collect())
    });
    let head = [noun].into_iter().chain(shown.iter().map(|(head, ..)| *head));
    Table { head: head.map(str::to_owned).collect(), rows: rows.collect() }
}

/// A chart with a line a variant; `figure` stands beside each name.
pub const fn line(
    id: &'static str,
    name: &'static str,
    series: &'static str,
    scale: Scale,
    figure: &'static str,
) -> View {
    View { id, name, plot: Plot::Lines(series), scale, figure, exact: None }
}

/// A chart with a bar a variant.
pub const fn bars(id: &'static str, name: &'static str, scale: Scale, figure: &'static str) -> View {
    View { id, name, plot: Plot::Bars, scale, figure, exact: None }
}

/// What stands where there is no value.
const NOTHING: &str = "—";

fn written(value: Option<f64>, write: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| NOTHING.to_owned(), write)
}

/// A number.
pub fn count(value: Option<f64>) -> String {
    written(value, |value| match value.fract() {
        0.0 if value >= 1_000.0 => words::count(value as u64),
        _ => words::number(value),
    })
}

/// A ratio in percent.
pub fn share(value: Option<f64>) -> String {
    written(value, words::percent)
}

/// Seconds in the unit that suits them.
pub fn seconds(value: Option<f64>) -> String {
    written(value, words::seconds)
}

/// Numbers a second.
pub fn rate(value: Option<f64>) -> String {
    written(value, |value| format!("{}/s", words::number(value)))
}
