//! Long work from the page's side: in a worker where one can start, else here in short slices.
//! Either way the page gets the same answers, to its latest order only.

use crate::lab::{Link, Marks, Report, Scenario};
use crate::refusal::Refusal;
use crate::trace::Trace;
use crate::work::{self, Answer, Loaded, Order, Ran, Stop, Task, Watch};
use gloo_utils::window;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};
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
    /// Something from outside could not be taken.
    Refused(Refusal),
    /// The work was cancelled before there was any result.
    Cancelled,
}

/// The one who does the long work.
pub struct Engine {
    inner: Rc<Inner>,
}

struct Inner {
    news: Callback<News>,
    worker: RefCell<Option<Worker>>,
    /// The number of the latest order; answers to others are stale.
    latest: Cell<u32>,
    /// The latest order, to be taken up here should the worker fail.
    pending: RefCell<Option<Errand>>,
    /// The work under way in the page itself.
    watch: RefCell<Option<Watch>>,
}

/// A piece of work.
#[derive(Clone)]
struct Errand {
    scenario: Scenario,
    file: Option<File>,
    /// The requests, if they are to be run rather than loaded.
    run: Option<Trace>,
}

impl Engine {
    /// Tells `news` what becomes of its orders.
    pub fn new(news: Callback<News>) -> Self {
        let inner = Rc::new(Inner {
            news,
            worker: RefCell::default(),
            latest: Cell::new(0),
            pending: RefCell::default(),
            watch: RefCell::default(),
        });
        inner.worker.replace(start_worker(&inner));
        Engine { inner }
    }

    /// Gets the requests of `scenario`.
    pub fn load(&self, scenario: &Scenario, file: Option<File>) {
        self.inner.begin(Errand { scenario: scenario.clone(), file, run: None });
    }

    /// Runs `scenario` over `trace`.
    pub fn run(&self, scenario: &Scenario, file: Option<File>, trace: &Trace) {
        self.inner.begin(Errand { scenario: scenario.clone(), file, run: Some(trace.clone()) });
    }

    /// Stops what is under way.
    pub fn cancel(&self) {
        self.inner.stop();
        if let Some(watch) = &*self.inner.watch.borrow() {
            watch.cancel();
        }
    }
}

impl Inner {
    fn begin(self: &Rc<Self>, errand: Errand) {
        self.stop();
        self.latest.set(self.latest.get() + 1);
        *self.pending.borrow_mut() = Some(errand.clone());
        if !self.send(&errand) {
            self.work_here(errand);
        }
    }

    fn stop(&self) {
        if let Some(worker) = &*self.worker.borrow() {
            let cancelled = serde_wasm_bindgen::to_value(&Order::Cancel);
            let _ = cancelled.map(|order| worker.post_message(&order));
        }
        if let Some(watch) = &*self.watch.borrow() {
            watch.cancel();
        }
    }

    fn send(&self, errand: &Errand) -> bool {
        let worker = self.worker.borrow();
        let Some(worker) = &*worker else { return false };
        let link = Link { lab: errand.scenario.about().id.to_owned(), query: errand.scenario.query() };
        let file = errand.file.clone().map_or(JsValue::NULL, JsValue::from);
        let task = Task { id: self.latest.get(), lab: link.lab, query: link.query.to_string(), file };
        let order = if errand.run.is_some() { Order::Run(task) } else { Order::Load(task) };
        serde_wasm_bindgen::to_value(&order).is_ok_and(|order| worker.post_message(&order).is_ok())
    }

    fn work_here(self: &Rc<Self>, errand: Errand) {
        let (inner, id) = (self.clone(), self.latest.get());
        let watch = Watch::new(Watch::PAGE_SLICE, move |done, all| inner.tell(id, News::Progress(done, all)));
        self.watch.replace(Some(watch.clone()));
        let inner = self.clone();
        spawn_local(async move {
            let news = match &errand.run {
                Some(trace) => {
                    let Ran { report, marks } = work::run(&errand.scenario, trace, &watch).await;
                    News::Ran(report, marks)
                }
                None => match work::load(&errand.scenario, errand.file.map(JsCast::unchecked_into), &watch)
                    .await
                {
                    Ok(loaded) => News::Loaded(loaded),
                    Err(Stop::Refused(refusal)) => News::Refused(refusal),
                    Err(Stop::Cancelled) => News::Cancelled,
                },
            };
            inner.tell(id, news);
        });
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
            Answer::Refused { id, refusal } => self.tell(id, News::Refused(refusal)),
            Answer::Cancelled { id } => self.tell(id, News::Cancelled),
        }
    }

    fn tell(&self, id: u32, news: News) {
        if id != self.latest.get() {
            return;
        }
        if !matches!(news, News::Progress(..)) {
            self.pending.borrow_mut().take();
        }
        self.news.emit(news);
    }

    /// No worker can work here: what it was to do is done in the page.
    fn do_without_worker(self: &Rc<Self>) {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
        let pending = self.pending.borrow().clone();
        if let Some(errand) = pending {
            self.work_here(errand);
        }
    }
}

fn start_worker(inner: &Rc<Inner>) -> Option<Worker> {
    // An opaque origin, as in an iframe that is sandboxed with scripts alone, may not start one.
    if window().location().origin().is_ok_and(|origin| origin == "null") || window().origin() == "null" {
        return None;
    }
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options("./worker_loader.js", &options).ok()?;
    let hearing = inner.clone();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        match serde_wasm_bindgen::from_value::<Answer>(message.data()) {
            Ok(answer) => hearing.hear(answer),
            Err(error) => web_sys::console::error_1(&error.to_string().into()),
        }
    });
    worker.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    let failing = inner.clone();
    let fail = Closure::<dyn FnMut(ErrorEvent)>::new(move |_: ErrorEvent| failing.do_without_worker());
    worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
    fail.forget();
    Some(worker)
}
