//! The state of a lab as a picture, in a small vocabulary that all labs share, so that one
//! renderer draws them all and a test can read them. It says what there is and in which order;
//! where that lands on a screen is the page's affair.
//!
//! Times in a picture are model seconds since the start of the run.

use serde::Serialize;

/// The picture of one moment: a panel for each variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The shapes of each variant, in order.
    pub panels: Vec<Vec<Shape>>,
    /// What a person can let happen to all of them.
    pub actions: Vec<Action>,
}

/// One thing in a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Ordered places.
    Lane(Lane),
    /// A value between nothing and full.
    Gauge(Gauge),
    /// Somebody who works, or a place that is up or down.
    Station(Station),
    /// Tokens under way, each at its own pace.
    Wire(Wire),
    /// Cells in rows: a timer wheel, a heap.
    Grid(Grid),
    /// Something that fills and empties.
    Vessel(Vessel),
    /// A stretch of model time with windows and points in it.
    Strip(Strip),
    /// Columns of shapes in the order in which work flows, from left to right.
    Flow(Vec<Vec<Shape>>),
    /// A place, and beside it what it holds; where work goes up and down, places stand under each other.
    Row(Box<Shape>, Vec<Shape>),
    /// A line of text with figures in it that change as the run goes on.
    Note(String),
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
    /// Whether many entries may be drawn as a crowd of dots, because their labels say little.
    pub crowd: bool,
    /// Whether its first place is the way out, so that it stands on the right of a picture in which
    /// work flows from left to right.
    pub queue: bool,
}

/// Somebody who works: a worker, a subscriber, a scheduler.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Station {
    /// Its name, unique in the panel: "worker 2".
    pub name: String,
    /// How it is.
    pub mood: Mood,
    /// The same in words: "idle", "works on message 7", "down until 12.000 s".
    pub says: String,
    /// What it holds: what it works on first, then what it has taken ahead.
    pub slots: Vec<Slot>,
    /// How far its present work is.
    pub progress: Option<Progress>,
    /// What a person can do to it.
    pub action: Option<Action>,
}

/// Something that a person can do to a part of the picture: it sets a field of the scenario, so that
/// it is in the link like everything else, and happens next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// What it is called: after the station's name, as in "break down"; of the whole picture in full, as in
    /// "cache restarts".
    pub label: &'static str,
    /// The field of the scenario.
    pub field: &'static str,
    /// What the field is set to, as a link writes it.
    pub value: String,
}

/// How a station is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// It has nothing to do.
    Idle,
    /// It works.
    Busy,
    /// It does not work until it is back.
    Down,
}

/// A stretch of model time that something takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// When it began, in model seconds.
    pub from: f64,
    /// When it will be over, in model seconds.
    pub until: f64,
}

/// Tokens under way from one end to the other: delays, leases that run out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wire {
    /// Its name, unique in the panel: "leases".
    pub name: String,
    /// What stands at its beginning and at its end.
    pub ends: (String, String),
    /// How many tokens are under way; more than are listed if there are very many.
    pub length: u64,
    /// The tokens, first the one that arrives first.
    pub tokens: Vec<Token>,
}

/// An entry under way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Token {
    /// The entry.
    pub slot: Slot,
    /// From when to when it is under way.
    pub progress: Progress,
}

/// Cells in rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grid {
    /// Its name, unique in the panel: "wheel of seconds".
    pub name: String,
    /// What it shows, in a few words: "60 slots of 1 s".
    pub says: String,
    /// How many cells stand in a row; 0: as many as fit.
    pub columns: u32,
    /// The cells in order.
    pub cells: Vec<Cell>,
}

/// A cell of a grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// What is written above it: a slot's number, a time.
    pub label: String,
    /// What it holds.
    pub slots: Vec<Slot>,
    /// The name of the pointer that points at it.
    pub pointer: Option<&'static str>,
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

/// Something that fills and empties: a bucket of tokens, a bucket that leaks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Vessel {
    /// Its name, unique in the panel: "tokens".
    pub name: String,
    /// How full it is.
    pub level: f64,
    /// What would be full.
    pub most: f64,
    /// The unit of both.
    pub unit: &'static str,
    /// Whether time fills it; otherwise time empties it.
    pub fills: bool,
    /// What happens to it by itself: "one every 100 ms".
    pub says: String,
}

/// A stretch of model time, drawn from left to right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Strip {
    /// Its name, unique in the panel: "log".
    pub name: String,
    /// Where it begins, in model seconds.
    pub from: f64,
    /// Where it ends, in model seconds.
    pub until: f64,
    /// Windows in it.
    pub stretches: Vec<Stretch>,
    /// Points in it, by rising time.
    pub marks: Vec<StripMark>,
}

/// A window on a strip; what of it lies outside is not drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// Where it begins, in model seconds.
    pub from: f64,
    /// Where it ends, in model seconds.
    pub until: f64,
    /// What it holds, in a few words: "7 of 10".
    pub says: String,
    /// How full it is, from 0 to 1.
    pub full: f64,
}

/// A point on a strip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StripMark {
    /// When, in model seconds.
    pub at: f64,
    /// What stands at it: "now"; empty for one of many.
    pub says: &'static str,
    /// How it is drawn: [`State::Gone`] as what was turned away, [`State::New`] as what has just
    /// come in, all else plainly.
    pub state: State,
}
