//! The life of a request at every door: the run once more from its start, with somebody who keeps
//! what concerns this request.

use super::RateLimit;
use super::lab::because;
use crate::kernel::Time;
use crate::lab::in_step::{World, next_time};
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind, table};
use crate::limit::door::{Change, Heard, Live};
use crate::trace::Trace;

/// The life of the request with this number, at every door; none in front of an access log, which is
/// not at hand here.
pub(super) fn of(scenario: &RateLimit, number: u64) -> Vec<Life> {
    let scenario = &scenario.before(&Trace::empty());
    if !(1..=scenario.all()).contains(&number) {
        return Vec::new();
    }
    let mut doors = scenario.build_all(0);
    let mut biographers: Vec<Biographer> =
        scenario.variants.iter().map(|variant| Biographer::new(table::name(variant), number)).collect();
    let (mut step, mut heard, mut live) = (0, Vec::new(), Live::default());
    while let Some(now) = next_time(doors.iter_mut()) {
        if now > scenario.end() || step >= scenario.most_events() {
            break;
        }
        step += 1;
        for (door, biographer) in doors.iter_mut().zip(&mut biographers) {
            if door.next_time() == Some(now) {
                heard.clear();
                door.step(&mut live, &mut heard);
                biographer.note(step, now, &heard, scenario);
            }
        }
    }
    biographers.into_iter().map(Biographer::life).collect()
}

/// Who writes one life.
struct Biographer {
    number: u64,
    life: Life,
    /// What the request does now, and since when.
    stage: Option<(StageKind, Time)>,
    now: Time,
}

impl Biographer {
    fn new(variant: String, number: u64) -> Self {
        let subject = format!("request {number}");
        let life = Life { variant, subject, events: Vec::new(), stages: Vec::new() };
        Biographer { number, life, stage: None, now: Time::ZERO }
    }

    /// What was heard at one step.
    fn note(&mut self, step: u64, now: Time, heard: &[Heard], scenario: &RateLimit) {
        self.now = now;
        for heard in heard {
            if heard.request.is_none_or(|request| u64::from(request.number) != self.number) {
                continue;
            }
            let because = vec![because(heard, scenario)];
            let part = Part { variant: String::new(), outcome: 0, because };
            self.life.events.push(LifeEvent { step, at: now.seconds(), says: part.sentences().concat() });
            self.follow(heard.change);
        }
    }

    fn follow(&mut self, change: Change) {
        match change {
            Change::HeldBack { .. } => self.enter(Some(StageKind::Delayed)),
            Change::WillReturn { .. } | Change::Queued => self.enter(Some(StageKind::Waits)),
            Change::Started { .. } => self.enter(Some(StageKind::Worked)),
            _ => self.enter(None),
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
