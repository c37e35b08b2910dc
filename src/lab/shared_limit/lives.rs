//! The life of a request in every design: the run once more from its start, with a probe that keeps
//! what concerns this request.

use super::SharedLimit;
use super::lab::because;
use crate::kernel::Time;
use crate::lab::in_step::{World, next_time};
use crate::lab::table;
use crate::lab::{Life, LifeEvent, LifeStage, Part, StageKind};
use crate::limit::shared::{Change, Heard, Live, Who};

/// The life of the request numbered `identity`, in every design.
pub(super) fn of(scenario: &SharedLimit, identity: u64) -> Vec<Life> {
    let number = u32::try_from(identity).unwrap_or(0);
    if !(1..=scenario.requests).contains(&number) {
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
    biographers.into_iter().map(|biographer| biographer.life).collect()
}

/// Who writes one life.
struct Biographer {
    number: u32,
    life: Life,
    /// Since when the request waits for its answer.
    since: Option<Time>,
}

impl Biographer {
    fn new(variant: String, number: u32) -> Self {
        let subject = format!("request {number}");
        Biographer {
            number,
            life: Life { variant, subject, events: Vec::new(), stages: Vec::new() },
            since: None,
        }
    }

    /// What was heard at one step.
    fn note(&mut self, step: u64, now: Time, heard: &[Heard]) {
        let number = self.number;
        let own = |heard: &&Heard| matches!(heard.who, Who::Request(request) if request.number == number);
        for heard in heard.iter().filter(own) {
            let part = Part { variant: String::new(), outcome: 0, because: vec![because(heard)] };
            self.life.events.push(LifeEvent { step, at: now.seconds(), says: part.sentences().concat() });
            match heard.change {
                Change::Arrives { .. } => self.since = Some(now),
                Change::Admitted { .. } | Change::Refused { .. } => self.answered(now),
                _ => {}
            }
        }
    }

    fn answered(&mut self, now: Time) {
        if let Some(from) = self.since.take().filter(|from| *from < now) {
            let (from, until) = (from.seconds(), now.seconds());
            self.life.stages.push(LifeStage { from, until, kind: StageKind::Waits });
        }
    }
}
