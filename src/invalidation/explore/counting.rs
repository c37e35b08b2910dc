//! How many schedules there are: paths through the states, counted without walking any of them.
//!
//! A state is counted when all that lead to it are: then the ways to it are the sum of the ways to them.
//! The ways with harm on them are counted apart.

/// A step from a state to the next: the next one’s number, and in the highest bit whether it does harm.
#[derive(Clone, Copy, Debug)]
pub struct Edge(u32);

impl Edge {
    const HARM: u32 = 1 << 31;

    /// A step to state `to`.
    pub fn new(to: u32, harms: bool) -> Self {
        Edge(if harms { to | Self::HARM } else { to })
    }

    /// Where it leads.
    pub fn to(self) -> usize {
        (self.0 & !Self::HARM) as usize
    }

    /// Whether it does harm.
    pub fn harms(self) -> bool {
        self.0 & Self::HARM != 0
    }
}

/// The steps from every state, one state’s after another’s.
#[derive(Default)]
pub struct Edges {
    all: Vec<Edge>,
    /// Where those of each state begin.
    from: Vec<u32>,
}

impl Edges {
    /// Those of the next state begin.
    pub fn begin(&mut self) {
        self.from.push(self.all.len() as u32);
    }

    /// One more of the state that was begun last.
    pub fn push(&mut self, edge: Edge) {
        self.all.push(edge);
    }

    /// How many the state that was begun last has.
    pub fn of_last(&self) -> usize {
        self.from.last().map_or(0, |from| self.all.len() - *from as usize)
    }

    /// Those of state `at`.
    pub fn of(&self, at: usize) -> &[Edge] {
        let until = self.from.get(at + 1).map_or(self.all.len(), |until| *until as usize);
        &self.all[self.from[at] as usize..until]
    }
}

/// How many ways there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Without harm so far.
    pub well: u128,
    /// With harm on them.
    pub harmed: u128,
}

/// Counting under way.
pub struct Counting {
    ways: Vec<Ways>,
    /// How many steps to each state are yet to be counted.
    open: Vec<u32>,
    /// The states all steps to which are counted, in that order.
    ready: Vec<u32>,
    /// How many of those have been passed on.
    pub done: usize,
    /// The ways to the ends.
    pub ends: Ways,
}

impl Counting {
    /// At the first of so many states.
    pub fn new(states: usize, edges: &Edges) -> Self {
        let mut open = vec![0; states];
        edges.all.iter().for_each(|edge| open[edge.to()] += 1);
        let mut ways = vec![Ways::default(); states];
        ways[0].well = 1;
        Counting { ways, open, ready: vec![0], done: 0, ends: Ways::default() }
    }

    /// Passes the ways of the next state on, and says whether there was one. `left` says whether an end
    /// does harm.
    pub fn pass_on(&mut self, edges: &Edges, left: impl Fn(usize) -> bool) -> bool {
        let Some(at) = self.ready.get(self.done).map(|at| *at as usize) else { return false };
        self.done += 1;
        let ways = self.ways[at];
        for edge in edges.of(at) {
            let to = &mut self.ways[edge.to()];
            if edge.harms() {
                to.harmed += ways.well + ways.harmed;
            } else {
                to.well += ways.well;
                to.harmed += ways.harmed;
            }
            self.open[edge.to()] -= 1;
            if self.open[edge.to()] == 0 {
                self.ready.push(edge.to() as u32);
            }
        }
        if edges.of(at).is_empty() {
            let harms = left(at);
            self.ends.well += if harms { 0 } else { ways.well };
            self.ends.harmed += ways.harmed + if harms { ways.well } else { 0 };
        }
        true
    }
}
