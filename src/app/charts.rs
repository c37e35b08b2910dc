//! The charts below the stage: the course of the run, its summary, a table, and what to take away.

use super::element;
use crate::chart::{BarChart, Drawing, Line, LineChart, Palette};
use crate::lab::{Marks, Report, VariantReport, words};
use gloo_utils::{document, window};
use js_sys::Array;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement,
    KeyboardEvent, PointerEvent, Url,
};
use yew::prelude::*;

/// Which chart is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The hit rate from the start up to each step.
    Running,
    /// The hit rate of each window.
    Windowed,
    /// One bar a variant.
    Summary,
}

/// The views in the order of their tabs, with their names in links and on the tabs.
pub const VIEWS: &[(View, &str, &str)] = &[
    (View::Running, "running", "Hit rate so far"),
    (View::Windowed, "windowed", "Hit rate in windows"),
    (View::Summary, "summary", "Summary"),
];

impl View {
    /// How a link names it.
    pub fn id(self) -> &'static str {
        VIEWS.iter().find(|(view, ..)| *view == self).map_or("running", |(_, id, _)| id)
    }

    fn series(self) -> &'static str {
        if self == View::Windowed { "windowed_hit_ratio" } else { "running_hit_ratio" }
    }
}

const HEIGHT: u32 = 260;

/// What [`Charts`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The whole run.
    pub report: Rc<Report>,
    /// The outcome of every step, by variant.
    pub marks: Rc<Vec<Marks>>,
    /// What the steps are called.
    pub steps: &'static str,
    /// The present step.
    pub position: u64,
    /// How wide the chart may be, in CSS pixels.
    pub width: u32,
    /// The colours.
    pub palette: Palette,
    /// Which chart.
    pub view: View,
    /// Called with the chart to be shown.
    pub onview: Callback<View>,
    /// Called with the step to go to.
    pub onseek: Callback<u64>,
}

/// The charts.
#[component]
pub fn Charts(props: &Props) -> Html {
    let reading = use_state_eq(|| None::<u64>);
    let drawn = {
        let props = props.clone();
        use_memo((props.report.clone(), props.width, props.palette, props.view), move |_| {
            let (chart, bars) = (line_chart(&props), bar_chart(&props));
            let svg = match props.view == View::Summary {
                true => bars.svg(props.width, bars.height()),
                false => chart.svg(props.width, HEIGHT),
            };
            (chart, picture(&svg), svg)
        })
    };
    let (chart, drawing, svg) = &*drawn;
    let summary = props.view == View::Summary;
    html! {
        <section class="charts" aria-labelledby="charts">
            <h2 id="charts" class="sr">{ "Charts" }</h2>
            <div class="tabs" role="group" aria-label="Chart">
                { for VIEWS.iter().map(|(view, _, name)| {
                    let (view, onview) = (*view, props.onview.clone());
                    html! { <button type="button" aria-pressed={(view == props.view).to_string()} onclick={move |_| onview.emit(view)}>{ *name }</button> }
                }) }
                <span class="push"></span>
                { exports(props, svg) }
            </div>
            <figure>
                <figcaption>{ takeaway(&props.report, props.steps) }</figcaption>
                if summary {
                    <div class="plot" role="img" aria-label={takeaway(&props.report, props.steps)}>{ drawing.clone() }</div>
                } else {
                    { plot(props, chart, drawing, &reading) }
                }
                { table(&props.report) }
            </figure>
        </section>
    }
}

fn line_chart(props: &Props) -> LineChart {
    let lines = props.report.variants.iter().map(|variant| {
        let points = variant.series(props.view.series()).map_or(Vec::new(), |series| series.points.clone());
        let ratio = variant.figure("hit_ratio").unwrap_or(0.0);
        Line { label: format!("{} {}", variant.name, words::percent(ratio)), points }
    });
    let steps = props.steps.to_owned();
    LineChart { lines: lines.collect(), steps, length: props.report.steps, palette: props.palette }
}

fn bar_chart(props: &Props) -> BarChart {
    let bars = props
        .report
        .variants
        .iter()
        .map(|variant| (variant.name.clone(), variant.figure("hit_ratio").unwrap_or(0.0)));
    BarChart { bars: bars.collect(), palette: props.palette }
}

/// The line chart with its read-out: pointer, touch and arrow keys move it, Enter goes there.
fn plot(props: &Props, chart: &LineChart, drawing: &Html, reading: &UseStateHandle<Option<u64>>) -> Html {
    let frame = chart.frame(props.width, HEIGHT);
    let length = props.report.steps;
    let at = move |event: &PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let plot = target.and_then(|target| target.closest(".plot").ok().flatten());
        plot.map(|plot| {
            frame.step(f64::from(event.client_x()) - plot.get_bounding_client_rect().left(), length)
        })
    };
    let onmove = {
        let reading = reading.clone();
        Callback::from(move |event: PointerEvent| reading.set(at(&event)))
    };
    let onleave = {
        let reading = reading.clone();
        Callback::from(move |_: PointerEvent| reading.set(None))
    };
    let onseek = props.onseek.clone();
    let onpress =
        Callback::from(move |event: PointerEvent| at(&event).into_iter().for_each(|step| onseek.emit(step)));
    let shown = reading.unwrap_or(props.position);
    let onkey = {
        let (reading, onseek) = (reading.clone(), props.onseek.clone());
        let stride = (length / 60).max(1);
        Callback::from(move |event: KeyboardEvent| {
            let target = match event.key().as_str() {
                "ArrowRight" => (shown + stride).min(length),
                "ArrowLeft" => shown.saturating_sub(stride),
                "Home" => 0,
                "End" => length,
                "Enter" => return onseek.emit(shown),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            reading.set(Some(target));
        })
    };
    let text = read_out(props, chart, shown);
    let rule = |step: u64, class: &'static str| {
        let left = frame.x(step as f64, length);
        html! { <i {class} style={format!("left:{left}px;top:{}px;height:{}px", frame.top, frame.bottom - frame.top)}></i> }
    };
    html! {
        <>
            <div class="plot" role="slider" tabindex="0" aria-label="Read the chart: left and right move, Enter goes there" aria-valuemin="0"
                aria-valuemax={length.to_string()} aria-valuenow={shown.to_string()} aria-valuetext={text.clone()}
                onpointermove={onmove} onpointerleave={onleave} onpointerdown={onpress} onkeydown={onkey}>
                { drawing.clone() }
                { rule(props.position, "now") }
                if let Some(step) = **reading { { rule(step, "read") } }
            </div>
            <p class="readout" aria-hidden="true">{ text }</p>
        </>
    }
}

/// The values of all lines at `step`, in words: of the running hit rate the exact one, of windows
/// that of the window.
fn read_out(props: &Props, chart: &LineChart, step: u64) -> String {
    if step == 0 {
        return format!("Before the first of {} {}", words::count(props.report.steps), props.steps);
    }
    let values = props.report.variants.iter().enumerate().map(|(at, variant)| {
        let value = match (props.view, props.marks.get(at)) {
            (View::Running, Some(marks)) => Some(1.0 - marks.bad(0..step) as f64 / step as f64),
            _ => chart.lines.get(at).and_then(|line| window_at(&line.points, step)),
        };
        format!("{} {}", variant.name, value.map_or("–".to_owned(), words::percent))
    });
    let values: Vec<String> = values.collect();
    format!("At {} {}: {}", words::count(step), props.steps, values.join(", "))
}

/// The value of the window that `step` lies in; a point stands at its window's end.
fn window_at(points: &[(f64, f64)], step: u64) -> Option<f64> {
    points.get(points.partition_point(|point| point.0 < step as f64)).map(|point| point.1)
}

fn picture(svg: &str) -> Html {
    Html::from_html_unchecked(AttrValue::from(svg.replacen("<svg ", "<svg aria-hidden=\"true\" ", 1)))
}

/// What the run shows, in a sentence.
fn takeaway(report: &Report, steps: &str) -> String {
    let ratio = |variant: &&VariantReport| variant.figure("hit_ratio").unwrap_or(0.0);
    let after = format!("After {} {steps}", words::count(report.steps));
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

fn table(report: &Report) -> Html {
    let has = |name: &str| report.variants.iter().any(|variant| variant.figure(name).is_some());
    let optimum = report
        .variants
        .iter()
        .find(|variant| variant.variant.starts_with("opt"))
        .and_then(|variant| variant.figure("misses"));
    let count =
        |variant: &VariantReport, name: &str| words::count(variant.figure(name).unwrap_or(0.0) as u64);
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Figures of the whole run">
        <table>
            <caption class="sr">{ "Figures of the whole run" }</caption>
            <thead><tr>
                <th scope="col">{ "policy" }</th><th scope="col">{ "hits" }</th><th scope="col">{ "misses" }</th><th scope="col">{ "evictions" }</th><th scope="col">{ "hit rate" }</th>
                if optimum.is_some() { <th scope="col">{ "misses above the optimum" }</th> }
                if has("warm_hit_ratio") { <th scope="col">{ "hit rate when warm" }</th> }
                if has("expected_hit_ratio") { <th scope="col">{ "Che’s closed form" }</th> }
            </tr></thead>
            <tbody>
            { for report.variants.iter().map(|variant| html! {
                <tr>
                    <th scope="row">{ &variant.name }</th>
                    <td>{ count(variant, "hits") }</td><td>{ count(variant, "misses") }</td><td>{ count(variant, "evictions") }</td>
                    <td>{ words::percent(variant.figure("hit_ratio").unwrap_or(0.0)) }</td>
                    if let Some(optimum) = optimum { <td>{ words::count((variant.figure("misses").unwrap_or(0.0) - optimum).max(0.0) as u64) }</td> }
                    if has("warm_hit_ratio") { <td>{ warm(variant) }</td> }
                    if has("expected_hit_ratio") { <td>{ expected(variant) }</td> }
                </tr>
            }) }
            </tbody>
        </table>
        </div>
    }
}

fn warm(variant: &VariantReport) -> String {
    let Some(interval) = variant.intervals.get("warm_hit_ratio") else { return "–".to_owned() };
    let half = (interval.high - interval.low) / 2.0;
    format!("{} ± {:.1}", words::percent(variant.figure("warm_hit_ratio").unwrap_or(0.0)), 100.0 * half)
}

/// The closed form, and whether the measured interval holds it.
fn expected(variant: &VariantReport) -> String {
    let (Some(expected), Some(interval)) =
        (variant.figure("expected_hit_ratio"), variant.intervals.get("warm_hit_ratio"))
    else {
        return "none for this policy".to_owned();
    };
    let agrees = (interval.low..=interval.high).contains(&expected);
    format!("{} {}", words::percent(expected), if agrees { "agrees" } else { "differs" })
}

fn exports(props: &Props, svg: &str) -> Html {
    let name = format!("sluice-{}-{}", props.report.lab, props.view.id());
    let (height, width) =
        (if props.view == View::Summary { bar_chart(props).height() } else { HEIGHT }, props.width);
    let save_svg = {
        let (svg, name) = (svg.to_owned(), name.clone());
        move |_: MouseEvent| save(&format!("{name}.svg"), "image/svg+xml", &svg)
    };
    let save_png = {
        let (svg, name) = (svg.to_owned(), name.clone());
        move |_: MouseEvent| save_png(&format!("{name}.png"), &svg, width, height)
    };
    let save_csv = {
        let (report, view) = (props.report.clone(), props.view);
        move |_: MouseEvent| save(&format!("{name}.csv"), "text/csv", &csv(&report, view))
    };
    html! {
        <span class="exports" role="group" aria-label="Save the chart">
            <span class="quiet">{ "Save" }</span>
            <button type="button" onclick={save_png}>{ "PNG" }</button>
            <button type="button" onclick={save_svg}>{ "SVG" }</button>
            <button type="button" onclick={save_csv}>{ "CSV" }</button>
        </span>
    }
}

/// The numbers behind a view, as comma-separated values.
fn csv(report: &Report, view: View) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    if view == View::Summary {
        let rows = report.variants.iter().map(|variant| {
            let figure = |name: &str| variant.figure(name).unwrap_or(0.0);
            format!(
                "{},{},{},{},{}\n",
                quoted(&variant.name),
                figure("requests"),
                figure("hits"),
                figure("misses"),
                figure("hit_ratio")
            )
        });
        return ["policy,requests,hits,misses,hit_ratio\n".to_owned()].into_iter().chain(rows).collect();
    }
    let mut text = format!("policy,request,{}\n", view.series());
    for variant in &report.variants {
        for (step, value) in variant.series(view.series()).map_or(&[][..], |series| &series.points) {
            text.push_str(&format!("{},{step},{value}\n", quoted(&variant.name)));
        }
    }
    text
}

/// Hands `text` to the person as a file.
fn save(name: &str, kind: &str, text: &str) {
    if let Some(address) = object_url(kind, text) {
        download(name, &address);
        let _ = Url::revoke_object_url(&address);
    }
}

fn object_url(kind: &str, text: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn download(name: &str, address: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(address);
        link.set_download(name);
        link.click();
    }
}

/// Draws the SVG at twice its size and hands it over as a picture.
fn save_png(name: &str, svg: &str, width: u32, height: u32) {
    const SCALE: u32 = 2;
    let (Some(address), Ok(image)) = (object_url("image/svg+xml", svg), HtmlImageElement::new()) else {
        return;
    };
    let (name, source, loaded) = (name.to_owned(), address.clone(), image.clone());
    let draw = Closure::once_into_js(move || {
        let canvas = document()
            .create_element("canvas")
            .ok()
            .and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        let Some(canvas) = canvas else { return };
        canvas.set_width(width * SCALE);
        canvas.set_height(height * SCALE);
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let (w, h) = (f64::from(width * SCALE), f64::from(height * SCALE));
        let drawn = context.and_then(|context| {
            context.draw_image_with_html_image_element_and_dw_and_dh(&loaded, 0.0, 0.0, w, h).ok()
        });
        if let (Some(()), Ok(picture)) = (drawn, canvas.to_data_url()) {
            download(&name, &picture);
        }
        let _ = Url::revoke_object_url(&source);
    });
    image.set_onload(Some(draw.unchecked_ref()));
    image.set_src(&address);
}

/// How wide a chart may be on this screen.
pub fn room() -> u32 {
    const PADDING: f64 = 34.0;
    let column = element("charts-room").map(|column| column.get_bounding_client_rect().width() - PADDING);
    let screen =
        window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(800.0) - 2.0 * PADDING;
    column.filter(|width| *width > 0.0).unwrap_or(screen).clamp(220.0, 1200.0) as u32
}
