//! Keys as somebody typed them.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// From 1 to 10,000 keys in the order in which they are asked for. Written with spaces between
/// them; commas and line ends are read as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words(Vec<String>);

impl Words {
    /// The most keys that are taken.
    pub const MOST: usize = 10_000;

    /// Reads keys with spaces, commas or line ends between them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let between = |c: char| c == ',' || c.is_whitespace();
        let words = text.split(between).filter(|word| !word.is_empty()).map(str::to_owned);
        let words: Vec<String> = words.take(Words::MOST + 1).collect();
        match words.len() {
            0 => Err(Refusal::new("keys", text, "at least one key, for example A B C A D")),
            1..=Words::MOST => Ok(Words(words)),
            _ => Err(Refusal::new("keys", text, "at most 10,000 keys")),
        }
    }

    /// How many requests they are.
    #[expect(clippy::len_without_is_empty, reason = "there is always a word")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl TryFrom<String> for Words {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Words::parse(&text)
    }
}

impl From<Words> for String {
    fn from(words: Words) -> String {
        words.0.join(" ")
    }
}
