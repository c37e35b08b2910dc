//! The life of a job with every scheduler: the run once more from its start, with a probe that keeps
//! what concerns this job.

use super::Delayed;
use super::lab::because;
use crate::kernel::Time;
use crate::lab::in_step::{World, next_time};
use crate::lab::table;
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind};
use crate::queue::delay::{Change, Heard, Live, Name};

/// The life of the job called `identity`, with every scheduler.
pub(super) fn of(scenario: &Delayed, identity: u64) -> Vec<Life> {
    let name = Name::from_identity(identity);
    let most = match name.series {
        0 => scenario.once(),
        series => scenario.recurring.get(series as usize - 1).map_or(0, |(.., count)| *count),
    };
    if !(1..=most).contains(&name.number) {
        return Vec::new();
    }
    let mut systems = scenario.build_all(0);
    let mut biographers: Vec<Biographer> =
        scenario.variants.iter().map(|variant| Biographer::new(table::name(variant), name)).collect();
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
    name: Name,
    life: Life,
    /// What the job does now, and since when.
    stage: Option<(StageKind, Time)>,
    now: Time,
}

impl Biographer {
    fn new(variant: String, name: Name) -> Self {
        let life = Life { variant, subject: name.to_string(), events: Vec::new(), stages: Vec::new() };
        Biographer { name, life, stage: None, now: Time::ZERO }
    }

    /// What was heard at one step.
    fn note(&mut self, step: u64, now: Time, heard: &[Heard]) {
        self.now = now;
        let name = self.name;
        for heard in heard.iter().filter(|heard| heard.job == Some(name)) {
            let part = Part { variant: String::new(), outcome: 0, because: vec![because(heard)] };
            self.life.events.push(LifeEvent { step, at: now.seconds(), says: part.sentences().concat() });
            self.follow(heard.change);
        }
    }

    fn follow(&mut self, change: Change) {
        match change {
            Change::AtDoor | Change::Fired { .. } => self.enter(Some(StageKind::Waits)),
            Change::Placed(_) | Change::Hops { .. } | Change::Cascades(_) => {
                self.enter(Some(StageKind::Delayed))
            }
            Change::Started { .. } => self.enter(Some(StageKind::Worked)),
            Change::Done { .. } | Change::Skipped | Change::Coalesced => self.enter(None),
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
