//! How each vendor's operations are said to the broker of this page.

use super::script::Settings;
use crate::kernel::Span;
use crate::queue::kafka_share::KafkaShare;
use crate::queue::quorum::{OnFailure, Quorum};
use crate::queue::rabbitmq::RabbitMq;
use crate::queue::redis_streams::{Claim, Claimed, History, RedisStreams, Terms};
use crate::queue::sqs::{Changed, Sqs};
use crate::queue::sqs_fifo::SqsFifo;
use crate::queue::{Broker, Change, Delivery, Desk, Heard, Message, Slot};

/// A desk at which everything is heard.
pub type Open<'a> = Desk<'a, Vec<Heard>>;

/// Something that a broker of this page has no way to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsaid(pub &'static str);

/// How a worker refuses a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No {
    /// By `reject` rather than `nack`.
    pub rejects: bool,
    /// So that it may be tried again.
    pub requeues: bool,
}

/// Parameters by name.
pub type Given = Vec<(&'static str, String)>;

/// A broker that a script can drive. What it does not say for itself is the trait that a run uses.
pub trait Vendor: Broker {
    /// The parameters that a script's settings mean.
    fn given(settings: &Settings) -> Result<Given, Unsaid>;

    /// A producer sends a message, perhaps after a delay of its own.
    fn send(&mut self, message: Slot, delay: Option<Span>, desk: &mut Open) -> Result<(), Unsaid> {
        if delay.is_some() {
            return Err(Unsaid("a delay of a single message"));
        }
        self.publish(message, desk);
        Ok(())
    }

    /// A worker asks for up to `most` messages, perhaps with a lease of its own.
    fn poll(
        &mut self,
        worker: u32,
        most: usize,
        lease: Option<Span>,
        desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        match lease {
            None => Ok((0..most).map_while(|_| self.receive(worker, desk)).collect()),
            Some(_) => Err(Unsaid("a lease of this receive alone")),
        }
    }

    /// The count that a worker sees of a message that it is handed.
    fn count(message: &Message) -> u32 {
        message.receives
    }

    /// The worker is done; says whether the broker takes that.
    fn ack(&mut self, delivery: Delivery, desk: &mut Open) -> bool {
        self.acknowledge(delivery, desk);
        was_taken(desk)
    }

    /// The worker refuses a message; says whether the broker takes that.
    fn refuse(&mut self, _delivery: Delivery, _no: No, _desk: &mut Open) -> Result<bool, Unsaid> {
        Err(Unsaid("a way to say no"))
    }

    /// The worker sets how long the message stays out; says whether the broker takes that.
    fn change(&mut self, _delivery: Delivery, _span: Span, _desk: &mut Open) -> Result<bool, Unsaid> {
        Err(Unsaid("another lease for what is out"))
    }

    /// Takes over what is pending, by IDs.
    fn claim_each(
        &mut self,
        _worker: u32,
        _ids: &[u64],
        _terms: Terms,
        _desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        Err(Unsaid("a claim"))
    }

    /// Takes over what is pending, by a scan.
    fn scan(
        &mut self,
        _worker: u32,
        _start: u64,
        _most: usize,
        _terms: Terms,
        _desk: &mut Open,
    ) -> Result<Claimed, Unsaid> {
        Err(Unsaid("a claim"))
    }

    /// Reads what is pending to the worker.
    fn past(&mut self, _worker: u32, _start: u64, _most: usize, _desk: &mut Open) -> Result<History, Unsaid> {
        Err(Unsaid("a history"))
    }

    /// The entry leaves the stream.
    fn erase(&mut self, _id: u64, _desk: &mut Open) -> Result<(), Unsaid> {
        Err(Unsaid("a deletion"))
    }

    /// Every message that is out, and with whom, where the broker keeps a list of that.
    fn out(&self) -> Option<Vec<(Slot, u32)>> {
        None
    }
}

/// Whether what was said last has changed anything.
fn was_taken(desk: &Open) -> bool {
    desk.probe.last().is_none_or(|last| last.change != Change::Ignored)
}

/// Collects parameters whose settings are given.
fn collect<const N: usize>(given: [(&'static str, Option<String>); N]) -> Given {
    given.into_iter().filter_map(|(id, value)| Some((id, value?))).collect()
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn sqs(settings: &Settings) -> Given {
    collect([
        ("visibility", text(settings.visibility)),
        ("delay", text(settings.delay)),
        ("max-receives", text(settings.max_receive_count)),
    ])
}

impl Vendor for Sqs {
    fn given(settings: &Settings) -> Result<Given, Unsaid> {
        Ok([sqs(settings), collect([("retention", text(settings.retention))])].concat())
    }

    fn send(&mut self, message: Slot, delay: Option<Span>, desk: &mut Open) -> Result<(), Unsaid> {
        match delay {
            Some(delay) => Sqs::send(self, message, delay, desk),
            None => self.publish(message, desk),
        }
        Ok(())
    }

    fn poll(
        &mut self,
        worker: u32,
        most: usize,
        lease: Option<Span>,
        desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        let mut receive = || match lease {
            Some(visibility) => self.receive_for(worker, visibility, desk),
            None => self.receive(worker, desk),
        };
        Ok((0..most).map_while(|_| receive()).collect())
    }

    /// DeleteMessage answers with success, whatever it did.
    fn ack(&mut self, delivery: Delivery, desk: &mut Open) -> bool {
        self.acknowledge(delivery, desk);
        true
    }

    fn change(&mut self, delivery: Delivery, span: Span, desk: &mut Open) -> Result<bool, Unsaid> {
        Ok(self.change_visibility(delivery, span, desk) != Changed::Refused)
    }
}

impl Vendor for SqsFifo {
    fn given(settings: &Settings) -> Result<Given, Unsaid> {
        Ok(sqs(settings))
    }

    fn poll(
        &mut self,
        worker: u32,
        most: usize,
        lease: Option<Span>,
        desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        let visibility = lease.unwrap_or(self.visibility());
        Ok(SqsFifo::poll(self, worker, most, visibility, desk))
    }

    fn change(&mut self, delivery: Delivery, span: Span, desk: &mut Open) -> Result<bool, Unsaid> {
        Ok(self.change_visibility(delivery, span, desk) != Changed::Refused)
    }
}

fn rabbit(settings: &Settings) -> Given {
    collect([
        ("max-length", text(settings.max_length)),
        ("overflow", settings.overflow.clone()),
        ("dead-letter", settings.dead_letter.filter(|keep| *keep).map(|_| "keep".to_owned())),
    ])
}

impl Vendor for RabbitMq {
    fn given(settings: &Settings) -> Result<Given, Unsaid> {
        Ok(rabbit(settings))
    }

    fn refuse(&mut self, delivery: Delivery, no: No, desk: &mut Open) -> Result<bool, Unsaid> {
        match no.requeues {
            true => self.requeue(delivery, desk),
            false => self.discard(delivery, desk),
        }
        Ok(was_taken(desk))
    }
}

impl Vendor for Quorum {
    fn given(settings: &Settings) -> Result<Given, Unsaid> {
        if settings.version.as_ref().is_some_and(|version| version != "4.3") {
            return Err(Unsaid("RabbitMQ before 4.3"));
        }
        let limit = settings.delivery_limit;
        let limits = [
            ("delivery-limit", text(limit.filter(|limit| *limit >= 0))),
            ("limited", limit.filter(|limit| *limit < 0).map(|_| "no".to_owned())),
        ];
        Ok([rabbit(settings), collect(limits)].concat())
    }

    fn count(message: &Message) -> u32 {
        message.failures
    }

    fn refuse(&mut self, delivery: Delivery, no: No, desk: &mut Open) -> Result<bool, Unsaid> {
        let says = match no {
            No { requeues: false, .. } => OnFailure::Discard,
            No { rejects: true, .. } => OnFailure::Reject,
            No { rejects: false, .. } => OnFailure::Nack,
        };
        self.settle(delivery, says, desk);
        Ok(was_taken(desk))
    }
}

impl Vendor for KafkaShare {
    /// A crash that the scripts speak of is one that the group notices.
    fn given(settings: &Settings) -> Result<Given, Unsaid> {
        Ok(collect([
            ("lock", text(settings.lock)),
            ("delivery-limit", text(settings.limit)),
            ("on-crash", Some("close".to_owned())),
        ]))
    }

    fn refuse(&mut self, delivery: Delivery, no: No, desk: &mut Open) -> Result<bool, Unsaid> {
        self.answer(delivery, no.requeues, desk);
        Ok(was_taken(desk))
    }
}

impl Vendor for RedisStreams {
    fn given(_: &Settings) -> Result<Given, Unsaid> {
        Ok(Given::new())
    }

    /// XREADGROUP with `>` alone: whether and when to claim is for the script to say.
    fn poll(
        &mut self,
        worker: u32,
        most: usize,
        _: Option<Span>,
        desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        Ok((0..most).map_while(|_| self.read(worker, desk)).collect())
    }

    fn claim_each(
        &mut self,
        worker: u32,
        ids: &[u64],
        terms: Terms,
        desk: &mut Open,
    ) -> Result<Vec<Delivery>, Unsaid> {
        let given = |id: &u64| match self.claim(worker, *id, terms, desk) {
            Claim::Given(delivery) => Some(delivery),
            Claim::Gone | Claim::None => None,
        };
        Ok(ids.iter().filter_map(given).collect())
    }

    fn scan(
        &mut self,
        worker: u32,
        start: u64,
        most: usize,
        terms: Terms,
        desk: &mut Open,
    ) -> Result<Claimed, Unsaid> {
        Ok(self.autoclaim(worker, start, most, terms, desk))
    }

    fn past(&mut self, worker: u32, start: u64, most: usize, desk: &mut Open) -> Result<History, Unsaid> {
        Ok(self.history(worker, start, most, desk))
    }

    fn erase(&mut self, id: u64, desk: &mut Open) -> Result<(), Unsaid> {
        self.delete(id, desk);
        Ok(())
    }

    fn out(&self) -> Option<Vec<(Slot, u32)>> {
        Some(self.pending().map(|row| (row.message, row.worker)).collect())
    }
}
