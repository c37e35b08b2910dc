//! What the variants take in memory and work: a question that the worker answers by measuring.

use crate::lab::Table;
use std::rc::Rc;
use yew::prelude::*;

/// Whether it was measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Weighed {
    /// Nobody has asked.
    No,
    /// It is being measured.
    UnderWay,
    /// The answer.
    Yes(Rc<Table>),
}

/// The question, or the answer; `how` says what is measured.
pub fn view(how: &'static str, weighed: &Weighed, onweigh: Callback<()>) -> Html {
    html! {
        <section class="weight" aria-labelledby="weight">
            <h2 id="weight">{ "Memory and work" }</h2>
            <p class="quiet">{ how }</p>
            { match weighed {
                Weighed::No => html! { <button type="button" class="small" onclick={onweigh.reform(|_: MouseEvent| ())}>{ "Measure" }</button> },
                Weighed::UnderWay => html! { <p role="status">{ "It is being measured." }</p> },
                Weighed::Yes(table) => answer(table),
            } }
        </section>
    }
}

fn answer(table: &Table) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Memory and work">
            <table>
                <thead><tr>{ for table.head.iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
                <tbody>{ for table.rows.iter().map(|(name, cells)| html! {
                    <tr><th scope="row">{ name }</th>{ for cells.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
                }) }</tbody>
            </table>
        </div>
    }
}
