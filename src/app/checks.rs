//! How far a system can be trusted: what its vendor's own tests say, replayed on the one that runs
//! here, when somebody asks. The replay is the worker's affair; here are the question and the answer.

use crate::catalogue::{Checked, Outcome};
use std::rc::Rc;
use yew::prelude::*;

/// What [`view`] shows.
pub struct Checks {
    /// What can be checked, as the worker knows it.
    pub id: &'static str,
    /// What people call it.
    pub name: String,
    /// The answer, if it was asked for.
    pub facts: Option<Rc<Vec<Checked>>>,
    /// Called to ask.
    pub oncheck: Callback<&'static str>,
}

/// The question, or the answer.
pub fn view(props: &Checks) -> Html {
    let id = props.id;
    let oncheck = props.oncheck.reform(move |_: MouseEvent| id);
    html! {
        <section class="checks" aria-labelledby="checks">
            <h2 id="checks">{ "Checked against the vendors" }</h2>
            if let Some(facts) = &props.facts {
                { answer(facts) }
            } else {
                <p class="quiet">{ format!("What tests elsewhere say of {} can be replayed on the one that runs here.", props.name) }</p>
                <button type="button" class="small" onclick={oncheck}>{ "Replay the vendors’ tests" }</button>
            }
        </section>
    }
}

fn answer(facts: &[Checked]) -> Html {
    let holds = facts.iter().filter(|fact| fact.outcome == Outcome::Passed).count();
    let fails = facts.iter().filter(|fact| matches!(fact.outcome, Outcome::Failed { .. })).count();
    let left_out = facts.len() - holds - fails;
    let mut sources: Vec<&str> = facts.iter().map(|fact| fact.source.as_str()).collect();
    sources.dedup();
    html! {
        <>
            <p role="status">{ format!("{} facts: {holds} hold here, {fails} do not, {left_out} are about what is left out.", facts.len()) }</p>
            <details>
                <summary>{ "The facts" }</summary>
                <p class="quiet">{ sources.join("; ") }</p>
                <ul class="facts">{ for facts.iter().map(fact) }</ul>
            </details>
        </>
    }
}

fn fact(fact: &Checked) -> Html {
    let (sign, class, word, more) = match &fact.outcome {
        Outcome::Passed => ("✓", "good", "holds", None),
        Outcome::Failed { step, expected, got } => (
            "✕",
            "bad",
            "does not hold",
            Some(format!("at step {step}: {expected} was expected, and {got} came")),
        ),
        Outcome::NotModelled { why } => ("–", "quiet", "left out", Some(why.clone())),
    };
    html! {
        <li>
            <span {class} aria-hidden="true">{ sign }</span><span class="sr">{ word }</span>
            <span>{ &fact.what }
                if let Some(more) = more { <em class="quiet">{ format!(" ({more})") }</em> }
            </span>
        </li>
    }
}
