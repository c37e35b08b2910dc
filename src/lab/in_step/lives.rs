//! The life of a subject in every system: the run once more from its start, with a probe that keeps what
//! concerns this subject.

use super::front::{Heard, Shown};
use super::{World, next_time};
use crate::kernel::Time;
use crate::lab::{Because, Life, LifeEvent, LifeStage, Part, StageKind};

/// What becomes of a subject when something happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes on with what it did.
    GoesOn,
    /// From now on it does this.
    Into(StageKind),
    /// Its life is over.
    Ends,
}

/// The life of the subject that a scene calls `identity`, in every system of `experiment`; `turn` says
/// what becomes of it.
pub fn of<E: Shown>(experiment: &E, identity: u64, turn: fn(&Heard<E>) -> Turn) -> Vec<Life>
where
    <E::World as World>::Live: Default,
{
    let mut worlds: Vec<E::World> = experiment.begin(0).into_iter().map(|(world, _)| world).collect();
    let mut biographers: Vec<Biographer> = experiment.names().into_iter().map(Biographer::new).collect();
    let (mut step, mut heard) = (0, Vec::new());
    let mut live = Default::default();
    while let Some(now) = next_time(worlds.iter_mut()) {
        if now > experiment.end() || step >= experiment.most_events() {
            break;
        }
        step += 1;
        for (world, biographer) in worlds.iter_mut().zip(&mut biographers) {
            if world.next_time() == Some(now) {
                heard.clear();
                world.step(&mut live, &mut heard);
                for heard in heard.iter().filter(|heard| E::whom(heard) == Some(identity)) {
                    let because = vec![experiment.because(heard, world)];
                    biographer.note(step, now, because);
                    biographer.turn(now, turn(heard));
                }
            }
        }
    }
    biographers.into_iter().map(Biographer::life).collect()
}

/// Who writes one life.
struct Biographer {
    life: Life,
    /// What the subject does now, and since when.
    stage: Option<(StageKind, Time)>,
    now: Time,
}

impl Biographer {
    fn new(variant: String) -> Self {
        let life = Life { variant, subject: String::new(), events: Vec::new(), stages: Vec::new() };
        Biographer { life, stage: None, now: Time::ZERO }
    }

    fn note(&mut self, step: u64, now: Time, because: Vec<Because>) {
        self.life.subject = because.first().map_or_else(String::new, |because| because.subject.clone());
        let part = Part { variant: String::new(), outcome: 0, because };
        self.life.events.push(LifeEvent { step, at: now.seconds(), says: part.sentences().concat() });
    }

    fn turn(&mut self, now: Time, turn: Turn) {
        self.now = now;
        let next = match turn {
            Turn::GoesOn => return,
            Turn::Into(kind) => Some((kind, now)),
            Turn::Ends => None,
        };
        if let Some((kind, from)) = std::mem::replace(&mut self.stage, next).filter(|(_, from)| *from < now) {
            let (from, until) = (from.seconds(), now.seconds());
            self.life.stages.push(LifeStage { from, until, kind });
        }
    }

    fn life(mut self) -> Life {
        self.turn(self.now, Turn::Ends);
        self.life
    }
}
