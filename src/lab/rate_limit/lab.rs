//! What the labs of rate limits tell and show of their systems.

use super::{RateLimit, picture, words};
use crate::kernel::Time;
use crate::lab::in_step::lives::Turn;
use crate::lab::in_step::{self, Shown};
use crate::lab::moment::{self, Because};
use crate::lab::{Shape, StageKind, table};
use crate::limit::Figure;
use crate::limit::door::{Change, Door, Heard, Request, gravity};

/// One of the doors that stand side by side.
pub(super) type Side = in_step::Side<Door>;

impl Shown for RateLimit {
    const BAD: u8 = 3;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    fn whom(heard: &Heard) -> Option<u64> {
        heard.request.map(|request| u64::from(request.number))
    }

    fn because(&self, heard: &Heard, _: &Door) -> Because {
        Because {
            subject: self.subject(heard),
            change: moment::Change::Limit(heard.change),
            rule: heard.rule,
            figure: figure(heard.figure),
        }
    }

    fn status(&self, side: &Side, identity: u64) -> String {
        format!("it {}", words::fate(side.live.fate(identity as u32)))
    }

    fn picture(&self, at: usize, side: &Side, now: Time) -> Vec<Shape> {
        picture::of(side, at, now, self)
    }

    fn bytes(&self, side: &Side) -> usize {
        const BYTES_A_REQUEST: usize = 100;
        const BYTES_A_CLIENT: usize = 4;
        let clients = self.clients() as usize * BYTES_A_CLIENT;
        let held = side.world.pending() + side.world.under_way() as usize + 64;
        let limiter = side.world.limiter().cost().bytes;
        held * BYTES_A_REQUEST + side.live.weight() + limiter + clients + self.all() as usize
    }
}

/// What becomes of a request when something happens to it.
pub(super) fn turn(heard: &Heard) -> Turn {
    match heard.change {
        Change::HeldBack { .. } => Turn::Into(StageKind::Delayed),
        Change::WillReturn { .. } | Change::Queued => Turn::Into(StageKind::Waits),
        Change::Started { .. } => Turn::Into(StageKind::Worked),
        _ => Turn::Ends,
    }
}

fn figure(figure: Figure) -> Option<String> {
    match figure {
        Figure::None => None,
        Figure::Count(count) => Some(crate::lab::words::count(count)),
        other => Some(other.to_string()),
    }
}

/// What people call a request, and what happened to none.
impl RateLimit {
    fn subject(&self, heard: &Heard) -> String {
        heard.request.map_or_else(|| words::LIMITER.to_owned(), |request| self.name_of(&request))
    }

    /// "request 7", and of whom where there are several.
    pub(super) fn name_of(&self, request: &Request) -> String {
        match self.clients() {
            0 | 1 => format!("request {}", request.number),
            _ => format!("request {} of {}", request.number, self.client_name(request.client)),
        }
    }
}
