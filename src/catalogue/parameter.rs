//! What a person can set about an algorithm: declared once, read from links, JSON and forms.

use super::About;
use crate::kernel::Span;
use crate::refusal::Refusal;

/// Something about an algorithm that a person can set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// How a scenario names it: `threshold`.
    pub id: &'static str,
    /// What it means, with its unit: "asked for again this often, an object moves to main".
    pub means: &'static str,
    /// What is allowed, and what holds where nothing is said.
    pub range: Range,
}

/// The values that a parameter may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// A whole number from `least` to `most`.
    Whole {
        /// The smallest allowed.
        least: u32,
        /// The largest allowed.
        most: u32,
        /// What holds where nothing is said.
        default: u32,
    },
    /// A number with a fraction, from `least` to `most`: seconds, a rate, a share.
    Number {
        /// The smallest allowed.
        least: f64,
        /// The largest allowed.
        most: f64,
        /// What holds where nothing is said.
        default: f64,
    },
    /// A whole number from `least` to `most`, or the word "none", which holds where nothing is said.
    Limit {
        /// The smallest allowed.
        least: u32,
        /// The largest allowed.
        most: u32,
    },
    /// Seconds from 0 to `most`, or the word "never".
    Seconds {
        /// The longest allowed.
        most: f64,
        /// What holds where nothing is said; `None`: never.
        default: Option<f64>,
    },
    /// One of a few words; the first holds where nothing is said.
    Choice(&'static [&'static str]),
}

/// How "no limit" is written.
const NONE: &str = "none";
/// How a time that does not come is written.
const NEVER: &str = "never";

impl Range {
    /// What holds where nothing is said.
    pub fn default(&self) -> Setting {
        match self {
            Range::Whole { default, .. } => Setting::Whole(*default),
            Range::Number { default, .. } => Setting::Number(*default),
            Range::Limit { .. } => Setting::Limit(None),
            Range::Seconds { default, .. } => Setting::Seconds(*default),
            Range::Choice(words) => Setting::Choice(words[0]),
        }
    }

    /// What is allowed, as words that follow "use".
    pub fn allowed(&self) -> String {
        match self {
            Range::Whole { least, most, .. } => format!("a whole number from {least} to {most}"),
            Range::Number { least, most, .. } => format!("a number from {least} to {most}"),
            Range::Limit { least, most } => format!("a whole number from {least} to {most}, or {NONE}"),
            Range::Seconds { most, .. } => format!("seconds from 0 to {most}, or {NEVER}"),
            Range::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// Reads a value as a person wrote it.
    pub fn parse(&self, text: &str) -> Option<Setting> {
        match self {
            Range::Whole { least, most, .. } => {
                let number = text.parse().ok().filter(|n| (*least..=*most).contains(n))?;
                Some(Setting::Whole(number))
            }
            Range::Number { least, most, .. } => {
                let number = text.parse().ok().filter(|n| (*least..=*most).contains(n))?;
                Some(Setting::Number(number))
            }
            Range::Limit { .. } if text == NONE => Some(Setting::Limit(None)),
            Range::Limit { least, most } => {
                let number = text.parse().ok().filter(|n| (*least..=*most).contains(n))?;
                Some(Setting::Limit(Some(number)))
            }
            Range::Seconds { .. } if text == NEVER => Some(Setting::Seconds(None)),
            Range::Seconds { most, .. } => {
                let number = text.parse().ok().filter(|n| (0.0..=*most).contains(n))?;
                Some(Setting::Seconds(Some(number)))
            }
            Range::Choice(words) => {
                words.iter().find(|word| **word == text).map(|word| Setting::Choice(word))
            }
        }
    }
}

/// The value of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// A whole number.
    Whole(u32),
    /// A number with a fraction.
    Number(f64),
    /// A limit, or none.
    Limit(Option<u32>),
    /// Seconds; `None`: never.
    Seconds(Option<f64>),
    /// One of the allowed words.
    Choice(&'static str),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Setting::Whole(number) => write!(f, "{number}"),
            Setting::Number(number) => write!(f, "{number}"),
            Setting::Limit(Some(limit)) => write!(f, "{limit}"),
            Setting::Limit(None) => f.write_str(NONE),
            Setting::Seconds(Some(seconds)) => write!(f, "{seconds}"),
            Setting::Seconds(None) => f.write_str(NEVER),
            Setting::Choice(word) => f.write_str(word),
        }
    }
}

/// A value for each parameter of one algorithm, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters(Vec<(&'static str, Setting)>);

impl Parameters {
    /// The defaults of `about`, with those that `given` names replaced.
    ///
    /// # Errors
    /// A name the algorithm does not have, or a value out of its range.
    pub fn new<'a>(
        about: &About,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Refusal> {
        let mut settings: Vec<_> = about.parameters.iter().map(|p| (p.id, p.range.default())).collect();
        for (name, value) in given {
            let Some(at) = about.parameters.iter().position(|p| p.id == name) else {
                let known: Vec<_> = about.parameters.iter().map(|p| p.id).collect();
                let allowed = match known[..] {
                    [] => format!("none: {} has no parameters", about.name),
                    _ => format!("one of {}", known.join(", ")),
                };
                return Err(Refusal::new(name, value, allowed));
            };
            let range = about.parameters[at].range;
            settings[at].1 = range.parse(value).ok_or_else(|| Refusal::new(name, value, range.allowed()))?;
        }
        Ok(Parameters(settings))
    }

    /// The whole number called `id`. Asking for one that the algorithm does not declare is a
    /// mistake in the algorithm, and the registry's test finds it.
    pub fn whole(&self, id: &str) -> usize {
        match self.get(id) {
            Setting::Whole(number) => number as usize,
            other => unreachable!("{id} is {other}"),
        }
    }

    /// The number called `id`; see [`Parameters::whole`].
    pub fn number(&self, id: &str) -> f64 {
        match self.get(id) {
            Setting::Number(number) => number,
            other => unreachable!("{id} is {other}"),
        }
    }

    /// The number of seconds called `id` as a span of model time; see [`Parameters::whole`].
    pub fn span(&self, id: &str) -> Span {
        Span::from_seconds(self.number(id))
    }

    /// The limit called `id`, if there is one; see [`Parameters::whole`].
    pub fn limit(&self, id: &str) -> Option<usize> {
        match self.get(id) {
            Setting::Limit(limit) => limit.map(|limit| limit as usize),
            other => unreachable!("{id} is {other}"),
        }
    }

    /// The seconds called `id` as a span of model time, the longest there is for "never"; see
    /// [`Parameters::whole`].
    pub fn seconds(&self, id: &str) -> Span {
        match self.get(id) {
            Setting::Seconds(seconds) => seconds.map_or(Span::MAX, Span::from_seconds),
            other => unreachable!("{id} is {other}"),
        }
    }

    /// The word called `id`; see [`Parameters::whole`].
    pub fn choice(&self, id: &str) -> &'static str {
        match self.get(id) {
            Setting::Choice(word) => word,
            other => unreachable!("{id} is {other}"),
        }
    }

    /// `percent` hundredths of `capacity`, at least one object.
    pub fn share(&self, id: &str, capacity: usize) -> usize {
        (capacity * self.whole(id) / 100).max(1)
    }

    /// Name and value of each.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Setting)> + '_ {
        self.0.iter().copied()
    }

    fn get(&self, id: &str) -> Setting {
        let found = self.0.iter().find(|(name, _)| *name == id);
        found.unwrap_or_else(|| unreachable!("no parameter is called {id}")).1
    }
}
