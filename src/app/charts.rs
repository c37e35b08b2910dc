//! The charts below the stage: the course of the run, its summary, a table, and what to take away.
//! What there is to be seen is the lab's affair; it lists its views.

use super::theory::Theory;
use super::{element, names, save};
use crate::chart::{Axis, BarChart, Drawing, Line, LineChart, Palette};
use crate::lab::{About, Curve, Marks, Plot, Report, Scale, Series, VariantReport, View, words};
use gloo_utils::window;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, PointerEvent};
use yew::prelude::*;

const HEIGHT: u32 = 260;
/// Above so many views a phone gets a menu in place of tabs.
const TABS: usize = 4;

/// A place on a chart that one can go to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The state after so many steps.
    Step(u64),
    /// The last step at or before so many seconds of model time.
    Time(f64),
}

/// What [`Charts`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the lab says about itself.
    pub about: &'static About,
    /// The whole run.
    pub report: Rc<Report>,
    /// The outcome of every step, by variant.
    pub marks: Rc<Vec<Marks>>,
    /// The present step.
    pub position: u64,
    /// The present model time, where time runs.
    pub now: f64,
    /// From when to when the message lives whose life is being told.
    pub life: Option<(f64, f64)>,
    /// How wide the chart may be, in CSS pixels.
    pub width: u32,
    /// The colours.
    pub palette: Palette,
    /// Which of the lab's views.
    pub view: usize,
    /// Called with the view to be shown.
    pub onview: Callback<usize>,
    /// Called with the place to go to.
    pub ongo: Callback<Place>,
    /// Called to make so many independent runs.
    pub onruns: Callback<u32>,
}

impl Props {
    fn shown(&self) -> &'static View {
        let views = self.about.summary.views;
        &views[self.view.min(views.len() - 1)]
    }

    /// What the places of the chart are: seconds of model time, or steps.
    fn over_time(&self) -> bool {
        let Plot::Lines(name) = self.shown().plot else { return false };
        let series = self.report.variants.iter().find_map(|variant| variant.series(name));
        series.is_some_and(|series| series.over == "s")
    }

    /// The last place of the chart.
    fn length(&self) -> f64 {
        if self.over_time() { self.report.seconds.unwrap_or(0.0) } else { self.report.steps as f64 }
    }
}

/// The charts.
#[component]
pub fn Charts(props: &Props) -> Html {
    let reading = use_state_eq(|| None::<f64>);
    let drawn = {
        let props = props.clone();
        use_memo((props.report.clone(), props.width, props.palette, props.view), move |_| drawing(&props))
    };
    let Drawn { chart, picture, svg, height } = &*drawn;
    let takeaway = (props.about.summary.takeaway)(&props.report);
    let says = match props.shown().plot {
        Plot::Curve(curve) => curve(&props.report).map_or(String::new(), |curve| curve.says),
        _ => takeaway.clone(),
    };
    html! {
        <section class="charts" aria-labelledby="charts">
            <h2 id="charts" class="sr">{ "Charts" }</h2>
            { tabs(props, svg, *height) }
            <figure>
                <figcaption>{ takeaway }</figcaption>
                if matches!(props.shown().plot, Plot::Curve(_)) { <p class="quiet">{ says.clone() }</p> }
                if let Some(chart) = chart.as_ref().filter(|_| matches!(props.shown().plot, Plot::Lines(_))) {
                    { plot(props, chart, picture, &reading) }
                } else {
                    <div class="plot" role="img" aria-label={says}>{ picture.clone() }</div>
                }
                { table(props) }
            </figure>
            <Theory report={props.report.clone()} onruns={props.onruns.clone()} />
        </section>
    }
}

/// The tabs of the views; many of them are a menu on a phone.
fn tabs(props: &Props, svg: &str, height: u32) -> Html {
    let views = props.about.summary.views;
    let many = views.len() > TABS;
    let choose = props.onview.reform(|event: Event| super::field::entered(&event).parse().unwrap_or(0));
    html! {
        <div class={classes!("tabs", many.then_some("many"))} role="group" aria-label="Chart">
            { for views.iter().enumerate().map(|(at, view)| {
                let onview = props.onview.clone();
                html! { <button type="button" aria-pressed={(at == props.view).to_string()} onclick={move |_| onview.emit(at)}>{ view.name }</button> }
            }) }
            if many {
                <label class="menu"><span class="sr">{ "Chart" }</span>
                    <select onchange={choose}>{ for views.iter().enumerate().map(|(at, view)| html! { <option value={at.to_string()} selected={at == props.view}>{ view.name }</option> }) }</select>
                </label>
            }
            <span class="push"></span>
            { exports(props, svg, height) }
        </div>
    }
}

/// A chart as it is drawn.
struct Drawn {
    chart: Option<LineChart>,
    picture: Html,
    svg: String,
    height: u32,
}

fn drawing(props: &Props) -> Drawn {
    let view = props.shown();
    let short = short_names(&props.report);
    let chart = match view.plot {
        Plot::Lines(series) => Some(line_chart(props, view, series, &short)),
        Plot::Curve(curve) => curve(&props.report).map(|curve| curve_chart(curve, view.scale, props.palette)),
        Plot::Bars => None,
    };
    let (svg, height) = match &chart {
        Some(chart) => (chart.svg(props.width, HEIGHT), HEIGHT),
        None => {
            let bars = bar_chart(props, view, &short);
            (bars.svg(props.width, bars.height()), bars.height())
        }
    };
    let hidden = svg.replacen("<svg ", "<svg aria-hidden=\"true\" ", 1);
    Drawn { chart, picture: Html::from_html_unchecked(AttrValue::from(hidden)), svg, height }
}

fn short_names(report: &Report) -> Vec<String> {
    let names: Vec<String> = report.variants.iter().map(|variant| variant.name.clone()).collect();
    names::short(&names)
}

fn line_chart(props: &Props, view: &View, series: &str, short: &[String]) -> LineChart {
    let lines = props.report.variants.iter().zip(short).map(|(variant, name)| {
        let points = variant.series(series).map_or(Vec::new(), |series| series.points.clone());
        Line { label: format!("{name} {}", figure(variant, view.figure)), points }
    });
    let lines: Vec<Line> = lines.collect();
    let values = || {
        lines
            .iter()
            .flat_map(|line| line.points.iter().map(|point| point.1))
            .filter(|value| value.is_finite())
    };
    let y = match view.scale {
        // Where time runs, nothing is the natural floor of a share.
        Scale::Share if props.over_time() => Axis::whole_share(),
        Scale::Share => Axis::share(values()),
        Scale::Seconds => Axis::seconds(values()),
        Scale::Count => Axis::count(values()),
        Scale::Rate => Axis::rate(values()),
    };
    let x = if props.over_time() {
        Axis::time(props.length())
    } else {
        Axis::steps(props.report.steps, props.about.step.1)
    };
    LineChart { lines, points: Vec::new(), x, y, palette: props.palette }
}

/// The curves as far up as the points and the usual loads are, and the points.
fn curve_chart(curve: Curve, scale: Scale, palette: Palette) -> LineChart {
    const USUAL: f64 = 0.9;
    let usual = |points: &[(f64, f64)]| {
        points.iter().filter(|point| point.0 <= USUAL).map(|point| point.1).fold(0.0, f64::max)
    };
    let measured = curve.points.iter().map(|point| point.2);
    let values: Vec<f64> = curve.lines.iter().map(|(_, points)| usual(points)).chain(measured).collect();
    let y = match scale {
        Scale::Share => Axis::share(values.into_iter()),
        _ => Axis::seconds(values.into_iter()),
    };
    let lines = curve.lines.into_iter().map(|(label, points)| {
        let inside = points.into_iter().filter(|point| point.1 <= y.high);
        Line { label, points: inside.collect() }
    });
    let mut x = Axis::whole_share();
    if let Some(last) = x.ticks.last_mut() {
        last.1 = format!("100 % {}", curve.across);
    }
    LineChart { lines: lines.collect(), points: curve.points, x, y, palette }
}

fn bar_chart(props: &Props, view: &View, short: &[String]) -> BarChart {
    let value = |variant: &VariantReport| variant.figure(view.figure).unwrap_or(0.0);
    let bars = props.report.variants.iter().zip(short);
    let bars = bars.map(|(variant, name)| (name.clone(), value(variant), figure(variant, view.figure)));
    let most = match view.scale {
        Scale::Share => 1.0,
        _ => props.report.variants.iter().map(value).fold(0.0, f64::max).max(f64::MIN_POSITIVE),
    };
    BarChart { bars: bars.collect(), most, palette: props.palette }
}

/// A figure of a variant in its unit.
fn figure(variant: &VariantReport, name: &str) -> String {
    let unit = variant.units.get(name).map_or("", String::as_str);
    variant.figure(name).map_or_else(|| "–".to_owned(), |value| in_unit(value, unit))
}

/// A value in the unit that a report gives it.
pub fn in_unit(value: f64, unit: &str) -> String {
    match unit {
        "1" => words::percent(value),
        "s" => words::seconds(value),
        rate if rate.ends_with("/s") => format!("{}/s", words::number(value)),
        _ if value.fract() == 0.0 && value >= 0.0 => words::count(value as u64),
        _ => words::number(value),
    }
}

/// A value as its chart writes it.
fn written(value: f64, scale: Scale) -> String {
    match scale {
        Scale::Share => words::percent(value),
        Scale::Seconds => words::seconds(value),
        Scale::Count => words::number(value),
        Scale::Rate => format!("{}/s", words::number(value)),
    }
}

/// The line chart with its read-out: pointer, touch and arrow keys move it, Enter goes there.
fn plot(props: &Props, chart: &LineChart, picture: &Html, reading: &UseStateHandle<Option<f64>>) -> Html {
    let frame = chart.frame(props.width, HEIGHT);
    let (length, timed) = (props.length(), props.over_time());
    let whole = move |place: f64| if timed { place } else { place.round() };
    let at = move |event: &PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let plot = target.and_then(|target| target.closest(".plot").ok().flatten());
        plot.map(|plot| {
            whole(frame.place(f64::from(event.client_x()) - plot.get_bounding_client_rect().left()))
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
    let go = {
        let ongo = props.ongo.clone();
        move |place: f64| ongo.emit(if timed { Place::Time(place) } else { Place::Step(place as u64) })
    };
    let onpress = {
        let go = go.clone();
        Callback::from(move |event: PointerEvent| at(&event).into_iter().for_each(&go))
    };
    let here = if timed { props.now } else { props.position as f64 };
    let shown = reading.unwrap_or(here);
    let onkey = {
        let reading = reading.clone();
        let stride = if timed { length / 60.0 } else { (props.report.steps / 60).max(1) as f64 };
        Callback::from(move |event: KeyboardEvent| {
            let target = match event.key().as_str() {
                "ArrowRight" => (shown + stride).min(length),
                "ArrowLeft" => (shown - stride).max(0.0),
                "Home" => 0.0,
                "End" => length,
                "Enter" => return go(shown),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            reading.set(Some(target));
        })
    };
    let text = read_out(props, chart, shown);
    let tall = format!("top:{}px;height:{}px", frame.top, frame.bottom - frame.top);
    let rule = |place: f64, class: &'static str| {
        html! { <i {class} style={format!("left:{}px;{tall}", frame.x(place))}></i> }
    };
    let life = props.life.filter(|_| timed).map(|(from, until)| {
        let (left, right) = (frame.x(from), frame.x(until));
        html! { <i class="lifetime" style={format!("left:{left}px;width:{}px;{tall}", (right - left).max(2))}></i> }
    });
    html! {
        <>
            <div class="plot" role="slider" tabindex="0" aria-label="Read the chart: left and right move, Enter goes there" aria-valuemin="0"
                aria-valuemax={length.to_string()} aria-valuenow={shown.to_string()} aria-valuetext={text.clone()}
                onpointermove={onmove} onpointerleave={onleave} onpointerdown={onpress} onkeydown={onkey}>
                { picture.clone() }
                { life }
                { rule(here, "now") }
                if let Some(place) = **reading { { rule(place, "read") } }
            </div>
            <p class="readout" aria-hidden="true">{ text }</p>
        </>
    }
}

/// The values of all lines at `place`, in words: the exact ones where they can be counted, else those
/// of the window.
fn read_out(props: &Props, chart: &LineChart, place: f64) -> String {
    let (view, timed, step) = (props.shown(), props.over_time(), place as u64);
    let steps = props.about.step;
    if !timed && step == 0 {
        return format!("Before the first of {}", words::counted(props.report.steps, steps.0, steps.1));
    }
    let values = short_names(&props.report).into_iter().enumerate().map(|(at, name)| {
        let value = match (view.exact, props.marks.get(at)) {
            (Some(exact), Some(marks)) => Some(exact(marks, step)),
            _ => chart.lines.get(at).and_then(|line| window_at(&line.points, place)),
        };
        format!("{name} {}", value.map_or("–".to_owned(), |value| written(value, view.scale)))
    });
    let values: Vec<String> = values.collect();
    let at = if timed { super::speed::clock(place) } else { words::counted(step, steps.0, steps.1) };
    format!("At {at}: {}", values.join(", "))
}

/// The value of the window that `place` lies in; a point stands at its window's end.
fn window_at(points: &[(f64, f64)], place: f64) -> Option<f64> {
    points.get(points.partition_point(|point| point.0 < place)).map(|point| point.1)
}

fn table(props: &Props) -> Html {
    let table = (props.about.summary.table)(&props.report);
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Figures of the whole run">
        <table>
            <caption class="sr">{ "Figures of the whole run" }</caption>
            <thead><tr>{ for table.head.iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
            <tbody>
            { for table.rows.iter().map(|(name, cells)| html! {
                <tr><th scope="row">{ name }</th>{ for cells.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
            }) }
            </tbody>
        </table>
        </div>
    }
}

fn exports(props: &Props, svg: &str, height: u32) -> Html {
    let (view, width) = (props.shown(), props.width);
    let name = format!("sluice-{}-{}", props.report.lab, view.id);
    let save_svg = {
        let (svg, name) = (svg.to_owned(), name.clone());
        move |_: MouseEvent| save::text(&format!("{name}.svg"), "image/svg+xml", &svg)
    };
    let save_png = {
        let (svg, name) = (svg.to_owned(), name.clone());
        move |_: MouseEvent| save::png(&format!("{name}.png"), &svg, width, height)
    };
    let save_csv = {
        let props = props.clone();
        move |_: MouseEvent| save::text(&format!("{name}.csv"), "text/csv", &csv(&props))
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
fn csv(props: &Props) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let (report, noun) = (&props.report, props.about_noun());
    if let Plot::Curve(curve) = props.shown().plot {
        let curve = curve(report).unwrap_or_else(|| Curve {
            lines: Vec::new(),
            points: Vec::new(),
            across: "",
            says: String::new(),
        });
        let lines = curve.lines.iter().flat_map(|(name, points)| {
            points.iter().map(move |(x, y)| format!("{},{x},{y}\n", quoted(name)))
        });
        let named = |at: usize| report.variants.get(at).map_or("", |variant| variant.name.as_str());
        let points = curve.points.iter().map(|(at, x, y)| format!("{},{x},{y}\n", quoted(named(*at))));
        return ["curve,share,value\n".to_owned()].into_iter().chain(lines).chain(points).collect();
    }
    let Plot::Lines(name) = props.shown().plot else {
        let known = report.variants.first().map(|variant| &variant.figures.0[..]).unwrap_or_default();
        let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        let rows = report.variants.iter().map(|variant| {
            let cells = names
                .iter()
                .map(|name| variant.figure(name).map_or_else(String::new, |value| value.to_string()));
            format!("{},{}\n", quoted(&variant.name), cells.collect::<Vec<_>>().join(","))
        });
        return [format!("{noun},{}\n", names.join(","))].into_iter().chain(rows).collect();
    };
    let place = if props.over_time() { "seconds" } else { props.about.step.0 };
    let mut text = format!("{noun},{place},{name}\n");
    for variant in &report.variants {
        let points = variant.series(name).map_or(&[][..], |series: &Series| &series.points);
        for (place, value) in points {
            text.push_str(&format!("{},{place},{value}\n", quoted(&variant.name)));
        }
    }
    text
}

impl Props {
    /// What a variant is called: the head of the table's first column.
    fn about_noun(&self) -> String {
        (self.about.summary.table)(&self.report).head.into_iter().next().unwrap_or_default()
    }
}

/// How wide a chart may be on this screen.
pub fn room() -> u32 {
    const PADDING: f64 = 34.0;
    let column = element("charts-room").map(|column| column.get_bounding_client_rect().width() - PADDING);
    let screen =
        window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(800.0) - 2.0 * PADDING;
    column.filter(|width| *width > 0.0).unwrap_or(screen).clamp(220.0, 1200.0) as u32
}
