//! What an algorithm says about itself: its name, its file, what can be set, and every reason that
//! it can give. Menus, forms, links, the source panel and the command line are made from this, so
//! that a new algorithm touches none of them.

mod parameter;
mod rule;

pub use parameter::{Parameter, Parameters, Range, Setting};
pub use rule::Rule;

/// What an algorithm says about itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// How a scenario names it: `s3-fifo`.
    pub id: &'static str,
    /// How people write it: `S3-FIFO`.
    pub name: &'static str,
    /// What it does, in one short sentence.
    pub idea: &'static str,
    /// The name of its file: `s3_fifo.rs`.
    pub file: &'static str,
    /// The text of that file.
    pub source: &'static str,
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// Every reason it can give.
    pub rules: &'static [&'static Rule],
}
