//! Subscribers as links and forms write them:
//! `billing:order.#|invoice.*:0.5:joins=5:away=10-20:slow=10-30@4:ephemeral`, separated by `;`.

use crate::kernel::{Distribution, Time};
use crate::lab::reading::number;
use crate::queue::fanout::Member;
use crate::queue::routing::{Binding, Exchange, Headers, RoutingKey};
use crate::refusal::Refusal;

/// A subscriber.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscriber {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it wants, each as text and as what the text means.
    pub bindings: Vec<(String, Binding)>,
    /// How many seconds it works on a message, on average.
    pub mean: f64,
    /// From which second it is there.
    pub joins: f64,
    /// From when until when it is away.
    pub away: Vec<(f64, f64)>,
    /// From when until when it takes how many times as long.
    pub slow: Vec<(f64, f64, f64)>,
    /// Whether nothing is kept for it while it is away.
    pub ephemeral: bool,
}

/// The most subscribers.
pub const MOST: usize = 16;
/// The most bindings of one of them.
const MOST_BINDINGS: usize = 8;
/// The most stretches of time of each kind.
const MOST_STRETCHES: usize = 16;
const LONGEST_NAME: usize = 20;
const FORM: &str = "name:binding:seconds, as in billing:order.#:0.5";

/// Reads a list of subscribers to an exchange of this kind.
///
/// # Errors
/// Too few, too many, two of one name, or one that cannot be read.
pub fn parse(kind: Exchange, text: &str) -> Result<Vec<Subscriber>, Refusal> {
    let texts: Vec<&str> = text.split(';').map(str::trim).filter(|text| !text.is_empty()).collect();
    if texts.is_empty() || texts.len() > MOST {
        return Err(Refusal::new("subscribers", texts.len(), format!("from 1 to {MOST} of {FORM}")));
    }
    let mut all: Vec<Subscriber> = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let one =
            Subscriber::parse(kind, text).map_err(|refusal| refusal.within(&format!("subscribers[{at}]")))?;
        if all.iter().any(|other| other.name == one.name) {
            return Err(Refusal::new(format!("subscribers[{at}].name"), one.name, "each name once"));
        }
        all.push(one);
    }
    Ok(all)
}

/// The link form of subscribers.
pub fn text(all: &[Subscriber]) -> String {
    all.iter().map(Subscriber::text).collect::<Vec<_>>().join(";")
}

impl Subscriber {
    fn parse(kind: Exchange, text: &str) -> Result<Self, Refusal> {
        let parts: Vec<&str> = text.split(':').collect();
        let [name, bindings, mean, options @ ..] = parts.as_slice() else {
            return Err(Refusal::new("form", text, FORM));
        };
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Refusal::new("name", name, format!("from 1 to {LONGEST_NAME} letters")));
        }
        let mut one = Subscriber {
            name: name.to_owned(),
            bindings: bind(kind, bindings.split('|'))?,
            mean: number("mean", mean, 0.0..=1e6)?,
            joins: 0.0,
            away: Vec::new(),
            slow: Vec::new(),
            ephemeral: false,
        };
        options.iter().try_for_each(|option| one.set(option))?;
        one.check()?;
        Ok(one)
    }

    fn set(&mut self, option: &str) -> Result<(), Refusal> {
        match option.trim().split_once('=') {
            None if option.trim() == "ephemeral" => self.ephemeral = true,
            Some(("joins", at)) => self.joins = number("joins", at, 0.0..=1e9)?,
            Some(("away", text)) => self.away.push(stretch("away", text)?),
            Some(("slow", text)) => {
                let (when, times) = text.split_once('@').ok_or_else(|| {
                    Refusal::new("slow", text, "from, until and how many times as long: 10-30@4")
                })?;
                let (from, until) = stretch("slow", when)?;
                self.slow.push((from, until, number("slow", times, 0.001..=1e6)?));
            }
            _ => {
                let allowed = "joins=5, away=10-20, slow=10-30@4 or ephemeral";
                return Err(Refusal::new("option", option, allowed));
            }
        }
        Ok(())
    }

    /// It is not away twice at the same time, nor before it has come.
    fn check(&mut self) -> Result<(), Refusal> {
        if self.away.len() > MOST_STRETCHES || self.slow.len() > MOST_STRETCHES {
            let most = self.away.len().max(self.slow.len());
            return Err(Refusal::new("away", most, format!("at most {MOST_STRETCHES} of them")));
        }
        self.away.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free_from = self.joins;
        for (from, until) in &self.away {
            if *from < free_from {
                let allowed = format!("a time from {free_from} on, when it is there");
                return Err(Refusal::new("away", format!("{from}-{until}"), allowed));
            }
            free_from = *until;
        }
        Ok(())
    }

    fn text(&self) -> String {
        let bindings: Vec<&str> = self.bindings.iter().map(|(text, _)| text.as_str()).collect();
        let mut text = format!("{}:{}:{}", self.name, bindings.join("|"), self.mean);
        if self.joins > 0.0 {
            text += &format!(":joins={}", self.joins);
        }
        for (from, until) in &self.away {
            text += &format!(":away={from}-{until}");
        }
        for (from, until, times) in &self.slow {
            text += &format!(":slow={from}-{until}@{times}");
        }
        text + if self.ephemeral { ":ephemeral" } else { "" }
    }

    /// The same at an exchange of another kind.
    ///
    /// # Errors
    /// A binding that means nothing there.
    pub fn rebound(&self, kind: Exchange) -> Result<Self, Refusal> {
        let bindings = bind(kind, self.bindings.iter().map(|(text, _)| text.as_str()))?;
        Ok(Subscriber { bindings, ..self.clone() })
    }

    /// The first binding that wants a message with this key and these headers.
    pub fn matching(&self, key: &RoutingKey, headers: &Headers) -> Option<&(String, Binding)> {
        self.bindings.iter().find(|(_, binding)| binding.routes(key, headers))
    }

    /// The same as a world knows it.
    pub fn member(&self, work: Distribution) -> Member {
        let time = Time::from_seconds;
        Member {
            work,
            joins: time(self.joins),
            away: self.away.iter().map(|(from, until)| (time(*from), time(*until))).collect(),
            slow: self.slow.iter().map(|(from, until, times)| (time(*from), time(*until), *times)).collect(),
            durable: !self.ephemeral,
        }
    }
}

fn bind<'a>(kind: Exchange, texts: impl Iterator<Item = &'a str>) -> Result<Vec<(String, Binding)>, Refusal> {
    let texts: Vec<&str> = texts.map(str::trim).collect();
    if texts.len() > MOST_BINDINGS {
        return Err(Refusal::new("binding", texts.len(), format!("at most {MOST_BINDINGS} bindings")));
    }
    texts.into_iter().map(|text| Ok((text.to_owned(), kind.bind(text)?))).collect()
}

fn stretch(field: &str, text: &str) -> Result<(f64, f64), Refusal> {
    let allowed = "two times, the first one the earlier: 10-20";
    let refused = || Refusal::new(field, text, allowed);
    let (from, until) = text.split_once('-').ok_or_else(refused)?;
    let (from, until) = (number(field, from, 0.0..=1e9)?, number(field, until, 0.0..=1e9)?);
    if from < until { Ok((from, until)) } else { Err(refused()) }
}
