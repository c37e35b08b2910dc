//! A queueing system under way: producers, a broker and workers, one event at a time.
//!
//! A step, a silent step and a whole run call the same functions, generic over the probe that
//! listens.

use super::message::{Messages, Slot};
use super::pool::Worker;
use super::probe::{Heard, Probe};
use super::{Anatomy, Broker, Live, Pool, Source, Statistics};
use crate::kernel::Time;

/// A queueing system, whatever its broker is.
pub trait System {
    /// When the next event happens; `None` when nothing more will.
    fn next_time(&mut self) -> Option<Time>;

    /// Lets the next event happen without keeping reasons.
    fn skip(&mut self, live: &mut Live);

    /// Lets the next event happen and adds what was heard.
    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>);

    /// Lets up to `events` events happen, none of them after `until`, and says how many did.
    /// They are counted in `statistics`.
    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64;

    /// How many messages have been sent.
    fn sent(&self) -> u32;

    /// How full the system is now.
    fn levels(&self) -> Levels;

    /// What there is to see.
    fn view(&self) -> View<'_>;

    /// The same system once more.
    fn duplicate(&self) -> Box<dyn System>;
}

/// How full a system is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Messages that are neither over nor dead.
    pub in_system: usize,
    /// Workers at work.
    pub busy: usize,
    /// All workers.
    pub workers: usize,
    /// When the message was sent that is to be handed out next.
    pub oldest: Option<Time>,
}

/// What there is to see in a system.
pub struct View<'a> {
    /// What the broker keeps.
    pub broker: Anatomy,
    /// The workers.
    pub workers: &'a [Worker],
    /// The dead letters, the oldest first.
    pub dead: Vec<Slot>,
    /// When the next message is sent.
    pub next_sent: Option<Time>,
    /// How many have been sent.
    pub sent: u32,
    /// The messages that are about.
    pub messages: &'a Messages,
}

/// Producers and a pool.
#[derive(Clone, Debug)]
pub struct PoolSystem<B> {
    source: Source,
    pool: Pool<B>,
}

impl<B: Broker> PoolSystem<B> {
    /// Producers that send to a pool.
    pub fn new(source: Source, pool: Pool<B>) -> Self {
        PoolSystem { source, pool }
    }

    /// Lets the next event happen, unless it is after `until`, and says whether it did. What is to
    /// happen in the pool goes before what is sent to it at the same time.
    #[inline]
    fn happen<P: Probe>(&mut self, until: Time, probe: &mut P) -> bool {
        let (sent, next) = (self.source.next_time(), self.pool.what_next());
        match (sent, next) {
            (Some(sent), next) if next.is_none_or(|next| sent < next.at) => {
                let message = if sent <= until { self.source.send() } else { None };
                let sends = message.is_some();
                message.into_iter().for_each(|message| self.pool.publish(sent, message, probe));
                sends
            }
            (_, Some(next)) if next.at <= until => {
                self.pool.step(next, probe);
                true
            }
            _ => false,
        }
    }
}

impl<B: Broker> System for PoolSystem<B> {
    fn next_time(&mut self) -> Option<Time> {
        self.source.next_time().into_iter().chain(self.pool.what_next().map(|next| next.at)).min()
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(Time::MAX, &mut (live, None::<&mut Vec<Heard>>));
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(Time::MAX, &mut (live, Some(heard)));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        let mut done = 0;
        while done < events && self.happen(until, statistics) {
            statistics.read(self.pool.now(), self.levels());
            done += 1;
        }
        done
    }

    fn sent(&self) -> u32 {
        self.source.sent()
    }

    fn levels(&self) -> Levels {
        let next = self.pool.broker.next();
        Levels {
            in_system: self.pool.in_system(),
            busy: self.pool.busy(),
            workers: self.pool.workers.len(),
            oldest: next.map(|message| self.pool.messages[message].sent),
        }
    }

    fn view(&self) -> View<'_> {
        let mut broker = Anatomy::default();
        self.pool.broker.show(&self.pool.messages, &mut broker);
        View {
            broker,
            workers: &self.pool.workers,
            dead: self.pool.dead.iter().copied().collect(),
            next_sent: self.source.next_time(),
            sent: self.source.sent(),
            messages: &self.pool.messages,
        }
    }

    fn duplicate(&self) -> Box<dyn System> {
        Box::new(self.clone())
    }
}
