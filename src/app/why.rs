//! The log: what the last steps did and why, the present one first.

use crate::lab::{About, Moment, Tone, words};
use std::rc::Rc;
use yew::prelude::*;

/// What the log shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the lab says about itself.
    pub about: &'static About,
    /// The last moments, the present one first.
    pub moments: Rc<Vec<Moment>>,
    /// What each variant is called, in short.
    pub names: Rc<Vec<String>>,
    /// Called with the step to go to.
    pub onseek: Callback<u64>,
}

/// The log.
#[component]
pub fn Why(props: &Props) -> Html {
    html! {
        <aside class="why" aria-labelledby="why">
            <h2 id="why">{ "Why" }</h2>
            if props.moments.is_empty() {
                <p class="empty">{ "Nothing has happened yet. Press Step, or the right arrow, and each reason will stand here." }</p>
            }
            <ol>{ for props.moments.iter().enumerate().map(|(at, moment)| row(props, at == 0, moment)) }</ol>
        </aside>
    }
}

fn row(props: &Props, present: bool, moment: &Moment) -> Html {
    let step = moment.step;
    let onclick = props.onseek.reform(move |_: MouseEvent| step);
    let told = moment.parts.iter().enumerate().filter(|(_, part)| !part.because.is_empty());
    html! {
        <li key={step} aria-current={present.then_some("step")}>
            <button type="button" class="number" {onclick} aria-label={format!("Go to {} {step}", props.about.step.0)}>{ words::count(step) }</button>
            <div>
                <b class="key">{ words::named(&moment.subject) }</b>
                { for told.map(|(at, part)| {
                    let outcome = props.about.outcomes.get(usize::from(part.outcome));
                    let tone = outcome.map_or("", |outcome| tone(outcome.tone));
                    html! {
                        <p>
                            <span class={format!("tag v{}", at % 4)}><i class="swatch" aria-hidden="true"></i>{ props.names.get(at).unwrap_or(&part.variant) }</span>
                            { " " }<span class={tone}>{ outcome.map_or("", |outcome| outcome.sign) }<span class="sr">{ outcome.map_or("", |outcome| outcome.name) }</span></span>
                            { " " }{ part.headline().0 }
                        </p>
                    }
                }) }
                if let Some(difference) = &moment.difference {
                    <p class="difference">{ difference.sentence() }</p>
                }
            </div>
        </li>
    }
}

/// The class of an outcome's colour.
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Quiet => "soft",
        Tone::Bad => "bad",
    }
}
