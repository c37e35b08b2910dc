//! A place to type in. What is being typed stays until it is entered or left, whatever else is drawn meanwhile:
//! a run that plays, or news of the worker.

use super::field::entered;
use crate::lab::{Input, words};
use yew::prelude::*;

/// What [`Entry`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Unique on the page.
    pub id: String,
    /// What can be typed.
    pub input: Input,
    /// What stands there unless something is being typed.
    pub value: String,
    /// What it means: said below several lines, with their length, and elsewhere where the pointer rests.
    #[prop_or_default]
    pub title: Option<&'static str>,
    /// What stands there while it is empty.
    #[prop_or_default]
    pub placeholder: Option<&'static str>,
    /// How many digits are in sight; `None`: as many as there are.
    #[prop_or_default]
    pub size: Option<usize>,
    /// Whether what stands there was refused.
    #[prop_or_default]
    pub refused: bool,
    /// What describes it.
    #[prop_or_default]
    pub described_by: Option<String>,
    /// Called with the text that was entered.
    pub onset: Callback<String>,
}

/// The input.
#[component]
pub fn Entry(props: &Props) -> Html {
    let draft = use_state(|| None::<String>);
    let value = draft.as_ref().unwrap_or(&props.value).clone();
    let oninput = Callback::from({
        let draft = draft.clone();
        move |event: InputEvent| draft.set(Some(entered(&event)))
    });
    let onblur = Callback::from({
        let draft = draft.clone();
        move |_: FocusEvent| draft.set(None)
    });
    let onset = props.onset.clone();
    let onchange = Callback::from(move |event: Event| {
        draft.set(None);
        onset.emit(entered(&event));
    });
    let Props { id, input, title, placeholder, refused, described_by, .. } = props.clone();
    let invalid = refused.to_string();
    if let Input::Lines { most } = input {
        let length = words::count(value.chars().count() as u64);
        let means = format!("{id}-means");
        return html! {
            <>
                <textarea {id} class="text" rows="3" maxlength={most.to_string()} spellcheck="false" {value} {oninput} {onblur} {onchange}
                    aria-invalid={invalid} aria-describedby={described_by} />
                <small class="means" id={means}>{ title }{ format!(" {length} of {} characters.", words::count(most as u64)) }</small>
            </>
        };
    }
    let (class, inputmode, size) = match input {
        Input::Whole { .. } => ("number", Some("numeric"), Some(digits(props))),
        Input::Fraction { .. } => ("number", Some("decimal"), Some(digits(props))),
        _ => ("text", None, None),
    };
    html! {
        <input {id} type="text" {class} {inputmode} {size} {value} {oninput} {onblur} {onchange} {title} {placeholder}
            aria-invalid={invalid} aria-describedby={described_by} />
    }
}

fn digits(props: &Props) -> String {
    props.size.unwrap_or_else(|| props.value.len().clamp(3, 12)).to_string()
}
