//! Dialogs: sharing a scenario, and the list of keys.

use super::address;
use crate::lab::{About, Link, Scenario, words};
use gloo_utils::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Links, embed code and the scenario as JSON.
    Share,
    /// What the keys do.
    Keys,
}

/// What [`Dialog`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    /// Its title.
    pub title: &'static str,
    /// What is in it.
    pub children: Html,
    /// Called when it is closed.
    pub onclose: Callback<()>,
}

/// A modal dialog; Escape closes it, and the focus goes back where it was.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let onclose = props.onclose.reform(|_: Event| ());
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={dialog} {onclose} aria-labelledby="dialog-title">
            <h2 id="dialog-title">{ props.title }</h2>
            { props.children.clone() }
            <p class="actions"><button type="button" class="main" {onclick}>{ "Close" }</button></p>
        </dialog>
    }
}

/// Links, embed code and the scenario for the command line.
pub fn share(state: &Link, scenario: &Scenario) -> Html {
    let link = address::whole(state, false);
    let title = scenario.about().question;
    let source = address::whole(state, true).replace('&', "&amp;").replace('"', "&quot;");
    let embed = format!(
        "<iframe src=\"{source}\" width=\"640\" height=\"420\" title=\"{title}\" style=\"border:0\" loading=\"lazy\"></iframe>"
    );
    html! {
        <>
            <Copied id="share-link" label="Link to exactly this state" text={link} />
            <Copied id="share-embed" label="To embed it in a page" text={embed} />
            <Copied id="share-json" label="Scenario for the command line" text={scenario.json()} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CopiedProps {
    id: &'static str,
    label: &'static str,
    text: String,
}

/// A text that can be copied.
#[component]
fn Copied(props: &CopiedProps) -> Html {
    let said = use_state(|| "Copy");
    let onclick = {
        let (said, text) = (said.clone(), props.text.clone());
        move |_: MouseEvent| {
            let (said, text) = (said.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
                let allowed = clipboard.is_ok_and(|clipboard| !clipboard.is_undefined());
                let copied = allowed
                    && JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok();
                said.set(if copied { "Copied" } else { "Select the text and copy it" });
            });
        }
    };
    let select = |event: FocusEvent| {
        if let Some(text) = event.target_dyn_into::<web_sys::HtmlTextAreaElement>() {
            text.select();
        }
    };
    html! {
        <div class="copied">
            <label for={props.id}>{ props.label }</label>
            <textarea id={props.id} readonly=true rows="3" value={props.text.clone()} onfocus={select} />
            <button type="button" {onclick} aria-live="polite">{ *said }</button>
        </div>
    }
}

/// What the keys do.
pub fn keys(about: &About) -> Html {
    let fixed = [
        ("→", "one step on"),
        ("←", "one step back"),
        ("Page up, Page down", "twenty steps back or on"),
        ("Home, End", "to the start or the end"),
        ("space", "play or pause"),
        ("+ and −", "faster or slower"),
        ("?", "this list"),
    ];
    html! {
        <dl class="keys">
            { for fixed.iter().map(|(key, does)| html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></> }) }
            if about.timed { <><dt><kbd>{ "f" }</kbd></dt><dd>{ format!("to the field in which the number of {0} {1} can be typed, to follow its life; on the stage a press on the {1} does the same", words::article(about.subject), about.subject) }</dd></> }
            { for about.jumps.iter().map(|jump| html! { <><dt><kbd>{ jump.key }</kbd></dt><dd>{ format!("next {}; with shift the previous one", jump.name) }</dd></> }) }
        </dl>
    }
}

/// Whether the person is typing into something, so that keys are letters and not commands.
pub fn is_typing() -> bool {
    let active = gloo_utils::document().active_element();
    let Some(active) = active else { return false };
    let in_dialog = active.closest("dialog[open]").ok().flatten().is_some();
    let is_file = active.get_attribute("type").as_deref() == Some("file");
    let own = ["INPUT", "SELECT", "TEXTAREA"].contains(&active.tag_name().as_str()) && !is_file;
    own || in_dialog
}

/// Whether a button, a link or the like has the focus, which takes space and Enter for itself.
pub fn is_pressable() -> bool {
    let active = gloo_utils::document().active_element();
    active.is_some_and(|active| ["BUTTON", "A", "SUMMARY"].contains(&active.tag_name().as_str()))
}
