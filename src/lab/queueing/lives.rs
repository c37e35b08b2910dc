//! The life of a message in every variant: the run once more from its start, with a probe that keeps
//! what concerns this message.

use super::Queueing;
use super::lab::because;
use crate::kernel::Time;
use crate::lab::in_step::{World, next_time};
use crate::lab::table;
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind};
use crate::queue::{Change, Exit, Heard, Live};

/// The life of the message called `identity`, in every variant.
pub(super) fn of(scenario: &Queueing, identity: u64) -> Vec<Life> {
    let Ok(number) = u32::try_from(identity) else { return Vec::new() };
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
                biographer.note(step, now, &heard);
            }
        }
    }
    biographers.into_iter().map(Biographer::life).collect()
}

/// Who writes one life.
struct Biographer {
    number: u32,
    life: Life,
    /// What the message does now, and since when.
    stage: Option<(StageKind, Time)>,
    /// The worker that has it.
    worker: Option<u32>,
    now: Time,
}

impl Biographer {
    fn new(variant: String, number: u32) -> Self {
        let subject = format!("message {number}");
        let life = Life { variant, subject, events: Vec::new(), stages: Vec::new() };
        Biographer { number, life, stage: None, worker: None, now: Time::ZERO }
    }

    /// What was heard at one step.
    fn note(&mut self, step: u64, now: Time, heard: &[Heard]) {
        self.now = now;
        for heard in heard {
            if !self.is_about(heard) {
                continue;
            }
            let part = Part { variant: String::new(), outcome: 0, because: vec![because(heard)] };
            let says = part.sentences().concat();
            self.life.events.push(LifeEvent { step, at: now.seconds(), says });
            self.follow(heard.change);
        }
    }

    fn is_about(&self, heard: &Heard) -> bool {
        match (heard.message, heard.change) {
            (Some(number), _) => number == self.number,
            (None, Change::Crashed { worker }) => self.worker == Some(worker),
            (None, _) => false,
        }
    }

    fn follow(&mut self, change: Change) {
        match change {
            Change::Sent => {}
            Change::Waits | Change::Blocked | Change::Returned | Change::Redriven => {
                self.enter(StageKind::Waits)
            }
            Change::Delayed { .. } => self.enter(StageKind::Delayed),
            Change::Handed { worker, .. } => {
                self.worker = Some(worker);
                self.enter(StageKind::Held);
            }
            Change::Started { .. } => self.enter(StageKind::Worked),
            Change::Crashed { .. } | Change::Failed { .. } => self.enter(StageKind::Held),
            Change::Left(Exit::Dead) => self.enter(StageKind::Dead),
            Change::Left(Exit::Acknowledged)
                if self.stage.is_some_and(|(kind, _)| kind == StageKind::Held) => {}
            Change::Left(_) | Change::Lost => self.end_stage(),
            Change::Done { .. } | Change::Repeated { .. } | Change::Skipped { .. } => self.worker = None,
            Change::Extended { .. } | Change::Ignored | Change::Back { .. } => {}
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
