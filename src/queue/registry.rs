//! The list of brokers: a new one is a file and a line in [`BROKERS`].

use super::direct::Direct;
use super::kafka_share::KafkaShare;
use super::plain::Plain;
use super::pool::{Ack, Habits, Pool};
use super::quorum::Quorum;
use super::rabbitmq::RabbitMq;
use super::redis_streams::RedisStreams;
use super::sqs::Sqs;
use super::sqs_fifo::SqsFifo;
use super::system::{PoolSystem, System};
use super::{Broker, Hazards, Setup, Source, Traffic};
use crate::catalogue::{About, Parameters};
use crate::kernel::Time;

/// Every broker, in the order in which menus list them.
pub const BROKERS: &[Entry] = &[
    Entry::of::<Plain>(),
    Entry::of::<Direct>(),
    Entry::of::<Sqs>(),
    Entry::of::<SqsFifo>(),
    Entry::of::<RabbitMq>(),
    Entry::of::<Quorum>(),
    Entry::of::<KafkaShare>(),
    Entry::of::<RedisStreams>(),
];

/// A broker in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Puts one between producers and workers.
    pub build: fn(&Order) -> Box<dyn System>,
}

/// What a queueing system is built from.
#[derive(Clone, Debug)]
pub struct Order {
    /// What the producers send.
    pub traffic: Traffic,
    /// What goes wrong.
    pub hazards: Hazards,
    /// When an operator begins to send dead letters back, and how many a second; `None`: never.
    pub redrive: Option<(Time, f64)>,
    /// The broker's parameters, complete and within their ranges.
    pub parameters: Parameters,
}

impl Entry {
    const fn of<B: Broker>() -> Self {
        Entry { about: &B::ABOUT, build: build::<B> }
    }
}

/// The broker that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    BROKERS.iter().find(|entry| entry.about.id == id)
}

fn build<B: Broker>(order: &Order) -> Box<dyn System> {
    let parameters = order.parameters.clone();
    let (workers, seed) = (parameters.whole("workers") as u32, order.traffic.seed);
    let has = |id: &str| B::ABOUT.parameters.iter().any(|parameter| parameter.id == id);
    let ack = if has("ack") { parameters.choice("ack") } else { "after" };
    let habits = Habits {
        ack: match ack {
            "first" => Ack::First,
            "once" => Ack::Once,
            _ => Ack::After,
        },
        speed: parameters.number("speed"),
        extend: has("extend") && parameters.choice("extend") == "yes",
        redrive: order.redrive,
    };
    let broker = B::new(&Setup { workers, seed, parameters });
    let pool = Pool::new(broker, workers, order.hazards.clone(), habits);
    Box::new(PoolSystem::new(Source::new(order.traffic.clone()), pool))
}
