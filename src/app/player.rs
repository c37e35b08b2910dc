//! The player: back, play, step, speed and jumps, below the timeline.

use super::field::entered;
use super::speed;
use crate::lab::{About, Jump, Sought};
use web_sys::Event;
use yew::prelude::*;

/// What somebody wants of the player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// One step on.
    Step,
    /// One step back.
    Back,
    /// To before the first step.
    Start,
    /// To after the last step.
    End,
    /// Play or stop.
    Play,
    /// So many steps on, or back.
    Leap(i64),
    /// To the next place of a jump, or to the previous one.
    Jump(usize, bool),
    /// Play at this speed.
    Speed(f64),
}

/// The state of the player.
pub struct Player {
    /// What the lab says about itself.
    pub about: &'static About,
    /// Whether it plays now.
    pub playing: bool,
    /// Steps, or model seconds, a second of screen time.
    pub speed: f64,
    /// Whether there is a step before and a step after the present one.
    pub ways: (bool, bool),
    /// Whether there is more than one variant, so that they can differ.
    pub several: bool,
    /// Whether the jumps know where to go.
    pub counted: bool,
    /// Called with what is wanted.
    pub onwish: Callback<Wish>,
}

/// The buttons.
pub fn view(props: &Player) -> Html {
    let wish = |wish: Wish| props.onwish.reform(move |_: MouseEvent| wish);
    let onspeed = props.onwish.reform(|event: Event| Wish::Speed(entered(&event).parse().unwrap_or(1.0)));
    let jumps = props
        .about
        .jumps
        .iter()
        .enumerate()
        .filter(|(_, jump)| matches!(jump.sought, Sought::Any(_)) || props.several);
    let unit = if props.about.timed { "model time" } else { props.about.step.1 };
    html! {
        <div class="buttons">
            <div class="group">
                <button type="button" aria-label="To the start" title="To the start (Home)" disabled={!props.ways.0} onclick={wish(Wish::Start)}>{ icon("M5 3v10M13 3l-6 5 6 5z") }</button>
                <button type="button" aria-label="Step back" title="Step back (←)" disabled={!props.ways.0} onclick={wish(Wish::Back)}>{ icon("M11 3l-7 5 7 5z") }</button>
                <button type="button" class="main" onclick={wish(Wish::Play)} title="Play or pause (space)">
                    { icon(if props.playing { "M5 3v10M11 3v10" } else { "M4 2.5l9 5.5-9 5.5z" }) }
                    { if props.playing { "Pause" } else { "Play" } }
                </button>
                <button type="button" class="step" title="Step (→)" disabled={!props.ways.1} onclick={wish(Wish::Step)}>{ "Step" }{ icon("M5 3l7 5-7 5z") }</button>
                <button type="button" aria-label="To the end" title="To the end (End)" disabled={!props.ways.1} onclick={wish(Wish::End)}>{ icon("M11 3v10M3 3l6 5-6 5z") }</button>
            </div>
            <div class="group jumps" role="group" aria-label="Jump to">
                { for jumps.map(|(at, jump)| jump_buttons(at, jump, props)) }
            </div>
            <label class="speed">
                <span class="sr">{ "Speed, in " }{ unit }{ " a second" }</span>
                <select onchange={onspeed} title={format!("Speed, in {unit} a second")}>
                    { for speed::all(props.about).iter().map(|speed| {
                        html! { <option value={speed.to_string()} selected={*speed == props.speed}>{ speed::said(props.about, *speed) }</option> }
                    }) }
                </select>
            </label>
        </div>
    }
}

fn jump_buttons(at: usize, jump: &Jump, props: &Player) -> Html {
    let wish = |back| props.onwish.reform(move |_: MouseEvent| Wish::Jump(at, back));
    let shifted = jump.key.to_ascii_uppercase();
    html! {
        <span class="jump" key={jump.name}>
            <button type="button" disabled={!props.counted} aria-label={format!("Previous {}", jump.name)} title={format!("Previous {} ({shifted})", jump.name)} onclick={wish(true)}>{ "‹" }</button>
            <button type="button" disabled={!props.counted} title={format!("Next {} ({})", jump.name, jump.key)} aria-label={format!("Next {}", jump.name)} onclick={wish(false)}>{ jump.name }{ " ›" }</button>
        </span>
    }
}

/// A small drawing in the colour of the text.
fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}
