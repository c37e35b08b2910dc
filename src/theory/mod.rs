//! Closed forms, to stand beside what was measured. No simulation in here.

pub mod bloom;
pub mod che;
pub mod poisson;
pub mod queueing;
pub mod stampede;
pub mod student_t;
pub mod ttl;
pub mod write_behind;
pub mod zipf;
