//! The list of designs: a new one is a file and a line in [`DESIGNS`].

use super::kafka::Kafka;
use super::push::Push;
use super::rabbitmq::RabbitMq;
use super::redis_pubsub::RedisPubSub;
use super::redis_streams::RedisStreams;
use super::sns_sqs::SnsSqs;
use super::{Design, Setup, System, Traffic, World};
use crate::catalogue::{About, Parameters};
use crate::queue::routing::Exchange;

/// Every design, in the order in which menus list them.
pub const DESIGNS: &[Entry] = &[
    Entry::of::<RabbitMq>(),
    Entry::of::<SnsSqs>(),
    Entry::of::<Kafka>(),
    Entry::of::<RedisStreams>(),
    Entry::of::<RedisPubSub>(),
    Entry::of::<Push>(),
];

/// A design in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Whether it compares itself what an exchange of this kind compares.
    pub filters: fn(Exchange) -> bool,
    /// Puts one between a publisher and its subscribers.
    pub build: fn(Exchange, Traffic, Parameters) -> Box<dyn System>,
}

impl Entry {
    const fn of<D: Design>() -> Self {
        Entry { about: &D::ABOUT, filters: D::filters, build: build::<D> }
    }
}

/// The design that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    DESIGNS.iter().find(|entry| entry.about.id == id)
}

fn build<D: Design>(kind: Exchange, traffic: Traffic, parameters: Parameters) -> Box<dyn System> {
    let design = D::new(&Setup { subscribers: traffic.members.len(), parameters });
    Box::new(World::new(design, D::filters(kind), traffic))
}
