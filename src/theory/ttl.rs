//! A key in a cache under a time to live, or under deletion by writes, with Poisson reads and writes.
//!
//! The first read after the entry has gone misses and fills; the entry then serves reads until it expires
//! after T, whatever is written. So a turn is one miss, and on average λT hits. A hit at age a is stale if a
//! write came since: with probability 1 − e^(−μa). Integrated over the life of the entry that makes
//! λ(T − (1 − e^(−μT))/μ) stale reads a turn. Where writes delete, the entry lives for the shorter of T and
//! an exponential time of mean 1/μ.
//!
//! Where an ageing entry is renewed by the first read after it is no longer fresh, a turn lasts from one
//! renewal, or filling, to the next, and the read that ends it is a hit or a miss.
//!
//! Where the notice of a write comes after a delay D, the deletions are Poisson as well, and hits are as
//! many as if the writer deleted. A hit is stale if a write came in the last D and since the filling; what
//! is past since the filling is, at a hit, exponential of mean 1/μ, and independent of those writes.
//!
//! Times in which messages are under way are left out.

/// What reads of one key meet, as ratios of all reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reads {
    /// How many the cache answers.
    pub hits: f64,
    /// How many get an old value.
    pub stale: f64,
}

/// Reads at rate `reads` and writes at rate `writes`, both above 0, of an entry that expires after `ttl`
/// seconds and of which writes say nothing.
pub fn expiring(reads: f64, writes: f64, ttl: f64) -> Reads {
    if ttl.is_infinite() {
        return Reads { hits: 1.0, stale: 1.0 };
    }
    let all = 1.0 + reads * ttl;
    Reads { hits: reads * ttl / all, stale: stale_until(reads, writes, ttl) / all }
}

/// How many reads are stale while an entry that no write deletes grows `age` seconds old.
fn stale_until(reads: f64, writes: f64, age: f64) -> f64 {
    reads * (age + libm::expm1(-writes * age) / writes)
}

/// The same where each write deletes the entry.
pub fn deleting(reads: f64, writes: f64, ttl: f64) -> Reads {
    let life = -libm::expm1(-writes * ttl) / writes;
    Reads { hits: reads * life / (1.0 + reads * life), stale: 0.0 }
}

/// The same where writes say nothing, an entry is fresh for `fresh` seconds, and for `window` seconds more
/// the first read gets it and renews it.
pub fn revalidating(reads: f64, writes: f64, fresh: f64, window: f64) -> Reads {
    let all = 1.0 + reads * fresh;
    let renewed = -libm::expm1(-reads * window);
    let stale = stale_until(reads, writes, fresh) + renewed - ends_unwritten(reads, writes, fresh, window);
    Reads { hits: (reads * fresh + renewed) / all, stale: stale / all }
}

/// The same where each write deletes the entry.
pub fn refreshing(reads: f64, writes: f64, fresh: f64, window: f64) -> Reads {
    let life = -libm::expm1(-writes * fresh) / writes;
    let renewed = ends_unwritten(reads, writes, fresh, window);
    Reads { hits: (reads * life + renewed) / (1.0 + reads * life), stale: 0.0 }
}

/// The chance that the first read after `fresh` seconds comes within `window` seconds more, and no write
/// before it.
fn ends_unwritten(reads: f64, writes: f64, fresh: f64, window: f64) -> f64 {
    let both = reads + writes;
    libm::exp(-writes * fresh) * reads / both * -libm::expm1(-both * window)
}

/// Reads and writes of an entry that does not expire, and that is deleted `delay` seconds after each write.
pub fn notified(reads: f64, writes: f64, delay: f64) -> Reads {
    let hits = reads / (reads + writes);
    Reads { hits, stale: hits * -libm::expm1(-2.0 * writes * delay) / 2.0 }
}
