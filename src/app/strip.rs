//! The scenario strip: presets, variants, traffic and everything else that can be set, drawn from
//! the lab's own description of its form.

use super::field::{self, FieldInput, entered};
use super::theme;
use crate::lab::{About, Field, Form, Group, Input, Pick, Query, Scenario, Source, Workload, words};
use crate::refusal::Refusal;
use std::rc::Rc;
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
    /// Something that is to happen next, as a field of the scenario.
    Act(&'static str, String),
    /// A whole preset.
    Preset(usize),
    /// A file of the person's own.
    File(web_sys::File),
    /// Another seed, drawn by chance.
    Dice,
}

/// What [`Strip`] shows.
#[derive(Clone, Properties)]
pub struct Props {
    /// What the lab says about itself.
    pub about: &'static About,
    /// The scenario.
    pub scenario: Rc<Scenario>,
    /// Which preset it is, if it is one.
    pub preset: Option<usize>,
    /// What was entered last and refused, and why.
    pub refusal: Option<(String, Refusal)>,
    /// Called with what is to be set.
    pub onedit: Callback<Edit>,
    /// Called to share the scenario.
    pub onshare: Callback<()>,
}

/// The strip need not be drawn anew while the same scenario is being played.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scenario, &other.scenario)
            && (self.about.id, self.preset, &self.refusal) == (other.about.id, other.preset, &other.refusal)
    }
}

/// The preset that `scenario` is.
pub fn preset_of(scenario: &Scenario) -> Option<usize> {
    let (about, query) = (scenario.about(), scenario.query());
    about.presets.iter().position(|preset| {
        let mut own = Query::parse(preset.query);
        super::page::OWN.iter().for_each(|name| drop(own.take(name)));
        Scenario::from_query(about.id, &own).0.query() == query
    })
}

/// The strip.
#[component]
pub fn Strip(props: &Props) -> Html {
    let form = props.scenario.form();
    let preset = props.onedit.reform(|event: Event| Edit::Preset(entered(&event).parse().unwrap_or(0)));
    // Where there is much to set it is folded away, so that the stage is in view.
    let much = form.sources.len() > 1 || !form.groups.is_empty();
    html! {
        <section class={classes!("strip", much.then_some("much"))} aria-label="Scenario">
            <div class="row">
                <span class="field">
                    <label for="preset">{ "Preset" }</label>
                    <select id="preset" onchange={preset}>
                        if props.preset.is_none() { <option selected=true disabled=true>{ "your own" }</option> }
                        { for props.about.presets.iter().enumerate().map(|(at, preset)| html! { <option value={at.to_string()} selected={props.preset == Some(at)}>{ preset.name }</option> }) }
                    </select>
                </span>
                <details class="settings" open={!much && !theme::matches(NARROW)}>
                    <summary>{ "Traffic and settings" }<span class="quiet">{ traffic(&form) }</span></summary>
                    <div class="row">
                        { for form.sources.iter().map(|source| self::source(props, source)) }
                        { for form.fields.iter().map(|field| scenario_field(props, field, false)) }
                        { for form.groups.iter().map(|group| self::group(props, group)) }
                        <button type="button" onclick={props.onedit.reform(|_: MouseEvent| Edit::Dice)} title="Draw another seed by chance">{ "New seed" }</button>
                    </div>
                </details>
                <button type="button" class="push" onclick={props.onshare.reform(|_: MouseEvent| ())}>{ "Share" }</button>
            </div>
            { variants(props, &form) }
        </section>
    }
}

/// What the traffic is made of, in a few words: "Arrivals: Poisson".
fn traffic(form: &Form) -> String {
    let sources = form.sources.iter().map(|source| format!("{}: {}", source.label, source.pick.name));
    sources.collect::<Vec<_>>().join(" · ")
}

/// What was entered into `field` and refused, and why.
fn refused(props: &Props, field: &str) -> Option<(String, Refusal)> {
    let named = |refusal: &Refusal| refusal.field.split([' ', '.']).next() == Some(field);
    props.refusal.clone().filter(|(_, refusal)| named(refusal))
}

fn scenario_field(props: &Props, field: &Field, told: bool) -> Html {
    let (id, refused) = (field.id, refused(props, field.id));
    // Several lines are taken as they stand, and the longer a text, the more needs to be said of it.
    let lines = field::is_lines(&field.input);
    let told = told || lines;
    let onset = props
        .onedit
        .reform(move |text: String| Edit::Field(id, if lines { text } else { text.trim().to_owned() }));
    field::view(FieldInput { field: field.clone(), id: id.to_owned(), refused, told, onset })
}

/// Fields that open on demand; how many of them are set is said beside their name.
fn group(props: &Props, group: &Group) -> Html {
    let usual = Scenario::from_query(props.about.id, &Query::default()).0.form();
    let usual = usual.groups.into_iter().find(|other| other.label == group.label).map(|group| group.fields);
    let is_usual = |field: &Field| {
        usual.iter().flatten().any(|other| other.id == field.id && other.value == field.value)
    };
    let set = group.fields.iter().filter(|field| !is_usual(field)).count();
    let wrong = group.fields.iter().any(|field| refused(props, field.id).is_some());
    html! {
        <details key={group.label} class="more group-of-fields" open={wrong}>
            <summary>{ group.label }
                if set > 0 { <span class="count" title={format!("{set} set")}>{ set }<span class="sr">{ " set" }</span></span> }
            </summary>
            <div class="popover">{ for group.fields.iter().map(|field| scenario_field(props, field, true)) }</div>
        </details>
    }
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
            field::view(FieldInput { field: field.clone(), id: format!("variant-{at}-{name}"), refused: None, told: true, onset })
        });
        html! {
            <div key={at} class={format!("chip v{}", at % 4)}>
                <i class="swatch" aria-hidden="true"></i>
                <select aria-label={format!("{} {}", form.variants.noun, at + 1)} onchange={choose}>
                    { for pick.options.iter().map(|option| html! { <option value={option.id} selected={option.id == pick.choice} title={option.idea}>{ option.name }</option> }) }
                </select>
                <details class="more">
                    <summary aria-label={format!("Settings of {}", pick.name)} title="Settings"><span>{ settings(pick) }</span></summary>
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
        let (texts, next) = (texts.clone(), next(form, pick));
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
                <button type="button" onclick={add}>{ "Add " }{ words::article(form.variants.noun) }{ " " }{ form.variants.noun }</button>
            }
            if let Some((_, refusal)) = refused(props, id) { <span class="refused" role="alert">{ refusal.to_string() }</span> }
        </div>
    }
}

/// What is added beside the present variants: one that is not there yet, if there is one.
fn next(form: &Form, pick: &Pick) -> &'static str {
    let free = |id: &str| form.variants.each.iter().all(|other| other.choice != id);
    let preferred = ["s3-fifo", "arc", "sieve", "lru", "sqs", "rabbitmq", "kafka-share"];
    let preferred =
        preferred.into_iter().find(|id| free(id) && pick.options.iter().any(|option| option.id == *id));
    let unused = pick.options.iter().rev().map(|option| option.id).find(|id| free(id));
    preferred.or(unused).unwrap_or(pick.choice)
}

/// What is set on a chip beyond its name: "threshold 2".
fn settings(pick: &Pick) -> String {
    pick.name.split_once(", ").map_or("⚙".to_owned(), |(_, settings)| settings.to_owned())
}

/// A part of the traffic: its kind, and the fields of that kind.
fn source(props: &Props, source: &Source) -> Html {
    let (name, pick) = (source.id, &source.pick);
    let is_workload = name == "workload";
    let id = if is_workload { name.to_owned() } else { format!("source-{name}") };
    let options = pick.options.clone();
    let choose = props.onedit.reform(move |event: Event| {
        let chosen = entered(&event);
        let text = options.iter().find(|option| option.id == chosen).map_or("", |option| option.text);
        Edit::Field(name, text.to_owned())
    });
    let fields = pick.fields.iter().enumerate().map(|(at, field)| {
        let (part, scenario) = (field.id, props.scenario.clone());
        let onset = props
            .onedit
            .reform(move |text: String| Edit::Field(name, scenario.source_with(name, part, text.trim())));
        let wide = field.input == Input::Text;
        let here = if is_workload { field.id == "compound" } else { wide && at == 0 };
        let refused = refused(props, name).filter(|_| here && is_workload);
        let input = field::view(FieldInput {
            field: field.clone(),
            id: format!("{id}-{part}"),
            refused,
            told: false,
            onset,
        });
        html! { <span class={if wide { "wide" } else { "" }}>{ input }</span> }
    });
    let said_there = is_workload && pick.fields.iter().any(|field| field.id == "compound");
    html! {
        <>
            <span class="field">
                <label for={id.clone()}>{ source.label }</label>
                <select id={id.clone()} onchange={choose}>
                    { for pick.options.iter().map(|option| html! { <option value={option.id} selected={option.id == pick.choice} title={option.idea}>{ option.name }</option> }) }
                </select>
            </span>
            { for fields }
            if source.file { { file(props) } }
            if let Some((_, refusal)) = refused(props, name).filter(|_| !said_there) { <span class="refused" role="alert">{ refusal.to_string() }</span> }
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
            <span class="quiet">{ props.scenario.workload().map_or_else(String::new, Workload::name) }</span>
        </span>
    }
}

/// The file that was dropped, if one was.
pub fn dropped(event: &DragEvent) -> Option<web_sys::File> {
    event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
}
