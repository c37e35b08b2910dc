//! A cache that acknowledges writes and tells the database later.
//!
//! The first write after a flush begins a turn; A seconds later all that have come are flushed. With Poisson
//! writes at rate μ a turn lasts 1/μ + A on average, and a seconds after its first write 1 + μa of them wait.
//! So the mean over time, and what a crash at a random moment loses, is μA(1 + μA/2)/(1 + μA). Times in which
//! messages are under way, and full batches, are left out.

/// How many acknowledged writes wait on average, where writes come at rate `writes` a second, the oldest
/// waits for `age` seconds, and none takes another’s place.
pub fn at_risk(writes: f64, age: f64) -> f64 {
    let meanwhile = writes * age;
    meanwhile * (1.0 + meanwhile / 2.0) / (1.0 + meanwhile)
}
