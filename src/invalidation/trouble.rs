//! What goes wrong, and when.

use crate::kernel::Time;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trouble {
    /// What.
    pub what: Fault,
    /// From when.
    pub from: Time,
    /// Until when; what happens at once has no end.
    pub until: Time,
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The cache restarts, empty. It happens at once.
    Restart,
    /// Messages to and from the cache take so many times as long.
    Slow(f64),
    /// No server can reach the cache; it keeps what it has.
    Unreachable,
    /// The database refuses whatever comes.
    Down,
    /// Cache and database cannot reach each other; notices wait.
    Parted,
    /// The next message that would delete an entry is lost.
    LostNotice,
}

impl Fault {
    /// Whether it lasts for a while.
    pub const fn lasts(self) -> bool {
        !matches!(self, Fault::Restart | Fault::LostNotice)
    }
}
