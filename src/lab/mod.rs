//! Labs: a scenario, the algorithms and the kernel put together to something one can step through.
//!
//! A [`Lab`] takes one step at a time and says why; a [`Run`] takes the whole scenario at once;
//! both call the same algorithms through the same functions. What the page, the worker, the
//! command line and the tests know of a lab is what stands in this file: a new lab is a file
//! beside `eviction` and a line in [`Scenario`]. No pixel and no browser in here.

pub mod eviction;
mod form;
mod link;
mod marks;
mod moment;
mod report;
mod scenario;
mod scene;
mod session;
pub mod words;
mod workload;

pub use form::{Choice, Field, Form, Input, Pick, Preset, Variants};
pub use link::{Link, Query};
pub use marks::{Jump, Marks, Outcome, Tone};
pub use moment::{Because, Difference, Moment, Part, Place};
pub use report::{Figures, Report, Series, VariantReport};
pub use scenario::{About, LABS, Scenario};
pub use scene::{Badge, Gauge, Lane, Scene, Shape, Slot, State};
pub use session::Session;
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

    /// About how many bytes a copy costs.
    fn weight(&self) -> usize;

    /// The same lab once more.
    fn duplicate(&self) -> Box<dyn Lab>;
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
