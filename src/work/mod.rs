//! Long work in the browser: reading traces and running whole scenarios, in slices, with progress
//! and cancel.
//!
//! All of it is the worker's program, which the page loads into its own thread where no worker can
//! work. The page's program contains no more than the messages. Nothing in here knows yew.

pub mod desk;
pub mod load;
mod messages;
pub mod run;

pub use load::Loaded;
pub use messages::{Answer, Order, Task, marks_from};

use crate::refusal::Refusal;
use gloo_timers::future::TimeoutFuture;
use std::cell::Cell;
use std::rc::Rc;

/// Why work ended without a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The person asked for it.
    Cancelled,
    /// Something from outside could not be taken.
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

/// Who watches a piece of work: is told how far it is, and can stop it.
#[derive(Clone)]
pub struct Watch {
    cancelled: Rc<Cell<bool>>,
    progress: Rc<dyn Fn(u64, u64)>,
    /// How many units of simulated work fit into a slice.
    slice: u64,
}

impl Watch {
    /// In the worker a slice may take a while: only the cancel button waits for it.
    pub const WORKER_SLICE: u64 = 1_000_000;
    /// In the page a slice must end before the next picture is due.
    pub const PAGE_SLICE: u64 = 100_000;

    /// Calls `progress` with the units done and all units.
    pub fn new(slice: u64, progress: impl Fn(u64, u64) + 'static) -> Self {
        Watch { cancelled: Rc::default(), progress: Rc::new(progress), slice }
    }

    /// Stops the work at the end of its slice.
    pub fn cancel(&self) {
        self.cancelled.set(true);
    }

    /// Tells how far the work is, lets everybody else run, and says whether to go on.
    async fn pause(&self, done: u64, all: u64) -> Result<(), Stop> {
        (self.progress)(done, all);
        TimeoutFuture::new(0).await;
        if self.cancelled.get() { Err(Stop::Cancelled) } else { Ok(()) }
    }
}
