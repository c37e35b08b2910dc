//! What the labs of queues tell and show of their systems.

use super::{Queueing, picture, words};
use crate::kernel::Time;
use crate::lab::in_step::{self, Shown};
use crate::lab::moment::{self, Because};
use crate::lab::{Shape, table};
use crate::queue::{Change, Figure, Heard, System, gravity};

/// One of the systems that stand side by side.
pub(super) type Side = in_step::Side<Box<dyn System>>;

impl Shown for Queueing {
    const BAD: u8 = 2;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    fn whom(heard: &Heard) -> Option<u64> {
        heard.message.map(u64::from)
    }

    fn because(&self, heard: &Heard, _: &Box<dyn System>) -> Because {
        because(heard)
    }

    fn status(&self, side: &Side, identity: u64) -> String {
        let number = identity as u32;
        if let Some(fate) = side.live.fate(number) {
            return format!("it {}", words::fate(fate));
        }
        let view = side.world.view();
        let at_work = view.workers.iter().position(|worker| {
            worker.job.is_some_and(|job| view.messages[job.delivery.message].number == number)
        });
        match (at_work, view.messages.find(number)) {
            (Some(worker), _) => format!("it is with {}", words::named(worker as u32)),
            (None, Some(message)) if message.lent.is_some() => "it is handed out".to_owned(),
            (None, Some(message)) if message.receives > 0 => "it waits for another try".to_owned(),
            (None, Some(_)) => "it waits".to_owned(),
            (None, None) => "it has not come yet".to_owned(),
        }
    }

    fn picture(&self, _: usize, side: &Side, now: Time) -> Vec<Shape> {
        picture::of(side, now, self)
    }

    fn bytes(&self, side: &Side) -> usize {
        const BYTES_A_MESSAGE: usize = 200;
        let held = (side.world.view().messages.len() + 64) * BYTES_A_MESSAGE;
        held + side.live.weight() + self.messages as usize
    }
}

/// To whom something happened, as people say it.
fn subject(heard: &Heard) -> String {
    match (heard.message, heard.change) {
        (Some(number), _) => format!("message {number}"),
        (None, Change::Crashed { worker } | Change::Back { worker }) => words::named(worker),
        (None, _) => String::new(),
    }
}

/// A typed reason from what was heard.
pub(super) fn because(heard: &Heard) -> Because {
    Because {
        subject: subject(heard),
        change: moment::Change::Queue(heard.change),
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
