//! Closed forms, to stand beside what was measured. No simulation in here.

pub mod che;
pub mod poisson;
pub mod queueing;
pub mod student_t;
pub mod zipf;
