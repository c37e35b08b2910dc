//! The steady state of a system that admits up to so many, built up one place at a time.
//!
//! Let n be the number inside, λ the rate at which it grows, and dₙ the rate at which it falls. In
//! the steady state λ pₙ₋₁ = dₙ pₙ (Kleinrock, "Queueing Systems, Volume 1", 1975, section 3.1).
//! Another place on top of a system leaves the proportions below as they were. So if r is the odds
//! of being below the highest state, one more state gives r' = (d / λ)(1 + r), and every mean
//! moves towards its value in the new state by that state's probability, 1 / (1 + r').
//!
//! For c servers without a queue this is the inverse recurrence of Erlang B. All terms are
//! positive and no step subtracts, so that nothing cancels; where r outgrows the floating point
//! numbers, the new state has no probability that could be noticed.

/// Means over the states from the lowest to the highest so far.
pub(super) struct Chain {
    servers: f64,
    highest: f64,
    /// The odds of being below the highest state.
    below: f64,
    /// The probability that all servers are busy.
    pub(super) all_busy: f64,
    /// How many servers are busy.
    pub(super) serving: f64,
    /// How many wait.
    pub(super) waiting: f64,
}

impl Chain {
    /// A system that always has `inside` inside.
    pub(super) fn new(servers: f64, inside: f64) -> Self {
        let serving = inside.min(servers);
        let all_busy = f64::from(serving == servers);
        Chain { servers, highest: inside, below: 0.0, all_busy, serving, waiting: inside - serving }
    }

    /// A place for each server and none to wait; the load is in erlangs.
    pub(super) fn of_servers(offered: f64, servers: u32) -> Self {
        let mut chain = Chain::new(f64::from(servers), 0.0);
        for busy in 1..=servers {
            chain.raise(f64::from(busy) / offered);
        }
        chain
    }

    /// Admits one more. `fall` is the rate at which the number inside falls in the new state, in
    /// proportion to the rate at which it grows in the state below.
    pub(super) fn raise(&mut self, fall: f64) {
        self.highest += 1.0;
        self.below = fall * (1.0 + self.below);
        let new = self.at_top();
        let serving = self.highest.min(self.servers);
        self.all_busy += new * (f64::from(serving == self.servers) - self.all_busy);
        self.serving += new * (serving - self.serving);
        self.waiting += new * (self.highest - serving - self.waiting);
    }

    /// How many are inside in the highest state.
    pub(super) fn highest(&self) -> f64 {
        self.highest
    }

    /// The probability of the highest state.
    pub(super) fn at_top(&self) -> f64 {
        1.0 / (1.0 + self.below)
    }
}
