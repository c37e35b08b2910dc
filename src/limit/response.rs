//! What the answer over HTTP says about a decision.
//!
//! Status 429 is RFC 6585, section 4; `Retry-After` in whole seconds is RFC 9110, section 10.2.3. The fields
//! `RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers-10 (2025), lists
//! of structured fields (RFC 9651). Drafts up to the seventh had three fields of one number each,
//! which many servers send; [`older_fields`] has them.

use super::decision::{Decision, Verdict};
use crate::catalogue::{Parameters, Setting};
use crate::kernel::Span;
use std::fmt;

/// What a server says about a limit beside the numbers of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// What it calls the limit: "default". Letters outside ASCII are left out, as the field has none.
    pub name: String,
    /// In how much time the whole quota comes again; `None` where time does not bring it.
    pub window: Option<Span>,
    /// What is counted.
    pub unit: Unit,
    /// The status of a refusal.
    pub refusal: Status,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Requests, which goes without saying.
    Requests,
    /// Requests under way at the same time.
    ConcurrentRequests,
}

/// The status of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 200: it may pass.
    Ok,
    /// 429: this client has sent too many.
    TooManyRequests,
    /// 503: the server has too much to do, whoever sent it. What nginx's `limit_req` says unless
    /// `limit_req_status` is set.
    ServiceUnavailable,
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: Status,
    /// Name and value of each field.
    pub headers: Vec<(&'static str, String)>,
}

impl Policy {
    /// The policy called `name` of a limiter that has these parameters: a `window` in seconds, or a
    /// `rate` a second that makes the whole quota of `limit` in some time; with neither it counts
    /// what is under way.
    pub fn new(name: &str, parameters: &Parameters, limit: u32) -> Self {
        let number = |id| match parameters.iter().find(|(name, _)| *name == id) {
            Some((_, Setting::Number(number))) => Some(number),
            Some((_, Setting::Whole(number))) => Some(f64::from(number)),
            _ => None,
        };
        let time = |rate| f64::from(limit) / rate;
        let window = number("window").or(number("rate").map(time)).map(Span::from_seconds);
        let unit = if window.is_some() { Unit::Requests } else { Unit::ConcurrentRequests };
        Policy { name: name.to_owned(), window, unit, refusal: Status::TooManyRequests }
    }

    /// The value of `RateLimit-Policy` while the quota is `quota`. A window that is not of whole
    /// seconds cannot be told.
    fn field(&self, quota: u32) -> String {
        let unit = match self.unit {
            Unit::Requests => "",
            Unit::ConcurrentRequests => ";qu=\"concurrent-requests\"",
        };
        let whole = |window: &Span| {
            *window > Span::ZERO && *window == Span::from_seconds(whole_seconds(*window) as f64)
        };
        let window = self.window.filter(whole);
        let window = window.map(|window| format!(";w={}", whole_seconds(window))).unwrap_or_default();
        format!("{};q={quota}{unit}{window}", string(&self.name))
    }
}

impl Status {
    /// Its number.
    pub fn code(self) -> u16 {
        match self {
            Status::Ok => 200,
            Status::TooManyRequests => 429,
            Status::ServiceUnavailable => 503,
        }
    }

    /// Its phrase.
    pub fn phrase(self) -> &'static str {
        match self {
            Status::Ok => "OK",
            Status::TooManyRequests => "Too Many Requests",
            Status::ServiceUnavailable => "Service Unavailable",
        }
    }
}

/// The head of the response to a request about which `decision` was made.
pub fn respond(decision: &Decision, policy: &Policy) -> Response {
    let status = if decision.admitted() { Status::Ok } else { policy.refusal };
    let time = seconds_to_more(decision).map(|seconds| format!(";t={seconds}")).unwrap_or_default();
    let limit = format!("{};r={}{time}", string(&policy.name), decision.remaining);
    let mut headers = vec![("RateLimit-Policy", policy.field(decision.limit)), ("RateLimit", limit)];
    headers.extend(decision.retry().map(|retry| ("Retry-After", whole_seconds(retry).to_string())));
    Response { status, headers }
}

/// The fields that drafts up to the seventh had instead, one number each.
pub fn older_fields(decision: &Decision) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("RateLimit-Limit", decision.limit.to_string()),
        ("RateLimit-Remaining", decision.remaining.to_string()),
    ];
    fields.extend(seconds_to_more(decision).map(|seconds| ("RateLimit-Reset", seconds.to_string())));
    fields
}

/// When there is more, at the latest: for one that is refused when to come back, so that both
/// fields agree, and otherwise when all is there again. `None` where all is there, or time does not bring it.
fn seconds_to_more(decision: &Decision) -> Option<u64> {
    let time = match decision.verdict {
        Verdict::Refused { retry: Some(retry) } => retry,
        _ => decision.reset,
    };
    (time > Span::ZERO).then(|| whole_seconds(time))
}

/// Whole seconds, rounded up, so that nobody comes too early.
fn whole_seconds(span: Span) -> u64 {
    span.nanos().div_ceil(Span::from_millis(1_000).nanos())
}

/// A string of a structured field: printable ASCII in quotes, where quotes and backslashes are escaped.
fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars().filter(|letter| matches!(letter, ' '..='~')) {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

impl fmt::Display for Response {
    /// As text, a line a field, the status first; over the network each line ends with CR LF.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/1.1 {} {}", self.status.code(), self.status.phrase())?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, "\n{name}: {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Time;
    use crate::limit::{Figure, LIMITERS, find};

    const SECOND: Span = Span::from_millis(1_000);
    const NO_RULE: crate::catalogue::Rule = crate::catalogue::Rule { name: "", place: "", says: "" };

    fn decision(verdict: Verdict, limit: u32, remaining: u32, reset: Span) -> Decision {
        Decision { verdict, limit, remaining, reset, rule: &NO_RULE, figure: Figure::None }
    }

    fn admitted(limit: u32, remaining: u32, reset: Span) -> Decision {
        decision(Verdict::Admitted { wait: Span::ZERO }, limit, remaining, reset)
    }

    fn policy(name: &str, window: u64) -> Policy {
        let window = (window > 0).then(|| SECOND.times(window));
        Policy { name: name.to_owned(), window, unit: Unit::Requests, refusal: Status::TooManyRequests }
    }

    fn check(decision: &Decision, policy: &Policy, says: &[&str]) {
        let expected = says.join("\n");
        assert_eq!(respond(decision, policy).to_string(), expected);
    }

    /// The fields of the examples in draft-ietf-httpapi-ratelimit-headers-10.
    #[test]
    fn the_drafts_examples() {
        let fields = |decision: &Decision, policy: &Policy| {
            respond(decision, policy).headers.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
        };
        // "RateLimit-Policy Field", "RateLimit Policy Field Examples", "RateLimit Field Examples".
        for (name, quota, window, remaining, reset, said, limit) in [
            ("burst", 100, 60, 100, 0, "\"burst\";q=100;w=60", "\"burst\";r=100"),
            ("daily", 1_000, 86_400, 1_000, 0, "\"daily\";q=1000;w=86400", "\"daily\";r=1000"),
            ("default", 100, 10, 50, 30, "\"default\";q=100;w=10", "\"default\";r=50;t=30"),
            ("permin", 50, 60, 999, 0, "\"permin\";q=50;w=60", "\"permin\";r=999"),
            ("perhr", 1_000, 3_600, 1, 7, "\"perhr\";q=1000;w=3600", "\"perhr\";r=1;t=7"),
        ] {
            let decision = admitted(quota, remaining, SECOND.times(reset));
            assert_eq!(fields(&decision, &policy(name, window)), [said, limit]);
        }
        let refused = decision(Verdict::Refused { retry: Some(SECOND.times(10)) }, 1, 0, SECOND.times(10));
        let said = fields(&refused, &policy("problemPolicy", 0));
        assert_eq!(said, ["\"problemPolicy\";q=1", "\"problemPolicy\";r=0;t=10", "10"]);
    }

    /// RFC 6585, section 4, and RFC 9110, section 10.2.3.
    #[test]
    fn the_rfcs_examples() {
        for (seconds, says) in [(3_600, "Retry-After: 3600"), (120, "Retry-After: 120")] {
            let retry = Verdict::Refused { retry: Some(SECOND.times(seconds)) };
            let response =
                respond(&decision(retry, 1, 0, SECOND.times(seconds)), &policy("a", 1)).to_string();
            assert!(response.starts_with("HTTP/1.1 429 Too Many Requests\n"), "{response}");
            assert!(response.ends_with(says), "{response}");
        }
    }

    #[test]
    fn whole_seconds_are_rounded_up() {
        for (nanos, seconds) in
            [(1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (u64::MAX, 18_446_744_074)]
        {
            assert_eq!(whole_seconds(Span::from_nanos(nanos)), seconds);
        }
        let refused = decision(Verdict::Refused { retry: Some(Span::from_millis(100)) }, 10, 0, SECOND);
        check(
            &refused,
            &policy("default", 1),
            &[
                "HTTP/1.1 429 Too Many Requests",
                "RateLimit-Policy: \"default\";q=10;w=1",
                "RateLimit: \"default\";r=0;t=1",
                "Retry-After: 1",
            ],
        );
    }

    #[test]
    fn what_cannot_be_known_is_not_said() {
        let never = decision(Verdict::Refused { retry: None }, 5, 5, Span::ZERO);
        let unavailable = Policy { refusal: Status::ServiceUnavailable, ..policy("a", 0) };
        let says =
            ["HTTP/1.1 503 Service Unavailable", "RateLimit-Policy: \"a\";q=5", "RateLimit: \"a\";r=5"];
        check(&never, &unavailable, &says);
        // Half a second cannot be told.
        let half = Policy { window: Some(Span::from_millis(500)), ..policy("a", 0) };
        check(&admitted(5, 5, Span::ZERO), &half, &["HTTP/1.1 200 OK", says[1], says[2]]);
    }

    #[test]
    fn names_are_strings_of_structured_fields() {
        for (name, field) in [
            ("default", r#""default""#),
            ("", r#""""#),
            ("per \"user\"", r#""per \"user\"""#),
            (r"a\b", r#""a\\b""#),
            ("a\r\nSet-Cookie: b", r#""aSet-Cookie: b""#),
            ("für alle", r#""fr alle""#),
        ] {
            assert_eq!(string(name), field);
        }
    }

    #[test]
    fn older_fields_have_a_number_each() {
        let fields = older_fields(&admitted(10, 1, SECOND.times(7)));
        let says = [("RateLimit-Limit", "10"), ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "7")];
        assert_eq!(fields, says.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn each_limiter_has_a_policy() {
        let answer = |id: &str, given: &[(&str, &str)]| {
            let entry = find(id).unwrap();
            let parameters = Parameters::new(entry.about, given.iter().copied()).unwrap();
            let decision = (entry.build)(&parameters).decide(0, 1, Time::ZERO);
            respond(&decision, &Policy::new("default", &parameters, decision.limit)).to_string()
        };
        assert_eq!(
            answer("gcra", &[("rate", "10"), ("burst", "10")]),
            "HTTP/1.1 200 OK\nRateLimit-Policy: \"default\";q=10;w=1\nRateLimit: \"default\";r=9;t=1"
        );
        assert_eq!(
            answer("concurrency", &[]),
            "HTTP/1.1 200 OK\nRateLimit-Policy: \"default\";q=10;qu=\"concurrent-requests\"\n\
             RateLimit: \"default\";r=9"
        );
        for entry in LIMITERS {
            let says = answer(entry.about.id, &[]);
            assert!(says.starts_with("HTTP/1.1 200 OK\nRateLimit-Policy: \"default\";q="), "{says}");
            let counts_places = ["concurrency", "aimd", "vegas", "gradient2"].contains(&entry.about.id);
            assert_eq!(says.contains("concurrent-requests"), counts_places, "{says}");
        }
    }
}
