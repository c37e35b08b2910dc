//! Long work from the page's side: orders go to a desk, and its answers to the latest of them are
//! news for the page.
//!
//! The desk stands in a worker. Where no worker can work, the worker's program is loaded into the
//! page's own thread and has its desk there; the conversation is the same. So the page's program
//! contains neither the readers of traces nor anything else that only long work needs.

use super::loader;
use crate::catalogue::Checked;
use crate::lab::{Marks, Report, Scenario, Table};
use crate::refusal::Refusal;
use crate::work::{self, Answer, Loaded, Order, Task};
use gloo_utils::window;
use js_sys::{Function, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, MessageEvent, Worker, console};
use yew::Callback;

/// What became of an order.
#[derive(Clone, Debug)]
pub enum News {
    /// So much of so much is done.
    Progress(u64, u64),
    /// The requests are here.
    Loaded(Loaded),
    /// The run is over, or was cancelled half-way.
    Ran(Report, Vec<Marks>),
    /// How the broker of that name came out of the vendors' own tests.
    Checked(String, Vec<Checked>),
    /// What was measured beside the run of the scenario that a link writes so.
    Weighed(String, Table),
    /// Something from outside could not be taken.
    Refused(Refusal),
    /// The work was cancelled before there was any result.
    Cancelled,
}

/// The one who gets the long work done.
pub struct Engine {
    inner: Rc<Inner>,
}

struct Inner {
    news: Callback<News>,
    desk: RefCell<Desk>,
    /// The number of the latest order; answers to others are stale.
    latest: Cell<u32>,
    /// The latest order until its last answer: it waits here for the desk, and goes to another one
    /// should the first fail.
    pending: RefCell<Option<Order>>,
    /// A question beside the work, until the answer.
    question: RefCell<Option<Order>>,
}

/// Where orders go.
enum Desk {
    /// Nowhere: no worker can work, and the program has not been needed in this thread yet.
    Absent,
    /// A worker, or the program for this thread, is on its way.
    Coming,
    /// To a worker that has said it is ready.
    Worker(Worker),
    /// To the function that takes the orders in this thread.
    Here(Function),
}

impl Engine {
    /// Tells `news` what becomes of its orders.
    pub fn new(news: Callback<News>) -> Self {
        let inner = Rc::new(Inner {
            news,
            desk: RefCell::new(Desk::Absent),
            latest: Cell::default(),
            pending: RefCell::default(),
            question: RefCell::default(),
        });
        Engine { inner }
    }

    /// Gets the requests of `scenario`.
    pub fn load(&self, scenario: &Scenario, file: Option<File>) {
        self.inner.begin(scenario, file, Order::Load);
    }

    /// Runs `scenario`, whose requests the desk knows or gets again.
    pub fn run(&self, scenario: &Scenario, file: Option<File>) {
        self.inner.begin(scenario, file, Order::Run);
    }

    /// Holds what is called so against the vendors' own tests: one of the
    /// [queues](crate::queue::vectors::CHECKABLE) or of the
    /// [limiters](crate::limit::vectors::CHECKABLE). What is under way goes on.
    pub fn check(&self, name: &str) {
        self.inner.ask(Order::Check(name.to_owned()));
    }

    /// Measures what the variants of `scenario` weigh. What is under way goes on.
    pub fn weigh(&self, scenario: &Scenario) {
        let (lab, query) = (scenario.about().id.to_owned(), scenario.query().to_string());
        self.inner.ask(Order::Weigh { lab, query });
    }

    /// Stops what is under way; its news still come.
    pub fn cancel(&self) {
        self.inner.cancel();
    }

    /// Stops what is under way, and hears no more of it.
    pub fn forget(&self) {
        self.inner.latest.set(self.inner.latest.get() + 1);
        if self.inner.pending.take().is_some() {
            self.inner.send(&Order::Cancel);
        }
    }
}

impl Inner {
    fn begin(self: &Rc<Self>, scenario: &Scenario, file: Option<File>, order: fn(Task) -> Order) {
        let id = self.latest.get() + 1;
        self.latest.set(id);
        let (lab, query) = (scenario.about().id.to_owned(), scenario.query().to_string());
        let file = file.map_or(JsValue::NULL, JsValue::from);
        self.pending.replace(Some(order(Task { id, lab, query, file })));
        self.ensure_desk();
        self.send_pending();
    }

    /// Asks something beside the work, now or when the desk is there.
    fn ask(self: &Rc<Self>, order: Order) {
        self.question.replace(Some(order.clone()));
        self.ensure_desk();
        self.send(&order);
    }

    fn ensure_desk(self: &Rc<Self>) {
        if matches!(*self.desk.borrow(), Desk::Absent) {
            self.find_desk();
        }
    }

    /// Starts the worker at its first order: until then the page does without its download. An opaque
    /// origin, as in an iframe that is sandboxed with scripts alone, gets the program in this thread.
    fn find_desk(self: &Rc<Self>) {
        if window().origin() == "null" {
            return self.load_program();
        }
        self.desk.replace(Desk::Coming);
        let starting = self.clone();
        spawn_local(async move {
            if starting.start_worker().await.is_err() {
                starting.do_without_worker();
            }
        });
    }

    fn cancel(self: &Rc<Self>) {
        if !matches!(*self.desk.borrow(), Desk::Coming) {
            self.send(&Order::Cancel);
        } else if self.pending.take().is_some() {
            self.news.emit(News::Cancelled);
        }
    }

    fn send_pending(self: &Rc<Self>) {
        let order = self.pending.borrow().clone();
        if let Some(order) = order {
            self.send(&order);
        }
    }

    /// Sends `order`, if the desk is there.
    fn send(self: &Rc<Self>, order: &Order) {
        let message = serde_wasm_bindgen::to_value(order).map_err(JsValue::from);
        let sent = message.and_then(|message| match &*self.desk.borrow() {
            Desk::Absent | Desk::Coming => Ok(()),
            Desk::Worker(worker) => worker.post_message(&message),
            Desk::Here(take) => take.call1(&JsValue::NULL, &message).map(drop),
        });
        if let Err(error) = sent {
            self.give_up(&error);
        }
    }

    /// The desk is there: it gets the order that has waited for it.
    fn open(self: &Rc<Self>, desk: Desk) {
        self.desk.replace(desk);
        self.send_pending();
        let question = self.question.borrow().clone();
        if let Some(order) = question {
            self.send(&order);
        }
    }

    fn hear(&self, answer: Answer) {
        match answer {
            Answer::Ready => {}
            Answer::Progress { id, done, all } => self.tell(id, News::Progress(done as u64, all as u64)),
            Answer::Loaded { id, trace, notes } => {
                self.tell(id, News::Loaded(Loaded { trace: trace.trace(), notes }))
            }
            Answer::Ran { id, report, marks } => {
                let marks = work::marks_from(&report, &marks);
                self.tell(id, News::Ran(report, marks));
            }
            Answer::Checked { name, facts } => {
                self.question.take();
                self.news.emit(News::Checked(name, facts));
            }
            Answer::Weighed { query, table } => {
                self.question.take();
                self.news.emit(News::Weighed(query, table));
            }
            Answer::Refused { id, refusal } => self.tell(id, News::Refused(refusal)),
            Answer::Cancelled { id } => self.tell(id, News::Cancelled),
        }
    }

    fn tell(&self, id: u32, news: News) {
        if id != self.latest.get() {
            return;
        }
        if !matches!(news, News::Progress(..)) {
            self.pending.take();
        }
        self.news.emit(news);
    }

    async fn start_worker(self: &Rc<Self>) -> Result<(), JsValue> {
        let worker: Worker = loader::ask("sluiceWorker").await?.unchecked_into();
        let (inner, heard) = (self.clone(), worker.clone());
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            match serde_wasm_bindgen::from_value(message.data()) {
                Ok(Answer::Ready) => inner.open(Desk::Worker(heard.clone())),
                Ok(answer) => inner.hear(answer),
                Err(error) => {
                    console::error_1(&error.into());
                    inner.dismiss(&heard);
                }
            }
        });
        let (inner, failed) = (self.clone(), worker.clone());
        let fail = Closure::<dyn FnMut(JsValue)>::new(move |_| inner.dismiss(&failed)).into_js_value();
        worker.set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        worker.set_onmessageerror(Some(fail.unchecked_ref()));
        worker.set_onerror(Some(fail.unchecked_ref()));
        Ok(())
    }

    /// The worker does not work.
    fn dismiss(self: &Rc<Self>, worker: &Worker) {
        // What it has already said or suffered no longer counts.
        worker.set_onmessage(None);
        worker.set_onmessageerror(None);
        worker.set_onerror(None);
        worker.terminate();
        self.do_without_worker();
    }

    /// There is no worker: what it was to do is done in this thread.
    fn do_without_worker(self: &Rc<Self>) {
        self.desk.replace(Desk::Absent);
        if self.pending.borrow().is_some() || self.question.borrow().is_some() {
            self.load_program();
        }
    }

    fn load_program(self: &Rc<Self>) {
        self.desk.replace(Desk::Coming);
        let inner = self.clone();
        spawn_local(async move {
            match inner.desk_here().await {
                Ok(desk) => inner.open(desk),
                Err(error) => inner.give_up(&error),
            }
        });
    }

    /// The desk of the worker's program in this thread.
    async fn desk_here(self: &Rc<Self>) -> Result<Desk, JsValue> {
        let program = loader::ask("sluiceWorkerProgram").await?;
        let inner = self.clone();
        let listen =
            Closure::<dyn FnMut(JsValue)>::new(move |answer| match serde_wasm_bindgen::from_value(answer) {
                Ok(answer) => inner.hear(answer),
                Err(error) => inner.give_up(&error.into()),
            });
        let desk: Function = Reflect::get(&program, &"desk".into())?.dyn_into()?;
        let take = desk.call1(&JsValue::NULL, &listen.into_js_value())?;
        Ok(Desk::Here(take.dyn_into()?))
    }

    /// Nobody can do the long work. The next order is another try.
    fn give_up(&self, error: &JsValue) {
        console::error_1(error);
        self.desk.replace(Desk::Absent);
        if let Some(Order::Load(task) | Order::Run(task)) = self.pending.take() {
            let allowed = "fewer requests: the program for long work did not start";
            self.tell(task.id, News::Refused(Refusal::new("link", task.query, allowed)));
        }
        if self.question.take().is_some() {
            let allowed = "another browser: the program for long work did not start";
            self.news.emit(News::Refused(Refusal::new("question", "about a variant", allowed)));
        }
    }
}
