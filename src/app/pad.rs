//! The pad: each tap sends something. Taps become the times of the scenario's arrivals, counted from
//! the first, so that a rhythm is in the link like everything else and can be played again.

use crate::lab::{Form, words};
use web_sys::{MouseEvent, PointerEvent};
use yew::prelude::*;

/// A rhythm being tapped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taps {
    /// When it began, in milliseconds of the browser's clock.
    begun: f64,
    /// The taps so far, in seconds from the first.
    times: Vec<f64>,
}

impl Taps {
    /// A tap at `clock`, in milliseconds of the browser's clock.
    pub fn tap(&mut self, clock: f64) {
        const MILLISECONDS: f64 = 1_000.0;
        if self.times.is_empty() {
            self.begun = clock;
        }
        let since = (clock - self.begun).max(0.0).round() / MILLISECONDS;
        self.times.push(since.max(self.last()));
    }

    /// The time of the last tap, in seconds from the first.
    pub fn last(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    /// The link form of arrivals at these times.
    pub fn arrivals(&self) -> String {
        let times: Vec<String> = self.times.iter().map(f64::to_string).collect();
        format!("times:{}", times.join(","))
    }
}

/// The source that can be tapped, if arrivals are listed one by one.
pub fn tapped(form: &Form) -> Option<&'static str> {
    form.sources.iter().find(|source| source.pick.choice == "times").map(|source| source.id)
}

/// What [`view`] shows.
pub struct Pad {
    /// The rhythm that is being tapped, if one is.
    pub taps: Option<Taps>,
    /// Called with the browser's clock at each tap.
    pub ontap: Callback<f64>,
    /// Called to begin anew.
    pub onanew: Callback<()>,
}

/// The pad. A finger and a mouse count when they go down, a key when it clicks.
pub fn view(pad: &Pad) -> Html {
    let onpointerdown = pad.ontap.reform(|event: PointerEvent| event.time_stamp());
    let ontap = pad.ontap.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        let by_key = event.detail() == 0;
        if by_key {
            ontap.emit(event.time_stamp());
        }
    });
    let says = match &pad.taps {
        None => "The first tap begins a rhythm of your own.".to_owned(),
        Some(taps) => {
            let count = words::counted(taps.times.len() as u64, "tap", "taps");
            format!("{count} in {}. Play them again, or go on tapping.", words::seconds(taps.last()))
        }
    };
    html! {
        <div class="pad">
            <button type="button" class="tap" {onpointerdown} {onclick}>{ "Tap to send" }</button>
            <span class="quiet">{ says }</span>
            if pad.taps.is_some() { <button type="button" onclick={pad.onanew.reform(|_: MouseEvent| ())}>{ "Begin anew" }</button> }
        </div>
    }
}
