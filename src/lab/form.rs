//! What can be set in a scenario, as a form that the page draws without knowing the lab.
//!
//! A form edits the same names and values that a link carries: whatever a person enters is read
//! by the one parser that reads links, and refused in the same words.

/// Everything that can be set in a scenario, with its present values.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The variants that stand side by side.
    pub variants: Variants,
    /// What the traffic is made of: the requests, the arrivals, the service times.
    pub sources: Vec<Source>,
    /// What is set most often.
    pub fields: Vec<Field>,
    /// What is set now and then, in groups that open on demand.
    pub groups: Vec<Group>,
}

/// A choice that makes up the traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The name under which a link carries it.
    pub id: &'static str,
    /// How people name it.
    pub label: &'static str,
    /// The present choice.
    pub pick: Pick,
    /// Whether that is a file of the person's own.
    pub file: bool,
}

/// Fields that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// How people name them together: "Failures".
    pub label: &'static str,
    /// The fields.
    pub fields: Vec<Field>,
}

/// The variants of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Variants {
    /// The name under which a link carries them, separated by commas.
    pub id: &'static str,
    /// What one of them is called: "policy".
    pub noun: &'static str,
    /// The present ones.
    pub each: Vec<Pick>,
    /// The most that can stand side by side.
    pub most: usize,
}

/// A choice of one among several, each with fields of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// What the present choice is called in full: "S3-FIFO, threshold 2".
    pub name: String,
    /// The present choice.
    pub choice: &'static str,
    /// All choices.
    pub options: Vec<Choice>,
    /// The fields of the present choice.
    pub fields: Vec<Field>,
}

/// One of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// How a link names it.
    pub id: &'static str,
    /// How people name it.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub idea: &'static str,
    /// How a link writes it before anything is set.
    pub text: &'static str,
}

/// One thing that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// How a link names it.
    pub id: &'static str,
    /// How people name it.
    pub label: &'static str,
    /// What it means, with its unit.
    pub means: &'static str,
    /// How it is entered.
    pub input: Input,
    /// Its present value, as a link writes it.
    pub value: String,
}

/// How a field is entered.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A whole number.
    Whole {
        /// The smallest allowed.
        least: u64,
        /// The largest allowed.
        most: u64,
    },
    /// A number with a fraction.
    Fraction {
        /// The smallest allowed.
        least: f64,
        /// The largest allowed.
        most: f64,
    },
    /// One of a few words: how a link writes each, and how people name it.
    Words(Vec<(&'static str, String)>),
    /// Free text, in one line.
    Text,
    /// Text of several lines, taken as it stands, with every blank in it.
    Lines {
        /// The most characters.
        most: usize,
    },
}

/// A scenario that makes a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// Its name in a menu.
    pub name: &'static str,
    /// The point that it makes, in a sentence.
    pub point: &'static str,
    /// The scenario, as the query of a link.
    pub query: &'static str,
}
