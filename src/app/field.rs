//! One field of a form: a label, an input, what it means, and what was refused.

use super::entry::Entry;
use crate::lab::{Field, Input};
use crate::refusal::Refusal;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// A field to be drawn.
pub struct FieldInput {
    /// The field.
    pub field: Field,
    /// Unique on the page.
    pub id: String,
    /// What was entered here last, if it was refused, and why. It stays in the field.
    pub refused: Option<(String, Refusal)>,
    /// Whether what it means stands below it, and not only in its tooltip.
    pub told: bool,
    /// Called with the text that was entered.
    pub onset: Callback<String>,
}

/// A labelled input.
pub fn view(props: FieldInput) -> Html {
    let Field { label, means, input, value, .. } = &props.field;
    let value = props.refused.as_ref().map_or(value, |(typed, _)| typed);
    let id = props.id.clone();
    let hint = format!("{id}-hint");
    let describing = match (props.refused.is_some(), props.told) {
        (true, _) => Some(hint.clone()),
        (false, true) => Some(format!("{id}-means")),
        (false, false) => None,
    };
    let entry = match input {
        Input::Words(words) => html! {
            <select {id} onchange={props.onset.reform(|event: Event| entered(&event))} title={*means} aria-describedby={describing}>
                { for words.iter().map(|(word, name)| html! { <option value={*word} selected={word == value}>{ name }</option> }) }
            </select>
        },
        typed => html! {
            <Entry {id} input={typed.clone()} value={value.clone()} title={*means} refused={props.refused.is_some()} described_by={describing} onset={props.onset.clone()} />
        },
    };
    html! {
        <span class={classes!("field", props.told.then_some("told"), is_lines(input).then_some("lines"))}>
            <label for={props.id.clone()}>{ *label }</label>
            { entry }
            if props.told && !is_lines(input) { <small class="means" id={format!("{}-means", props.id)}>{ *means }</small> }
            if let Some((_, refusal)) = &props.refused {
                <span class="refused" id={hint} role="alert">{ refusal.to_string() }</span>
            }
        </span>
    }
}

/// Whether a field is entered in several lines, which takes a row of its own.
pub fn is_lines(input: &Input) -> bool {
    matches!(input, Input::Lines { .. })
}

/// The text of the input, the lines or the select that an event comes from.
pub fn entered(event: &Event) -> String {
    let target = event.target();
    let input =
        target.as_ref().and_then(|target| target.dyn_ref::<HtmlInputElement>()).map(HtmlInputElement::value);
    let select = || {
        target.as_ref().and_then(|target| target.dyn_ref::<HtmlSelectElement>()).map(HtmlSelectElement::value)
    };
    let lines = || {
        target
            .as_ref()
            .and_then(|target| target.dyn_ref::<HtmlTextAreaElement>())
            .map(HtmlTextAreaElement::value)
    };
    input.or_else(select).or_else(lines).unwrap_or_default()
}
