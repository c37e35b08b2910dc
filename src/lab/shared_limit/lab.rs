//! What the lab of the shared limit tells and shows of its systems.

use super::{SharedLimit, picture, words};
use crate::kernel::Time;
use crate::lab::in_step::lives::Turn;
use crate::lab::in_step::{self, Shown};
use crate::lab::moment::{self, Because};
use crate::lab::{Shape, StageKind, table};
use crate::limit::Figure;
use crate::limit::shared::{Change, Cluster, Heard, Who, gravity};

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Cluster>;

impl Shown for SharedLimit {
    const BAD: u8 = 2;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    fn whom(heard: &Heard) -> Option<u64> {
        match heard.who {
            Who::Request(request) => Some(u64::from(request.number)),
            Who::Node(_) | Who::Store => None,
        }
    }

    fn because(&self, heard: &Heard, _: &Cluster) -> Because {
        Because {
            subject: words::who(heard.who),
            change: moment::Change::Shared(heard.change),
            rule: heard.rule,
            figure: (heard.figure != Figure::None).then(|| heard.figure.to_string()),
        }
    }

    fn status(&self, side: &Side, identity: u64) -> String {
        match side.live.fate(identity as u32) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "it has not come yet".to_owned(),
        }
    }

    fn picture(&self, _: usize, side: &Side, now: Time) -> Vec<Shape> {
        picture::of(side, now)
    }

    fn bytes(&self, side: &Side) -> usize {
        const BYTES_AN_EVENT: usize = 160;
        (side.world.view(Time::ZERO).weight() + 64) * BYTES_AN_EVENT + side.live.weight()
    }
}

/// What becomes of a request when something happens to it.
pub(super) fn turn(heard: &Heard) -> Turn {
    match heard.change {
        Change::Arrives { .. } => Turn::Into(StageKind::Waits),
        Change::Admitted { .. } | Change::Refused { .. } => Turn::Ends,
        _ => Turn::GoesOn,
    }
}
