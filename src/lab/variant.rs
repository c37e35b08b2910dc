//! An algorithm of a catalogue with its parameters, as scenarios name it.
//!
//! As a link: `s3-fifo:threshold=2`; as JSON: `{"policy": "s3-fifo", "threshold": 2}`. What is not
//! named has its default, and only what differs from the default is written.

use super::form::{Choice, Field, Input};
use super::words;
use crate::catalogue::{About, Parameters, Range};
use crate::refusal::Refusal;
use serde_json::{Map, Value, json};

/// An algorithm with its parameters.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What the algorithm says about itself.
    pub about: &'static About,
    /// Its parameters.
    pub parameters: Parameters,
}

impl PartialEq for Variant {
    fn eq(&self, other: &Self) -> bool {
        self.about.id == other.about.id && self.parameters == other.parameters
    }
}

/// The names and values of one variant, as a link or JSON gives them.
pub type Given = Vec<(String, String)>;

/// Takes a link form apart: the algorithm's name, and what is set.
pub fn from_text(text: &str) -> (String, Given) {
    let mut parts = text.split(':');
    let id = parts.next().unwrap_or_default().to_owned();
    let given = parts.map(|part| part.split_once('=').unwrap_or((part, "")));
    (id, given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Takes a JSON form apart, in which `noun` names the algorithm.
///
/// # Errors
/// A value that is no object.
pub fn from_json(noun: &str, value: &Value) -> Result<(String, Given), Refusal> {
    let map = value
        .as_object()
        .ok_or_else(|| Refusal::new(noun, value, format!("an object such as {{\"{noun}\":\"…\"}}")))?;
    let id = map.get(noun).map(plain_text).unwrap_or_default();
    let others = map.iter().filter(|(name, _)| *name != noun);
    Ok((id, others.map(|(name, value)| (name.clone(), plain_text(value))).collect()))
}

/// A JSON value as a person would type it into a form.
pub fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Variant {
    /// The algorithm that `id` names among `catalogue`, with what is given; `noun` is what one of
    /// them is called.
    ///
    /// # Errors
    /// An algorithm that does not exist, or a parameter that it does not have or take.
    pub fn new<'a>(
        catalogue: impl Iterator<Item = &'static About> + Clone,
        noun: &str,
        id: &str,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Refusal> {
        let known = || catalogue.clone().map(|about| about.id).collect::<Vec<_>>().join(", ");
        let about = catalogue.clone().find(|about| about.id == id);
        let about = about.ok_or_else(|| Refusal::new(noun, id, format!("one of {}", known())))?;
        Ok(Variant { about, parameters: Parameters::new(about, given)? })
    }

    /// Name and value of each parameter that does not have its default.
    pub fn not_default(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let usual = self.about.parameters.iter().map(|parameter| parameter.range.default());
        let own = self.parameters.iter().zip(usual).filter(|((_, value), usual)| value != usual);
        own.map(|((id, value), _)| (id, value.to_string()))
    }

    /// A field for each parameter.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.about.parameters.iter().zip(self.parameters.iter()).map(|(parameter, (_, value))| Field {
            id: parameter.id,
            label: parameter.id,
            means: parameter.means,
            input: match parameter.range {
                Range::Whole { least, most, .. } => {
                    Input::Whole { least: u64::from(least), most: u64::from(most) }
                }
                Range::Number { least, most, .. } => Input::Fraction { least, most },
                Range::Limit { .. } | Range::Seconds { .. } => Input::Text,
                Range::Choice(words) => {
                    Input::Words(words.iter().map(|word| (*word, word.to_string())).collect())
                }
            },
            value: value.to_string(),
        })
    }
}

/// What people call an algorithm with these settings: "S3-FIFO, threshold 2".
pub fn name(about: &About, settings: impl Iterator<Item = (&'static str, String)>) -> String {
    settings.fold(about.name.to_owned(), |name, (id, value)| format!("{name}, {id} {value}"))
}

/// The link form of an algorithm with these settings.
pub fn text(about: &About, settings: impl Iterator<Item = (&'static str, String)>) -> String {
    settings.fold(about.id.to_owned(), |text, (id, value)| format!("{text}:{id}={value}"))
}

/// The link form of an algorithm with these settings and `field` set to `value`, which may be empty
/// to give up a setting.
pub fn text_with(
    about: &About,
    settings: impl Iterator<Item = (&'static str, String)>,
    field: &str,
    value: &str,
) -> String {
    let others = settings.filter(|(id, _)| *id != field);
    let kept = others.fold(about.id.to_owned(), |text, (id, value)| format!("{text}:{id}={value}"));
    if value.is_empty() { kept } else { format!("{kept}:{field}={value}") }
}

/// The JSON form of an algorithm with these settings; numbers stand as numbers.
pub fn json(noun: &str, about: &About, settings: impl Iterator<Item = (&'static str, String)>) -> Value {
    let mut map = Map::from_iter([(noun.to_owned(), json!(about.id))]);
    for (id, value) in settings {
        map.insert(id.to_owned(), serde_json::from_str(&value).unwrap_or_else(|_| json!(value)));
    }
    Value::Object(map)
}

/// An algorithm as a choice in a menu.
pub fn choice(about: &'static About) -> Choice {
    Choice { id: about.id, name: about.name, idea: about.idea, text: about.id }
}

/// Reads a whole number from `least` to `most`.
///
/// # Errors
/// Text that is none.
pub fn whole<N>(field: &str, value: &str, least: N, most: N) -> Result<N, Refusal>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    let number = value.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Refusal::new(field, value, format!("a whole number from {least} to {most}")))
}

/// Reads the variants of a link, of which at most `most` may stand side by side; `field` carries
/// them and `nouns` says what they are.
///
/// # Errors
/// Too few, too many, or one that `parse` refuses.
pub fn list<T>(
    field: &str,
    nouns: &str,
    text: &str,
    most: usize,
    parse: impl Fn(&str) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let texts: Vec<&str> = text.split(',').filter(|part| !part.is_empty()).collect();
    check_number(field, nouns, texts.len(), most)?;
    texts.iter().map(|text| parse(text)).collect()
}

/// Refuses fewer than one and more than `most`.
///
/// # Errors
/// As said.
pub fn check_number(field: &str, nouns: &str, number: usize, most: usize) -> Result<(), Refusal> {
    match (1..=most).contains(&number) {
        true => Ok(()),
        false => {
            let most = words::count(most as u64);
            Err(Refusal::new(field, number, format!("from 1 to {most} {nouns}")))
        }
    }
}
