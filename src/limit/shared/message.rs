//! What goes to and fro: requests that come to nodes, and messages between nodes and the store.

use crate::kernel::Time;
use serde::Serialize;

/// A request that has come to a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Its number, from 1, in the order in which requests come.
    pub number: u32,
    /// The node to which it has come, counted from 0.
    pub node: u32,
    /// When it came.
    pub at: Time,
    /// The window in which it came, counted from 0: the one in which it counts, whoever counts it.
    pub window: u64,
}

/// A message from a node to the store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// Who sends it, counted from 0.
    pub node: u32,
    /// The window that it is about.
    pub window: u64,
    /// The request for whose sake it is sent; `None`: the node sends it for itself.
    pub request: Option<Request>,
    /// What the store is to do.
    pub command: Command,
    /// The exchange that an answer will close; `None`: nobody waits for one.
    pub exchange: Option<u64>,
    /// From this its time under way is drawn: the same message takes the same time in every design.
    pub chance: u64,
}

/// What a store can be told to do with the counter of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Count one more, if there is room.
    CountIfRoom,
    /// Say how many there are.
    Get,
    /// Count one more, whatever there is.
    Increment,
    /// Write that there are so many.
    Set(u64),
    /// Count so many more, and say how many there are.
    Add(u64),
    /// Hand out up to so many permits.
    Take(u64),
}

/// What a store answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It has counted the request, which is number so many.
    Counted(u64),
    /// There is no room.
    Full,
    /// So many have been counted.
    Count(u64),
    /// So many permits.
    Permits(u64),
}
