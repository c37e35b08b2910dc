//! What an algorithm says about itself: its name, its file, what can be set, and every reason that
//! it can give. Menus, forms, links, the source panel and the command line are made from this, so
//! that a new algorithm touches none of them.

mod facts;
mod figure;
mod parameter;
mod rule;

pub use facts::{Checked, Miss, NotModelled, Outcome};
pub use figure::Figure;
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
    /// Its file, from the project's root: `src/cache/s3_fifo.rs`. Its text is not in the program; the
    /// page fetches it when it is to be shown.
    pub file: &'static str,
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// Every reason it can give.
    pub rules: &'static [&'static Rule],
}
