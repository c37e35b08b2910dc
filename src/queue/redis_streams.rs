//! # Redis Streams, consumer group
//!
//! Reading `>` gives a worker the next entries that nobody was given, and puts them on the list of
//! what is pending, with the worker's name. There they stay until somebody acknowledges them; the
//! server hands none of them out again, and never learns that a worker broke down. That is the
//! workers' affair: before a worker reads on, it claims what has been pending for longer than a minimum
//! of idle time (XAUTOCLAIM), and a worker that is back first reads what was pending to itself. Each of
//! that raises an entry's delivery count. There is no limit to it and no place for the dead: a worker
//! looks at the count and sets aside what it has seen too often.
//!
//! Redis documentation ("Redis Streams", XREADGROUP, XACK, XAUTOCLAIM) and the server's own tests of
//! consumer groups. Any worker may acknowledge any entry, whoever has claimed it since. Left out:
//! several streams, and NOACK (which is `ack=first`).

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Message, Messages, Slot};
use super::parameters::{ACK, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::{Anatomy, InOrder, Lease, Leases};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use std::collections::BTreeMap;

/// A consumer group on one stream. An entry's ID is its place in the order in which it was added.
#[derive(Clone, Debug)]
pub struct RedisStreams {
    /// Entries that nobody was given.
    unread: InOrder,
    /// The list of what is pending (PEL), by ID.
    pending: BTreeMap<u64, Pending>,
    /// The pending entries that workers will claim when they next look.
    claimable: InOrder,
    /// How long each of the others is left alone.
    left_alone: Leases,
    batch: u32,
    min_idle: Span,
    most_deliveries: Option<u32>,
    max_length: Option<u64>,
    /// How many entries were ever added: the next ID.
    added: u64,
}

/// A row of the list of what is pending.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// The entry.
    pub message: Slot,
    /// Whom it was given to last.
    pub worker: u32,
    /// When that was.
    pub since: Time,
    /// Whether the stream no longer has the entry: it was deleted or trimmed.
    pub gone: bool,
}

/// What XAUTOCLAIM answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claimed {
    /// What the worker holds now.
    pub claimed: Vec<Delivery>,
    /// The IDs at which there was nothing left to claim.
    pub gone: Vec<u64>,
    /// Where the next scan goes on; `None`: the list is at its end.
    pub cursor: Option<u64>,
}

/// On what terms a worker claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// How long an entry must have been idle.
    pub min_idle: Span,
    /// JUSTID: the worker becomes the owner but is given no more than the ID, so that the delivery
    /// count stays.
    pub just_id: bool,
}

/// What became of one claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Claim {
    /// The worker holds the entry now.
    Given(Delivery),
    /// The stream no longer has it, so it is no longer pending either.
    Gone,
    /// It is not pending, has not been idle for long enough, or is set aside.
    None,
}

/// What reading the history of a worker answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// What the worker holds anew.
    pub entries: Vec<Delivery>,
    /// What the stream no longer has.
    pub gone: Vec<Slot>,
}

/// A scan looks at no more than so many rows for each entry that it may claim.
const ROWS_FOR_EACH: usize = 10;

impl Broker for RedisStreams {
    const ABOUT: About = About {
        id: "redis-streams",
        name: "Redis Streams",
        idea: "A consumer group of a Redis stream: what was read is pending until somebody acknowledges or claims it.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            ACK,
            Parameter {
                id: "batch",
                means: "how many entries one read returns at the most (COUNT)",
                range: Range::Whole { least: 1, most: 10_000, default: 1 },
            },
            Parameter {
                id: "min-idle",
                means: "seconds for which an entry must have been idle before another worker claims it",
                range: Range::Number { least: 0.001, most: 86_400.0, default: 30.0 },
            },
            Parameter {
                id: "max-deliveries",
                means: "delivered so often, an entry is set aside by the worker that claims it; Redis itself has no limit",
                range: Range::Limit { least: 1, most: 1_000 },
            },
            Parameter {
                id: "max-length",
                means: "how many entries the stream keeps (MAXLEN), those that were read included",
                range: Range::Limit { least: 1, most: 10_000_000 },
            },
        ],
        rules: &[
            &ADDED,
            &TRIMMED,
            &TRIMMED_PENDING,
            &NOTHING_LEFT,
            &READ,
            &CLAIMED,
            &SET_ASIDE,
            &ACKED,
            &ACKED_BEFORE,
            &STAYS_PENDING,
            &IDLE,
            &READ_AGAIN,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        RedisStreams {
            unread: InOrder::default(),
            pending: BTreeMap::new(),
            claimable: InOrder::default(),
            left_alone: Leases::default(),
            batch: parameters.whole("batch") as u32,
            min_idle: parameters.span("min-idle"),
            most_deliveries: parameters.limit("max-deliveries").map(|most| most as u32),
            max_length: parameters.limit("max-length").map(|most| most as u64),
            added: 0,
        }
    }

    fn intake(&self) -> Intake {
        Intake::Batch(self.batch)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        self.unread.append(message, desk.messages);
        self.added += 1;
        desk.tell(message, Change::Waits, &ADDED);
        if let Some(oldest) = self.max_length.and_then(|most| self.added.checked_sub(most + 1)) {
            self.delete(oldest, desk);
        }
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        while let Some(first) = self.claimable.first() {
            let start = desk.messages[first].place;
            let terms = Terms { min_idle: self.min_idle, just_id: false };
            let answer = self.autoclaim(worker, start, 1, terms, desk);
            if let Some(delivery) = answer.claimed.first() {
                return Some(*delivery);
            }
        }
        self.read(worker, desk)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if !desk.is_queued(delivery) || !self.ack(delivery.message, desk) {
            desk.tell(delivery.message, Change::Ignored, &ACKED_BEFORE);
        }
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.tell(delivery.message, Change::Ignored, &STAYS_PENDING);
    }

    fn worker_back(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Vec<Delivery> {
        let own: Vec<Slot> = self
            .pending
            .values()
            .filter(|row| row.worker == worker && !row.gone)
            .map(|row| row.message)
            .collect();
        for message in own {
            self.set_aside(message, desk);
        }
        let history = self.history(worker, 0, usize::MAX, desk);
        for message in history.gone {
            self.forget(message, desk.messages);
            desk.leave(message, Exit::Dropped, &NOTHING_LEFT);
        }
        history.entries
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        self.left_alone.next_time(messages)
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if let Some(Lease { message, .. }) = self.left_alone.take_ended(desk.now, desk.messages) {
            self.claimable.insert(message, desk.messages);
            desk.tell_by(message, Change::Returned, &IDLE, Figure::Span(self.min_idle));
        }
    }

    fn waiting(&self) -> usize {
        self.unread.len() + self.claimable.len()
    }

    fn next(&self) -> Option<Slot> {
        self.claimable.first().or(self.unread.first())
    }

    fn show(&self, messages: &Messages, anatomy: &mut Anatomy) {
        anatomy.line("unread", None, self.unread.len(), self.unread.iter());
        anatomy.line("may be claimed", None, self.claimable.len(), self.claimable.iter());
        anatomy.timed("pending", ("read", "idle for long enough"), self.left_alone.running(messages));
    }
}

impl RedisStreams {
    /// XREADGROUP with `>`: the next entry that nobody was given.
    pub fn read(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        let message = self.unread.pop()?;
        Some(self.deliver(message, worker, &READ, desk))
    }

    /// XREADGROUP with an ID: up to `count` entries that are pending to `worker`, from `start` on.
    /// Reading them delivers them once more.
    pub fn history(&mut self, worker: u32, start: u64, count: usize, desk: &mut Desk<impl Probe>) -> History {
        let own = |row: &&Pending| row.worker == worker;
        let own: Vec<Pending> =
            self.pending.range(start..).map(|(_, row)| row).filter(own).copied().collect();
        let mut history = History::default();
        for Pending { message, gone, .. } in own.into_iter().take(count) {
            match gone {
                true => history.gone.push(message),
                false => history.entries.push(self.deliver(message, worker, &READ_AGAIN, desk)),
            }
        }
        history
    }

    /// XAUTOCLAIM: walks the pending list from `start` on and gives `worker` what has been idle for
    /// long enough, up to `count` entries. Those that are gone are dropped from the list, and count.
    pub fn autoclaim(
        &mut self,
        worker: u32,
        start: u64,
        count: usize,
        terms: Terms,
        desk: &mut Desk<impl Probe>,
    ) -> Claimed {
        let mut answer = Claimed::default();
        let mut next = Some(start);
        for _ in 0..count.saturating_mul(ROWS_FOR_EACH) {
            let row = next.and_then(|id| self.pending.range(id..).next());
            let Some((&id, _)) = row.filter(|_| answer.claimed.len() + answer.gone.len() < count) else {
                break;
            };
            match self.claim(worker, id, terms, desk) {
                Claim::Given(delivery) => answer.claimed.push(delivery),
                Claim::Gone => answer.gone.push(id),
                Claim::None => {}
            }
            next = id.checked_add(1);
        }
        answer.cursor = next.and_then(|id| self.pending.range(id..).next()).map(|(id, _)| *id);
        answer
    }

    /// XCLAIM of one entry: `worker` takes it over if it is pending and idle for long enough.
    pub fn claim(&mut self, worker: u32, id: u64, terms: Terms, desk: &mut Desk<impl Probe>) -> Claim {
        let Some(Pending { message, since, gone, .. }) = self.pending.get(&id).copied() else {
            return Claim::None;
        };
        if gone {
            self.forget(message, desk.messages);
            desk.leave(message, Exit::Dropped, &TRIMMED_PENDING);
            return Claim::Gone;
        }
        if desk.now.since(since) < terms.min_idle {
            return Claim::None;
        }
        if self.set_aside(message, desk) {
            return Claim::None;
        }
        if terms.just_id {
            self.own(message, worker, desk);
            let Message { number, receipt, receives: tries, .. } = desk.messages[message];
            return Claim::Given(Delivery { message, number, receipt, tries });
        }
        Claim::Given(self.deliver(message, worker, &CLAIMED, desk))
    }

    /// A worker looks at the delivery count before it takes a pending entry, and acknowledges without
    /// work what was delivered too often; says whether it was.
    fn set_aside(&mut self, message: Slot, desk: &mut Desk<impl Probe>) -> bool {
        let deliveries = desk.messages[message].receives;
        let too_often = self.most_deliveries.is_some_and(|most| deliveries >= most);
        if too_often {
            self.forget(message, desk.messages);
            desk.leave_by(message, Exit::Dead, &SET_ASIDE, Figure::Count(u64::from(deliveries)));
        }
        too_often
    }

    /// XACK, by whichever worker; says whether the entry was pending.
    pub fn ack(&mut self, message: Slot, desk: &mut Desk<impl Probe>) -> bool {
        let was_pending = self.forget(message, desk.messages);
        if was_pending {
            desk.leave(message, Exit::Acknowledged, &ACKED);
        }
        was_pending
    }

    /// XDEL: the stream no longer has the entry. If it is pending, its row stays.
    pub fn delete(&mut self, id: u64, desk: &mut Desk<impl Probe>) {
        if let Some(row) = self.pending.get_mut(&id) {
            row.gone = true;
        } else if let Some(unread) = self.unread.at(id, desk.messages) {
            self.unread.remove(unread, desk.messages);
            desk.leave(unread, Exit::Dropped, &TRIMMED);
        }
    }

    /// The list of what is pending, by ID.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.values()
    }

    fn deliver(
        &mut self,
        message: Slot,
        worker: u32,
        rule: &'static Rule,
        desk: &mut Desk<impl Probe>,
    ) -> Delivery {
        let delivery = desk.hand(message, worker, Some(desk.now + self.min_idle), rule);
        self.own(message, worker, desk);
        delivery
    }

    /// The row of an entry now bears the name of `worker` and the present time.
    fn own(&mut self, message: Slot, worker: u32, desk: &mut Desk<impl Probe>) {
        self.claimable.remove(message, desk.messages);
        self.left_alone.lend(message, self.min_idle, desk);
        let row = Pending { message, worker, since: desk.now, gone: false };
        self.pending.insert(desk.messages[message].place, row);
    }

    /// Takes an entry off the list of what is pending, if it is there.
    fn forget(&mut self, message: Slot, messages: &mut Messages) -> bool {
        let was_pending = self.pending.remove(&messages[message].place).is_some();
        if was_pending {
            self.left_alone.end(message, messages);
            self.claimable.remove(message, messages);
        }
        was_pending
    }
}

const ADDED: Rule = Rule { name: "ADDED", place: "publish", says: "it is added to the end of the stream" };
const TRIMMED: Rule = Rule {
    name: "TRIMMED",
    place: "delete",
    says: "the stream is longer than MAXLEN, and it is the oldest; nobody has read it",
};
const TRIMMED_PENDING: Rule = Rule {
    name: "TRIMMED_PENDING",
    place: "claim",
    says: "it was trimmed from the stream while it was pending, so there is nothing left to claim",
};
const NOTHING_LEFT: Rule = Rule {
    name: "NOTHING_LEFT",
    place: "worker_back",
    says: "its worker is back and reads what was its own, but the stream no longer has it",
};
const READ: Rule = Rule {
    name: "READ",
    place: "read",
    says: "it is the next that nobody was given; now it is pending to this worker",
};
const CLAIMED: Rule = Rule {
    name: "CLAIMED",
    place: "claim",
    says: "it has been idle for long enough, so this worker claims it",
};
const SET_ASIDE: Rule = Rule {
    name: "SET_ASIDE",
    place: "set_aside",
    says: "its delivery count is {}, and the worker that looks at it sets it aside",
};
const ACKED: Rule = Rule { name: "ACKED", place: "ack", says: "its worker has acknowledged it" };
const ACKED_BEFORE: Rule = Rule {
    name: "ACKED_BEFORE",
    place: "acknowledge",
    says: "it is no longer pending, so the acknowledgement answers 0",
};
const STAYS_PENDING: Rule = Rule {
    name: "STAYS_PENDING",
    place: "reject",
    says: "its worker does not acknowledge it: it stays pending until somebody claims it",
};
const IDLE: Rule = Rule {
    name: "IDLE",
    place: "on_timer",
    says: "it has been idle for {}, so the next worker that looks may claim it",
};
const READ_AGAIN: Rule = Rule {
    name: "READ_AGAIN",
    place: "history",
    says: "it was pending to this worker, which is back and first reads what was its own",
};
