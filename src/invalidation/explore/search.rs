//! Every state that schedules lead to, the near ones first, and how many schedules there are.

use super::choice::Choice;
use super::counting::{Counting, Edge, Edges, Ways};
use super::interning::{ComesTo, Id, NOTHING, Record, Stands, Steps};
use super::states::{MOST_BACKGROUND, State, States};
use super::{Harm, MOST_CLIENTS, Plan};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many different states there are; those that differ only in which of two clients with the same
    /// left to do stands where are one.
    pub states: u64,
    /// How many schedules there are; `None`: there were too many states to know.
    pub schedules: Option<u128>,
    /// How many of them do harm.
    pub bad: u128,
    /// The shortest of those, as far as to the harm.
    pub shortest: Option<Vec<Choice>>,
    /// Whether a client can be left waiting for ever.
    pub stuck: bool,
}

/// States beyond this are not looked at.
const MOST_STATES: usize = 4_000_000;

/// Whose turn it is, by place in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Client(u8),
    Background(u8),
    Expires,
    RunsOut,
    Evicted,
}

/// How a state was first come to.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: u32,
    turn: Turn,
}

/// An exploration under way.
pub struct Explorer {
    harm: Harm,
    /// The clients in their own order.
    start: State,
    steps: Steps,
    states: States,
    ways: Vec<Way>,
    edges: Edges,
    /// How many states have been looked at.
    looked: usize,
    /// The first schedule to harm.
    shortest: Option<Vec<Choice>>,
    stuck: bool,
    counting: Option<Counting>,
}

impl Explorer {
    /// At the start of every schedule of `plan`.
    pub fn new(plan: &Plan, harm: Harm) -> Self {
        let mut steps = Steps::new(plan);
        let mut clients = [NOTHING; MOST_CLIENTS];
        for (client, program) in clients.iter_mut().zip(&plan.clients) {
            *client = steps.record(Record { left: *program, stands: Stands::Nowhere });
        }
        let start = State {
            situation: 0,
            clients,
            background: [NOTHING; MOST_BACKGROUND],
            seen: [0; MOST_CLIENTS],
            acknowledged: 0,
        };
        let mut states = States::new();
        states.number(start.sorted());
        Explorer {
            harm,
            start,
            steps,
            states,
            ways: vec![Way { from: 0, turn: Turn::Expires }],
            edges: Edges::default(),
            looked: 0,
            shortest: None,
            stuck: false,
            counting: None,
        }
    }

    /// How much is done, and how much there is as far as is known.
    pub fn progress(&self) -> (u64, u64) {
        let counted = self.counting.as_ref().map_or(0, |counting| counting.done);
        let known = self.states.all.len();
        ((self.looked + counted) as u64, 2 * known as u64)
    }

    /// Whether all is done.
    pub fn is_over(&self) -> bool {
        let all = self.states.all.len();
        self.is_too_much() || self.counting.as_ref().is_some_and(|counting| counting.done == all)
    }

    fn is_too_much(&self) -> bool {
        self.steps.overflown || self.states.all.len() > MOST_STATES
    }

    /// Looks at up to `work` states, or counts the ways to so many.
    pub fn advance(&mut self, work: u64) {
        for _ in 0..work {
            if self.is_too_much() {
                return;
            }
            if self.looked < self.states.all.len() {
                self.look();
                continue;
            }
            let Explorer { counting, states, edges, steps, harm, .. } = self;
            let counting = counting.get_or_insert_with(|| Counting::new(states.all.len(), edges));
            let left = |at: usize| *harm == Harm::Left && is_old(steps, &states.all[at]);
            if !counting.pass_on(edges, left) {
                return;
            }
        }
    }

    /// What was found so far; all there is, once it is over.
    pub fn found(&self) -> Found {
        let complete = self.is_over() && !self.is_too_much();
        let ends = self.counting.as_ref().filter(|_| complete).map(|counting| counting.ends);
        let Ways { well, harmed } = ends.unwrap_or_default();
        Found {
            states: self.states.all.len() as u64,
            schedules: ends.map(|_| well + harmed),
            bad: harmed,
            shortest: self.shortest.clone(),
            stuck: self.stuck,
        }
    }

    /// Takes every step that can be taken from the next state.
    fn look(&mut self) {
        let at = self.looked as u32;
        self.looked += 1;
        let state = self.states.all[at as usize];
        self.edges.begin();
        let token = self.steps.next_token(state.under_way(), state.situation);
        let mut last = None;
        for client in 0..MOST_CLIENTS {
            if state.clients[client] == NOTHING {
                continue;
            }
            if client > 0 && state.client(client) == state.client(client - 1) {
                self.edges_again(last);
                continue;
            }
            last = self.go(at, &state, Turn::Client(client as u8), token);
        }
        for background in 0..MOST_BACKGROUND {
            if state.background[background] == NOTHING {
                break;
            }
            if background > 0 && state.background[background] == state.background[background - 1] {
                self.edges_again(last);
                continue;
            }
            last = self.go(at, &state, Turn::Background(background as u8), token);
        }
        for turn in [Turn::Expires, Turn::RunsOut, Turn::Evicted] {
            self.go(at, &state, turn, token);
        }
        if self.edges.of_last() == 0 {
            self.stuck |= !state.is_idle();
            if self.harm == Harm::Left && is_old(&self.steps, &state) {
                self.harms(at, None);
            }
        }
    }

    /// One more step that leads where the last one did: that of somebody who stands alike.
    fn edges_again(&mut self, edge: Option<Edge>) {
        if let Some(edge) = edge {
            self.edges.push(edge);
        }
    }

    /// Takes the step of `turn` from state number `from`, if there is one that changes anything.
    fn go(&mut self, from: u32, state: &State, turn: Turn, token: u32) -> Option<Edge> {
        let (next, harms) = self.next(state, turn, token)?;
        let next = next.sorted();
        if next == *state {
            return None;
        }
        let (number, is_new) = self.states.number(next);
        if is_new {
            self.ways.push(Way { from, turn });
        }
        if harms {
            self.harms(from, Some(turn));
        }
        let edge = Edge::new(number, harms);
        self.edges.push(edge);
        Some(edge)
    }

    /// What `turn` makes of `state`, everybody in their place, and whether it does harm; `None`: it cannot
    /// be.
    fn next(&mut self, state: &State, turn: Turn, token: u32) -> Option<(State, bool)> {
        let alone = self.steps.alone(state.situation);
        let by_itself = |situation: Option<Id>| Some((State { situation: situation?, ..*state }, false));
        match turn {
            Turn::Expires => by_itself(alone.expired),
            Turn::RunsOut => by_itself(alone.run_out),
            Turn::Evicted => by_itself(alone.evicted.filter(|_| !state.is_idle())),
            Turn::Client(at) if self.steps.waits(state.clients[at as usize]) => None,
            Turn::Client(at) => Some(self.client(state, at as usize, token)),
            Turn::Background(at) => Some((self.background(state, at as usize, token), false)),
        }
    }

    fn client(&mut self, state: &State, at: usize, token: u32) -> (State, bool) {
        let (record, seen) = state.client(at);
        let leads = self.steps.take(record, state.situation, token);
        let mut next = State { situation: leads.situation, ..*state };
        let begins = self.steps.is_between(record);
        next.clients[at] = leads.to;
        next.seen[at] = if begins { state.acknowledged } else { seen };
        let mut harms = self.brings(&mut next, at, leads.reads, leads.comes_to);
        for woken in leads.woken() {
            for at in 0..MOST_CLIENTS {
                if let Some(to) = self.steps.goes_on(state.clients[at], woken) {
                    next.clients[at] = to;
                    harms |= self.brings(&mut next, at, woken.reads, woken.comes_to);
                }
            }
        }
        self.begin(&mut next, &leads.begun);
        (next, harms)
    }

    /// What a step has brought the client in place `at`; whether that is harm.
    fn brings(&self, next: &mut State, at: usize, reads: bool, comes_to: ComesTo) -> bool {
        let seen = next.seen[at];
        if self.harm != Harm::Read || !reads || comes_to != ComesTo::Nothing {
            next.seen[at] = 0;
        }
        match comes_to {
            _ if self.harm != Harm::Read => false,
            ComesTo::Value(value) if reads => value < seen,
            ComesTo::Value(value) => {
                next.acknowledged = value.max(next.acknowledged);
                false
            }
            ComesTo::Nothing | ComesTo::Error => false,
        }
    }

    fn background(&mut self, state: &State, at: usize, token: u32) -> State {
        let leads = self.steps.take(state.background[at], state.situation, token);
        let mut next = State { situation: leads.situation, ..*state };
        next.background[at] = leads.to;
        self.begin(&mut next, &leads.begun);
        next
    }

    /// Puts what has begun into free places.
    fn begin(&mut self, state: &mut State, begun: &[Id]) {
        for id in begun.iter().filter(|id| **id != NOTHING) {
            match state.background.iter_mut().rev().find(|place| **place == NOTHING) {
                Some(place) => *place = *id,
                None => self.steps.overflown = true,
            }
        }
    }

    /// There is harm in state number `at`, or in `turn` after it. The first is the nearest.
    fn harms(&mut self, at: u32, turn: Option<Turn>) {
        if self.shortest.is_none() {
            self.shortest = Some(self.schedule(at, turn));
        }
    }

    /// The schedule by which state number `to` was first come to, and one turn more, by the clients’ own
    /// numbers.
    fn schedule(&mut self, to: u32, last: Option<Turn>) -> Vec<Choice> {
        let mut turns: Vec<Turn> = last.into_iter().collect();
        let mut at = to;
        while at != 0 {
            let Way { from, turn } = self.ways[at as usize];
            turns.push(turn);
            at = from;
        }
        let mut named = Named::new(self.start);
        turns.iter().rev().filter_map(|turn| named.take(*turn, self)).collect()
    }
}

/// A state in which it is known who is who.
struct Named {
    state: State,
    /// The number of the client in each place.
    clients: [u32; MOST_CLIENTS],
    /// The number of what is in the background in each place; 0: nothing.
    background: [u32; MOST_BACKGROUND],
    begun: u32,
}

impl Named {
    fn new(start: State) -> Self {
        let clients = std::array::from_fn(|at| at as u32 + 1);
        let mut named = Named { state: start, clients, background: [0; MOST_BACKGROUND], begun: 0 };
        named.sort();
        named
    }

    /// Takes the step of `turn`, and says whose it was.
    fn take(&mut self, turn: Turn, explorer: &mut Explorer) -> Option<Choice> {
        let choice = match turn {
            Turn::Client(at) => Choice::Client(self.clients[at as usize]),
            Turn::Background(at) => Choice::Background(self.background[at as usize]),
            Turn::Expires => Choice::Expires,
            Turn::RunsOut => Choice::RunsOut,
            Turn::Evicted => Choice::Evicted,
        };
        let token = explorer.steps.next_token(self.state.under_way(), self.state.situation);
        (self.state, _) = explorer.next(&self.state, turn, token)?;
        for (id, name) in self.state.background.iter().zip(&mut self.background).rev() {
            if *id != NOTHING && *name == 0 {
                self.begun += 1;
                *name = self.begun;
            }
            if *id == NOTHING {
                *name = 0;
            }
        }
        self.sort();
        Some(choice)
    }

    /// Puts it in the order in which [`State::sorted`] does; of those that stand alike the lowest number
    /// comes first.
    fn sort(&mut self) {
        let mut clients: [_; MOST_CLIENTS] =
            std::array::from_fn(|at| (self.state.client(at), self.clients[at]));
        clients.sort_by(|(a, name), (b, other)| b.cmp(a).then(name.cmp(other)));
        for (at, ((id, seen), name)) in clients.into_iter().enumerate() {
            (self.state.clients[at], self.state.seen[at], self.clients[at]) = (id, seen, name);
        }
        let mut background: [_; MOST_BACKGROUND] =
            std::array::from_fn(|at| (self.state.background[at], self.background[at]));
        background.sort_by(|(a, name), (b, other)| b.cmp(a).then(name.cmp(other)));
        for (at, (id, name)) in background.into_iter().enumerate() {
            (self.state.background[at], self.background[at]) = (id, name);
        }
    }
}

/// Whether the cache holds a value that is older than the database’s.
fn is_old(steps: &Steps, state: &State) -> bool {
    let situation = steps.situation(state.situation);
    let entry = situation.entry.and_then(|entry| entry.content);
    entry.is_some_and(|version| version.number < situation.row)
}
