//! The source panel: the very file of the algorithm that is stepping, with the functions that just
//! ran washed and the lines that decided marked.

use crate::lab::Place;
use std::ops::Range;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What [`Source`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The name of the file.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Where the last step's reasons come from.
    pub places: Vec<Place>,
    /// The class of the variant's colour.
    pub class: String,
}

/// The file.
#[component]
pub fn Source(props: &Props) -> Html {
    let panel = use_node_ref();
    let lines: Vec<&str> = props.text.lines().collect();
    let ran: Vec<Range<usize>> =
        props.places.iter().filter_map(|place| place.function_lines(&lines)).collect();
    let decided: Vec<usize> = props.places.iter().flat_map(|place| place.deciding_lines(&lines)).collect();
    let first = decided.iter().chain(ran.iter().map(|range| &range.start)).min().copied();
    {
        let panel = panel.clone();
        use_effect_with((props.file, first), move |_| scroll_to(&panel, first));
    }
    html! {
        <aside class={format!("source {}", props.class)} aria-labelledby="source">
            <h2 id="source"><code>{ props.file }</code>{ ", the code that just ran" }</h2>
            <pre ref={panel} tabindex="0" role="region" aria-label={format!("Source of {}", props.file)}><code>
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

/// Brings `line` into view within the panel, without moving the page.
fn scroll_to(panel: &NodeRef, line: Option<usize>) {
    let Some(panel) = panel.cast::<web_sys::Element>() else { return };
    let Some(line) = line else { return panel.set_scroll_top(0) };
    let row = panel.query_selector_all(".line").ok().and_then(|rows| rows.get(line as u32));
    let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let above = row.offset_top() - panel.client_height() / 3;
    panel.set_scroll_top(above.max(0));
}
