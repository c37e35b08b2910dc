//! Model time: a point ([`Time`]) and a length ([`Span`]), in whole nanoseconds.
//!
//! Whole numbers, because adding them is exact in any order and the same everywhere. 2⁶⁴
//! nanoseconds are 584 years; arithmetic stops at that end and at zero instead of wrapping round.
//! How fast model time is shown on a screen is not known here.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

const NANOS_PER_SECOND: f64 = 1e9;

/// A point in model time, counted from the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// A length of model time; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Time = Time(0);
    /// The last point there is, 584 years on: later than anything that happens.
    pub const MAX: Time = Time(u64::MAX);

    /// The point `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Time(nanos)
    }

    /// The nearest whole nanosecond to `seconds` after the start. What is before the start, or no
    /// number, becomes [`Time::ZERO`]; what is too late becomes [`Time::MAX`].
    pub fn from_seconds(seconds: f64) -> Self {
        Time(whole_nanos(seconds))
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, to the nearest that a float can hold.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// How long ago `earlier` was; zero if it is yet to come.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// `self + span`, or `None` past [`Time::MAX`].
    pub fn checked_add(self, span: Span) -> Option<Time> {
        self.0.checked_add(span.0).map(Time)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The longest span there is, 584 years.
    pub const MAX: Span = Span(u64::MAX);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Span(nanos)
    }

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Span(millis.saturating_mul(1_000_000))
    }

    /// The nearest whole nanosecond to `seconds`. What is negative, or no number, becomes
    /// [`Span::ZERO`]; what is too long becomes [`Span::MAX`].
    pub fn from_seconds(seconds: f64) -> Self {
        Span(whole_nanos(seconds))
    }

    /// The length in nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The length in seconds, to the nearest that a float can hold.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// `n` such spans one after another, at most [`Span::MAX`].
    #[must_use]
    pub const fn times(self, n: u64) -> Span {
        Span(self.0.saturating_mul(n))
    }

    /// `self + other`, or `None` past [`Span::MAX`].
    pub fn checked_add(self, other: Span) -> Option<Span> {
        self.0.checked_add(other.0).map(Span)
    }
}

/// The cast takes what is no number to 0 and stops at both ends.
fn whole_nanos(seconds: f64) -> u64 {
    (seconds * NANOS_PER_SECOND).round() as u64
}

impl Add<Span> for Time {
    type Output = Time;
    /// Later by `span`, at most [`Time::MAX`].
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    /// Earlier by `span`, at least [`Time::ZERO`].
    fn sub(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    /// Both one after the other, at most [`Span::MAX`].
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    /// What is left of `self`, at least [`Span::ZERO`].
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nanos(self.0, f)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nanos(self.0, f)
    }
}

/// Three significant digits below a second ("340 ms", "1.25 µs"), milliseconds below ten minutes
/// ("2.000 s"), and the two largest units above ("1 h 30 min", "7 d").
fn write_nanos(nanos: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let short = three_digits(nanos);
    match short {
        0 => f.write_str("0 s"),
        1..1_000 => write!(f, "{short} ns"),
        1_000..1_000_000 => write!(f, "{} µs", short as f64 / 1e3),
        1_000_000..1_000_000_000 => write!(f, "{} ms", short as f64 / 1e6),
        _ => write_millis(nanos / 1_000_000 + u64::from(nanos % 1_000_000 >= 500_000), f),
    }
}

fn write_millis(millis: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let seconds = millis / 1_000 + u64::from(millis % 1_000 >= 500);
    match seconds {
        _ if millis < 600_000 => write!(f, "{}.{:03} s", millis / 1_000, millis % 1_000),
        0..3_600 => write_two((seconds / 60, "min"), (seconds % 60, "s"), f),
        3_600..86_400 => write_two((seconds / 3_600, "h"), (seconds % 3_600 / 60, "min"), f),
        _ => write_two((seconds / 86_400, "d"), (seconds % 86_400 / 3_600, "h"), f),
    }
}

fn write_two(large: (u64, &str), small: (u64, &str), f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{} {}", large.0, large.1)?;
    if small.0 > 0 { write!(f, " {} {}", small.0, small.1) } else { Ok(()) }
}

/// `n` rounded to its three leading digits, halves upward.
fn three_digits(n: u64) -> u64 {
    let mut unit = 1;
    while n / unit >= 1_000 {
        unit *= 10;
    }
    (n / unit + u64::from(n % unit * 2 >= unit && unit > 1)).saturating_mul(unit)
}
