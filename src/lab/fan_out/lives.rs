//! The life of a message with each subscriber, in every variant: the run once more from its start,
//! with somebody who writes down what concerns it.

use super::lab::because;
use super::{FanOut, picture};
use crate::kernel::Time;
use crate::lab::in_step::{World, next_time};
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind};
use crate::queue::fanout::{Change, Heard, Live};

/// The life of the message that a scene calls `identity`: one a variant and subscriber.
pub(super) fn of(scenario: &FanOut, identity: u64) -> Vec<Life> {
    let number = picture::number_of(identity);
    if !(1..=u64::from(scenario.messages)).contains(&number) {
        return Vec::new();
    }
    let mut worlds = scenario.build_all(0);
    let each = scenario.variants.iter().map(|variant| {
        let name = FanOut::name(variant);
        let subscribers = (0..).zip(&scenario.subscribers);
        subscribers
            .map(|(at, one)| Biographer::new(&format!("{name}, {}", one.name), number as u32, at))
            .collect()
    });
    let mut biographers: Vec<Vec<Biographer>> = each.collect();
    let (mut step, mut heard, mut live) = (0, Vec::new(), Live::new(scenario.subscribers.len()));
    while let Some(now) = next_time(worlds.iter_mut()) {
        if now > scenario.end() || step >= scenario.most_events() {
            break;
        }
        step += 1;
        for (world, biographers) in worlds.iter_mut().zip(&mut biographers) {
            if world.next_time() == Some(now) {
                heard.clear();
                world.step(&mut live, &mut heard);
                biographers.iter_mut().for_each(|one| one.note(step, now, &heard, scenario));
            }
        }
    }
    biographers.into_iter().flatten().map(Biographer::life).collect()
}

/// Who writes one life.
struct Biographer {
    number: u32,
    subscriber: u32,
    life: Life,
    /// What the copy does now, and since when.
    stage: Option<(StageKind, Time)>,
    now: Time,
}

impl Biographer {
    fn new(variant: &str, number: u32, subscriber: u32) -> Self {
        let subject = format!("message {number}");
        let life = Life { variant: variant.to_owned(), subject, events: Vec::new(), stages: Vec::new() };
        Biographer { number, subscriber, life, stage: None, now: Time::ZERO }
    }

    fn note(&mut self, step: u64, now: Time, heard: &[Heard], scenario: &FanOut) {
        self.now = now;
        for heard in heard.iter().filter(|heard| self.is_about(heard)).collect::<Vec<_>>() {
            let part = Part { variant: String::new(), outcome: 0, because: vec![because(heard, scenario)] };
            let says = part.sentences().concat();
            self.life.events.push(LifeEvent { step, at: now.seconds(), says });
            self.follow(heard.change);
        }
    }

    fn is_about(&self, heard: &Heard) -> bool {
        let number = heard.letter.map(|letter| letter.number);
        number == Some(self.number) && heard.subscriber.is_none_or(|subscriber| subscriber == self.subscriber)
    }

    fn follow(&mut self, change: Change) {
        match change {
            Change::Routed | Change::Returned => self.enter(StageKind::Waits),
            Change::Hidden => self.enter(StageKind::Delayed),
            Change::Started => self.enter(StageKind::Worked),
            Change::Done | Change::Missed | Change::Dropped | Change::Refused | Change::Skipped => {
                self.end_stage()
            }
            _ => {}
        }
    }

    fn enter(&mut self, kind: StageKind) {
        self.end_stage();
        self.stage = Some((kind, self.now));
    }

    fn end_stage(&mut self) {
        if let Some((kind, from)) = self.stage.take()
            && from < self.now
        {
            let (from, until) = (from.seconds(), self.now.seconds());
            self.life.stages.push(LifeStage { from, until, kind });
        }
    }

    fn life(mut self) -> Life {
        self.end_stage();
        self.life
    }
}
