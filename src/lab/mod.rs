//! Labs: a scenario, the algorithms and the kernel put together to something one can step through.
//!
//! A [`Lab`] takes one step at a time and says why; a [`Run`] takes the whole scenario at once;
//! both call the same algorithms through the same functions. What the page, the worker, the
//! command line and the tests know of a lab is what stands in this file: a new lab is a folder
//! beside `eviction` and a line in the menu. No pixel and no browser in here.

mod about;
pub mod backpressure;
mod columns;
pub mod compression;
pub mod delayed;
pub mod eviction;
pub mod fan_out;
mod form;
mod in_step;
pub mod invalidation;
mod life;
mod link;
mod marks;
mod menu;
mod moment;
pub mod queueing;
pub mod races;
pub mod rate_limit;
mod reading;
mod repeats;
mod report;
mod scenario;
mod scene;
mod session;
pub mod shared_limit;
mod table;
pub mod timing;
mod variant;
mod view;
pub mod words;
mod workload;

pub use about::About;
pub use form::{Choice, Field, Form, Group, Input, Pick, Preset, Source, Variants};
pub use life::{Life, LifeEvent, LifeStage, StageKind};
pub use link::{Link, Query};
pub use marks::{Jump, Marks, Outcome, Sought, Tone, bad};
pub use menu::{LABS, Line, MENU, is_elsewhere};
pub use moment::{Because, Change, Difference, Fate, Lost, Moment, Part, Place};
pub use report::{Decision, Figures, Report, Series, Theory, VariantReport};
pub use scenario::{Entry, Scenario, Settings, Weighing, Written};
pub use scene::{
    Action, Badge, Cell, Gauge, Grid, Lane, Mood, Progress, Scene, Shape, Slot, State, Station, Stretch,
    Strip, StripMark, Token, Vessel, Wire,
};
pub use session::Session;
pub use view::{Curve, Plot, Scale, Summary, Table, View};
pub use workload::Workload;

/// A deterministic simulation that takes one step.
///
/// Two labs made from the same scenario and moved by the same number of steps, silently or not,
/// are in the same state: that is what makes going back possible.
pub trait Lab {
    /// How many steps have been taken.
    fn position(&self) -> u64;

    /// How many steps there are in all.
    fn length(&self) -> u64;

    /// Takes up to `steps` steps without keeping reasons.
    fn advance(&mut self, steps: u64);

    /// Takes one step and says what happened; `None` at the end.
    fn step(&mut self) -> Option<Moment>;

    /// The state as a picture, one panel a variant. What the last step touched is marked if that
    /// step was taken by [`Lab::step`].
    fn scene(&self) -> Scene;

    /// The present model time and that of the next step, in seconds; `None` where no time runs.
    fn clock(&self) -> Option<Clock> {
        None
    }

    /// About how many bytes a copy costs.
    fn weight(&self) -> usize;

    /// The same lab once more.
    fn duplicate(&self) -> Box<dyn Lab>;
}

/// Where a lab stands in model time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// The present time, in seconds: that of the last step.
    pub now: f64,
    /// The time of the next step, in seconds; `None` at the end.
    pub next: Option<f64>,
}

/// A whole scenario under way, taken in slices so that it can show progress and be cancelled.
pub trait Run {
    /// Units of work in all, and how many of them are done.
    fn progress(&self) -> (u64, u64);

    /// Does up to `work` more units, and at least one step.
    fn advance(&mut self, work: u64);

    /// The summary of what has been done so far, and the outcome of every step by variant.
    fn finish(&self) -> (Report, Vec<Marks>);
}
