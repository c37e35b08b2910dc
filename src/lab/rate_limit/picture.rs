//! A door as a picture: who sends, the limiter, who serves, and who has passed, from left to right;
//! below it the limiter's state, its last answers on a line of time, and what its response says.

use super::lab::Side;
use super::{RateLimit, anatomy, words};
use crate::kernel::{Span, Time};
use crate::lab::scene::{
    Badge, Lane, Mood, Progress, Shape, Slot, State, Station, Stretch, Strip, StripMark, Token, Wire,
};
use crate::lab::words::{count, counted, seconds};
use crate::limit::door::{Change, Event, Live, Recent, Request, Work};
use crate::limit::response::respond;

/// So many workers are shown one by one.
const WORKERS_SHOWN: usize = 8;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;
/// So many requests in a line are listed.
const LISTED: usize = 400;
/// The last answers are shown over so many windows.
const WINDOWS_SHOWN: u64 = 3;

/// The picture of the door of variant `at` at `now`.
pub(super) fn of(side: &Side, at: usize, now: Time, scenario: &RateLimit) -> Vec<Shape> {
    let painter = Painter { side, at, now, scenario };
    let mut columns = vec![vec![painter.senders()], vec![painter.limiter()]];
    if scenario.workers > 0 {
        columns.push(vec![painter.line()]);
        columns.push(painter.workers());
    }
    columns.push(vec![painter.served()]);
    let mut shapes = vec![Shape::Flow(columns)];
    shapes.extend(painter.wires());
    shapes.extend(painter.state());
    shapes.extend(painter.strips());
    shapes.extend(painter.response());
    shapes.push(painter.tally());
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    at: usize,
    now: Time,
    scenario: &'a RateLimit,
}

impl Painter<'_> {
    fn senders(&self) -> Shape {
        let sent = count(u64::from(self.side.world.sent()));
        let (mood, says) = match self.side.world.next_sent() {
            Some(at) => (Mood::Busy, format!("{sent} sent; next at {at}")),
            None => (Mood::Idle, format!("{sent} sent; no more to come")),
        };
        Shape::Station(station("clients", mood, says))
    }

    /// Whom the limiter holds back, and who was refused and is on the way back.
    fn wires(&self) -> impl Iterator<Item = Shape> {
        let held = |(at, event): (Time, &Event)| match event {
            Event::Passes(request) => Some((*request, request.asked, at)),
            _ => None,
        };
        let returns = |(at, event): (Time, &Event)| match event {
            Event::Returns { request, since } => Some((*request, *since, at)),
            _ => None,
        };
        let held = self.wire("held back", ("asked", "passes"), held);
        held.into_iter().chain(self.wire("on the way back", ("refused", "tries again"), returns))
    }

    fn limiter(&self) -> Shape {
        let clock = self.side.world.clock();
        let wrong = match clock.is_right() {
            true => String::new(),
            false => format!("; its clock reads {}", clock.read(self.now)),
        };
        let (mood, says) = match &self.side.live.last {
            None => (Mood::Idle, "nobody has come yet".to_owned()),
            Some((_, request, answer)) => {
                let said = match (answer.admitted(), answer.wait()) {
                    (false, _) => "refused".to_owned(),
                    (true, Span::ZERO) => "admitted".to_owned(),
                    (true, wait) => format!("held back for {wait}"),
                };
                (Mood::Busy, format!("request {} {said}", request.number))
            }
        };
        Shape::Station(station("limiter", mood, format!("{says}{wrong}")))
    }

    /// Those under way, first who arrives first; nothing if there are none.
    fn wire(
        &self,
        name: &str,
        ends: (&str, &str),
        under_way: impl Fn((Time, &Event)) -> Option<(Request, Time, Time)>,
    ) -> Option<Shape> {
        let mut tokens: Vec<_> = self.side.world.to_come().filter_map(under_way).collect();
        tokens.sort_by_key(|(request, _, at)| (*at, request.number));
        let length = tokens.len() as u64;
        let token = |(request, from, until): (Request, Time, Time)| Token {
            slot: self.slot(&request),
            progress: Progress { from: from.seconds(), until: until.seconds() },
        };
        let wire = Wire {
            name: name.to_owned(),
            ends: (ends.0.to_owned(), ends.1.to_owned()),
            length,
            tokens: tokens.into_iter().take(TOKENS_SHOWN).map(token).collect(),
        };
        (length > 0).then_some(Shape::Wire(wire))
    }

    fn line(&self) -> Shape {
        let waiting = self.side.world.server().line();
        let slots: Vec<Slot> = waiting.clone().take(LISTED).map(|request| self.slot(request)).collect();
        Shape::Lane(Lane {
            name: "line".to_owned(),
            ghost: false,
            room: None,
            length: waiting.count() as u64,
            ends: ("next".to_owned(), "last".to_owned()),
            slots,
            crowd: true,
            queue: true,
        })
    }

    fn workers(&self) -> Vec<Shape> {
        let workers = self.side.world.server().workers();
        let shown = workers.iter().enumerate().take(WORKERS_SHOWN);
        let mut shapes: Vec<Shape> = shown.map(|(at, work)| self.worker(at as u32, work.as_ref())).collect();
        let more = &workers[workers.len().min(WORKERS_SHOWN)..];
        if !more.is_empty() {
            let busy = more.iter().filter(|work| work.is_some()).count();
            let more = counted(more.len() as u64, "more worker", "more workers");
            shapes.push(Shape::Note(format!("and {more}, {} of them at work", count(busy as u64))));
        }
        shapes
    }

    fn worker(&self, at: u32, work: Option<&Work>) -> Shape {
        let Some(work) = work else {
            return Shape::Station(station(&words::named(at), Mood::Idle, "idle".to_owned()));
        };
        let passed = self.side.world.server().at(work.place);
        let says = match passed.left {
            true => format!("until {}, for nothing", work.until),
            false => format!("until {}", work.until),
        };
        Shape::Station(Station {
            slots: vec![self.slot(&passed.request)],
            progress: Some(Progress { from: work.from.seconds(), until: work.until.seconds() }),
            ..station(&words::named(at), Mood::Busy, says)
        })
    }

    /// Who passed last, and whom this step sent away for good.
    fn served(&self) -> Shape {
        let gone = self.side.last.iter().filter_map(|heard| match heard.change {
            Change::GivesUp | Change::Dropped => heard.request,
            _ => None,
        });
        let gone = gone.map(|request| self.entry(&request, State::Gone));
        let passed = self.side.live.served().map(|request| {
            let state = if self.is_new(request) { State::Found } else { State::Still };
            self.entry(request, state)
        });
        Shape::Lane(Lane {
            name: "passed".to_owned(),
            ghost: false,
            room: None,
            length: self.side.live.passed,
            ends: (String::new(), String::new()),
            slots: gone.chain(passed).collect(),
            crowd: false,
            queue: false,
        })
    }

    /// The limiter's state for who asked last.
    fn state(&self) -> Vec<Shape> {
        let (world, clock) = (&self.side.world, self.side.world.clock());
        let anatomy = world.limiter().show(world.asked(), clock.read(self.now));
        let whose = match (&self.side.live.last, self.scenario.shared) {
            (Some((_, request, _)), false) if self.scenario.clients() > 1 => {
                let name = self.scenario.client_name(request.client);
                Some(Shape::Note(format!("State for {name}, who asked last:")))
            }
            _ => None,
        };
        let parts = anatomy.parts.into_iter().map(|part| anatomy::shape(part, clock, self.now));
        whose.into_iter().chain(parts).collect()
    }

    /// The last answers, and who has passed: in the last windows, or around the window in which the
    /// most get through.
    fn strips(&self) -> [Shape; 2] {
        let window = self.scenario.span();
        let worst = self.scenario.found(self.at);
        let (from, until) = match worst {
            Some(worst) => (worst.window - window, worst.window + window.times(2)),
            None => (self.now - window.times(WINDOWS_SHOWN), self.now.max(Time::ZERO + window)),
        };
        let live = || self.side.live.answers().rev();
        let answers: Vec<(Time, State)> = live().map(|answer| (answer.at, self.drawn(answer))).collect();
        let admitted = live().filter_map(|answer| Some((answer.at + answer.passes?, answer)));
        let mut passed: Vec<(Time, State)> = admitted
            .filter(|(at, _)| *at <= self.now)
            .map(|(at, _)| (at, if at == self.now { State::New } else { State::Still }))
            .collect();
        passed.sort_by_key(|(at, _)| *at);
        let (begins, ends) = match worst {
            Some(worst) => (worst.window, worst.window + window),
            None => (self.now - window, self.now),
        };
        // The last window contains the present moment, the worst one not its end.
        let within = |at: Time| match worst {
            Some(_) => begins <= at && at < ends,
            None => self.now.since(at) < window,
        };
        let count = passed.iter().filter(|(at, _)| within(*at)).count() as u64;
        let most = worst
            .and_then(|worst| worst.bound)
            .or_else(|| self.side.live.last.map(|last| u64::from(last.2.limit)));
        let says = match worst.map(|worst| worst.bound) {
            Some(Some(bound)) => format!("{count}, bound {bound}"),
            Some(None) => format!("{count}, no bound"),
            None if self.is_cut(begins) => format!("{count} or more"),
            None => count.to_string(),
        };
        let full = most.map_or(0.0, |most| (count as f64 / most.max(1) as f64).min(1.0));
        let stretch = Stretch { from: begins.seconds(), until: ends.seconds(), says, full };
        let strip = |name: &str, stretches: Vec<Stretch>, marks: Vec<(Time, State)>| {
            let shown = marks.into_iter().filter(|(at, _)| *at >= from && *at <= until);
            Shape::Strip(Strip {
                name: name.to_owned(),
                from: from.seconds(),
                until: until.seconds(),
                stretches,
                marks: shown.map(|(at, state)| StripMark { at: at.seconds(), says: "", state }).collect(),
            })
        };
        [strip("answers", Vec::new(), answers), strip("through the door", vec![stretch], passed)]
    }

    /// Whether there were more answers since `begins` than are kept.
    fn is_cut(&self, begins: Time) -> bool {
        let mut answers = self.side.live.answers();
        answers.len() == Live::ANSWERS && answers.next_back().is_some_and(|oldest| oldest.at > begins)
    }

    /// How the answer to a try is drawn: turned away, new, or one of many.
    fn drawn(&self, answer: &Recent) -> State {
        match answer.passes {
            None => State::Gone,
            Some(_) if answer.at == self.now => State::New,
            Some(_) => State::Still,
        }
    }

    /// What the response to the last try says.
    fn response(&self) -> Option<Shape> {
        let (_, _, decision) = self.side.live.last.as_ref()?;
        let response = respond(decision, &self.scenario.policy(self.at, decision.limit)?);
        Some(Shape::Note(response.to_string().replace('\n', " · ")))
    }

    fn tally(&self) -> Shape {
        let live = &self.side.live;
        let counts = [
            (live.admitted, "admitted"),
            (live.refused, "refused"),
            (live.given_up, "given up"),
            (live.done, "done"),
            (live.dropped, "dropped"),
        ];
        let told = counts.iter().take(2).chain(counts[2..].iter().filter(|(number, _)| *number > 0));
        let told: Vec<String> = told.map(|(number, what)| format!("{} {what}", count(*number))).collect();
        Shape::Note(format!("{}; window {}", told.join(", "), seconds(self.scenario.window)))
    }

    fn slot(&self, request: &Request) -> Slot {
        let state = if self.is_new(request) { State::Touched } else { State::Still };
        self.entry(request, state)
    }

    fn entry(&self, request: &Request, state: State) -> Slot {
        let badge = if request.attempt > 1 { Badge::Count(request.attempt) } else { Badge::None };
        let (identity, label) = (u64::from(request.number), request.number.to_string());
        Slot::Entry { identity, label, badge, pointer: None, state }
    }

    /// Whether the last step was about it.
    fn is_new(&self, request: &Request) -> bool {
        let own = |number: u32| number == request.number;
        self.side.last.iter().any(|heard| heard.request.is_some_and(|request| own(request.number)))
    }
}

fn station(name: &str, mood: Mood, says: String) -> Station {
    let name = name.to_owned();
    Station { name, mood, says, slots: Vec::new(), progress: None, action: None }
}
