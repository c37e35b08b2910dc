//! What the vendors' own tests say, replayed on the brokers of this page.
//!
//! The facts are JSON files beside this one, and the README says how they are written. The tests
//! replay them all; so does the page, when somebody asks how far a broker can be trusted. Nothing else
//! refers to this module, so that only the worker's program contains it.

mod replay;
mod routes;
mod script;
mod vendor;

pub use script::{Answer, File, Routes, Routing, Row, Settings, Step, Timed, Word};

use super::Broker;
use super::kafka_share::KafkaShare;
use super::quorum::Quorum;
use super::rabbitmq::RabbitMq;
use super::redis_streams::RedisStreams;
use super::sqs::Sqs;
use super::sqs_fifo::SqsFifo;
use crate::catalogue::{Checked, Miss, NotModelled, Outcome};
use replay::replay;

/// What [`check`] knows: brokers as scenarios name them, and the exchanges.
pub const CHECKABLE: &[&str] =
    &["sqs", "sqs-fifo", "rabbitmq", "rabbitmq-quorum", "kafka-share", "redis-streams", EXCHANGE];
const EXCHANGE: &str = "exchange";

/// The rows that no broker of this page can follow: the broker as the files name it, what the row
/// shows, and why.
pub const NOT_MODELLED: NotModelled = &[
    (
        "rabbitmq-quorum",
        "before 4.3 the limit counts every return, so a nack with requeue as well",
        "the queue here is that of RabbitMQ 4.3",
    ),
    (
        "sqs-fifo",
        "FIFO: no delay of a single message",
        "a FIFO queue has no such thing, and so the one here cannot be asked for it",
    ),
];

/// The scripts of one broker.
struct Scripts {
    /// The broker as scenarios name it.
    id: &'static str,
    /// The broker as the files name it.
    name: &'static str,
    text: &'static str,
    replay: fn(&Row) -> Result<(), Miss>,
}

const SCRIPTS: &[Scripts] = &[
    scripts::<Sqs>("sqs-standard", SQS, replay::<Sqs>),
    scripts::<SqsFifo>("sqs-fifo", SQS, replay::<SqsFifo>),
    scripts::<RabbitMq>("rabbitmq-classic", RABBITMQ, replay::<RabbitMq>),
    scripts::<Quorum>("rabbitmq-quorum", RABBITMQ, replay::<Quorum>),
    scripts::<KafkaShare>("kafka-share", KAFKA, replay::<KafkaShare>),
    scripts::<RedisStreams>("redis-streams", REDIS, replay::<RedisStreams>),
];
const SQS: &str = include_str!("sqs-redrive.json");
const RABBITMQ: &str = include_str!("rabbitmq-delivery-limit.json");
const KAFKA: &str = include_str!("kafka-share.json");
const REDIS: &str = include_str!("redis-streams.json");

const fn scripts<B: Broker>(
    name: &'static str,
    text: &'static str,
    replay: fn(&Row) -> Result<(), Miss>,
) -> Scripts {
    Scripts { id: B::ABOUT.id, name, text, replay }
}

/// Holds what is called `id`, one of [`CHECKABLE`], against every fact about it.
pub fn check(id: &str) -> Vec<Checked> {
    if id == EXCHANGE {
        return routes::check();
    }
    SCRIPTS.iter().filter(|scripts| scripts.id == id).flat_map(Scripts::check).collect()
}

impl Scripts {
    fn check(&self) -> Vec<Checked> {
        let file: File = match serde_json::from_str(self.text) {
            Ok(file) => file,
            Err(error) => return vec![Checked::unreadable(&error)],
        };
        let rows = file.rows.into_iter().filter(|row| row.broker == self.name);
        rows.map(|row| {
            let outcome = Outcome::of((self.replay)(&row), self.name, &row.what, NOT_MODELLED);
            Checked { what: row.what, from: row.from, source: file.source.clone(), outcome }
        })
        .collect()
    }
}
