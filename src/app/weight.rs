//! What is measured beside the run: a question that the worker answers with a table.

use crate::lab::{Table, Weighing};
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

/// The question, or the answer.
pub fn view(weighing: &Weighing, weighed: &Weighed, onweigh: Callback<()>) -> Html {
    html! {
        <section class="weight" aria-labelledby="weight">
            <h2 id="weight">{ weighing.title }</h2>
            <p class="quiet">{ weighing.how }</p>
            { match weighed {
                Weighed::No => html! { <button type="button" class="small" onclick={onweigh.reform(|_: MouseEvent| ())}>{ "Measure" }</button> },
                Weighed::UnderWay => html! { <p role="status">{ "It is being measured." }</p> },
                Weighed::Yes(table) => answer(weighing.title, table),
            } }
        </section>
    }
}

/// The table; what stands in a cell after a line’s end is said more quietly.
fn answer(title: &'static str, table: &Table) -> Html {
    let cell = |cell: &String| match cell.split_once('\n') {
        None => html! { <td>{ cell }</td> },
        Some((figure, why)) => {
            html! { <td class="reasoned">{ figure }<small>{ why.to_owned() }</small></td> }
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={title}>
            <table>
                <thead><tr>{ for table.head.iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
                <tbody>{ for table.rows.iter().map(|(name, cells)| html! {
                    <tr><th scope="row">{ name }</th>{ for cells.iter().map(cell) }</tr>
                }) }</tbody>
            </table>
        </div>
    }
}
