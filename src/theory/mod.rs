//! Closed forms, to stand beside what was measured. No simulation in here.
