//! The life of one subject of a run, from its first moment to its last: every wait, lease, retry
//! and hop of a message, with times.

/// What happened to one subject in one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// The variant.
    pub variant: String,
    /// Whose life it is: "message 7".
    pub subject: String,
    /// What happened, in order; empty if the subject never came.
    pub events: Vec<LifeEvent>,
    /// How it passed its time, in order and without gaps.
    pub stages: Vec<LifeStage>,
}

/// Something that happened to a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeEvent {
    /// At which step of the lab, counted from 1.
    pub step: u64,
    /// When, in model seconds.
    pub at: f64,
    /// What and why, as a sentence.
    pub says: String,
}

/// A stretch of a life in which nothing changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifeStage {
    /// From when, in model seconds.
    pub from: f64,
    /// Until when, in model seconds.
    pub until: f64,
    /// What the subject did.
    pub kind: StageKind,
}

/// What a subject can do for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// It waits for its turn.
    Waits,
    /// It is held back until a time has come.
    Delayed,
    /// It is handed out, but nobody works on it.
    Held,
    /// Somebody works on it.
    Worked,
    /// It lies among the dead letters.
    Dead,
}

impl StageKind {
    /// The same in a word.
    pub fn name(self) -> &'static str {
        match self {
            StageKind::Waits => "waits",
            StageKind::Delayed => "is held back",
            StageKind::Held => "is handed out",
            StageKind::Worked => "is worked on",
            StageKind::Dead => "is dead",
        }
    }
}
