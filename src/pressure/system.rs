//! Callers, and one to three stages behind each other, at work.

use super::stage::{Ended, Plan, Stage};
use super::{Answer, Callers, Heard, Levels, Live, Name, Probe, Request, Statistics, Traffic, Verdict};
use crate::kernel::Time;

/// What a chain of stages is built from.
pub struct Order {
    /// What callers send.
    pub traffic: Traffic,
    /// Each stage's answer and the rest of it, the first stage first.
    pub stages: Vec<(Box<dyn Answer>, Plan)>,
    /// What happens to stages by itself.
    pub trouble: Vec<Trouble>,
}

/// Something that happens to a stage by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trouble {
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// To which stage, counted from 0.
    pub stage: usize,
    /// How many times as long work takes; `None`: the stage is down.
    pub slow: Option<f64>,
}

/// Callers and stages at work.
#[derive(Clone, Debug)]
pub struct System {
    callers: Callers,
    stages: Vec<Stage>,
    /// When which stage goes down or changes its speed, by rising time.
    edges: Vec<(Time, usize, Edge)>,
    edge: usize,
    now: Time,
    ended: Ended,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Edge {
    Down(Time),
    Slow(f64),
}

/// What happens next; of what comes together, the first of these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Worker(usize),
    ComesBack(usize),
    Edge,
    Acts(usize),
    TimesOut,
    SendsAgain,
    Sends,
}

impl System {
    /// Callers that have sent nothing yet, and empty stages.
    pub fn new(order: Order) -> Self {
        let stages = order.stages.into_iter().enumerate();
        let mut edges = Vec::new();
        for trouble in &order.trouble {
            match trouble.slow {
                None => edges.push((trouble.from, trouble.stage, Edge::Down(trouble.until))),
                Some(times) => {
                    edges.push((trouble.from, trouble.stage, Edge::Slow(times)));
                    edges.push((trouble.until, trouble.stage, Edge::Slow(1.0)));
                }
            }
        }
        edges.sort_by_key(|(at, ..)| *at);
        System {
            callers: Callers::new(order.traffic),
            stages: stages.map(|(at, (answer, plan))| Stage::new(at as u8, answer, plan)).collect(),
            edges,
            edge: 0,
            now: Time::ZERO,
            ended: Ended::new(),
        }
    }

    /// The callers.
    pub fn callers(&self) -> &Callers {
        &self.callers
    }

    /// The stages, the first one first.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// How much there is of everything.
    pub fn levels(&self) -> Levels {
        let mut levels = Levels { open: self.callers.open(), ..Levels::default() };
        for stage in &self.stages {
            levels.held += stage.held();
            levels.working += stage.crew().occupied();
            levels.at_door += stage.door().len();
            levels.workers += stage.crew().paid();
        }
        levels.outside = self.stages.first().map_or(0, |stage| stage.door().len());
        levels
    }

    /// When the next event happens; `None` when nothing more will.
    pub fn next_time(&mut self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    /// Lets the next event happen without keeping reasons.
    pub fn skip(&mut self, live: &mut Live) {
        self.happen(live);
    }

    /// Lets the next event happen and adds what was heard.
    pub fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut (live, heard));
    }

    /// Lets up to `events` events happen, none of them after `until`, counts them in `statistics`,
    /// and says how many there were.
    pub fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        for done in 0..events {
            if self.next_time().is_none_or(|next| next > until) {
                return done;
            }
            self.happen(statistics);
            statistics.read(self.now, self.levels());
        }
        events
    }

    fn is_over(&self) -> bool {
        let idle = |stage: &Stage| stage.held() == 0 && stage.door().is_empty();
        let quiet = self.callers.next_sent().is_none() && self.callers.next_retry().is_none();
        quiet && self.stages.iter().all(idle)
    }

    fn next(&mut self) -> Option<(Time, Next)> {
        if self.is_over() {
            return None;
        }
        let mut first: Option<(Time, Next)> = None;
        let mut consider = |at: Option<Time>, next: Next| {
            if let Some(at) = at
                && first.is_none_or(|first| (at, next) < first)
            {
                first = Some((at, next));
            }
        };
        for (at, stage) in self.stages.iter_mut().enumerate() {
            consider(stage.next_worker(), Next::Worker(at));
            consider(stage.down(), Next::ComesBack(at));
            consider(stage.next_act(), Next::Acts(at));
        }
        consider(self.edges.get(self.edge).map(|(at, ..)| *at), Next::Edge);
        consider(self.callers.next_time_out(), Next::TimesOut);
        consider(self.callers.next_retry(), Next::SendsAgain);
        consider(self.callers.next_sent(), Next::Sends);
        first.map(|(at, next)| (at.max(self.now), next))
    }

    fn happen(&mut self, probe: &mut dyn Probe) {
        let Some((now, next)) = self.next() else { return };
        self.now = now;
        match next {
            Next::Worker(stage) => self.worker_acts(stage, probe),
            Next::ComesBack(stage) => self.stages[stage].come_back(now, probe),
            Next::Edge => self.trouble(probe),
            Next::Acts(stage) => self.stages[stage].act(now, &mut self.ended, probe),
            Next::TimesOut => self.time_out(probe),
            Next::SendsAgain => {
                let request = self.callers.send_again(probe);
                self.offer(request, probe);
            }
            Next::Sends => {
                let request = self.callers.send(probe);
                self.offer(request, probe);
            }
        }
        self.settle(probe);
    }

    fn offer(&mut self, request: Option<Request>, probe: &mut dyn Probe) {
        if let (Some(request), Some(stage)) = (request, self.stages.first_mut()) {
            stage.offer(request, self.now, &mut self.ended, probe);
        }
    }

    fn time_out(&mut self, probe: &mut dyn Probe) {
        if let (Some(name), Some(stage)) = (self.callers.time_out(probe), self.stages.first_mut()) {
            stage.leave_door(name, self.now, &mut self.ended, probe);
        }
    }

    /// A worker is ready or done; who is done hands on, or gives the answer.
    fn worker_acts(&mut self, stage: usize, probe: &mut dyn Probe) {
        let (now, ended) = (self.now, &mut self.ended);
        let Some((worker, request)) = self.stages[stage].worker_acts(now, probe) else { return };
        let (this, behind) = self.stages.split_at_mut(stage + 1);
        let this = &mut this[stage];
        let Some(next) = behind.first_mut() else {
            this.release(worker);
            return self.callers.answer(&request, stage as u8, now, probe);
        };
        let offered = Request { holder: Some(worker), ..request };
        match next.offer(offered, now, ended, probe) {
            Verdict::AtDoor => this.stick(worker, request, now, probe),
            Verdict::Inside | Verdict::Away => this.release(worker),
        }
    }

    fn trouble(&mut self, probe: &mut dyn Probe) {
        let Some((_, stage, edge)) = self.edges.get(self.edge).copied() else { return };
        self.edge += 1;
        let Some(stage) = self.stages.get_mut(stage) else { return };
        match edge {
            Edge::Down(back) => stage.break_down(self.now, back, &mut self.ended, probe),
            Edge::Slow(times) => stage.slow_down(self.now, times, probe),
        }
    }

    /// Lets everything happen that can happen now: who is at a door comes in, workers begin, and
    /// callers learn what came to nothing.
    fn settle(&mut self, probe: &mut dyn Probe) {
        let mut moved = true;
        while moved {
            moved = false;
            self.lose_doors(probe);
            for at in (0..self.stages.len()).rev() {
                moved |= self.let_in(at, probe);
            }
        }
        for at in 0..self.ended.len() {
            let (request, _) = self.ended[at];
            self.callers.try_again(request.name, self.now, probe);
        }
        self.ended.clear();
    }

    fn lose_doors(&mut self, probe: &mut dyn Probe) {
        for at in 1..self.stages.len() {
            if self.stages[at - 1].down().is_some() {
                self.stages[at].lose_door(self.now, &mut self.ended, probe);
            }
        }
    }

    fn let_in(&mut self, at: usize, probe: &mut dyn Probe) -> bool {
        let (now, ended) = (self.now, &mut self.ended);
        let (before, stages) = self.stages.split_at_mut(at);
        let stage = &mut stages[0];
        stage.hand_out(now, &self.callers, ended, probe);
        let any = stage.admit(now, ended, probe, |worker| {
            before.last_mut().into_iter().for_each(|stage| stage.release(worker));
        });
        stage.hand_out(now, &self.callers, ended, probe);
        any
    }

    /// Whether somebody still listens for an answer to the try called `name`.
    pub fn listens(&self, name: Name) -> bool {
        self.callers.listens(name)
    }
}
