//! The shapes of a scene, as the page draws them. One file draws the pictures of all labs.

use super::stage::TWEENED;
use crate::lab::{
    Action, Badge, Cell, Gauge, Grid, Lane, Mood, Progress, Shape, Slot, State, Station, Stretch, Strip,
    StripMark, Token, Vessel, Wire, words,
};
use std::fmt::Write;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Above so many slots a lane is drawn small, and scrolls within itself.
const DENSE: usize = 60;
/// Above so many slots a lane whose labels say little is a crowd of dots.
const CROWD: usize = 120;
/// Above so many slots a lane in a flow may scroll within itself.
const SCROLLS: usize = 12;
/// So many letters of a label fit into a slot.
const FITS: usize = 7;
/// Free places are drawn up to this many.
const FREE_SHOWN: u64 = 40;

/// What all shapes of a picture have in common.
#[derive(Clone)]
pub struct Pen {
    /// The entry whose life is being told.
    pub chosen: Option<u64>,
    /// Whether entries have lives, so that they can be chosen.
    pub alive: bool,
    /// The present model time, where time runs.
    pub now: f64,
    /// Called with the entry that was pressed, where it cannot be told from the element.
    pub onlife: Callback<u64>,
    /// Called with the field of the scenario that is to be set, and its value.
    pub onact: Callback<(&'static str, String)>,
}

impl Pen {
    /// Draws one shape.
    pub fn draw(&self, shape: &Shape) -> Html {
        match shape {
            Shape::Lane(lane) => self.lane(lane),
            Shape::Gauge(gauge) => self.gauge(gauge),
            Shape::Station(station) => self.station(station),
            Shape::Wire(wire) => self.wire(wire),
            Shape::Grid(grid) => self.grid(grid),
            Shape::Vessel(vessel) => draw_vessel(vessel),
            Shape::Strip(strip) => draw_strip(strip),
            Shape::Flow(columns) => self.flow(columns),
            Shape::Row(place, held) => html! {
                <div class="placed">{ self.draw(place) }<div class="held">{ for held.iter().map(|shape| self.draw(shape)) }</div></div>
            },
            Shape::Note(text) => html! { <p class="note">{ text }</p> },
        }
    }

    /// Columns from left to right, with an arrow between them; what is not there takes no room.
    fn flow(&self, columns: &[Vec<Shape>]) -> Html {
        let columns = columns.iter().enumerate().map(|(at, shapes)| {
            let class = if shapes.iter().any(|shape| matches!(shape, Shape::Lane(lane) if lane.queue)) {
                "column grows"
            } else if at == 0 {
                "column first"
            } else {
                "column"
            };
            html! {
                <>
                    if at > 0 { <svg class="arrow" viewBox="0 0 16 10" aria-hidden="true"><path d="M0 5h14M10 1l4 4-4 4" /></svg> }
                    <div {class}>{ for shapes.iter().map(|shape| self.draw(shape)) }</div>
                </>
            }
        });
        html! { <div class="flow">{ for columns }</div> }
    }

    fn lane(&self, lane: &Lane) -> Html {
        let filled = match lane.room {
            Some(room) => format!("{} of {}", words::count(lane.length), words::count(room)),
            None => words::count(lane.length),
        };
        let full = lane.room.is_some_and(|room| lane.length >= room);
        let crowd = lane.crowd && lane.slots.len() > CROWD;
        let dense = !crowd && lane.slots.len() > DENSE;
        let class = classes!(
            "lane",
            lane.ghost.then_some("ghost"),
            dense.then_some("dense"),
            lane.queue.then_some("queue"),
            full.then_some("full")
        );
        let unnamed = lane.ends.0.is_empty() && lane.ends.1.is_empty();
        html! {
            <figure key={lane.name.clone()} {class}>
                <figcaption>
                    <span class="lane-name">{ &lane.name }</span>
                    <span class="quiet">{ filled }{ if full { ", full" } else { "" } }</span>
                    if lane.queue { <span class="quiet exit" aria-hidden="true">{ &lane.ends.0 }</span> }
                </figcaption>
                if crowd { { self.crowd(lane) } } else { { self.places(lane, dense) } }
                if !lane.queue && !unnamed { <div class="ends" aria-hidden="true"><span>{ "← " }{ &lane.ends.0 }</span><span>{ &lane.ends.1 }{ " →" }</span></div> }
            </figure>
        }
    }

    fn places(&self, lane: &Lane, dense: bool) -> Html {
        let free = lane.room.map_or(0, |room| room.saturating_sub(lane.length)).min(FREE_SHOWN);
        let free = if lane.length + free > FREE_SHOWN { 0 } else { free };
        let tweened = lane.slots.len() <= TWEENED;
        let (gone, held): (Vec<&Slot>, Vec<&Slot>) = lane.slots.iter().partition(|slot| is_gone(slot));
        // Every child of a list has a key: one without would make the page compare them all by place.
        let held = held.into_iter().enumerate().map(|(at, slot)| self.slot(tweened, at, slot));
        let empty =
            (lane.length + free == 0).then(|| html! { <li key="empty" class="skipped">{ "empty" }</li> });
        let places = (0..free)
            .map(|at| html! { <li key={format!("free{at}")} class="slot free" aria-hidden="true"></li> });
        let gone: Vec<Html> =
            gone.into_iter().enumerate().map(|(at, slot)| self.slot(tweened, at, slot)).collect();
        let label = match lane.ends.0.as_str() {
            "" => lane.name.clone(),
            first => format!("{}, from {first} to {}", lane.name, lane.ends.1),
        };
        html! {
            <div class="places">
                <ol class="slots" tabindex={(dense || self.alive && lane.slots.len() > SCROLLS).then_some("0")} aria-label={label}>{ for held.chain(empty).chain(places) }</ol>
                if !lane.queue || !gone.is_empty() { <ol class="slots out" aria-label={format!("Just left {}", lane.name)}>{ for gone }</ol> }
            </div>
        }
    }

    /// Very many entries as dots, row by row from the right, the first at the top: a square each, a
    /// triangle if it was tried before, a tall bar if its label bears a sign, dark if it was touched.
    fn crowd(&self, lane: &Lane) -> Html {
        const PITCH: usize = 6;
        let columns: usize = if lane.slots.len() > 600 { 64 } else { 40 };
        let (mut plain, mut again, mut signed, mut touched) =
            (String::new(), String::new(), String::new(), String::new());
        let (mut tried, mut marked) = (0_u64, 0_u64);
        let mut identities = Vec::with_capacity(lane.slots.len());
        let mut chosen = None;
        for slot in &lane.slots {
            let Slot::Entry { identity, label, badge, state, .. } = slot else { continue };
            let at = identities.len();
            let (x, y) = ((columns - 1 - at % columns) * PITCH, at / columns * PITCH);
            identities.push(*identity);
            if self.chosen == Some(*identity) {
                chosen = Some((x, y));
            }
            let has_sign = label.ends_with(|letter: char| !letter.is_alphanumeric());
            let is_again = !matches!(badge, Badge::None);
            tried += u64::from(is_again);
            marked += u64::from(has_sign);
            let path = match state {
                State::Still if has_sign => &mut signed,
                State::Still if is_again => &mut again,
                State::Still => &mut plain,
                _ => &mut touched,
            };
            let _ = match (has_sign, is_again) {
                (true, _) => write!(path, "M{} {y}h2v5h-2z", x + 1),
                (false, true) => write!(path, "M{x} {}h5l-2.5-5z", y + 5),
                (false, false) => write!(path, "M{x} {y}h4v4h-4z"),
            };
        }
        let (width, height) = (columns * PITCH, identities.len().div_ceil(columns) * PITCH);
        let mut says = format!("{} entries", words::count(lane.length));
        if tried > 0 {
            let _ = write!(says, ", {} tried before (triangles)", words::count(tried));
        }
        if marked > 0 {
            let _ = write!(says, ", {} with a sign (bars)", words::count(marked));
        }
        let onlife = self.onlife.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let Some(crowd) = target.and_then(|target| target.closest(".crowd").ok().flatten()) else {
                return;
            };
            let place = crowd.get_bounding_client_rect();
            let scale = width as f64 / place.width().max(1.0);
            let column =
                ((place.right() - f64::from(event.client_x())) * scale / PITCH as f64).max(0.0) as usize;
            let row = ((f64::from(event.client_y()) - place.top()) * scale / PITCH as f64).max(0.0) as usize;
            let identity = identities.get(row * columns + column.min(columns - 1));
            identity.into_iter().for_each(|identity| onlife.emit(*identity));
        });
        html! {
            <svg class="crowd" viewBox={format!("0 0 {width} {height}")} role="img" aria-label={format!("{}: {says}", lane.name)} onclick={self.alive.then_some(onclick)}>
                <title>{ says }</title>
                <path d={plain} /><path class="again" d={again} /><path class="signed" d={signed} /><path class="touched" d={touched} />
                if let Some((x, y)) = chosen { <rect class="ring" x={(x as f64 - 1.5).to_string()} y={(y as f64 - 1.5).to_string()} width="7" height="7" /> }
            </svg>
        }
    }

    fn slot(&self, tweened: bool, at: usize, slot: &Slot) -> Html {
        let Slot::Entry { identity, label, badge, pointer, state } = slot else {
            let Slot::Skipped(count) = slot else { return html! {} };
            return html! { <li key={format!("skipped{at}")} class="skipped">{ format!("… {} more …", words::count(*count)) }</li> };
        };
        let spoken = spoken(*state);
        let class = classes!(state_class(*state), (self.chosen == Some(*identity)).then_some("chosen"));
        let shown = words::ending(label, FITS);
        let title = (shown != *label).then(|| label.clone());
        let identity = identity.to_string();
        let (key, data) = (identity.clone(), (tweened || self.alive).then_some(identity));
        if *badge == Badge::None && pointer.is_none() && spoken.is_none() {
            return html! { <li {key} {class} data-id={data} {title}>{ shown }</li> };
        }
        html! {
            <li {key} {class} data-id={data} {title}>
                <span class="label">{ shown }</span>
                { draw_badge(badge) }
                if let Some(pointer) = pointer { <b class="pointer">{ *pointer }</b> }
                if let Some(spoken) = spoken { <span class="sr">{ spoken }</span> }
            </li>
        }
    }

    /// Somebody who works: what is in hand on the left, who it is and how far on the right, what was
    /// taken ahead below. Empty hands show the mood as a sign.
    fn station(&self, station: &Station) -> Html {
        let (class, sign) = match station.mood {
            Mood::Idle => ("station idle", "○"),
            Mood::Busy => ("station busy", "▸"),
            Mood::Down => ("station down", "✕"),
        };
        let (first, ahead) = station.slots.split_at(station.slots.len().min(1));
        html! {
            <figure key={station.name.clone()} {class}>
                <ol class="slots hand" aria-label={format!("With {}", station.name)}>
                    { for first.iter().map(|slot| self.slot(true, 0, slot)) }
                    if first.is_empty() { <li key="mood" class="mood" aria-hidden="true">{ sign }</li> }
                </ol>
                <figcaption>
                    <span><span class="lane-name">{ &station.name }</span>{ " " }<span class="quiet">{ &station.says }</span></span>
                    if let Some(Progress { from, until }) = station.progress {
                        <span class="bar" aria-hidden="true"><i data-from={from.to_string()} data-until={until.to_string()}></i></span>
                    }
                </figcaption>
                if let Some(action) = &station.action { { self.action(&station.name, action) } }
                if !ahead.is_empty() {
                    <ol class="slots ahead" aria-label={format!("Taken ahead by {}", station.name)}>{ for ahead.iter().enumerate().map(|(at, slot)| self.slot(true, at, slot)) }</ol>
                }
            </figure>
        }
    }

    fn action(&self, station: &str, action: &Action) -> Html {
        let (field, value) = (action.field, action.value.clone());
        let onclick = self.onact.reform(move |_: MouseEvent| (field, value.clone()));
        let says = format!("Let {station} {}", action.label);
        html! { <button type="button" class="act" title={says.clone()} aria-label={says} {onclick}>{ "⚡" }</button> }
    }

    /// Tokens on a track, each where it is by the clock; those that would stand on each other go into
    /// rows of their own.
    fn wire(&self, wire: &Wire) -> Html {
        let mut rows: Vec<f64> = Vec::new();
        let tokens: Vec<Html> =
            wire.tokens.iter().map(|token| self.token(token, row(&mut rows, token, self.now))).collect();
        let more = wire.length.saturating_sub(wire.tokens.len() as u64);
        html! {
            <figure key={wire.name.clone()} class="wire">
                <figcaption>
                    <span class="lane-name">{ &wire.name }</span>
                    <span class="quiet">{ words::count(wire.length) }{ if more > 0 { format!(", and {} more not drawn", words::count(more)) } else { String::new() } }</span>
                </figcaption>
                <div class="track">
                    <span class="quiet">{ &wire.ends.0 }</span>
                    <ol class="slots" style={format!("--rows:{}", rows.len().max(1))} aria-label={format!("{}, the first to arrive first", wire.name)}>{ for tokens }</ol>
                    <span class="quiet">{ &wire.ends.1 }</span>
                </div>
            </figure>
        }
    }

    fn token(&self, token: &Token, row: usize) -> Html {
        let Slot::Entry { identity, label, badge, state, .. } = &token.slot else { return html! {} };
        let class =
            classes!(state_class(*state), "token", (self.chosen == Some(*identity)).then_some("chosen"));
        let Progress { from, until } = token.progress;
        html! {
            <li key={format!("{identity} {from}")} {class} data-id={identity.to_string()} data-from={from.to_string()} data-until={until.to_string()} style={format!("--row:{row}")}>
                <span class="label">{ words::ending(label, FITS) }</span>{ draw_badge(badge) }
            </li>
        }
    }

    fn grid(&self, grid: &Grid) -> Html {
        let style = match grid.columns {
            0 => None,
            columns => Some(format!("grid-template-columns:repeat({columns},minmax(0,1fr))")),
        };
        html! {
            <figure key={grid.name.clone()} class="grid">
                <figcaption><span class="lane-name">{ &grid.name }</span><span class="quiet">{ &grid.says }</span></figcaption>
                <ol class={classes!("cells", (grid.columns == 0).then_some("free-rows"))} {style} aria-label={grid.name.clone()}>
                    { for grid.cells.iter().enumerate().map(|(at, cell)| self.cell(at, cell)) }
                </ol>
            </figure>
        }
    }

    fn cell(&self, at: usize, cell: &Cell) -> Html {
        let class =
            classes!("cell", cell.pointer.map(|_| "pointed"), cell.slots.is_empty().then_some("vacant"));
        html! {
            <li key={at} {class}>
                <span class="cell-label">{ &cell.label }</span>
                if let Some(pointer) = cell.pointer { <b class="cell-pointer">{ pointer }</b> }
                if !cell.slots.is_empty() { <ol class="slots">{ for cell.slots.iter().enumerate().map(|(at, slot)| self.slot(true, at, slot)) }</ol> }
            </li>
        }
    }

    fn gauge(&self, gauge: &Gauge) -> Html {
        let share = if gauge.most > 0.0 { (gauge.value / gauge.most).clamp(0.0, 1.0) } else { 0.0 };
        let text = format!("{} of {} {}", words::number(gauge.value), words::number(gauge.most), gauge.unit);
        html! {
            <figure key={gauge.name.clone()} class="gauge">
                <figcaption><span class="lane-name">{ &gauge.name }</span><span class="quiet">{ text.clone() }</span></figcaption>
                <div class="bar" role="meter" aria-label={gauge.name.clone()} aria-valuemin="0" aria-valuemax={gauge.most.to_string()}
                    aria-valuenow={gauge.value.to_string()} aria-valuetext={text}>
                    <i style={format!("width:{:.2}%", 100.0 * share)}></i>
                </div>
            </figure>
        }
    }
}

/// A tank with a level in it; up to so many units have a line each.
fn draw_vessel(vessel: &Vessel) -> Html {
    const UNITS_SHOWN: f64 = 20.0;
    let Vessel { name, level, most, unit, fills, says } = vessel;
    let share = if *most > 0.0 { (level / most).clamp(0.0, 1.0) } else { 0.0 };
    let text = format!("{} of {} {unit}", words::number(*level), words::number(*most));
    let full = if share >= 1.0 { " full" } else { "" };
    let units = if *most <= UNITS_SHOWN { most.max(1.0) } else { 1.0 };
    html! {
        <figure key={name.clone()} class={classes!("vessel", if *fills { "fills" } else { "leaks" })}>
            <div class={format!("tank{full}")} style={format!("--units:{units}")} role="meter" aria-label={name.clone()} aria-valuemin="0"
                aria-valuemax={most.to_string()} aria-valuenow={level.to_string()} aria-valuetext={text.clone()}>
                <i style={format!("height:{:.2}%", 100.0 * share)}></i>
            </div>
            <figcaption>
                <span class="lane-name">{ name }</span>
                <span class="figures">{ text }</span>
                <span class="quiet">{ says }</span>
            </figcaption>
        </figure>
    }
}

/// A line of time. Points that bear no words are drawn in one path if they are many.
fn draw_strip(strip: &Strip) -> Html {
    let Strip { name, from, until, stretches, marks } = strip;
    let place = |at: f64| if until > from { 100.0 * (at - from) / (until - from) } else { 0.0 };
    let inside = |at: f64| (0.0..=100.0).contains(&place(at));
    let shown: Vec<&StripMark> = marks.iter().filter(|mark| inside(mark.at)).collect();
    let (plain, named): (Vec<&StripMark>, Vec<&StripMark>) =
        shown.into_iter().partition(|mark| mark.says.is_empty());
    let told =
        stretches.iter().filter(|stretch| !stretch.says.is_empty()).map(|stretch| stretch.says.clone());
    let at = named.iter().map(|mark| format!("{} at {}", mark.says, words::seconds(mark.at)));
    let refused = plain.iter().filter(|mark| mark.state == State::Gone).count();
    let counted = match (plain.len(), refused) {
        (0, _) => None,
        (all, 0) => Some(words::counted(all as u64, "request", "requests")),
        (all, refused) => Some(format!(
            "{}, {} refused",
            words::counted(all as u64, "request", "requests"),
            words::count(refused as u64)
        )),
    };
    let says: Vec<String> = told.chain(counted).chain(at).collect();
    let label =
        format!("{name}, from {} to {}: {}", words::seconds(*from), words::seconds(*until), says.join("; "));
    let above = named.iter().any(|mark| !mark.says.is_empty());
    html! {
        <figure key={name.clone()} class={classes!("strip", above.then_some("named"))}>
            <figcaption><span class="lane-name">{ name }</span></figcaption>
            <div class="line" role="img" aria-label={label}>
                { for stretches.iter().map(|stretch| draw_stretch(stretch, &place)) }
                { draw_marks(&plain, &place) }
                { for named.iter().map(|mark| html! {
                    <span class={classes!("named-mark", (place(mark.at) > 60.0).then_some("left"))} style={format!("left:{:.2}%", place(mark.at))}><b>{ mark.says }</b></span>
                }) }
            </div>
            <div class="ends" aria-hidden="true"><span>{ words::seconds(*from) }</span><span>{ words::seconds(*until) }</span></div>
        </figure>
    }
}

fn draw_stretch(stretch: &Stretch, place: &impl Fn(f64) -> f64) -> Html {
    let (left, right) = (place(stretch.from).clamp(0.0, 100.0), place(stretch.until).clamp(0.0, 100.0));
    let full = stretch.full.clamp(0.0, 1.0);
    html! {
        <span class={classes!("stretch", (full >= 1.0).then_some("full"))} style={format!("left:{left:.2}%;width:{:.2}%", right - left)}>
            <i style={format!("height:{:.2}%", 100.0 * full)}></i><b>{ &stretch.says }</b>
        </span>
    }
}

fn draw_marks(marks: &[&StripMark], place: &impl Fn(f64) -> f64) -> Html {
    const ONE_BY_ONE: usize = 80;
    if marks.len() <= ONE_BY_ONE {
        return marks
            .iter()
            .map(|mark| {
                let class = match mark.state {
                    State::Gone => "tick refused",
                    State::New | State::Found => "tick new",
                    State::Still | State::Touched => "tick",
                };
                html! { <span {class} style={format!("left:{:.2}%", place(mark.at))}></span> }
            })
            .collect();
    }
    let path = |refused: bool| {
        let own = marks.iter().filter(|mark| (mark.state == State::Gone) == refused);
        let (top, length) = if refused { (0, 8) } else { (8, 16) };
        own.fold(String::new(), |mut path, mark| {
            let _ = write!(path, "M{:.2} {top}v{length}", place(mark.at));
            path
        })
    };
    html! {
        <svg class="ticks" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
            <path d={path(false)} /><path class="refused" d={path(true)} />
        </svg>
    }
}

/// The first row in which `token` stands on nobody; `rows` holds where the last one of each stands.
fn row(rows: &mut Vec<f64>, token: &Token, now: f64) -> usize {
    const APART: f64 = 0.075;
    const MOST: usize = 3;
    let Progress { from, until } = token.progress;
    let at = if until > from { ((now - from) / (until - from)).clamp(0.0, 1.0) } else { 1.0 };
    // The tokens come by their arrival, so that from one to the next the places mostly fall.
    let free = rows.iter().position(|last| (last - at).abs() >= APART);
    let row = free.unwrap_or(if rows.len() < MOST { rows.len() } else { MOST - 1 });
    match rows.get_mut(row) {
        Some(last) => *last = at,
        None => rows.push(at),
    }
    row
}

fn is_gone(slot: &Slot) -> bool {
    matches!(slot, Slot::Entry { state: State::Gone, .. })
}

fn state_class(state: State) -> &'static str {
    match state {
        State::Still => "slot",
        State::Found => "slot found",
        State::New => "slot new",
        State::Touched => "slot touched",
        State::Gone => "slot gone",
    }
}

fn spoken(state: State) -> Option<&'static str> {
    match state {
        State::Gone => Some(", just left"),
        State::New => Some(", just entered"),
        State::Found => Some(", asked for"),
        State::Still | State::Touched => None,
    }
}

fn draw_badge(badge: &Badge) -> Html {
    match badge {
        Badge::None => html! {},
        Badge::Mark => {
            html! { <em title="marked"><span aria-hidden="true">{ "●" }</span><span class="sr">{ ", marked" }</span></em> }
        }
        Badge::Count(count) => {
            html! { <em title="count"><span class="sr">{ ", count " }</span>{ count }</em> }
        }
        Badge::Next(Some(step)) => {
            html! { <em class="next" title="asked for next at this request"><span class="sr">{ ", next at " }</span>{ format!("→{step}") }</em> }
        }
        Badge::Next(None) => {
            html! { <em class="next" title="never asked for again"><span class="sr">{ ", " }</span>{ "never" }</em> }
        }
    }
}
