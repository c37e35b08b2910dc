//! Reads and writes under way, and what they carry: a value, whose version says how old it is.

use crate::kernel::Time;
use serde::Serialize;

/// A key, as a dense number.
pub type Key = u32;

/// A value as far as anybody cares: which write made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Version {
    /// Which value of its key it is; 0: the one that was there at the start. The place of record,
    /// usually the database, counts them: a higher number is newer.
    pub number: u32,
    /// The write that made it, counted from 1; 0: nobody.
    pub write: u32,
}

/// What stands at a key: a value, or, of a key that does not exist, nothing.
pub type Content = Option<Version>;

impl Version {
    /// What is there at the start.
    pub const FIRST: Version = Version { number: 0, write: 0 };
}

/// A read or write that a client asked for, or something that goes on in the background. A copy is
/// handed on from place to place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Which one, counted from 1; what clients ask for and what goes on in the background are
    /// counted apart.
    pub number: u32,
    /// What it is.
    pub kind: Kind,
    /// The key.
    pub key: Key,
    /// The name under which a cache keeps it: the key, where a strategy says nothing else.
    pub name: u32,
    /// The server to which it came, counted from 0.
    pub server: u32,
    /// Where it goes on.
    pub place: Place,
    /// When it began.
    pub began: Time,
    /// The value that it carries.
    pub content: Content,
    /// What its strategy remembers of it.
    pub note: u64,
    /// Whether it had to look further than the cache.
    pub missed: bool,
    /// Where it stands in the table of what is open.
    pub(super) slot: u32,
    /// How many commands have been given for it.
    pub(super) commands: u32,
    /// How often the cache had restarted when it came there.
    pub(super) epoch: u32,
}

/// What an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A client wants to know a value.
    Read,
    /// A client has a new value.
    Write,
    /// A value is fetched before anybody has to wait for it.
    Refresh,
    /// New values are brought to the database.
    Flush,
    /// Somebody is told of a change: the cache, perhaps once more, or a server.
    Notice,
    /// A value is fetched into an empty cache before anybody asks for it.
    WarmUp,
}

impl Kind {
    /// Whether a client asked for it.
    pub const fn is_asked_for(self) -> bool {
        matches!(self, Kind::Read | Kind::Write)
    }
}

/// Where an operation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// At its server.
    Server,
    /// At the cache.
    Cache,
    /// At the database.
    Database,
}

/// What an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Name {
    /// What it is.
    pub kind: Kind,
    /// Which one of its kind, counted from 1.
    pub number: u32,
}

impl Operation {
    /// An operation that has yet to begin.
    pub const fn new(number: u32, kind: Kind, key: Key, server: u32, began: Time) -> Self {
        let (place, content) = (Place::Server, None);
        Operation {
            number,
            kind,
            key,
            name: key,
            server,
            place,
            began,
            content,
            note: 0,
            missed: false,
            slot: 0,
            commands: 0,
            epoch: 0,
        }
    }

    /// What it is called.
    pub const fn called(&self) -> Name {
        Name { kind: self.kind, number: self.number }
    }
}

impl Name {
    const BACKGROUND: u64 = 1 << 32;

    /// One number that says the same, apart from the kind of what was asked for; that of a client's
    /// operation is its number.
    pub const fn identity(self) -> u64 {
        if self.kind.is_asked_for() { self.number as u64 } else { self.number as u64 | Self::BACKGROUND }
    }
}
