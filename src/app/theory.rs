//! Theory beside measurement: what a closed form expects, what was measured, and whether the one
//! lies in the interval of the other.

use super::charts::in_unit;
use crate::kernel::statistics::Interval;
use crate::lab::{self, Figures, Report, VariantReport};
use std::rc::Rc;
use yew::prelude::*;

/// So many independent runs are offered where there is only one.
const MORE_RUNS: u32 = 20;

/// What [`Theory`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The whole run.
    pub report: Rc<Report>,
    /// Called to make so many independent runs.
    pub onruns: Callback<u32>,
}

/// A table a variant; nothing in a lab that knows no closed forms.
#[component]
pub fn Theory(props: &Props) -> Html {
    let report = &props.report;
    if report.variants.iter().all(|variant| variant.theory.is_none()) {
        return html! {};
    }
    let covered =
        report.variants.iter().any(|variant| matches!(variant.theory, Some(lab::Theory::Model { .. })));
    let bounded =
        report.variants.iter().any(|variant| matches!(variant.theory, Some(lab::Theory::Bound { .. })));
    let more = props.onruns.reform(|_: MouseEvent| MORE_RUNS);
    html! {
        <section class="theory" aria-labelledby="theory">
            <h2 id="theory">{ "Theory beside measurement" }</h2>
            if covered {
                <p class="quiet">
                    { match report.runs {
                        1 => "One run. The intervals of its means come from batches within it; the other figures have none.".to_owned(),
                        runs => format!("Means over {runs} independent runs, with their 95 % intervals."),
                    } }
                    if report.runs == 1 { { " " }<button type="button" class="small" onclick={more}>{ format!("Make {MORE_RUNS} independent runs") }</button> }
                </p>
            }
            if bounded { <p class="quiet">{ "A bound is proven in the algorithm’s file: it holds whatever comes, and these requests need not reach it." }</p> }
            { for report.variants.iter().enumerate().map(|(at, variant)| of_variant(at, variant)) }
        </section>
    }
}

fn of_variant(at: usize, variant: &VariantReport) -> Html {
    let name = html! { <span class={format!("tag v{}", at % 4)}><i class="swatch" aria-hidden="true"></i>{ &variant.name }</span> };
    match &variant.theory {
        None => html! {},
        Some(lab::Theory::None { why }) => html! { <p class="no-theory">{ name }{ " " }{ why }</p> },
        Some(lab::Theory::Model { name: model, expected }) => {
            table(variant, name, model, "closed form", rows(variant, expected))
        }
        Some(lab::Theory::Bound { name: proof, most }) => {
            table(variant, name, proof, "never more than", bounds(variant, most))
        }
    }
}

fn table(variant: &VariantReport, name: Html, says: &str, expects: &str, rows: Vec<Html>) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={format!("{}: {says}", variant.name)}>
            <table>
                <caption>{ name }{ " " }<span class="quiet">{ says.to_owned() }</span></caption>
                <thead><tr><th scope="col">{ "figure" }</th><th scope="col">{ expects.to_owned() }</th><th scope="col">{ "measured" }</th><th scope="col">{ "verdict" }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// What cannot be exceeded, and what was measured.
fn bounds(variant: &VariantReport, most: &Figures) -> Vec<Html> {
    let measured = most.0.iter().filter_map(|(name, most)| Some((name, *most, variant.figure(name)?)));
    let rows = measured.map(|(name, most, value)| {
        let unit = variant.units.get(name).map_or("", String::as_str);
        let verdict = match value.total_cmp(&most) {
            std::cmp::Ordering::Less => html! { <span class="good">{ "✓ within" }</span> },
            std::cmp::Ordering::Equal => html! { <span class="good">{ "✓ reached" }</span> },
            std::cmp::Ordering::Greater => html! { <span class="bad">{ "✕ above" }</span> },
        };
        html! {
            <tr>
                <th scope="row">{ words_of(name) }</th>
                <td>{ figure(most, unit, None) }</td>
                <td>{ figure(value, unit, None) }</td>
                <td>{ verdict }</td>
            </tr>
        }
    });
    rows.collect()
}

fn rows(variant: &VariantReport, expected: &Figures) -> Vec<Html> {
    let measured =
        expected.0.iter().filter_map(|(name, expects)| Some((name, *expects, variant.figure(name)?)));
    let rows = measured.map(|(name, expects, value)| {
        let unit = variant.units.get(name).map_or("", String::as_str);
        let interval = variant.intervals.get(name);
        let width = interval.map(Interval::half_width);
        let around = width.map(|width| format!(" ± {}", half(width, value, unit)));
        html! {
            <tr>
                <th scope="row">{ words_of(name) }</th>
                <td>{ figure(expects, unit, width) }</td>
                <td>{ figure(value, unit, width) }{ around }</td>
                <td>{ width.map_or_else(|| html! { "–" }, |width| verdict((value - expects).abs(), width)) }</td>
            </tr>
        }
    });
    rows.collect()
}

/// What a distance between theory and measurement says beside the half width of a 95 % interval. One
/// interval in twenty misses the true value, mostly by little.
fn verdict(distance: f64, width: f64) -> Html {
    // What is the same in all runs differs from the closed form by rounding alone.
    const ROUNDING: f64 = 1e-9;
    match distance - ROUNDING {
        distance if distance <= width => html! { <span class="good">{ "✓ agrees" }</span> },
        distance if distance <= 2.0 * width => {
            html! { <span class="quiet" title="One interval in twenty misses the true value.">{ "≈ just outside" }</span> }
        }
        _ => html! { <span class="bad">{ "✕ differs" }</span> },
    }
}

/// The half width of an interval in the unit of the value that it stands beside.
fn half(width: f64, value: f64, unit: &str) -> String {
    match unit {
        "1" => format!("{:.1}", 100.0 * width),
        "s" if value.abs() >= 1.0 && width < 1.0 && value.abs() < 600.0 => format!("{width:.3} s"),
        _ => figure(width, unit, Some(width)),
    }
}

/// A figure with as many decimals as its interval is worth; shares and times have their own.
fn figure(value: f64, unit: &str, width: Option<f64>) -> String {
    const TENS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
    match width.filter(|width| *width > 0.0 && unit != "1" && unit != "s") {
        None => in_unit(value, unit),
        Some(width) => {
            let decimals = TENS.iter().position(|tens| width * tens >= 1.0).unwrap_or(TENS.len() - 1);
            let decimals = (decimals + 1).min(TENS.len() - 1);
            format!("{value:.decimals$}{}", if unit.ends_with("/s") { "/s" } else { "" })
        }
    }
}

/// A figure's name in words: "sojourn_p99" is "sojourn, 99th percentile".
fn words_of(name: &str) -> String {
    match name.rsplit_once("_p") {
        Some((of, "50")) => format!("{of}, median"),
        Some((of, rank)) if rank.parse::<u32>().is_ok() => format!("{of}, {rank}th percentile"),
        _ => name.replace('_', " "),
    }
}
