//! What the labs of backpressure tell and show of their systems.

use super::{Backpressure, picture, words};
use crate::kernel::Time;
use crate::lab::in_step::{self, Shown};
use crate::lab::moment::{self, Because};
use crate::lab::{Shape, table};
use crate::pressure::{Heard, Name, System, gravity};
use crate::queue::Figure;

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<System>;

impl Shown for Backpressure {
    const BAD: u8 = 2;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    /// All tries of a request are that request.
    fn whom(heard: &Heard) -> Option<u64> {
        heard.request.map(|name| Name { attempt: 1, ..name }.identity())
    }

    fn because(&self, heard: &Heard, system: &System) -> Because {
        because(heard, system)
    }

    fn status(&self, side: &Side, identity: u64) -> String {
        match side.live.fate(Name::from_identity(identity).number) {
            Some(fate) => format!("it {}", words::fate(fate)),
            None => "it is still under way".to_owned(),
        }
    }

    fn picture(&self, _: usize, side: &Side, now: Time) -> Vec<Shape> {
        picture::of(side, self, now)
    }

    fn bytes(&self, side: &Side) -> usize {
        const BYTES_A_REQUEST: usize = 200;
        let levels = side.world.levels();
        (levels.held + levels.outside + levels.open + 64) * BYTES_A_REQUEST + side.live.weight()
    }
}

/// At which stage something happened, where there are several.
fn place(heard: &Heard, system: &System) -> Option<u8> {
    (system.stages().len() > 1).then_some(heard.stage)
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard, system: &System) -> String {
    heard.request.map_or_else(|| words::stage(place(heard, system)), |name| name.to_string())
}

/// A typed reason from what was heard of `system`.
pub(super) fn because(heard: &Heard, system: &System) -> Because {
    Because {
        subject: subject(heard, system),
        change: moment::Change::Pressure { change: heard.change, stage: place(heard, system) },
        rule: heard.rule,
        figure: figure(heard),
    }
}

fn figure(heard: &Heard) -> Option<String> {
    heard.figure.map(|figure| match figure {
        Figure::Count(count) => crate::lab::words::count(count),
        Figure::Span(span) => span.to_string(),
        Figure::Time(time) => time.to_string(),
    })
}
