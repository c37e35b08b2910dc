//! The scenario strip: presets, variants, requests and everything else that can be set, drawn from
//! the lab's own description of its form.

use super::field::{self, FieldInput, entered};
use super::theme;
use crate::lab::{About, Form, Input, Pick, Scenario};
use crate::refusal::Refusal;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, HtmlInputElement};
use yew::prelude::*;

/// Screens on which the settings are folded away until they are wanted.
const NARROW: &str = "(max-width: 560px)";

/// What the person wants to set.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A field of the scenario, as a link writes it.
    Field(&'static str, String),
    /// A whole preset.
    Preset(usize),
    /// A file of the person's own.
    File(web_sys::File),
    /// Another seed, drawn by chance.
    Dice,
}

/// What [`Strip`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the lab says about itself.
    pub about: &'static About,
    /// The scenario.
    pub scenario: Scenario,
    /// What was entered last and refused, and why.
    pub refusal: Option<(String, Refusal)>,
    /// Called with what is to be set.
    pub onedit: Callback<Edit>,
    /// Called to share the scenario.
    pub onshare: Callback<()>,
}

/// The strip.
#[component]
pub fn Strip(props: &Props) -> Html {
    let form = props.scenario.form();
    let preset = props.onedit.reform(|event: Event| Edit::Preset(entered(&event).parse().unwrap_or(0)));
    let query = props.scenario.query();
    let present = props.about.presets.iter().position(|preset| {
        Scenario::from_query(props.about.id, &crate::lab::Query::parse(preset.query)).0.query() == query
    });
    html! {
        <section class="strip" aria-label="Scenario">
            <div class="row">
                <span class="field">
                    <label for="preset">{ "Preset" }</label>
                    <select id="preset" onchange={preset}>
                        if present.is_none() { <option selected=true disabled=true>{ "your own" }</option> }
                        { for props.about.presets.iter().enumerate().map(|(at, preset)| html! { <option value={at.to_string()} selected={present == Some(at)}>{ preset.name }</option> }) }
                    </select>
                </span>
                <details class="settings" open={!theme::matches(NARROW)}>
                    <summary>{ "Requests and settings" }</summary>
                    <div class="row">
                { workload(props, &form.workload) }
                { for form.fields.iter().map(|field| {
                    let (id, refused) = (field.id, refused(props, field.id));
                    let onset = props.onedit.reform(move |text| Edit::Field(id, text));
                    field::view(FieldInput { field: field.clone(), id: id.to_owned(), refused, onset })
                }) }
                <button type="button" onclick={props.onedit.reform(|_: MouseEvent| Edit::Dice)} title="Draw another seed by chance">{ "New seed" }</button>
                    </div>
                </details>
                <button type="button" class="push" onclick={props.onshare.reform(|_: MouseEvent| ())}>{ "Share" }</button>
            </div>
            { variants(props, &form) }
        </section>
    }
}

/// What was entered into `field` and refused, and why.
fn refused(props: &Props, field: &str) -> Option<(String, Refusal)> {
    props.refusal.clone().filter(|(_, refusal)| refusal.field.split(' ').next() == Some(field))
}

fn variants(props: &Props, form: &Form) -> Html {
    let id = form.variants.id;
    let texts = props.scenario.variants();
    let edit = |texts: Vec<String>| Edit::Field(id, texts.join(","));
    let each = form.variants.each.iter().enumerate().map(|(at, pick)| {
        let choose = { let texts = texts.clone(); props.onedit.reform(move |event: Event| { let mut texts = texts.clone(); texts[at] = entered(&event); edit(texts) }) };
        let remove = { let texts = texts.clone(); props.onedit.reform(move |_: MouseEvent| { let mut texts = texts.clone(); texts.remove(at); edit(texts) }) };
        let fields = pick.fields.iter().map(|field| {
            let (name, texts, scenario) = (field.id, texts.clone(), props.scenario.clone());
            let onset = props.onedit.reform(move |text: String| { let mut texts = texts.clone(); texts[at] = scenario.variant_with(at, name, text.trim()); edit(texts) });
            field::view(FieldInput { field: field.clone(), id: format!("variant-{at}-{name}"), refused: None, onset })
        });
        html! {
            <div key={at} class={format!("chip v{}", at % 4)}>
                <i class="swatch" aria-hidden="true"></i>
                <select aria-label={format!("{} {}", form.variants.noun, at + 1)} onchange={choose}>
                    { for pick.options.iter().map(|option| html! { <option value={option.id} selected={option.id == pick.choice} title={option.idea}>{ option.name }</option> }) }
                </select>
                <details class="more">
                    <summary aria-label={format!("Settings of {}", pick.name)} title="Settings">{ settings(pick) }</summary>
                    <div class="popover">
                        <p class="quiet">{ pick.options.iter().find(|option| option.id == pick.choice).map_or("", |option| option.idea) }</p>
                        { for fields }
                    </div>
                </details>
                if texts.len() > 1 {
                    <button type="button" class="bare" onclick={remove} aria-label={format!("Remove {}", pick.name)} title="Remove">{ "×" }</button>
                }
            </div>
        }
    });
    let add = form.variants.each.first().map(|pick| {
        let (texts, taken) =
            (texts.clone(), form.variants.each.iter().map(|pick| pick.choice).collect::<Vec<_>>());
        let unused = pick
            .options
            .iter()
            .rev()
            .map(|option| option.id)
            .find(|id| !taken.contains(id))
            .unwrap_or(pick.choice);
        let preferred = ["s3-fifo", "arc", "sieve", "lru"]
            .into_iter()
            .find(|id| !taken.contains(id) && pick.options.iter().any(|option| option.id == *id));
        let next = preferred.unwrap_or(unused);
        props.onedit.reform(move |_: MouseEvent| {
            let mut texts = texts.clone();
            texts.push(next.to_owned());
            edit(texts)
        })
    });
    html! {
        <div class="row variants">
            { for each }
            if texts.len() < form.variants.most {
                <button type="button" onclick={add}>{ "Add a " }{ form.variants.noun }</button>
            }
            if let Some((_, refusal)) = refused(props, id) { <span class="refused" role="alert">{ refusal.to_string() }</span> }
        </div>
    }
}

/// What is set on a chip beyond its name: "threshold 2".
fn settings(pick: &Pick) -> String {
    pick.name.split_once(", ").map_or("⚙".to_owned(), |(_, settings)| settings.to_owned())
}

fn workload(props: &Props, pick: &Pick) -> Html {
    let options = pick.options.clone();
    let choose = props.onedit.reform(move |event: Event| {
        let id = entered(&event);
        let text = options.iter().find(|option| option.id == id).map_or("", |option| option.text);
        Edit::Field("workload", text.to_owned())
    });
    let fields = pick.fields.iter().map(|field| {
        let (name, workload) = (field.id, props.scenario.workload().clone());
        let onset = props
            .onedit
            .reform(move |text: String| Edit::Field("workload", workload.with(name, text.trim())));
        let wide = field.input == Input::Text;
        let id = format!("workload-{name}");
        let refused = refused(props, "workload").filter(|_| field.id == "compound");
        let input = field::view(FieldInput { field: field.clone(), id, refused, onset });
        html! { <span class={if wide { "wide" } else { "" }}>{ input }</span> }
    });
    html! {
        <>
            <span class="field">
                <label for="workload">{ "Requests" }</label>
                <select id="workload" onchange={choose}>
                    { for pick.options.iter().map(|option| html! { <option value={option.id} selected={option.id == pick.choice} title={option.idea}>{ option.name }</option> }) }
                </select>
            </span>
            { for fields }
            if pick.choice == "file" { { file(props) } }
            if let Some((_, refusal)) = refused(props, "workload").filter(|_| !pick.fields.iter().any(|field| field.id == "compound")) { <span class="refused" role="alert">{ refusal.to_string() }</span> }
        </>
    }
}

fn file(props: &Props) -> Html {
    let chosen = {
        let onedit = props.onedit.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
            file.into_iter().for_each(|file| onedit.emit(Edit::File(file)));
        })
    };
    html! {
        <span class="field">
            <label for="file">{ "File" }</label>
            <input id="file" type="file" onchange={chosen} />
            <span class="quiet">{ props.scenario.workload().name() }</span>
        </span>
    }
}

/// The file that was dropped, if one was.
pub fn dropped(event: &DragEvent) -> Option<web_sys::File> {
    event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
}
