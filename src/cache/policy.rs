//! What a policy is, what it says about itself, and how it tells what it does.

use super::Anatomy;
use crate::refusal::Refusal;
use crate::trace::Key;
use serde::Serialize;
use std::rc::Rc;

/// An eviction policy: it decides what enters, what stays and what leaves.
///
/// [`Policy::request`] is the only way in, for a single step and for a run of millions alike.
pub trait Policy: Clone + PartialEq + std::fmt::Debug + Sized + 'static {
    /// What this policy is, for menus, forms and the source panel.
    const ABOUT: About;

    /// An empty cache. `setup.capacity` is at least 1 and the parameters are those of
    /// [`Policy::ABOUT`], within their ranges.
    fn new(setup: &Setup) -> Self;

    /// Serves one request for `key` and tells `probe` every change on the way.
    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome;

    /// Shows what the cache holds now, segment by segment.
    fn show(&self, anatomy: &mut Anatomy);
}

/// What a policy is made for.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many objects the cache holds; at least 1.
    pub capacity: usize,
    /// How many different keys the stream may ask for; every key is below it.
    pub keys: usize,
    /// Fixes every random choice.
    pub seed: u64,
    /// The policy's own parameters, complete and within their ranges.
    pub parameters: Parameters,
    /// The whole stream, for policies that know the future; the others do not look.
    pub future: Rc<[Key]>,
}

/// Whether the cache could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The object was in the cache.
    Hit,
    /// The object was not in the cache.
    Miss,
}

/// What a policy says about itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// How a scenario names it: `s3-fifo`.
    pub id: &'static str,
    /// How people write it: `S3-FIFO`.
    pub name: &'static str,
    /// What it does, in one short sentence.
    pub idea: &'static str,
    /// The name of its file: `s3_fifo.rs`.
    pub file: &'static str,
    /// The text of that file.
    pub source: &'static str,
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// Every reason it can give.
    pub rules: &'static [&'static Rule],
}

/// Something about a policy that a person can set.
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
    /// One of a few words; the first holds where nothing is said.
    Choice(&'static [&'static str]),
}

impl Range {
    /// What holds where nothing is said.
    pub fn default(&self) -> Setting {
        match self {
            Range::Whole { default, .. } => Setting::Whole(*default),
            Range::Choice(words) => Setting::Choice(words[0]),
        }
    }

    /// What is allowed, as words that follow "use".
    pub fn allowed(&self) -> String {
        match self {
            Range::Whole { least, most, .. } => format!("a whole number from {least} to {most}"),
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
            Range::Choice(words) => {
                words.iter().find(|word| **word == text).map(|word| Setting::Choice(word))
            }
        }
    }
}

/// The value of one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A whole number.
    Whole(u32),
    /// One of the allowed words.
    Choice(&'static str),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Setting::Whole(number) => write!(f, "{number}"),
            Setting::Choice(word) => f.write_str(word),
        }
    }
}

/// A value for each parameter of one policy, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters(Vec<(&'static str, Setting)>);

impl Parameters {
    /// The defaults of `about`, with those that `given` names replaced.
    ///
    /// # Errors
    /// A name the policy does not have, or a value out of its range.
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

    /// The whole number called `id`. Asking for one that the policy does not declare is a mistake
    /// in the policy, and the registry's test finds it.
    pub fn whole(&self, id: &str) -> usize {
        match self.get(id) {
            Setting::Whole(number) => number as usize,
            Setting::Choice(word) => unreachable!("{id} is the word {word}"),
        }
    }

    /// The word called `id`; see [`Parameters::whole`].
    pub fn choice(&self, id: &str) -> &'static str {
        match self.get(id) {
            Setting::Choice(word) => word,
            Setting::Whole(number) => unreachable!("{id} is the number {number}"),
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

/// A line of a policy that decides something, and its reason in words.
///
/// The constant's own name stands in the source where the rule is applied, so that the source
/// panel can mark the line: `RULE.name` is the constant's name, `RULE.place` the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The name of the constant, as it stands in the policy's file: `UNMARKED`.
    #[serde(rename = "rule")]
    pub name: &'static str,
    /// The function of that file in which it is applied: `evict`.
    pub place: &'static str,
    /// The reason as the second half of a sentence, without a full stop: "it is the oldest in
    /// small and was not asked for again". `{}` stands for [`Because::number`].
    pub says: &'static str,
}

/// One change to one object, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Because {
    /// The object concerned.
    pub key: Key,
    /// What happened to it.
    pub change: Change,
    /// The rule that made it happen.
    pub rule: &'static Rule,
    /// A figure that the rule decided by: a count, or the number of a request, counted from 1.
    pub number: Option<u32>,
}

/// What can happen to an object. The strings are names of segments, as in the [`Anatomy`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is found, and nothing moves.
    Stays,
    /// Its mark is now set or cleared.
    Marks(bool),
    /// Its count is now this.
    Counts(u32),
    /// It comes into the cache. A ghost list that remembered it no longer does.
    Enters {
        /// Where it is put.
        into: &'static str,
    },
    /// It changes its place within the cache; both names may be the same.
    Moves {
        /// Where it was.
        from: &'static str,
        /// Where it is now.
        to: &'static str,
    },
    /// It leaves the cache.
    Leaves {
        /// Where it was.
        from: &'static str,
        /// The ghost list that remembers it, if one does.
        remembered: Option<&'static str>,
    },
    /// A ghost list no longer remembers it.
    Forgotten {
        /// The ghost list.
        from: &'static str,
    },
    /// It was asked for and is not let in.
    Bypasses,
    /// A target that the policy tunes by itself moved.
    Adapts {
        /// The name of the [`super::Dial`].
        dial: &'static str,
        /// Its value before.
        from: f64,
        /// Its value now.
        to: f64,
    },
}

/// Somebody who listens to a policy at work.
pub trait Probe {
    /// A change was made to `key` by `rule`, which decided by `number`.
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>);

    /// A change was made to `key` by `rule`.
    #[inline(always)]
    fn tell(&mut self, key: Key, change: Change, rule: &'static Rule) {
        self.tell_number(key, change, rule, None);
    }
}

/// The probe that listens to nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silent;

impl Probe for Silent {
    #[inline(always)]
    fn tell_number(&mut self, _: Key, _: Change, _: &'static Rule, _: Option<u32>) {}
}

/// The probe that keeps every reason, in order.
impl Probe for Vec<Because> {
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>) {
        self.push(Because { key, change, rule, number });
    }
}
