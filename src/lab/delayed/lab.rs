//! What the lab of delayed jobs tells and shows of its systems.

use super::{Delayed, picture, words};
use crate::kernel::Time;
use crate::lab::in_step::lives::Turn;
use crate::lab::in_step::{self, Shown};
use crate::lab::moment::{self, Because};
use crate::lab::{Shape, StageKind, table};
use crate::queue::Figure;
use crate::queue::delay::{Change, Heard, Name, System, gravity};

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Box<dyn System>>;

impl Shown for Delayed {
    const BAD: u8 = 2;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    fn whom(heard: &Heard) -> Option<u64> {
        heard.job.map(Name::identity)
    }

    fn because(&self, heard: &Heard, _: &Box<dyn System>) -> Because {
        Because {
            subject: heard.job.map_or_else(|| words::SCHEDULER.to_owned(), |name| name.to_string()),
            change: moment::Change::Delay(heard.change),
            rule: heard.rule,
            figure: figure(heard),
        }
    }

    fn status(&self, side: &Side, identity: u64) -> String {
        match side.live.fate(Name::from_identity(identity)) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "its time has not come yet".to_owned(),
        }
    }

    fn picture(&self, _: usize, side: &Side, now: Time) -> Vec<Shape> {
        picture::of(side, now)
    }

    fn bytes(&self, side: &Side) -> usize {
        const BYTES_A_JOB: usize = 100;
        let (waiting, under_way) = side.world.levels();
        (waiting + under_way + 64) * BYTES_A_JOB + side.live.weight() + self.all() as usize
    }
}

/// What becomes of a job when something happens to it.
pub(super) fn turn(heard: &Heard) -> Turn {
    match heard.change {
        Change::AtDoor | Change::Fired { .. } => Turn::Into(StageKind::Waits),
        Change::Placed(_) | Change::Hops { .. } | Change::Cascades(_) => Turn::Into(StageKind::Delayed),
        Change::Started { .. } => Turn::Into(StageKind::Worked),
        Change::Done { .. } | Change::Skipped | Change::Coalesced => Turn::Ends,
        _ => Turn::GoesOn,
    }
}

fn figure(heard: &Heard) -> Option<String> {
    heard.figure.map(|figure| match figure {
        Figure::Count(count) => crate::lab::words::count(count),
        Figure::Span(span) => span.to_string(),
        Figure::Time(time) => time.to_string(),
    })
}
