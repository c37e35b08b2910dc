//! How fast the page plays: so many steps a second, or so many seconds of model time.

use crate::lab::{About, words};

/// Steps a second of screen time, in a lab in which no time runs.
const STEPS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 60.0, 240.0, 1000.0];
/// Seconds of model time a second of screen time.
const SECONDS: &[f64] = &[0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0];
/// What a lab without time plays at if nobody says otherwise.
const USUAL_STEPS: f64 = 2.0;
/// A run of model time takes about so many seconds on the screen if nobody says otherwise.
const USUAL_LENGTH: f64 = 60.0;

/// The speeds on offer.
pub fn all(about: &About) -> &'static [f64] {
    if about.timed { SECONDS } else { STEPS }
}

/// The speed at which a run of so many model seconds is shown if nobody says otherwise.
pub fn usual(about: &About, seconds: Option<f64>) -> f64 {
    if !about.timed {
        return USUAL_STEPS;
    }
    let wanted = seconds.unwrap_or(0.0) / USUAL_LENGTH;
    let enough = SECONDS.iter().copied().find(|speed| *speed >= wanted);
    enough.unwrap_or(SECONDS[SECONDS.len() - 1])
}

/// A speed as the player says it: in steps a second, or in model time a second.
pub fn said(about: &About, speed: f64) -> String {
    match about.timed {
        true => format!("{} a second", length(speed)),
        false => format!("{speed} a second"),
    }
}

fn length(seconds: f64) -> String {
    match seconds {
        hours if hours >= 3600.0 => format!("{} h", words::number(hours / 3600.0)),
        minutes if minutes >= 60.0 => format!("{} min", words::number(minutes / 60.0)),
        seconds => format!("{} s", words::number(seconds)),
    }
}

/// A place in model time, as it stands above the stage: `12.034 s`, `1 h 02 min 03 s`.
pub fn clock(seconds: f64) -> String {
    const MINUTES_FROM: f64 = 600.0;
    if seconds < MINUTES_FROM {
        return format!("{seconds:.3} s");
    }
    let whole = seconds as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours} h {minutes:02} min {seconds:02} s")
    } else {
        format!("{minutes} min {seconds:02} s")
    }
}
