//! # Exchanges and bindings
//!
//! A publisher names no queue. It gives the message a routing key and headers and hands it to an
//! exchange; a queue is bound to the exchange, and the binding says which messages it wants. The
//! kind of the exchange decides what is compared: the whole key ([`direct`]), nothing ([`fanout`]),
//! the key's words against a pattern ([`topic`]), or the headers ([`headers`]).
//!
//! A queue that several bindings would send the message to gets it once. A message that no binding
//! wants is dropped, which is why publishers can ask to have it returned.
//!
//! AMQP 0-9-1, section 3.1, as RabbitMQ 4 does it. The default exchange is a direct one to which
//! every queue is bound by its name.
//!
//! Cost: one question a binding. RabbitMQ keeps the bindings of a topic exchange in a trie and
//! walks it once for all of them; the answer is the same. Left out: exchanges bound to exchanges,
//! alternate exchanges, the `mandatory` flag, and the kinds that come as plugins.

pub mod direct;
pub mod fanout;
pub mod headers;
pub mod topic;

pub use headers::Headers;

use crate::refusal::Refusal;
use std::fmt;

/// What an exchange compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// The whole routing key.
    Direct,
    /// Nothing: every bound queue gets every message.
    Fanout,
    /// The words of the routing key, against a pattern.
    Topic,
    /// The headers of the message.
    Headers,
}

impl Exchange {
    /// All kinds, in the order a form shows them.
    pub const ALL: [Exchange; 4] = [Exchange::Direct, Exchange::Fanout, Exchange::Topic, Exchange::Headers];

    /// The kind as AMQP and a link write it.
    pub fn name(self) -> &'static str {
        match self {
            Exchange::Direct => "direct",
            Exchange::Fanout => "fanout",
            Exchange::Topic => "topic",
            Exchange::Headers => "headers",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let named = Exchange::ALL.into_iter().find(|kind| kind.name() == text);
        named.ok_or_else(|| Refusal::new("exchange", text, "direct, fanout, topic or headers"))
    }

    /// What `text` asks for when a queue is bound to an exchange of this kind with it: a key, a
    /// pattern, or headers. A fanout exchange does not look at it.
    pub fn bind(self, text: &str) -> Result<Binding, Refusal> {
        Ok(match self {
            Exchange::Direct => Binding::Direct(direct::Exactly::parse(text)?),
            Exchange::Fanout => Binding::Fanout(fanout::Everything),
            Exchange::Topic => Binding::Topic(topic::Pattern::parse(text)?),
            Exchange::Headers => Binding::Headers(headers::Arguments::parse(text)?),
        })
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which messages a queue wants from the exchange it is bound to. Its text, given to
/// [`Exchange::bind`], makes it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Those with exactly this routing key.
    Direct(direct::Exactly),
    /// All of them.
    Fanout(fanout::Everything),
    /// Those whose routing key matches the pattern.
    Topic(topic::Pattern),
    /// Those with such headers.
    Headers(headers::Arguments),
}

impl Binding {
    /// Whether a message with this routing key and these headers goes to the queue.
    pub fn routes(&self, key: &RoutingKey, headers: &Headers) -> bool {
        match self {
            Binding::Direct(exactly) => exactly.routes(key),
            Binding::Fanout(everything) => everything.routes(),
            Binding::Topic(pattern) => pattern.routes(key),
            Binding::Headers(arguments) => arguments.routes(headers),
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Binding::Direct(exactly) => exactly.fmt(f),
            Binding::Fanout(everything) => everything.fmt(f),
            Binding::Topic(pattern) => pattern.fmt(f),
            Binding::Headers(arguments) => arguments.fmt(f),
        }
    }
}

/// The queues that a message with this routing key and these headers goes to, each once, in the
/// order they were bound.
pub fn destinations<'a, Queue: PartialEq>(
    bindings: &'a [(Binding, Queue)],
    key: &RoutingKey,
    headers: &Headers,
) -> Vec<&'a Queue> {
    let mut queues = Vec::new();
    for (binding, queue) in bindings {
        if !queues.contains(&queue) && binding.routes(key, headers) {
            queues.push(queue);
        }
    }
    queues
}

/// The address a publisher writes on a message: words with dots between them, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutingKey(String);

impl RoutingKey {
    /// The longest, in bytes: AMQP sends a key as a short string, whose length is one byte.
    pub const LONGEST: usize = 255;

    /// The key that `text` is, unless AMQP could not carry it.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Ok(RoutingKey(short("key", text)?))
    }

    /// Its words. Two dots in a row have an empty word between them; an empty key has no words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        words(&self.0)
    }
}

impl fmt::Display for RoutingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short string of AMQP.
fn short(field: &str, text: &str) -> Result<String, Refusal> {
    let longest = RoutingKey::LONGEST;
    if text.len() > longest {
        return Err(Refusal::new(field, text, format!("at most {longest} bytes")));
    }
    Ok(text.to_string())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('.').filter(move |_| !text.is_empty())
}
