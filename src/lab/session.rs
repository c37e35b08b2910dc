//! A lab with a way back: checkpoints every so many steps and a replay from the nearest one.
//!
//! [`Session::seek`] is the only primitive; a step, a step back, a scrub and a restored link are
//! all seeks. What the state was comes out exactly, because a lab is deterministic.

use super::{Clock, Lab, Moment, Scene};
use std::collections::VecDeque;

/// A lab that can be moved to any of its steps.
pub struct Session {
    lab: Box<dyn Lab>,
    /// The last moments up to the present one, at most [`Session::RECENT`].
    recent: VecDeque<Moment>,
    /// Copies of the lab at rising positions; the first is the start.
    checkpoints: Vec<Box<dyn Lab>>,
    spacing: u64,
    most: usize,
    /// A copy a little before the last far target, so that stepping back from there is quick even
    /// where checkpoints are far apart.
    anchor: Option<Box<dyn Lab>>,
}

impl Session {
    /// How many moments before the present one are at hand, the present one included.
    pub const RECENT: u64 = 8;
    /// About how many bytes all checkpoints together may take.
    const BUDGET: usize = 48 << 20;
    /// Steps between checkpoints while there are few.
    const SPACING: u64 = 64;

    /// A session at the start of `lab`.
    pub fn new(lab: Box<dyn Lab>) -> Self {
        let most = (Self::BUDGET / lab.weight().max(1)).clamp(1, 256);
        let checkpoints = vec![lab.duplicate()];
        Session { lab, recent: VecDeque::new(), checkpoints, spacing: Self::SPACING, most, anchor: None }
    }

    /// How many steps have been taken.
    pub fn position(&self) -> u64 {
        self.lab.position()
    }

    /// How many steps there are in all.
    pub fn length(&self) -> u64 {
        self.lab.length()
    }

    /// What the last step did; `None` at the start.
    pub fn moment(&self) -> Option<&Moment> {
        self.recent.back()
    }

    /// The last moments, the present one first.
    pub fn recent(&self) -> impl Iterator<Item = &Moment> {
        self.recent.iter().rev()
    }

    /// The state as a picture.
    pub fn scene(&self) -> Scene {
        self.lab.scene()
    }

    /// Where it stands in model time; `None` where no time runs.
    pub fn clock(&self) -> Option<Clock> {
        self.lab.clock()
    }

    /// Moves to the state after `target` steps, or to the last one there is.
    pub fn seek(&mut self, target: u64) {
        while !self.approach(target, u64::MAX) {}
    }

    /// Moves towards the state after `target` steps by at most about `work` replayed steps, and
    /// says whether it is reached. The page calls this once a frame when the way is long.
    pub fn approach(&mut self, target: u64, work: u64) -> bool {
        let target = target.min(self.length());
        let told_from = target.saturating_sub(Self::RECENT);
        if self.has_told(target) {
            return true;
        }
        if self.position() > target || !self.has_told(self.position()) || self.position() < told_from {
            self.start_before(told_from);
            if !self.replay(told_from, work.max(1)) {
                return false;
            }
        }
        while self.position() < target {
            self.keep_checkpoint();
            self.tell_next();
        }
        true
    }

    /// Moves to the last step at or before `seconds` of model time; where no time runs, nowhere.
    pub fn seek_time(&mut self, seconds: f64) {
        while !self.approach_time(seconds, u64::MAX) {}
    }

    /// Moves towards the last step at or before `seconds` by at most about `work` replayed steps, and
    /// says whether it is reached. Short ways forward, as in playing, are told step by step.
    pub fn approach_time(&mut self, seconds: f64, work: u64) -> bool {
        if self.clock().is_none() {
            return true;
        }
        if !self.start_near(seconds) && self.has_told(self.position()) {
            for _ in 0..4 * Self::RECENT {
                if !self.is_due(seconds) {
                    return true;
                }
                self.keep_checkpoint();
                self.tell_next();
            }
        }
        let mut left = work.max(1);
        while self.is_due(seconds) {
            if left == 0 {
                return false;
            }
            self.lab.advance(1);
            self.recent.clear();
            left -= 1;
            self.keep_checkpoint();
        }
        self.approach(self.position(), u64::MAX)
    }

    /// Whether the next step happens at or before `seconds`.
    fn is_due(&self, seconds: f64) -> bool {
        let next = self.clock().and_then(|clock| clock.next);
        next.is_some_and(|next| next <= seconds)
    }

    /// Goes to the last checkpoint at or before `seconds`, unless the lab itself stands nearer, and
    /// says whether it did.
    fn start_near(&mut self, seconds: f64) -> bool {
        let now = |lab: &dyn Lab| lab.clock().map_or(0.0, |clock| clock.now);
        let after = self.checkpoints.partition_point(|lab| now(&**lab) <= seconds);
        let Some(copy) = self.checkpoints.get(after.saturating_sub(1)) else { return false };
        if now(&*self.lab) <= seconds && copy.position() <= self.position() {
            return false;
        }
        self.lab = copy.duplicate();
        self.recent.clear();
        true
    }

    /// Whether the lab stands at `position` with all recent moments at hand.
    fn has_told(&self, position: u64) -> bool {
        self.position() == position && self.recent.len() as u64 == position.min(Self::RECENT)
    }

    /// Goes to the nearest copy at or before `target`, unless the lab itself stands nearer.
    fn start_before(&mut self, target: u64) {
        let here = self.position();
        let after = self.checkpoints.partition_point(|lab| lab.position() <= target);
        let checkpoint = after.checked_sub(1).map(|at| &self.checkpoints[at]);
        let copies = checkpoint.into_iter().chain(&self.anchor).filter(|lab| lab.position() <= target);
        let nearest = copies.max_by_key(|lab| lab.position());
        if let Some(copy) = nearest.filter(|copy| here > target || copy.position() > here) {
            self.lab = copy.duplicate();
        }
        self.recent.clear();
    }

    /// Replays silently up to `target`, leaving checkpoints and an anchor on the way.
    fn replay(&mut self, target: u64, work: u64) -> bool {
        let mut left = work;
        let anchor = target.saturating_sub(Self::SPACING);
        while self.position() < target && left > 0 {
            let here = self.position();
            let stops = [target, (here / self.spacing + 1) * self.spacing, anchor];
            let stop = stops.into_iter().filter(|stop| *stop > here).min().unwrap_or(target);
            let steps = (stop - here).min(left);
            self.lab.advance(steps);
            left -= steps;
            self.keep_checkpoint();
            if self.position() == anchor {
                self.anchor = Some(self.lab.duplicate());
            }
        }
        self.position() == target
    }

    fn tell_next(&mut self) {
        if self.recent.len() as u64 == Self::RECENT {
            self.recent.pop_front();
        }
        self.recent.extend(self.lab.step());
    }

    fn keep_checkpoint(&mut self) {
        let here = self.position();
        let last = self.checkpoints.last().map_or(0, |lab| lab.position());
        if !here.is_multiple_of(self.spacing) || here <= last {
            return;
        }
        if self.checkpoints.len() >= self.most {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints.retain(|lab| lab.position().is_multiple_of(spacing));
        }
        // Room is made first: a copy of a lab with a million keys takes fifty megabytes.
        if here.is_multiple_of(self.spacing) && self.checkpoints.len() < self.most {
            self.checkpoints.push(self.lab.duplicate());
        }
    }
}
