//! A script replayed on a broker, step by step, until an answer is not the one expected.

use super::script::{Answer, Row, Step, Word};
use super::vendor::{No, Open, Unsaid, Vendor};
use crate::catalogue::{Miss, Parameters};
use crate::kernel::{Span, Time};
use crate::queue::redis_streams::Terms;
use crate::queue::{
    Anatomy, Change, Crew, Delivery, Desk, Exit, Heard, Message, Messages, Part, Setup, Slot,
};
use std::collections::{BTreeMap, VecDeque};

/// A broker, and all that has happened to it.
struct Replay<V> {
    broker: V,
    messages: Messages,
    dead: VecDeque<Slot>,
    now: Time,
    heard: Vec<Heard>,
    /// Every message that was published, in that order.
    published: Vec<(String, Slot)>,
    groups: Vec<String>,
    consumers: Vec<String>,
    /// Every delivery, and to whom.
    deliveries: Vec<(u32, Delivery)>,
    /// Who holds what, as far as the broker has told.
    out: BTreeMap<Slot, u32>,
}

/// Replays `row`.
///
/// # Errors
/// The first step whose answer is not the one expected.
pub fn replay<V: Vendor>(row: &Row) -> Result<(), Miss> {
    let mut replay = Replay::<V>::new(row).map_err(|(expected, got)| Miss { step: 0, expected, got })?;
    for (at, timed) in row.steps.iter().enumerate() {
        if let Some(seconds) = timed.at {
            replay.advance(Time::from_seconds(seconds));
        } else {
            replay.advance(replay.now);
        }
        replay.take(&timed.step).map_err(|(expected, got)| Miss { step: at + 1, expected, got })?;
    }
    Ok(())
}

/// What was expected, and what came of it.
type Difference = (String, String);

impl From<Unsaid> for Difference {
    fn from(unsaid: Unsaid) -> Self {
        (unsaid.0.to_owned(), "this broker has no such thing here".to_owned())
    }
}

impl<V: Vendor> Replay<V> {
    fn new(row: &Row) -> Result<Self, Difference> {
        let given = V::given(&row.settings)?;
        let given = given.iter().map(|(id, value)| (*id, value.as_str()));
        let parameters = Parameters::new(&V::ABOUT, given)
            .map_err(|refusal| (refusal.allowed, format!("{}={}", refusal.field, refusal.value)))?;
        Ok(Replay {
            broker: V::new(&Setup { workers: 1, seed: 0, parameters }),
            messages: Messages::default(),
            dead: VecDeque::new(),
            now: Time::ZERO,
            heard: Vec::new(),
            published: Vec::new(),
            groups: Vec::new(),
            consumers: Vec::new(),
            deliveries: Vec::new(),
            out: BTreeMap::new(),
        })
    }

    /// Lets everything happen that the broker does by itself until `until`.
    fn advance(&mut self, until: Time) {
        while let Some(at) = self.broker.next_timer(&self.messages).filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.at_desk(|broker, desk| broker.on_timer(desk));
        }
        self.now = until;
    }

    /// Lets the broker do something, and keeps what it tells.
    fn at_desk<T>(&mut self, act: impl FnOnce(&mut V, &mut Open) -> T) -> T {
        self.heard.clear();
        let mut desk = Desk {
            now: self.now,
            messages: &mut self.messages,
            dead: &mut self.dead,
            crew: Crew::elsewhere(self.broker.intake()),
            probe: &mut self.heard,
        };
        let result = act(&mut self.broker, &mut desk);
        for Heard { message, change, .. } in &self.heard {
            let Some(slot) = message.and_then(|number| self.published.get(number as usize - 1)) else {
                continue;
            };
            match change {
                Change::Handed { worker, .. } => drop(self.out.insert(slot.1, *worker)),
                Change::Returned | Change::Delayed { .. } | Change::Left(_) => drop(self.out.remove(&slot.1)),
                _ => {}
            }
        }
        result
    }

    fn take(&mut self, step: &Step) -> Result<(), Difference> {
        match step {
            Step::Publish { message, group, delay, expect } => {
                let slot = self.write(message, group.as_deref().unwrap_or_default());
                let delay = delay.map(Span::from_seconds);
                self.at_desk(|broker, desk| broker.send(slot, delay, desk))?;
                let refused = self.messages[slot].exit == Some(Exit::Refused);
                check_answer(expect.as_ref(), &word(!refused))
            }
            Step::Receive { consumer, most, visibility, expect, count, redelivered } => {
                let worker = self.worker(consumer.as_deref());
                let (most, lease) = (most.unwrap_or(1), visibility.map(Span::from_seconds));
                let deliveries = self.at_desk(|broker, desk| broker.poll(worker, most, lease, desk))?;
                self.check_deliveries(worker, &deliveries, expect, count.as_deref())?;
                let flags: Vec<bool> = deliveries.iter().map(|delivery| delivery.tries > 1).collect();
                check("redelivered", redelivered.as_ref(), &flags)
            }
            Step::Ack { messages, consumer, delivery, expect } => {
                let said = self.deliveries_of(messages, consumer.as_deref(), *delivery)?;
                let taken: Vec<bool> = said
                    .into_iter()
                    .map(|delivery| self.at_desk(|broker, desk| broker.ack(delivery, desk)))
                    .collect();
                check_taken(expect.as_ref(), &taken)
            }
            Step::Nack { messages, consumer, requeue, expect } => {
                let no = No { rejects: false, requeues: *requeue };
                self.refuse(messages, consumer.as_deref(), no, expect.as_ref())
            }
            Step::Reject { messages, consumer, requeue, expect } => {
                let no = No { rejects: true, requeues: *requeue };
                self.refuse(messages, consumer.as_deref(), no, expect.as_ref())
            }
            Step::Extend { message, visibility, delivery, expect } => {
                let said = self.deliveries_of(std::slice::from_ref(message), None, *delivery)?;
                let span = Span::from_seconds(*visibility);
                let taken: Result<Vec<bool>, Unsaid> = said
                    .into_iter()
                    .map(|delivery| self.at_desk(|broker, desk| broker.change(delivery, span, desk)))
                    .collect();
                // A worker that lets go of a message has no more to do with it.
                if *visibility == 0.0 {
                    self.out.remove(&self.slot(message)?);
                }
                check_taken(expect.as_ref(), &taken?)
            }
            Step::Crash { consumer } => {
                let worker = self.worker(Some(consumer));
                let held = self.held(worker);
                self.at_desk(|broker, desk| broker.worker_gone(worker, &held, desk));
                Ok(())
            }
            Step::Claim { consumer, min_idle, messages: Some(named), just_id, expect, count, .. } => {
                let worker = self.worker(Some(consumer));
                let ids: Vec<u64> = named.iter().map(|id| self.id_from(id)).collect();
                let terms = terms(*min_idle, *just_id);
                let claimed = self.at_desk(|broker, desk| broker.claim_each(worker, &ids, terms, desk))?;
                self.check_deliveries(worker, &claimed, expect, count.as_deref())
            }
            Step::Claim { consumer, min_idle, start, most, just_id, expect, count, cursor, gone, .. } => {
                let worker = self.worker(Some(consumer));
                let start = self.id_from(start.as_deref().unwrap_or("0-0"));
                let (most, terms) = (most.unwrap_or(100), terms(*min_idle, *just_id));
                let answer = self.at_desk(|broker, desk| broker.scan(worker, start, most, terms, desk))?;
                self.check_deliveries(worker, &answer.claimed, expect, count.as_deref())?;
                let name =
                    |id: &u64| self.published.get(*id as usize).map_or("?", |(name, _)| name).to_owned();
                check("gone", gone.as_ref(), &answer.gone.iter().map(name).collect())?;
                let next = answer.cursor.as_ref().map_or("0-0".to_owned(), name);
                check("cursor", cursor.as_ref(), &next)
            }
            Step::History { consumer, after, most, expect, count, gone } => {
                let worker = self.worker(Some(consumer));
                let start = self.id_after(after);
                let history = self.at_desk(|broker, desk| broker.past(worker, start, *most, desk))?;
                self.check_deliveries(worker, &history.entries, expect, count.as_deref())?;
                check("gone", gone.as_ref(), &self.names(history.gone))
            }
            Step::Delete { messages } => {
                for message in messages {
                    let id = self.id_from(message);
                    self.at_desk(|broker, desk| broker.erase(id, desk))?;
                }
                Ok(())
            }
            Step::Trim { keep } => {
                for id in 0..self.published.len().saturating_sub(*keep) as u64 {
                    self.at_desk(|broker, desk| broker.erase(id, desk))?;
                }
                Ok(())
            }
            Step::Expect { waiting, pending, dead, archived, done } => {
                check("waiting", waiting.as_ref(), &self.names(self.waiting()))?;
                check("pending", pending.as_ref(), &self.pending())?;
                check("dead", dead.as_ref(), &self.names(self.dead.iter().copied()))?;
                check("archived", archived.as_ref(), &self.left_as(&[Exit::Discarded, Exit::Dead]))?;
                check("done", done.as_ref(), &self.left_as(&[Exit::Acknowledged]))
            }
        }
    }

    /// A message of that name. It stays in its place to the end: the script holds it.
    fn write(&mut self, name: &str, group: &str) -> Slot {
        let number = self.published.len() as u32 + 1;
        let group = place_in(&mut self.groups, group);
        let message = Message { group, ..Message::new(number, self.now, Span::ZERO) };
        let slot = self.messages.take_in(message);
        self.messages.hold(slot);
        self.published.push((name.to_owned(), slot));
        slot
    }

    fn worker(&mut self, consumer: Option<&str>) -> u32 {
        place_in(&mut self.consumers, consumer.unwrap_or("c1"))
    }

    fn slot(&self, name: &str) -> Result<Slot, Difference> {
        let found = self.published.iter().find(|(other, _)| other == name);
        found.map(|(_, slot)| *slot).ok_or_else(|| (name.to_owned(), "never published".to_owned()))
    }

    fn refuse(
        &mut self,
        messages: &[String],
        consumer: Option<&str>,
        no: No,
        expect: Option<&Answer>,
    ) -> Result<(), Difference> {
        let said = self.deliveries_of(messages, consumer, None)?;
        let taken: Result<Vec<bool>, Unsaid> = said
            .into_iter()
            .map(|delivery| self.at_desk(|broker, desk| broker.refuse(delivery, no, desk)))
            .collect();
        check_taken(expect, &taken?)
    }

    /// The delivery of each message that a consumer speaks of: its latest, or the one of that number.
    /// Who was handed none shows a receipt that was never given.
    fn deliveries_of(
        &self,
        messages: &[String],
        consumer: Option<&str>,
        number: Option<u32>,
    ) -> Result<Vec<Delivery>, Difference> {
        let speaker = consumer.map(|name| self.consumers.iter().position(|other| other == name));
        let of = |name: &String| {
            let message = self.slot(name)?;
            let own = |(worker, delivery): &&(u32, Delivery)| {
                delivery.message == message && speaker.is_none_or(|who| who == Some(*worker as usize))
            };
            let mut own = self.deliveries.iter().filter(own).map(|(_, delivery)| *delivery);
            let known = match number {
                Some(number) => own.nth((number as usize).saturating_sub(1)),
                None => own.next_back(),
            };
            let number = self.messages[message].number;
            Ok(known.unwrap_or(Delivery { message, number, receipt: 0, tries: 0 }))
        };
        messages.iter().map(of).collect()
    }

    /// What a worker holds, in the order of delivery.
    fn held(&self, worker: u32) -> Vec<Delivery> {
        let holds = |(to, delivery): &&(u32, Delivery)| {
            *to == worker
                && self.out.get(&delivery.message) == Some(&worker)
                && self.messages[delivery.message].receipt == delivery.receipt
        };
        self.deliveries.iter().filter(holds).map(|(_, delivery)| *delivery).collect()
    }

    /// What waits, in the order in which the broker shows it.
    fn waiting(&self) -> Vec<Slot> {
        let mut anatomy = Anatomy::default();
        self.broker.show(&self.messages, &mut anatomy);
        let lines = anatomy.parts.into_iter().filter_map(|part| match part {
            Part::Line { messages, .. } => Some(messages),
            Part::Timed { .. } => None,
        });
        lines.flatten().collect()
    }

    /// Who holds what, in the order in which it was published.
    fn pending(&self) -> BTreeMap<String, Vec<String>> {
        let told = || self.out.iter().map(|(slot, worker)| (*slot, *worker)).collect();
        let out: BTreeMap<Slot, u32> = self.broker.out().unwrap_or_else(told).into_iter().collect();
        let mut pending: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, slot) in &self.published {
            if let Some(worker) = out.get(slot) {
                pending.entry(self.consumers[*worker as usize].clone()).or_default().push(name.clone());
            }
        }
        pending
    }

    /// What has left the queue in one of these ways.
    fn left_as(&self, exits: &[Exit]) -> Vec<String> {
        let left =
            |(_, slot): &&(String, Slot)| self.messages[*slot].exit.is_some_and(|exit| exits.contains(&exit));
        self.published.iter().filter(left).map(|(name, _)| name.clone()).collect()
    }

    fn names(&self, slots: impl IntoIterator<Item = Slot>) -> Vec<String> {
        let name = |slot: Slot| self.published.iter().find(|(_, other)| *other == slot);
        slots.into_iter().filter_map(|slot| Some(name(slot)?.0.clone())).collect()
    }

    /// The broker's number for the first entry from this ID on.
    fn id_from(&self, id: &str) -> u64 {
        self.published.iter().filter(|(name, _)| parts(name) < parts(id)).count() as u64
    }

    /// The broker's number for the first entry after this ID.
    fn id_after(&self, id: &str) -> u64 {
        self.published.iter().filter(|(name, _)| parts(name) <= parts(id)).count() as u64
    }

    fn check_deliveries(
        &mut self,
        worker: u32,
        deliveries: &[Delivery],
        expect: &Vec<String>,
        count: Option<&[u32]>,
    ) -> Result<(), Difference> {
        self.deliveries.extend(deliveries.iter().map(|delivery| (worker, *delivery)));
        let slots = || deliveries.iter().map(|delivery| delivery.message);
        check("messages", Some(expect), &self.names(slots()))?;
        let counts: Vec<u32> = slots().map(|slot| V::count(&self.messages[slot])).collect();
        check("counts", count, &counts[..])
    }
}

fn terms(min_idle: f64, just_id: Option<bool>) -> Terms {
    Terms { min_idle: Span::from_seconds(min_idle), just_id: just_id == Some(true) }
}

/// The two numbers of an ID.
fn parts(id: &str) -> (u64, u64) {
    let (time, sequence) = id.split_once('-').unwrap_or((id, "0"));
    (time.parse().unwrap_or(0), sequence.parse().unwrap_or(0))
}

/// Where `name` stands among `names`, to which it is added if need be.
fn place_in(names: &mut Vec<String>, name: &str) -> u32 {
    let known = names.iter().position(|other| other == name);
    let place = known.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    });
    place as u32
}

fn word(taken: bool) -> Answer {
    Answer::Word(if taken { Word::Ok } else { Word::Refused })
}

/// The answer to what was said of several messages: a number if one is asked for; else a word, which
/// is the same for all.
fn check_taken(expect: Option<&Answer>, taken: &[bool]) -> Result<(), Difference> {
    if let Some(Answer::Number(_)) = expect {
        let number = taken.iter().filter(|taken| **taken).count() as u32;
        return check_answer(expect, &Answer::Number(number));
    }
    taken.iter().try_for_each(|taken| check_answer(expect, &word(*taken)))
}

fn check_answer(expect: Option<&Answer>, got: &Answer) -> Result<(), Difference> {
    check("answer", expect, got)
}

/// Compares what is asserted.
fn check<T: std::fmt::Debug + PartialEq + ?Sized>(
    what: &str,
    expect: Option<&T>,
    got: &T,
) -> Result<(), Difference> {
    match expect {
        Some(expect) if expect != got => Err((format!("{what} {expect:?}"), format!("{got:?}"))),
        _ => Ok(()),
    }
}
