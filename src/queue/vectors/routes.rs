//! Which queues a message enters, held against RabbitMQ's answers.

use super::script::{Routes, Routing};
use crate::catalogue::{Checked, Outcome};
use crate::queue::routing::{Binding, Exchange, Headers, RoutingKey, destinations};
use crate::refusal::Refusal;

const TOPIC: &str = include_str!("rabbitmq-topic.json");
const HEADERS: &str = include_str!("rabbitmq-headers.json");

/// Every row of both kinds of exchange. A message is written as the kind reads it: a routing key, or
/// headers.
pub(super) fn check() -> Vec<Checked> {
    [(Exchange::Topic, TOPIC), (Exchange::Headers, HEADERS)]
        .into_iter()
        .flat_map(|(kind, text)| match serde_json::from_str::<Routes>(text) {
            Ok(Routes { source, rows, .. }) => rows.iter().map(|row| check_row(kind, row, &source)).collect(),
            Err(error) => vec![Checked::unreadable(&error)],
        })
        .collect()
}

fn check_row(kind: Exchange, row: &Routing, source: &str) -> Checked {
    let outcome = compare(kind, row).unwrap_or_else(|refusal| Outcome::Failed {
        step: 0,
        expected: refusal.allowed,
        got: refusal.value,
    });
    Checked { what: row.what.clone(), from: row.from.clone(), source: source.to_owned(), outcome }
}

/// The queues of each message, which count as steps.
fn compare(kind: Exchange, row: &Routing) -> Result<Outcome, Refusal> {
    let texts = row.bindings.iter().flat_map(|(queue, texts)| texts.iter().map(move |text| (queue, text)));
    let bindings: Vec<(Binding, &str)> =
        texts.map(|(queue, text)| Ok((kind.bind(text)?, queue.as_str()))).collect::<Result<_, Refusal>>()?;
    for (at, (message, expected)) in row.routes.iter().enumerate() {
        let (key, headers) = match kind {
            Exchange::Headers => (RoutingKey::default(), Headers::parse(message)?),
            _ => (RoutingKey::parse(message)?, Headers::default()),
        };
        let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let mut got: Vec<&str> = destinations(&bindings, &key, &headers).into_iter().copied().collect();
        expected.sort_unstable();
        got.sort_unstable();
        if expected != got {
            let (expected, got) = (format!("{message:?} to {expected:?}"), format!("{got:?}"));
            return Ok(Outcome::Failed { step: at + 1, expected, got });
        }
    }
    Ok(Outcome::Passed)
}
