//! Axes: from which value to which, and where something is written beside them.

use crate::lab::words;

/// One axis of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The value at its beginning.
    pub low: f64,
    /// The value at its end.
    pub high: f64,
    /// Where something is written, and what.
    pub ticks: Vec<(f64, String)>,
}

/// Into about so many parts an axis is divided.
const PARTS: f64 = 4.0;

impl Axis {
    /// So many steps of a run, with only its ends written.
    pub fn steps(length: u64, name: &str) -> Self {
        let end = format!("{} {name}", words::count(length));
        Axis { low: 0.0, high: length as f64, ticks: vec![(0.0, "0".to_owned()), (length as f64, end)] }
    }

    /// So many seconds of a run, in the unit that suits them.
    pub fn time(length: f64) -> Self {
        let (size, unit) = unit_of(length);
        let step = nice(length / size / PARTS) * size;
        let mut axis = Axis { low: 0.0, high: length, ticks: Vec::new() };
        axis.ticks = axis.marks(step).map(|at| (at, exact(at / size))).collect();
        if let Some(last) = axis.ticks.last_mut() {
            last.1 = format!("{} {unit}", last.1);
        }
        axis
    }

    /// Ratios from 0 to 1, in percent: whole tenths that hold all of `values`.
    pub fn share(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(1.0, f64::min).clamp(0.0, 1.0);
        let high = values.fold(0.0, f64::max).clamp(0.0, 1.0);
        let low = (low * 10.0 - 0.01).floor().max(0.0) / 10.0;
        let high = (high * 10.0 + 0.01).ceil().min(10.0) / 10.0;
        let narrow = high - low < 0.15;
        let (low, high) =
            if narrow { ((low - 0.1).max(0.0), (low + 0.1).min(1.0).max(high)) } else { (low, high) };
        let tenths = (low * 10.0).round() as i32..=(high * 10.0).round() as i32;
        let every = if tenths.end() - tenths.start() > 5 { 2 } else { 1 };
        let marked = tenths.clone().filter(|tenth| (tenth - tenths.start()) % every == 0);
        let ticks = marked.map(|tenth| (f64::from(tenth) / 10.0, format!("{} %", tenth * 10)));
        Axis { low, high, ticks: ticks.collect() }
    }

    /// Shares of something from nothing to all of it.
    pub fn whole_share() -> Self {
        Axis::share([0.0, 1.0].into_iter())
    }

    /// Seconds from 0, in the unit that suits them.
    pub fn seconds(values: impl Iterator<Item = f64>) -> Self {
        let most = most_of(values);
        let (size, unit) = unit_of(most);
        Axis::from_nothing(most, size, |value| format!("{} {unit}", exact(value)))
    }

    /// Numbers from 0.
    pub fn count(values: impl Iterator<Item = f64>) -> Self {
        Axis::from_nothing(most_of(values), 1.0, short)
    }

    /// Numbers a second, from 0.
    pub fn rate(values: impl Iterator<Item = f64>) -> Self {
        Axis::from_nothing(most_of(values), 1.0, |value| format!("{}/s", short(value)))
    }

    /// From 0 to a round number that is not below `most`, in units of `size`.
    fn from_nothing(most: f64, size: f64, write: impl Fn(f64) -> String) -> Self {
        let step = nice(most / size / PARTS) * size;
        let high = ((most / step - 1e-9).ceil().max(1.0)) * step;
        let mut axis = Axis { low: 0.0, high, ticks: Vec::new() };
        axis.ticks = axis.marks(step).map(|at| (at, write(at / size))).collect();
        axis
    }

    /// The multiples of `step` on the axis.
    fn marks(&self, step: f64) -> impl Iterator<Item = f64> + use<> {
        let most = ((self.high / step + 1e-9).floor().max(0.0) as u32).min(20);
        (0..=most).map(move |at| f64::from(at) * step)
    }
}

/// The largest of those values that are numbers; 1 if there is none above 0.
fn most_of(values: impl Iterator<Item = f64>) -> f64 {
    let most = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
    if most > 0.0 { most } else { 1.0 }
}

/// The unit that suits so many seconds: its length and its sign.
fn unit_of(seconds: f64) -> (f64, &'static str) {
    match seconds {
        size if size < 1e-6 => (1e-9, "ns"),
        size if size < 1e-3 => (1e-6, "µs"),
        size if size < 1.0 => (1e-3, "ms"),
        size if size < 600.0 => (1.0, "s"),
        size if size < 36_000.0 => (60.0, "min"),
        _ => (3_600.0, "h"),
    }
}

/// The least of 1, 2, 2.5 and 5 times a power of ten that is not below `step`.
fn nice(step: f64) -> f64 {
    if !(step.is_finite() && step > 0.0) {
        return 1.0;
    }
    let mut power = 1.0;
    while power > step {
        power /= 10.0;
    }
    while power * 10.0 <= step {
        power *= 10.0;
    }
    let found = [1.0, 2.0, 2.5, 5.0].into_iter().find(|factor| factor * power >= step * 0.999_999);
    found.unwrap_or(10.0) * power
}

/// A number as it fits beside an axis: 1,500 and 2.5, but 20 k.
fn short(value: f64) -> String {
    match value {
        large if large >= 1e6 => format!("{} M", exact(large / 1e6)),
        large if large >= 1e4 => format!("{} k", exact(large / 1e3)),
        whole if whole.fract() == 0.0 => words::count(whole as u64),
        part => exact(part),
    }
}

/// A round number without a rounded digit: 0.025, 7.5.
fn exact(value: f64) -> String {
    if value != 0.0 && value < 1e-4 {
        return format!("{value:.1e}");
    }
    let text = format!("{value:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
