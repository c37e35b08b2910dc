//! A scenario whose settings stand in a table: links, JSON and forms are all made from it.
//!
//! A lab says once what can be set: its variants, the sources of its traffic, and a line for each
//! field. What a field means and what it refuses is its own affair; how it is written, read, and
//! shown in a form stands here.

use super::form::{self, Form, Group, Input, Pick, Source, Variants};
use super::reading::list_text;
use super::variant::{self, Variant, check_number};
use super::{Query, Settings, Workload, Written, timing};
use crate::catalogue::About;
use crate::kernel::{Pattern, Shape};
use crate::refusal::Refusal;
use serde_json::{Map, Value, json};

/// The most variants in one scenario; the page shows [`SIDE_BY_SIDE`] of them.
pub const MOST_VARIANTS: usize = 64;
/// The most variants that stand side by side.
pub const SIDE_BY_SIDE: usize = 4;

/// Settings that stand in a table.
pub trait Tabled: Settings + Clone + 'static {
    /// The table.
    const TABLE: Table<Self>;

    /// The scenario of the same lab of which a link says nothing.
    fn usual(&self) -> Self;

    /// Whether the field called `id` means anything as things are set. A form leaves out what does not.
    fn shows(&self, _id: &str) -> bool {
        true
    }
}

/// Everything that can be set in a scenario.
pub struct Table<S: 'static> {
    /// What stands side by side.
    pub variants: VariantsOf<S>,
    /// What the traffic is made of.
    pub sources: &'static [SourceOf<S>],
    /// All else, in the order in which links and forms list it.
    pub fields: &'static [Field<S>],
    /// The groups of the form, in their order.
    pub groups: &'static [&'static str],
}

/// What the menu of a scenario offers.
pub type Offered<S> = fn(&S) -> Vec<&'static About>;

/// The variants of a scenario.
pub struct VariantsOf<S> {
    /// The name under which a link carries them: "schedulers".
    pub id: &'static str,
    /// What one of them is called, in a form and in JSON: "scheduler".
    pub noun: &'static str,
    /// The one that is meant where JSON does not name any; empty: it must.
    pub unnamed: &'static str,
    /// All there are, in the order of the menu.
    pub catalogue: fn() -> Vec<&'static About>,
    /// Those of them that the menu offers, where these are not all.
    pub offered: Option<Offered<S>>,
    /// The present ones.
    pub get: fn(&S) -> &Vec<Variant>,
    /// The same, to be changed.
    pub get_mut: fn(&mut S) -> &mut Vec<Variant>,
}

/// A source of traffic.
pub struct SourceOf<S> {
    /// How a link and JSON name it.
    pub id: &'static str,
    /// How people name it.
    pub label: &'static str,
    /// What kind of thing it is, and where it stands.
    pub kind: Kind<S>,
}

/// What kind of thing a source is.
pub enum Kind<S> {
    /// When something comes.
    Arrivals(fn(&S) -> &Pattern, fn(&mut S) -> &mut Pattern),
    /// How long something takes.
    Times(fn(&S) -> &Shape, fn(&mut S) -> &mut Shape),
    /// Something of the lab's own.
    Own(Own<S>),
}

/// A source of the lab's own.
pub struct Own<S> {
    /// Its link form.
    pub text: fn(&S) -> String,
    /// Sets it from its link form.
    pub set: fn(&mut S, &str) -> Result<(), Refusal>,
    /// Its JSON form.
    pub json: fn(&S) -> Value,
    /// Sets it from its JSON form.
    pub set_json: fn(&mut S, &Value) -> Result<(), Refusal>,
    /// The form that edits it.
    pub pick: fn(&S) -> Pick,
    /// A link form with one of its fields set to a value; it may turn out to be refused.
    pub with: fn(text: &str, field: &str, value: &str) -> String,
}

/// One thing that can be set.
pub struct Field<S> {
    /// How a link and JSON name it.
    pub id: &'static str,
    /// How people name it.
    pub label: &'static str,
    /// What it means, with its unit.
    pub means: &'static str,
    /// How it is entered.
    pub input: fn() -> Input,
    /// Its present value as a link writes it; empty: not set.
    pub get: fn(&S) -> String,
    /// Sets it as a link writes it.
    pub set: fn(&mut S, &str) -> Result<(), Refusal>,
    /// The group of the form in which it stands; empty: always in view.
    pub group: &'static str,
}

/// A link. Of what is refused, what is `usual` holds; the rest still works.
pub fn from_query<S: Tabled>(usual: S, query: &Query) -> (S, Vec<Refusal>) {
    let mut scenario = usual;
    let set = query.iter().filter_map(|(name, value)| set(&mut scenario, name, value).err());
    let refusals = set.collect();
    (scenario, refusals)
}

/// The JSON form. Unlike a link, one wrong value refuses the whole; what it does not name is
/// `usual`.
///
/// # Errors
/// A field that is missing, unknown or out of its range.
pub fn from_json<S: Tabled>(usual: S, map: &Map<String, Value>) -> Result<S, Refusal> {
    let mut scenario = usual;
    *(S::TABLE.variants.get_mut)(&mut scenario) = S::TABLE.variants.read_json(map)?;
    for (name, value) in map.iter().filter(|(name, _)| *name != "lab" && *name != "variants") {
        set_json(&mut scenario, name, value)?;
    }
    Ok(scenario)
}

/// Sets the field called `name`, as a link writes it.
fn set<S: Tabled>(scenario: &mut S, name: &str, value: &str) -> Result<(), Refusal> {
    let table = S::TABLE;
    if name == table.variants.id {
        let variants = &table.variants;
        let parse = |text: &str| variants.parse(text);
        *(variants.get_mut)(scenario) = variant::list(name, variants.id, value, SIDE_BY_SIDE, parse)?;
        return Ok(());
    }
    if let Some(source) = table.sources.iter().find(|source| source.id == name) {
        return source.set(scenario, value);
    }
    let field = table.fields.iter().find(|field| field.id == name);
    let field = field.ok_or_else(|| Refusal::new(name, value, table.known()))?;
    (field.set)(scenario, value)
}

fn set_json<S: Tabled>(scenario: &mut S, name: &str, value: &Value) -> Result<(), Refusal> {
    if let Some(source) = S::TABLE.sources.iter().find(|source| source.id == name) {
        return source.set_json(scenario, value);
    }
    let field = S::TABLE.fields.iter().find(|field| field.id == name);
    if field.is_some_and(Field::is_verbatim) {
        let text = value.as_str().ok_or_else(|| Refusal::new(name, value, "a string"))?;
        return set(scenario, name, text);
    }
    // A distribution may stand as an object; all else is written as in a link.
    let shape = value.as_object().and_then(|_| timing::service_from_json(name, value).ok());
    set(scenario, name, &shape.map_or_else(|| list_text(value), |shape| timing::service_text(&shape)))
}

/// What people call a variant: "Timing wheel, slots 8".
pub fn name(variant: &Variant) -> String {
    variant::name(variant.about, variant.not_default())
}

/// The link form of a variant: `wheel:slots=8`.
pub fn text(variant: &Variant) -> String {
    variant::text(variant.about, variant.not_default())
}

/// A word of a link, in words, and what it stands for.
pub type Word<T> = (&'static str, &'static str, T);

/// The words as the choices of a field.
pub fn words<T>(all: &[Word<T>]) -> Input {
    Input::Words(all.iter().map(|(id, name, _)| (*id, (*name).to_owned())).collect())
}

/// The word that stands for `value`.
pub fn word_of<T: PartialEq>(all: &[Word<T>], value: T) -> String {
    all.iter().find(|known| known.2 == value).map_or("", |known| known.0).to_owned()
}

/// Reads a word.
///
/// # Errors
/// One that is not among them.
pub fn word<T: Copy>(field: &str, text: &str, all: &[Word<T>]) -> Result<T, Refusal> {
    let known: Vec<&str> = all.iter().map(|(id, ..)| *id).collect();
    let found = all.iter().find(|(id, ..)| *id == text);
    found
        .map(|found| found.2)
        .ok_or_else(|| Refusal::new(field, text, format!("one of {}", known.join(", "))))
}

impl<S> Field<S> {
    /// Whether its text is taken as it stands, so that not even digits are a number.
    fn is_verbatim(&self) -> bool {
        matches!((self.input)(), Input::Lines { .. })
    }
}

impl<S: Tabled> Table<S> {
    fn known(&self) -> String {
        let sources = self.sources.iter().map(|source| source.id);
        let fields = self.fields.iter().map(|field| field.id);
        let all: Vec<&str> = [self.variants.id].into_iter().chain(sources).chain(fields).collect();
        format!("one of {}", all.join(", "))
    }

    /// The fields that a link and JSON name: those always in view, and those not as usual.
    fn named(&self, scenario: &S) -> impl Iterator<Item = (&'static Field<S>, String)> {
        let usual = scenario.usual();
        let in_view = |field: &Field<S>| field.group.is_empty() && scenario.shows(field.id);
        let fields = self.fields.iter().map(|field| (field, (field.get)(scenario), (field.get)(&usual)));
        let named = fields.filter(|(field, value, usual)| in_view(field) || value != usual);
        named.map(|(field, value, _)| (field, value)).collect::<Vec<_>>().into_iter()
    }

    fn fields_of(&self, scenario: &S, group: &str) -> Vec<form::Field> {
        let own = self.fields.iter().filter(|field| field.group == group && scenario.shows(field.id));
        own.map(|field| form::Field {
            id: field.id,
            label: field.label,
            means: field.means,
            input: (field.input)(),
            value: (field.get)(scenario),
        })
        .collect()
    }
}

impl<S> VariantsOf<S> {
    /// Reads the link form of a variant: `wheel:tick=0.1:slots=512`.
    ///
    /// # Errors
    /// One that does not exist, or a parameter that it does not have or take.
    pub fn parse(&self, text: &str) -> Result<Variant, Refusal> {
        let (id, given) = variant::from_text(text);
        self.new_variant(&id, &given).map_err(|refusal| match refusal.field.as_str() {
            noun if noun == self.noun => Refusal { field: self.id.to_owned(), ..refusal },
            part => Refusal { field: format!("{} ({part})", self.id), ..refusal },
        })
    }

    fn read_json(&self, map: &Map<String, Value>) -> Result<Vec<Variant>, Refusal> {
        let given = map.get("variants").unwrap_or(&Value::Null);
        let first = (self.catalogue)().first().map_or("", |about| about.id);
        let example = || format!("a list such as [{{\"{}\":\"{first}\"}}]", self.noun);
        let list = given.as_array().ok_or_else(|| Refusal::new("variants", given, example()))?;
        check_number("variants", self.id, list.len(), MOST_VARIANTS)?;
        let read = |(at, value)| {
            let read = variant::from_json(self.noun, value).and_then(|(id, given)| {
                self.new_variant(if id.is_empty() { self.unnamed } else { &id }, &given)
            });
            read.map_err(|refusal| refusal.within(&format!("variants[{at}]")))
        };
        list.iter().enumerate().map(read).collect()
    }

    fn new_variant(&self, id: &str, given: &variant::Given) -> Result<Variant, Refusal> {
        let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Variant::new((self.catalogue)().into_iter(), self.noun, id, given)
    }

    fn form(&self, scenario: &S) -> Variants {
        let offered = self.offered.map_or_else(self.catalogue, |offered| offered(scenario));
        let options: Vec<_> = offered.into_iter().map(variant::choice).collect();
        let each = (self.get)(scenario).iter().map(|variant| Pick {
            name: name(variant),
            choice: variant.about.id,
            options: options.clone(),
            fields: variant.fields().collect(),
        });
        Variants { id: self.id, noun: self.noun, each: each.collect(), most: SIDE_BY_SIDE }
    }
}

impl<S> SourceOf<S> {
    fn text(&self, scenario: &S) -> String {
        match &self.kind {
            Kind::Arrivals(get, _) => timing::arrivals_text(get(scenario)),
            Kind::Times(get, _) => timing::service_text(get(scenario)),
            Kind::Own(own) => (own.text)(scenario),
        }
    }

    fn set(&self, scenario: &mut S, value: &str) -> Result<(), Refusal> {
        match &self.kind {
            Kind::Arrivals(_, get) => *get(scenario) = timing::parse_arrivals(self.id, value)?,
            Kind::Times(_, get) => *get(scenario) = timing::parse_service(self.id, value)?,
            Kind::Own(own) => (own.set)(scenario, value)?,
        }
        Ok(())
    }

    fn json(&self, scenario: &S) -> Value {
        match &self.kind {
            Kind::Arrivals(get, _) => json!(get(scenario)),
            Kind::Times(get, _) => json!(get(scenario)),
            Kind::Own(own) => (own.json)(scenario),
        }
    }

    fn set_json(&self, scenario: &mut S, value: &Value) -> Result<(), Refusal> {
        match &self.kind {
            Kind::Arrivals(_, get) => *get(scenario) = timing::arrivals_from_json(self.id, value)?,
            Kind::Times(_, get) => *get(scenario) = timing::service_from_json(self.id, value)?,
            Kind::Own(own) => (own.set_json)(scenario, value)?,
        }
        Ok(())
    }

    fn pick(&self, scenario: &S) -> Pick {
        match &self.kind {
            Kind::Arrivals(get, _) => timing::arrivals_pick(get(scenario)),
            Kind::Times(get, _) => timing::service_pick(get(scenario)),
            Kind::Own(own) => (own.pick)(scenario),
        }
    }

    fn with(&self, scenario: &S, field: &str, value: &str) -> String {
        let text = self.text(scenario);
        match &self.kind {
            Kind::Own(own) => (own.with)(&text, field, value),
            _ => timing::with(&text, field, value),
        }
    }
}

impl<S: Tabled> Written for S {
    fn query(&self) -> Query {
        let mut query = Query::default();
        query.set(S::TABLE.variants.id, self.variants().join(","));
        S::TABLE.sources.iter().for_each(|source| query.set(source.id, source.text(self)));
        S::TABLE.named(self).for_each(|(field, text)| query.set(field.id, text));
        query
    }

    fn json(&self) -> Value {
        let noun = S::TABLE.variants.noun;
        let all = (S::TABLE.variants.get)(self).iter();
        let variants = all.map(|variant| variant::json(noun, variant.about, variant.not_default()));
        let mut map = Map::from_iter([
            ("lab".to_owned(), json!(self.about().id)),
            ("variants".to_owned(), variants.collect()),
        ]);
        for source in S::TABLE.sources {
            map.insert(source.id.to_owned(), source.json(self));
        }
        for (field, value) in S::TABLE.named(self) {
            let number = serde_json::from_str::<serde_json::Number>(&value).ok();
            let number = number.filter(|_| !field.is_verbatim());
            map.insert(field.id.to_owned(), number.map_or_else(|| json!(value), |number| json!(number)));
        }
        Value::Object(map)
    }

    fn edit(&mut self, field: &str, value: &str) -> Result<(), Refusal> {
        set(self, field, value)
    }

    fn form(&self) -> Form {
        let table = S::TABLE;
        let wanted = self.workload().and_then(Workload::wanted).is_some();
        let source = |source: &SourceOf<S>| Source {
            id: source.id,
            label: source.label,
            pick: source.pick(self),
            file: wanted && matches!(source.kind, Kind::Own(_)),
        };
        let groups = table.groups.iter().map(|label| Group { label, fields: table.fields_of(self, label) });
        Form {
            variants: table.variants.form(self),
            sources: table.sources.iter().map(source).collect(),
            fields: table.fields_of(self, ""),
            groups: groups.collect(),
        }
    }

    fn source_with(&self, id: &str, field: &str, value: &str) -> String {
        let source = S::TABLE.sources.iter().find(|source| source.id == id);
        source.map_or_else(String::new, |source| source.with(self, field, value))
    }

    fn variant_with(&self, at: usize, field: &str, value: &str) -> String {
        (S::TABLE.variants.get)(self).get(at).map_or_else(String::new, |variant| {
            variant::text_with(variant.about, variant.not_default(), field, value)
        })
    }

    fn variants(&self) -> Vec<String> {
        (S::TABLE.variants.get)(self).iter().map(text).collect()
    }
}
