//! Times: an access log, or any text whose lines begin with a time.
//!
//! Three kinds of line are known, each line by itself: the common log format of web servers (the
//! client first, the time in brackets), a date and a time of day as in RFC 3339, and a number of
//! seconds, from wherever it may be. After the last two may stand who it was. Times are counted from the earliest
//! one; a server writes a line when a request is over, so lines may be out of order, and are put in
//! order. What the requests asked for is not looked at.

use super::intern::TextKeys;
use super::limits::{Limits, Wants, grouped};
use super::lines::{Lines, at};
use super::read::{Body, Note};
use super::{Key, Trace};
use crate::kernel::Time;
use crate::refusal::Refusal;
use std::rc::Rc;

/// The most requests of a log that are taken.
const MOST: usize = 1_000_000;
/// So many bytes of a line that is refused are shown.
const SHOWN: usize = 200;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Who it was, where nothing is said.
const NOBODY: &[u8] = b"-";

/// A log being read.
#[derive(Debug)]
pub(super) struct AccessLog {
    limits: Limits,
    lines: Lines,
    keys: TextKeys,
    /// Nanoseconds since 1970, or since wherever the numbers are counted from, and who it was.
    requests: Vec<(i128, Key)>,
    stopped: bool,
}

impl AccessLog {
    pub(super) fn new(limits: Limits) -> Self {
        let most = limits.requests.min(MOST);
        let limits = Limits { requests: most, ..limits };
        AccessLog {
            limits,
            lines: Lines::default(),
            keys: TextKeys::default(),
            requests: Vec::new(),
            stopped: false,
        }
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Wants, Refusal> {
        let (mut lines, limits) = (std::mem::take(&mut self.lines), self.limits);
        let wants = lines.push(piece, &limits, &mut |number, line| self.take_line(number, line));
        self.lines = lines;
        wants
    }

    pub(super) fn finish(mut self) -> Result<(Trace, Body, Vec<Note>), Refusal> {
        let (mut lines, limits) = (std::mem::take(&mut self.lines), self.limits);
        if !self.stopped {
            lines.finish(&limits, &mut |number, line| self.take_line(number, line))?;
        }
        let first = self.requests.iter().map(|(at, _)| *at).min();
        let first =
            first.ok_or_else(|| Refusal::new("file", "an empty file", "a file with at least one request"))?;
        let unordered = self.requests.windows(2).filter(|pair| pair[1].0 < pair[0].0).count();
        self.requests.sort_by_key(|(at, _)| *at);
        let (names, mended) = self.keys.into_names();
        let notes = [
            self.stopped.then_some(Note::Stopped { requests: limits.requests }),
            (unordered > 0).then_some(Note::PutInOrder { lines: unordered }),
            (mended > 0).then_some(Note::Mended { keys: mended }),
        ];
        let since = |at: i128| Time::from_nanos(u64::try_from(at - first).unwrap_or(u64::MAX));
        let trace = Trace {
            requests: self.requests.iter().map(|(_, key)| *key).collect(),
            names: Rc::new(names),
            times: Some(self.requests.iter().map(|(at, _)| since(*at)).collect()),
        };
        Ok((trace, Body::AccessLog, notes.into_iter().flatten().collect()))
    }

    fn take_line(&mut self, number: u64, line: &[u8]) -> Result<Wants, Refusal> {
        if self.requests.len() >= self.limits.requests {
            self.stopped = true;
            return Ok(Wants::NoMore);
        }
        let line = if number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        let Some((nanos, client)) = read(line) else {
            let allowed = "a line of an access log, or one that begins with a time: seconds, or a date and a time of day as 2026-01-31T12:00:00Z";
            let shown = String::from_utf8_lossy(&line[..line.len().min(SHOWN)]);
            return Err(Refusal::new(at(number), shown, allowed));
        };
        let name = &client[..client.len().min(self.limits.key_bytes)];
        let Some(key) = self.keys.key(name, self.limits.name_bytes) else {
            let most = grouped(self.limits.name_bytes);
            return Err(Refusal::new(
                at(number),
                "one client too many",
                format!("names of at most {most} bytes together"),
            ));
        };
        self.requests.push((nanos, key));
        Ok(Wants::More)
    }
}

/// The time of a line in nanoseconds, and who it was.
fn read(line: &[u8]) -> Option<(i128, &[u8])> {
    common(line).or_else(|| {
        let end =
            line.iter().position(|byte| matches!(byte, b' ' | b'\t' | b',' | b';')).unwrap_or(line.len());
        let (first, rest) = line.split_at(end);
        let first = std::str::from_utf8(first).ok()?;
        let (nanos, rest) = match seconds(first).or_else(|| rfc3339(first)) {
            Some(nanos) => (nanos, rest),
            // A blank may stand between the date and the time of day.
            None => {
                let both = line.get(..19).filter(|both| both[10] == b' ')?;
                let length = 19 + fraction_length(line.get(19..)?);
                let both = std::str::from_utf8(both).ok()?;
                let fraction = std::str::from_utf8(&line[19..length]).ok()?;
                (rfc3339(&format!("{}T{}{fraction}Z", &both[..10], &both[11..]))?, &line[length..])
            }
        };
        Some((nanos, client(rest)))
    })
}

fn client(rest: &[u8]) -> &[u8] {
    let separates = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | b';');
    let begin = rest.iter().position(|byte| !separates(byte)).unwrap_or(rest.len());
    let rest = &rest[begin..];
    let end = rest.iter().position(separates).unwrap_or(rest.len());
    if end == 0 { NOBODY } else { &rest[..end] }
}

/// `127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326`
fn common(line: &[u8]) -> Option<(i128, &[u8])> {
    let open = line.iter().position(|byte| *byte == b'[')?;
    let stamp = line.get(open + 1..open + 27).filter(|_| line.get(open + 27) == Some(&b']'))?;
    let stamp = std::str::from_utf8(stamp).ok()?;
    let (day, rest) = (stamp.get(..2)?, stamp.get(3..)?);
    let (month, rest) = (rest.get(..3)?, rest.get(4..)?);
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let (year, clock) = (rest.get(..4)?, rest.get(5..13)?);
    let days = days(year.parse().ok()?, month, day.parse().ok()?)?;
    let nanos = i128::from(days * 86_400 + time_of_day(clock)? - offset(rest.get(14..)?)?) * NANOS;
    let who = line[..open].split(|byte| *byte == b' ').next().filter(|who| !who.is_empty());
    Some((nanos, who.unwrap_or(NOBODY)))
}

const NANOS: i128 = 1_000_000_000;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `1700000000.25`, to the nanosecond; thirteen digits are milliseconds.
fn seconds(text: &str) -> Option<i128> {
    const MILLISECONDS: usize = 13;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > MILLISECONDS || !digits(whole) || !digits(fraction) {
        return None;
    }
    let unit = if whole.len() == MILLISECONDS { NANOS / 1_000 } else { NANOS };
    Some(whole.parse::<i128>().ok()? * unit + parts(fraction)? * unit / NANOS)
}

/// The digits behind a point as thousand-millionths; what is finer is cut off.
fn parts(fraction: &str) -> Option<i128> {
    let nine: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok()
}

fn fraction_length(rest: &[u8]) -> usize {
    match rest.first() {
        Some(b'.' | b',') => 1 + rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    }
}

/// `2026-01-31T12:00:00.5+01:00`
fn rfc3339(text: &str) -> Option<i128> {
    let (date, clock) = text.split_once(['T', 't'])?;
    let mut parts_of_date = date.splitn(3, '-');
    let mut next = || parts_of_date.next()?.parse::<i64>().ok();
    let days = days(next()?, next()?, next()?)?;
    let seconds = time_of_day(clock.get(..8)?)?;
    let rest = clock.get(8..)?;
    let length = fraction_length(rest.as_bytes());
    let fraction = if length > 1 { parts(&rest[1..length])? } else { 0 };
    let zone = &rest[length..];
    let ahead = if matches!(zone, "" | "Z" | "z") { 0 } else { offset(zone)? };
    Some(i128::from(days * 86_400 + seconds - ahead) * NANOS + fraction)
}

/// `13:55:36` as seconds; a leap second counts as the one after it.
fn time_of_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let right = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..=60).contains(&seconds);
    right.then_some(hours * 3_600 + minutes * 60 + seconds)
}

/// `-0700` or `-07:00` as seconds ahead of universal time.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|letter| *letter != ':').collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i64>().ok()?, digits.get(2..4)?.parse::<i64>().ok()?);
    (digits.len() == 4).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Days since 1970 in the Gregorian calendar.
///
/// Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let right = (1..=12).contains(&month) && (1..=31).contains(&day) && (0..=9_999).contains(&year);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let (of_era, of_year) = (year.rem_euclid(400), (153 * month + 2) / 5 + day - 1);
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    right.then_some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_kind_are_read() {
        let check = |line: &str, milliseconds: i128, who: &str| {
            let (nanos, client) = read(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((nanos, std::str::from_utf8(client)), (milliseconds * 1_000_000, Ok(who)), "{line}");
        };
        // The example of the Apache documentation of mod_log_config.
        check(
            r#"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#,
            971_211_336_000,
            "127.0.0.1",
        );
        // The examples of RFC 3339, section 5.8.
        check("1985-04-12T23:20:50.52Z", 482_196_050_520, "-");
        check("1996-12-19T16:39:57-08:00 me", 851_042_397_000, "me");
        check("2001-09-09 01:46:40,250 INFO", 1_000_000_000_250, "INFO");
        check("0.25,alice", 250, "alice");
        check("1700000000", 1_700_000_000_000, "-");
        check("1700000000250\tbob", 1_700_000_000_250, "bob");
    }

    #[test]
    fn lines_without_a_time_are_refused() {
        for line in [
            "hello",
            "-1",
            "2026-13-01T00:00:00Z",
            "[10/Okt/2000:13:55:36 -0700]",
            "1e3",
            "NaN",
            "2026-01-01",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
