//! The limiters, in the order of the menu. A new one is a file and a line here.

use super::{
    Limiter, aimd, concurrency, fixed_window, gcra, gradient2, guava, guava_warm_up, leaky_bucket,
    leaky_meter, nginx, sliding_counter, sliding_log, token_bucket, vegas,
};
use crate::catalogue::{About, Parameters};

/// A limiter as a line in the list.
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Makes one with these parameters, which are its own.
    pub build: fn(&Parameters) -> Box<dyn Limiter>,
}

/// Every limiter.
pub const LIMITERS: &[Entry] = &[
    Entry {
        about: &fixed_window::ABOUT,
        build: |parameters| Box::new(fixed_window::FixedWindow::new(parameters)),
    },
    Entry {
        about: &sliding_log::ABOUT,
        build: |parameters| Box::new(sliding_log::SlidingLog::new(parameters)),
    },
    Entry {
        about: &sliding_counter::ABOUT,
        build: |parameters| Box::new(sliding_counter::SlidingCounter::new(parameters)),
    },
    Entry {
        about: &token_bucket::ABOUT,
        build: |parameters| Box::new(token_bucket::TokenBucket::new(parameters)),
    },
    Entry {
        about: &leaky_bucket::ABOUT,
        build: |parameters| Box::new(leaky_bucket::LeakyBucket::new(parameters)),
    },
    Entry {
        about: &leaky_meter::ABOUT,
        build: |parameters| Box::new(leaky_meter::LeakyMeter::new(parameters)),
    },
    Entry { about: &gcra::ABOUT, build: |parameters| Box::new(gcra::Gcra::new(parameters)) },
    Entry { about: &nginx::ABOUT, build: |parameters| Box::new(nginx::Nginx::new(parameters)) },
    Entry {
        about: &concurrency::ABOUT,
        build: |parameters| Box::new(concurrency::Concurrency::new(parameters)),
    },
    Entry { about: &aimd::ABOUT, build: |parameters| Box::new(aimd::Aimd::new(parameters)) },
    Entry { about: &vegas::ABOUT, build: |parameters| Box::new(vegas::Vegas::new(parameters)) },
    Entry { about: &gradient2::ABOUT, build: |parameters| Box::new(gradient2::Gradient2::new(parameters)) },
    Entry { about: &guava::ABOUT, build: |parameters| Box::new(guava::Guava::new(parameters)) },
    Entry {
        about: &guava_warm_up::ABOUT,
        build: |parameters| Box::new(guava_warm_up::GuavaWarmUp::new(parameters)),
    },
];

/// The limiter that scenarios call `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    LIMITERS.iter().find(|entry| entry.about.id == id)
}
