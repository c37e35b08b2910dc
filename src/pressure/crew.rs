//! The workers of a stage.

use super::Request;
use crate::kernel::{Events, Span, Time};

/// One worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Worker {
    /// It is not there.
    Absent,
    /// It is being started.
    Starting {
        /// Until when.
        until: Time,
    },
    /// It has nothing to do.
    Idle,
    /// It works on a request.
    Busy {
        /// Which.
        request: Request,
        /// Since when.
        from: Time,
        /// Until when.
        until: Time,
    },
    /// It is done with a request and cannot hand it on.
    Stuck {
        /// Which.
        request: Request,
        /// Since when.
        since: Time,
    },
}

/// All workers of a stage.
#[derive(Clone, Debug)]
pub struct Crew {
    workers: Vec<Worker>,
    /// When which worker is done or ready; what was scheduled before the last break-down is void.
    alarms: Events<(u32, u32)>,
    /// How often the stage has broken down.
    life: u32,
    idle: usize,
    /// Workers that hold a request.
    occupied: usize,
    starting: usize,
}

impl Crew {
    /// So many idle workers.
    pub fn new(workers: usize) -> Self {
        Crew {
            workers: vec![Worker::Idle; workers],
            alarms: Events::new(),
            life: 0,
            idle: workers,
            occupied: 0,
            starting: 0,
        }
    }

    /// The workers, in order.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// How many have nothing to do.
    pub fn idle(&self) -> usize {
        self.idle
    }

    /// How many hold a request.
    pub fn occupied(&self) -> usize {
        self.occupied
    }

    /// How many there are, those included that are being started.
    pub fn paid(&self) -> usize {
        self.idle + self.occupied + self.starting
    }

    /// When the next of them is done or ready.
    pub fn next_time(&mut self) -> Option<Time> {
        while self.alarms.peek().is_some_and(|(_, (_, life))| *life != self.life) {
            self.alarms.forget();
        }
        self.alarms.next_time()
    }

    /// The one whose time has come.
    pub fn take_next(&mut self) -> Option<u32> {
        self.alarms.next().map(|(_, (worker, _))| worker)
    }

    /// Lets an idle worker begin with `request`, which takes so long, and says who it is.
    pub fn begin(&mut self, request: Request, now: Time, work: Span) -> Option<u32> {
        let at = self.workers.iter().position(|worker| *worker == Worker::Idle)?;
        let until = now + work;
        self.workers[at] = Worker::Busy { request, from: now, until };
        self.alarms.schedule(until, (at as u32, self.life));
        self.idle -= 1;
        self.occupied += 1;
        Some(at as u32)
    }

    /// `worker` is done: what it has worked on, and for how long. It stays with it until it is
    /// [let go](Crew::release).
    pub fn done(&mut self, worker: u32) -> Option<(Request, Span)> {
        match self.workers.get(worker as usize)? {
            Worker::Busy { request, from, until } => Some((*request, until.since(*from))),
            _ => None,
        }
    }

    /// `worker` keeps `request`, because it cannot hand it on.
    pub fn stick(&mut self, worker: u32, request: Request, since: Time) {
        self.workers[worker as usize] = Worker::Stuck { request, since };
    }

    /// `worker` has nothing to do any more.
    pub fn release(&mut self, worker: u32) {
        self.workers[worker as usize] = Worker::Idle;
        self.occupied -= 1;
        self.idle += 1;
    }

    /// Whether `worker` was being started; it is ready now.
    pub fn is_ready(&mut self, worker: u32) -> bool {
        let ready = matches!(self.workers.get(worker as usize), Some(Worker::Starting { .. }));
        if ready {
            self.workers[worker as usize] = Worker::Idle;
            self.starting -= 1;
            self.idle += 1;
        }
        ready
    }

    /// Starts so many more workers.
    pub fn hire(&mut self, workers: usize, ready: Time) {
        for _ in 0..workers {
            let free = self.workers.iter().position(|worker| *worker == Worker::Absent);
            let at = free.unwrap_or_else(|| {
                self.workers.push(Worker::Absent);
                self.workers.len() - 1
            });
            self.workers[at] = Worker::Starting { until: ready };
            self.alarms.schedule(ready, (at as u32, self.life));
            self.starting += 1;
        }
    }

    /// Does without up to so many idle workers, the last ones first, and says how many.
    pub fn dismiss(&mut self, workers: usize) -> usize {
        let idle = self.workers.iter_mut().rev().filter(|worker| **worker == Worker::Idle);
        let mut dismissed = 0;
        for worker in idle.take(workers) {
            *worker = Worker::Absent;
            dismissed += 1;
        }
        self.idle -= dismissed;
        dismissed
    }

    /// All work is lost; hands over what was held. Who is being started is started anew by `back`.
    pub fn lose(&mut self, back: Time, mut lost: impl FnMut(Request, bool)) {
        self.life += 1;
        for (at, worker) in self.workers.iter_mut().enumerate() {
            match *worker {
                Worker::Busy { request, .. } => lost(request, false),
                Worker::Stuck { request, .. } => lost(request, true),
                Worker::Starting { until } => {
                    let until = until.max(back);
                    *worker = Worker::Starting { until };
                    self.alarms.schedule(until, (at as u32, self.life));
                    continue;
                }
                Worker::Idle | Worker::Absent => continue,
            }
            *worker = Worker::Idle;
        }
        self.idle += self.occupied;
        self.occupied = 0;
    }
}
