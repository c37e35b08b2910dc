//! What a policy is, what it says about itself, and how it tells what it does.

use super::Anatomy;
use crate::catalogue::{About, Parameters, Rule};
use crate::trace::Key;
use serde::Serialize;
use std::rc::Rc;

/// An eviction policy: it decides what enters, what stays and what leaves.
///
/// [`Policy::request`] is the only way in, for a single step and for a run of millions alike.
pub trait Policy: Clone + PartialEq + std::fmt::Debug + Sized + 'static {
    /// What this policy is, for menus, forms and the source panel.
    const ABOUT: About;

    /// An empty cache. `setup.capacity` is at least 1 and the parameters are those of
    /// [`Policy::ABOUT`], within their ranges.
    fn new(setup: &Setup) -> Self;

    /// Serves one request for `key` and tells `probe` every change on the way.
    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome;

    /// Shows what the cache holds now, segment by segment.
    fn show(&self, anatomy: &mut Anatomy);
}

/// What a policy is made for.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many objects the cache holds; at least 1.
    pub capacity: usize,
    /// How many different keys the stream may ask for; every key is below it.
    pub keys: usize,
    /// Fixes every random choice.
    pub seed: u64,
    /// The policy's own parameters, complete and within their ranges.
    pub parameters: Parameters,
    /// The whole stream, for policies that know the future; the others do not look.
    pub future: Rc<[Key]>,
}

/// Whether the cache could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The object was in the cache.
    Hit,
    /// The object was not in the cache.
    Miss,
}

/// One change to one object, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Because {
    /// The object concerned.
    pub key: Key,
    /// What happened to it.
    pub change: Change,
    /// The rule that made it happen.
    pub rule: &'static Rule,
    /// A figure that the rule decided by: a count, or the number of a request, counted from 1.
    pub number: Option<u32>,
}

/// What can happen to an object. The strings are names of segments, as in the [`Anatomy`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is found, and nothing moves.
    Stays,
    /// Its mark is now set or cleared.
    Marks(bool),
    /// Its count is now this.
    Counts(u32),
    /// It comes into the cache. A ghost list that remembered it no longer does.
    Enters {
        /// Where it is put.
        into: &'static str,
    },
    /// It changes its place within the cache; both names may be the same.
    Moves {
        /// Where it was.
        from: &'static str,
        /// Where it is now.
        to: &'static str,
    },
    /// It leaves the cache.
    Leaves {
        /// Where it was.
        from: &'static str,
        /// The ghost list that remembers it, if one does.
        remembered: Option<&'static str>,
    },
    /// A ghost list no longer remembers it.
    Forgotten {
        /// The ghost list.
        from: &'static str,
    },
    /// It was asked for and is not let in.
    Bypasses,
    /// A target that the policy tunes by itself moved.
    Adapts {
        /// The name of the [`super::Dial`].
        dial: &'static str,
        /// Its value before.
        from: f64,
        /// Its value now.
        to: f64,
    },
}

/// Somebody who listens to a policy at work.
pub trait Probe {
    /// A change was made to `key` by `rule`, which decided by `number`.
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>);

    /// A change was made to `key` by `rule`.
    #[inline(always)]
    fn tell(&mut self, key: Key, change: Change, rule: &'static Rule) {
        self.tell_number(key, change, rule, None);
    }
}

/// The probe that listens to nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silent;

impl Probe for Silent {
    #[inline(always)]
    fn tell_number(&mut self, _: Key, _: Change, _: &'static Rule, _: Option<u32>) {}
}

/// The probe that keeps every reason, in order.
impl Probe for Vec<Because> {
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>) {
        self.push(Because { key, change, rule, number });
    }
}
