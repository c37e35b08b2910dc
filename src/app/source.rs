//! The source panel: the very files that are stepping, with the functions that just ran washed and
//! the lines that decided marked.

use super::loader;
use crate::lab::Place;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What [`Source`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The files, from the project's root, the variant's own first.
    pub files: Vec<&'static str>,
    /// Where the last step's reasons come from, the one that matters most first.
    pub places: Vec<Place>,
    /// The class of the variant's colour.
    pub class: String,
}

/// The file in which the reason that matters most is named; another one for as long as somebody has
/// chosen it for this reason.
#[component]
pub fn Source(props: &Props) -> Html {
    let panel = use_node_ref();
    let texts = use_texts();
    let chosen = use_state_eq(|| None::<(Vec<Place>, usize)>);
    let at = match &*chosen {
        Some((places, at)) if *places == props.places => *at,
        _ => deciding_file(props, &texts),
    };
    let Some(file) = props.files.get(at).copied() else { return html! {} };
    let text = texts.of(file);
    let lines: Vec<&str> = text.lines().collect();
    let own = || props.places.iter().filter(|place| props.files.len() == 1 || names(text, place));
    let ran: Vec<Range<usize>> = own().filter_map(|place| place.function_lines(&lines)).collect();
    let decided: Vec<usize> = own().flat_map(|place| place.deciding_lines(&lines)).collect();
    let first = decided.iter().chain(ran.iter().map(|range| &range.start)).min().copied();
    {
        let panel = panel.clone();
        use_effect_with((file, first, texts.missing().is_none()), move |_| scroll_to(&panel, first));
    }
    html! {
        <aside class={format!("source {}", props.class)} aria-labelledby="source">
            <h2 id="source"><code>{ short(file) }</code>{ if decided.is_empty() && props.files.len() > 1 { "" } else { ", the code that just ran" } }</h2>
            if props.files.len() > 1 {
                <div class="tabs files" role="group" aria-label="File">
                    { for props.files.iter().enumerate().map(|(other, name)| {
                        let (chosen, places) = (chosen.clone(), props.places.clone());
                        let onclick = move |_: MouseEvent| chosen.set(Some((places.clone(), other)));
                        html! { <button type="button" aria-pressed={(other == at).to_string()} {onclick}>{ short(name) }</button> }
                    }) }
                </div>
            }
            if let Some(missing) = texts.missing() { <p class="quiet">{ missing }</p> }
            <pre ref={panel} tabindex="0" role="region" aria-label={format!("Source of {file}")}><code>
                { for lines.iter().enumerate().map(|(at, line)| {
                    let on = decided.contains(&at);
                    let in_function = ran.iter().any(|range| range.contains(&at));
                    let comment = line.trim_start().starts_with("//");
                    let class = classes!("line", on.then_some("on"), in_function.then_some("ran"), comment.then_some("comment"));
                    html! { <span key={at} {class}>{ *line }{ "\n" }</span> }
                }) }
            </code></pre>
        </aside>
    }
}

/// The first file that names the rule of the reason that matters most.
fn deciding_file(props: &Props, texts: &Texts) -> usize {
    let Some(place) = props.places.first() else { return 0 };
    props.files.iter().position(|file| names(texts.of(file), place)).unwrap_or(0)
}

/// The name of a file without the folder that all are in: `queue/sqs.rs`.
fn short(file: &str) -> &str {
    file.strip_prefix("src/").unwrap_or(file)
}

/// The texts of all source files, which are not part of the program: tools/sources.mjs writes them
/// beside it, and they are fetched when the panel is first seen.
#[derive(Clone, PartialEq)]
enum Texts {
    OnTheirWay,
    Here(Rc<BTreeMap<String, String>>),
    Missing,
}

impl Texts {
    /// The text of `file`; empty as long as it is not there.
    fn of(&self, file: &str) -> &str {
        let Texts::Here(all) = self else { return "" };
        all.get(file).map_or("", String::as_str)
    }

    /// What to say in the place of a text.
    fn missing(&self) -> Option<&'static str> {
        match self {
            Texts::OnTheirWay => Some("The source is being fetched."),
            Texts::Here(_) => None,
            Texts::Missing => Some("The source could not be fetched: sources.js is not beside this page."),
        }
    }
}

#[hook]
fn use_texts() -> Texts {
    let texts = use_state(|| Texts::OnTheirWay);
    let set = texts.setter();
    use_effect_with((), move |()| {
        spawn_local(async move {
            // Taken over once, because the panel is drawn anew at every step.
            let all = loader::ask("sluiceSources").await.ok();
            let all = all.and_then(|all| serde_wasm_bindgen::from_value(all).ok());
            set.set(all.map_or(Texts::Missing, |all| Texts::Here(Rc::new(all))));
        });
    });
    (*texts).clone()
}

/// Whether `text` is where the rule stands as a constant.
fn names(text: &str, place: &Place) -> bool {
    text.contains(&format!("const {}:", place.rule))
}

/// Brings `line` into view within the panel, without moving the page.
fn scroll_to(panel: &NodeRef, line: Option<usize>) {
    let Some(panel) = panel.cast::<web_sys::Element>() else { return };
    let Some(line) = line else { return panel.set_scroll_top(0) };
    let row = panel.query_selector_all(".line").ok().and_then(|rows| rows.get(line as u32));
    let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let above = row.offset_top() - panel.client_height() / 3;
    panel.set_scroll_top(above.max(0));
}
