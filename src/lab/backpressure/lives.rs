//! The life of a request under every answer: the run once more from its start, with a probe that keeps
//! what concerns this request.

use super::Backpressure;
use super::lab::because;
use crate::kernel::Time;
use crate::lab::in_step::next_time;
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind, table};
use crate::pressure::{Change, Heard, Live, Name, System};

/// The life of the request whose try is called `identity`, all of its tries, under every answer.
pub(super) fn of(scenario: &Backpressure, identity: u64) -> Vec<Life> {
    let number = Name::from_identity(identity).number;
    if !(1..=scenario.messages).contains(&number) {
        return Vec::new();
    }
    let mut systems = scenario.build_all(0);
    let mut biographers: Vec<Biographer> =
        scenario.variants.iter().map(|variant| Biographer::new(table::name(variant), number)).collect();
    let (mut step, mut heard, mut live) = (0, Vec::new(), Live::default());
    while let Some(now) = next_time(systems.iter_mut()) {
        if now > scenario.end() || step >= scenario.most_events() {
            break;
        }
        step += 1;
        for (system, biographer) in systems.iter_mut().zip(&mut biographers) {
            if system.next_time() == Some(now) {
                heard.clear();
                system.step(&mut live, &mut heard);
                biographer.note(step, now, &heard, system);
            }
        }
    }
    biographers.into_iter().map(Biographer::life).collect()
}

/// Who writes one life.
struct Biographer {
    number: u32,
    life: Life,
    /// The try that the caller listens to.
    attempt: u32,
    /// What the request does now, and since when.
    stage: Option<(StageKind, Time)>,
    now: Time,
}

impl Biographer {
    fn new(variant: String, number: u32) -> Self {
        let subject = Name { number, attempt: 1 }.to_string();
        let life = Life { variant, subject, events: Vec::new(), stages: Vec::new() };
        Biographer { number, life, attempt: 1, stage: None, now: Time::ZERO }
    }

    /// What was heard at one step.
    fn note(&mut self, step: u64, now: Time, heard: &[Heard], system: &System) {
        self.now = now;
        for heard in heard {
            let Some(name) = heard.request.filter(|name| name.number == self.number) else { continue };
            let part = Part { variant: String::new(), outcome: 0, because: vec![because(heard, system)] };
            self.life.events.push(LifeEvent { step, at: now.seconds(), says: part.sentences().concat() });
            // What is still done with a try that was given up is told, but it is no part of the life.
            if name.attempt >= self.attempt {
                self.attempt = name.attempt;
                self.follow(heard.change);
            }
        }
    }

    fn follow(&mut self, change: Change) {
        match change {
            Change::Waits | Change::Stuck { .. } => self.enter(Some(StageKind::Held)),
            Change::Entered => self.enter(Some(StageKind::Waits)),
            Change::Started { .. } => self.enter(Some(StageKind::Worked)),
            Change::Retries { .. } => {
                self.attempt += 1;
                self.enter(Some(StageKind::Delayed));
            }
            Change::Answered { .. } | Change::GivenUp => {
                self.attempt = u32::MAX;
                self.enter(None);
            }
            _ => {}
        }
    }

    fn enter(&mut self, kind: Option<StageKind>) {
        if let Some((kind, from)) = self.stage.take()
            && from < self.now
        {
            let (from, until) = (from.seconds(), self.now.seconds());
            self.life.stages.push(LifeStage { from, until, kind });
        }
        self.stage = kind.map(|kind| (kind, self.now));
    }

    fn life(mut self) -> Life {
        self.enter(None);
        self.life
    }
}
