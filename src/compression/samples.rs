//! Values to be compressed, made by rule: the same kind, key and seed always give the same bytes.
//!
//! They are made of what such values are made of in practice: field names and markup that repeat in every
//! value, words that repeat within one, and numbers and identifiers that do not. Real values of your own may
//! be more or less regular, and how much a codec saves depends on nothing else.

use crate::kernel::Random;

/// A kind of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Answers of an API, as JSON.
    Json,
    /// Parts of a page, as HTML.
    Html,
    /// Lines of an access log.
    Log,
    /// Rows of numbers, separated by commas.
    Csv,
    /// Bytes without any rule, like pictures and whatever is compressed already.
    Random,
}

/// All kinds: how a link names each, what people call it, and it.
pub const KINDS: [(&str, &str, Kind); 5] = [
    ("json", "answers of an API (JSON)", Kind::Json),
    ("html", "parts of a page (HTML)", Kind::Html),
    ("log", "lines of a log", Kind::Log),
    ("csv", "rows of numbers (CSV)", Kind::Csv),
    ("random", "compressed already (random bytes)", Kind::Random),
];

const WORDS: [&str; 32] = [
    "river", "stone", "lamp", "paper", "green", "silent", "morning", "window", "copper", "garden", "letter",
    "winter", "harbour", "yellow", "mirror", "engine", "forest", "basket", "candle", "market", "button",
    "travel", "summer", "bridge", "ticket", "planet", "velvet", "anchor", "saddle", "pepper", "island",
    "thread",
];

/// The value of `key`, about `size` bytes long: between half and one and a half times that.
pub fn value(kind: Kind, key: u32, size: u32, seed: u64) -> Vec<u8> {
    let mut random = Random::stream(seed, 600 + u64::from(key));
    let length = (f64::from(size) * (0.5 + random.unit())) as usize;
    if kind == Kind::Random {
        return (0..length.max(1)).map(|_| random.below(256) as u8).collect();
    }
    let mut text = String::with_capacity(length + 256);
    let mut line = 0;
    while text.len() < length || line == 0 {
        match kind {
            Kind::Json => object(&mut text, key, line, &mut random),
            Kind::Html => fragment(&mut text, key, line, &mut random),
            Kind::Log => entry(&mut text, &mut random),
            Kind::Csv | Kind::Random => row(&mut text, line, &mut random),
        }
        line += 1;
    }
    text.into_bytes()
}

fn word(random: &mut Random) -> &'static str {
    WORDS[random.below(WORDS.len() as u32) as usize]
}

fn object(text: &mut String, key: u32, line: u32, random: &mut Random) {
    let price = f64::from(random.below(100_000)) / 100.0;
    *text += &format!(
        "{{\"id\":{},\"sku\":\"{:08x}\",\"name\":\"{} {}\",\"price\":{price:.2},\"currency\":\"EUR\",\
         \"inStock\":{},\"tags\":[\"{}\",\"{}\"],\"updatedAt\":\"2024-{:02}-{:02}T{:02}:{:02}:00Z\"}},\n",
        key * 100 + line,
        random.next() as u32,
        word(random),
        word(random),
        random.below(2) == 0,
        word(random),
        word(random),
        random.below(12) + 1,
        random.below(28) + 1,
        random.below(24),
        random.below(60),
    );
}

fn fragment(text: &mut String, key: u32, line: u32, random: &mut Random) {
    *text += &format!(
        "<article class=\"card card--product\" id=\"p{}\">\n  <a class=\"card__link\" href=\"/shop/{}-{}\">\n    \
         <img class=\"card__image\" src=\"/images/{:06x}.jpg\" alt=\"{}\" width=\"320\" height=\"240\" loading=\"lazy\">\n    \
         <h3 class=\"card__title\">The {} {}</h3>\n  </a>\n  <p class=\"card__text\">{} and {} by the {}.</p>\n</article>\n",
        key * 100 + line,
        word(random),
        word(random),
        random.below(1 << 24),
        word(random),
        word(random),
        word(random),
        word(random),
        word(random),
        word(random),
    );
}

fn entry(text: &mut String, random: &mut Random) {
    let status = [200, 200, 200, 200, 304, 404, 500][random.below(7) as usize];
    *text += &format!(
        "10.{}.{}.{} - - [12/Mar/2024:{:02}:{:02}:{:02} +0000] \"GET /{}/{}?id={} HTTP/1.1\" {status} {} \"-\" \"Mozilla/5.0\"\n",
        random.below(256),
        random.below(256),
        random.below(256),
        random.below(24),
        random.below(60),
        random.below(60),
        word(random),
        word(random),
        random.below(10_000),
        random.below(60_000),
    );
}

fn row(text: &mut String, line: u32, random: &mut Random) {
    *text += &format!("{line}");
    for _ in 0..6 {
        *text += &format!(",{}", random.below(1_000_000));
    }
    *text += "\n";
}
