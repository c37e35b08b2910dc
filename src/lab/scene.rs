//! The state of a lab as a picture, in a small vocabulary that all labs share, so that one
//! renderer draws them all and a test can read them. It says what there is and in which order;
//! where that lands on a screen is the page's affair.
//!
//! The vocabulary grows with the labs that need it; today it has lanes and gauges.

use serde::Serialize;

/// The picture of one moment: a panel for each variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The shapes of each variant, in order.
    pub panels: Vec<Vec<Shape>>,
}

/// One thing in a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Ordered places.
    Lane(Lane),
    /// A value between nothing and full.
    Gauge(Gauge),
}

/// Ordered places: a queue, a recency list, a ring, a ghost list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lane {
    /// Its name, unique in the panel: "small".
    pub name: String,
    /// Whether its entries are only remembered, not really there.
    pub ghost: bool,
    /// How many entries it may hold, where that is fixed.
    pub room: Option<u64>,
    /// How many entries it holds.
    pub length: u64,
    /// What stands at its first and at its last place.
    pub ends: (String, String),
    /// Its places in order.
    pub slots: Vec<Slot>,
}

/// One place of a lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// An entry.
    Entry {
        /// Who it is: the same number in every scene in which it appears.
        identity: u64,
        /// What is written on it.
        label: String,
        /// What is noted about it.
        badge: Badge,
        /// The name of the pointer that points at it.
        pointer: Option<&'static str>,
        /// What the last step did to it.
        state: State,
    },
    /// So many entries that are not listed.
    Skipped(u64),
}

/// What is noted about an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Badge {
    /// Nothing.
    None,
    /// A bit is set.
    Mark,
    /// A count.
    Count(u32),
    /// The step at which it is needed next; `None`: never again.
    Next(Option<u64>),
}

/// What the last step did to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing.
    Still,
    /// It was found.
    Found,
    /// It came in.
    New,
    /// It changed its place or what is noted about it.
    Touched,
    /// It has just left; it is shown once more where it went out.
    Gone,
}

/// A value between nothing and full.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gauge {
    /// What it measures.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// What would be full.
    pub most: f64,
    /// The unit of both.
    pub unit: &'static str,
}
