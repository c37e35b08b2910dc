//! A limiter at work: who comes to it, what becomes of those it lets pass, and what those do that it
//! refuses.
//!
//! There is one [`Door`] for all limiters and one [`Ear`] that hears everything, whoever listens.

mod clock;
mod live;
mod passed;
mod request;
mod server;
mod statistics;
mod system;
mod told;
mod traffic;

pub use clock::{Clock, Jump};
pub use live::{Fate, Live, Recent};
pub use passed::InWindow;
pub use request::Request;
pub use server::{Passed, Server, Setup, Slow, Work};
pub use statistics::{Answer, Counts, Passage, Statistics};
pub use system::{DOOR_RULES, DOOR_SOURCE, Door, Event, Habits, Order, whole_seconds};
pub use told::{Change, Ear, Heard, gravity};
pub use traffic::{Source, Stream, Traffic};
