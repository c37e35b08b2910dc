//! A design as a picture: who asks, the nodes, the store, who passed and who was refused, from left to
//! right; below it the messages under way and the windows as they really are.

use super::lab::Side;
use super::words::node_name;
use crate::kernel::Time;
use crate::lab::scene::{
    Badge, Gauge, Lane, Mood, Progress, Shape, Slot, State, Station, Stretch, Strip, StripMark, Token, Wire,
};
use crate::lab::words;
use crate::limit::shared::{Command, Fate, Knows, Request, Trip, View, Who};

/// So many nodes are shown one by one.
const NODES_SHOWN: u32 = 8;
/// So many tokens on a wire are shown.
const TOKENS_SHOWN: usize = 40;
/// So many requests that wait at a node are shown.
const WAITING_SHOWN: usize = 6;
/// So many requests answered last are shown.
const RECENT_SHOWN: usize = 6;
/// A message that a node sends for itself is an entry of its own, numbered from here.
const OWN: u64 = 1 << 40;

/// The picture of one design at `now`.
pub(super) fn of(side: &Side, now: Time) -> Vec<Shape> {
    let painter = Painter { side, now, view: side.world.view(now) };
    let mut columns = vec![vec![painter.clients()], painter.nodes()];
    columns.extend(painter.store().map(|store| vec![store]));
    columns.push(vec![painter.answered("passed", true), painter.answered("refused", false)]);
    let mut shapes = vec![Shape::Flow(columns)];
    if painter.view.store().is_some() {
        let (there, back): (Vec<Trip>, Vec<Trip>) =
            painter.view.trips().into_iter().partition(|trip| trip.reply.is_none());
        shapes.push(painter.wire("messages", ("node", "store"), &there));
        shapes.push(painter.wire("answers", ("store", "node"), &back));
    }
    shapes.extend([painter.in_window(), painter.windows(), painter.figures()]);
    shapes
}

struct Painter<'a> {
    side: &'a Side,
    now: Time,
    view: View<'a>,
}

impl Painter<'_> {
    fn clients(&self) -> Shape {
        let sent = words::counted(u64::from(self.side.world.sent()), "request", "requests");
        let (mood, says) = match self.view.next_request() {
            Some(at) => (Mood::Busy, format!("{sent}; the next at {at}")),
            None => (Mood::Idle, format!("{sent}; no more to come")),
        };
        station("clients".to_owned(), mood, says, Vec::new())
    }

    fn nodes(&self) -> Vec<Shape> {
        let nodes = self.view.nodes();
        let mut shapes: Vec<Shape> = (0..nodes.min(NODES_SHOWN)).map(|node| self.node(node)).collect();
        if nodes > NODES_SHOWN {
            let more = words::counted(u64::from(nodes - NODES_SHOWN), "more node", "more nodes");
            shapes.push(Shape::Note(format!("and {more}")));
        }
        shapes
    }

    fn node(&self, node: u32) -> Shape {
        let says = match self.view.node(node) {
            Knows::Nothing => "asks each time".to_owned(),
            Knows::Counted(count, most) => {
                format!("knows of {} of {}", words::count(count), words::count(most))
            }
            Knows::Permits(permits) => format!("{} left", words::counted(permits, "permit", "permits")),
        };
        let came = self.side.live.arrived.get(node as usize).copied().unwrap_or(0);
        let says = format!("{says}; {} came", words::count(came));
        let waiting: Vec<Request> =
            self.view.undecided().filter(|request| request.node == node).copied().collect();
        let more = waiting.len().saturating_sub(WAITING_SHOWN);
        let more = (more > 0).then_some(Slot::Skipped(more as u64));
        let slots = waiting.iter().take(WAITING_SHOWN).map(|request| self.slot(*request));
        let mood = if waiting.is_empty() { Mood::Idle } else { Mood::Busy };
        station(node_name(node), mood, says, slots.chain(more).collect())
    }

    fn store(&self) -> Option<Shape> {
        let count = words::count(self.view.store()?);
        let counted = format!("{count} of {} in this window", words::count(self.view.limit()));
        let (mood, says) = match self.view.down() {
            Some(until) => (Mood::Down, format!("cannot be reached until {until}; {counted}")),
            None => (Mood::Busy, counted),
        };
        Some(station("store".to_owned(), mood, says, Vec::new()))
    }

    /// Those who passed last, or were refused last.
    fn answered(&self, name: &str, passed: bool) -> Shape {
        let live = &self.side.live;
        let own = live.recent().filter(|(_, fate)| fate.passed() == passed);
        let slots = own.take(RECENT_SHOWN).map(|(request, fate)| {
            let wrong = matches!(fate, Fate::Over | Fate::Early);
            let badge = if wrong { Badge::Mark } else { Badge::None };
            let state = match (self.touched(request), passed) {
                (false, _) => State::Still,
                (true, true) => State::Found,
                (true, false) => State::Gone,
            };
            entry(u64::from(request.number), request.number.to_string(), badge, state)
        });
        Shape::Lane(Lane {
            name: name.to_owned(),
            ghost: false,
            room: None,
            length: if passed { live.admitted } else { live.refused },
            ends: (String::new(), String::new()),
            slots: slots.collect(),
            crowd: false,
            queue: false,
        })
    }

    fn wire(&self, name: &str, ends: (&str, &str), trips: &[Trip]) -> Shape {
        let tokens = trips.iter().take(TOKENS_SHOWN).map(|trip| Token {
            slot: self.under_way(trip),
            progress: Progress { from: trip.from.seconds(), until: trip.until.seconds() },
        });
        Shape::Wire(Wire {
            name: name.to_owned(),
            ends: (ends.0.to_owned(), ends.1.to_owned()),
            length: trips.len() as u64,
            tokens: tokens.collect(),
        })
    }

    fn under_way(&self, trip: &Trip) -> Slot {
        let message = trip.message;
        if let Some(request) = message.request {
            return self.slot(request);
        }
        let count = match message.command {
            Command::Add(count) => format!("+{count}"),
            _ => format!("n{}", message.node + 1),
        };
        let touched = self.side.last.iter().any(|heard| heard.who == Who::Node(message.node));
        let state = if touched { State::Touched } else { State::Still };
        entry(OWN + message.exchange.unwrap_or(0), count, Badge::None, state)
    }

    fn slot(&self, request: Request) -> Slot {
        let state = if self.touched(request) { State::New } else { State::Still };
        entry(u64::from(request.number), request.number.to_string(), Badge::None, state)
    }

    fn touched(&self, request: Request) -> bool {
        let own = |who| matches!(who, Who::Request(other) if other.number == request.number);
        self.side.last.iter().any(|heard| own(heard.who))
    }

    /// How many have really passed in the present window, all nodes together.
    fn in_window(&self) -> Shape {
        Shape::Gauge(Gauge {
            name: "passed in this window".to_owned(),
            value: self.view.admitted() as f64,
            most: self.view.limit() as f64,
            unit: "requests",
        })
    }

    /// The window before and the present one, and who passed and who was refused in them.
    fn windows(&self) -> Shape {
        let (limit, present) = (self.view.limit(), self.view.window);
        let end = self.view.end_of(present);
        let first = present.saturating_sub(1);
        let windows = (first..=present).map(|window| {
            let count = self.side.live.passed_in(window);
            let until = self.view.end_of(window);
            Stretch {
                from: self.view.start_of(window).seconds(),
                until: until.seconds(),
                says: format!("{} of {}", words::count(count), words::count(limit)),
                full: (count as f64 / limit as f64).min(1.0),
            }
        });
        let mut marks: Vec<StripMark> = self
            .side
            .live
            .recent()
            .filter(|(request, _)| request.window >= first)
            .map(|(request, fate)| StripMark {
                at: request.at.seconds(),
                says: "",
                state: match (fate.passed(), self.touched(request)) {
                    (false, _) => State::Gone,
                    (true, true) => State::New,
                    (true, false) => State::Still,
                },
            })
            .collect();
        marks.push(StripMark { at: self.now.seconds(), says: "now", state: State::Still });
        marks.sort_by(|a, b| a.at.total_cmp(&b.at));
        Shape::Strip(Strip {
            name: "windows".to_owned(),
            from: self.view.start_of(first).seconds(),
            until: end.seconds(),
            stretches: windows.collect(),
            marks,
        })
    }

    fn figures(&self) -> Shape {
        let live = &self.side.live;
        let told = |number: u64, what: &str| match number {
            0 => String::new(),
            number => format!("; {} {what}", words::count(number)),
        };
        let messages = words::counted(self.view.messages(), "message", "messages");
        Shape::Note(format!(
            "{} passed{}{}; {messages} to the store",
            words::count(live.admitted),
            told(live.over, "over the limit"),
            told(live.early, "refused too early"),
        ))
    }
}

fn station(name: String, mood: Mood, says: String, slots: Vec<Slot>) -> Shape {
    Shape::Station(Station { name, mood, says, slots, progress: None, action: None })
}

fn entry(identity: u64, label: String, badge: Badge, state: State) -> Slot {
    Slot::Entry { identity, label, badge, pointer: None, state }
}
