//! A request on its way: who sends it, what it takes, and how far it is.

use crate::kernel::{Span, Time};

/// A request. Requests are counted from 1, clients from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Its number, which it keeps however often it is tried.
    pub number: u32,
    /// Who sends it.
    pub client: u32,
    /// How many permits it takes.
    pub cost: u32,
    /// How long a worker takes for it.
    pub work: Span,
    /// When it was tried first.
    pub came: Time,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// When this try was made.
    pub asked: Time,
    /// When it passed the door; [`Time::ZERO`] until then.
    pub passed: Time,
    /// How many of its key were under way when it passed, itself among them; 0 until then.
    pub in_flight: u32,
}
