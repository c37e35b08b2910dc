//! The desk where long work is done: it takes orders, works on one at a time, and answers.
//!
//! It stands in a worker or, where no worker can work, in the page's own thread. Orders and answers
//! are the same values either way; only how they cross and the length of a slice differ.

use super::load::load;
use super::run::run;
use super::{Answer, Loaded, Order, Stop, Task, Watch};
use crate::lab::{Query, Scenario};
use crate::{limit, queue};
use js_sys::{Array, Function};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Opens the desk of a worker, if this is one; in the page it does nothing.
pub fn open() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let page = scope.clone();
    let post = move |message: &JsValue, buffers: &Array| page.post_message_with_transfer(message, buffers);
    let desk = Desk::new(Watch::WORKER_SLICE, post);
    let taking = desk.clone();
    let listen =
        Closure::<dyn FnMut(MessageEvent)>::new(move |order: MessageEvent| taking.take(order.data()));
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    desk.send(&Answer::Ready);
}

/// Opens a desk in the page's own thread, which gives its answers to a function; returns the
/// function that takes the orders.
pub fn open_here(answer: Function) -> Function {
    // There is no other side that memory could be handed over to.
    let post = move |message: &JsValue, _: &Array| answer.call1(&JsValue::NULL, message).map(drop);
    let desk = Desk::new(Watch::PAGE_SLICE, post);
    let take = Closure::<dyn FnMut(JsValue)>::new(move |order| desk.take(order));
    take.into_js_value().unchecked_into()
}

/// What hands an answer over, with the buffers whose memory may go with it.
type Post = Box<dyn Fn(&JsValue, &Array) -> Result<(), JsValue>>;

/// One desk, and what it remembers between orders.
struct Desk {
    slice: u64,
    post: Post,
    /// The requests loaded last, and where they came from.
    trace: RefCell<Option<(String, Rc<Loaded>)>>,
    /// The work under way.
    watch: RefCell<Option<Watch>>,
}

impl Desk {
    fn new(slice: u64, post: impl Fn(&JsValue, &Array) -> Result<(), JsValue> + 'static) -> Rc<Self> {
        Rc::new(Desk { slice, post: Box::new(post), trace: RefCell::default(), watch: RefCell::default() })
    }

    fn take(self: &Rc<Self>, order: JsValue) {
        match serde_wasm_bindgen::from_value(order) {
            Ok(order) => self.obey(order),
            Err(error) => web_sys::console::error_1(&error.into()),
        }
    }

    fn obey(self: &Rc<Self>, order: Order) {
        if let Order::Check(name) = order {
            let facts = [queue::vectors::check(&name), limit::vectors::check(&name)].concat();
            return self.send(&Answer::Checked { name, facts });
        }
        if let Order::Weigh { lab, query } = &order {
            let (scenario, _) = Scenario::from_query(lab, &Query::parse(query));
            let clock = || js_sys::Date::now() / 1e3;
            let (query, table) = (scenario.query().to_string(), scenario.weigh(&clock));
            return self.send(&Answer::Weighed { query, table });
        }
        if let Some(watch) = self.watch.take() {
            watch.cancel();
        }
        let (task, whole) = match order {
            Order::Cancel | Order::Check(_) | Order::Weigh { .. } => return,
            Order::Load(task) => (task, false),
            Order::Run(task) => (task, true),
        };
        let (desk, id) = (self.clone(), task.id);
        let watch = Watch::new(self.slice, move |done, all| {
            desk.send(&Answer::Progress { id, done: done as f64, all: all as f64 });
        });
        self.watch.replace(Some(watch.clone()));
        let desk = self.clone();
        spawn_local(async move {
            let answer = desk.work(task, whole, &watch).await;
            desk.send(&answer.unwrap_or_else(|stop| match stop {
                Stop::Cancelled => Answer::Cancelled { id },
                Stop::Refused(refusal) => Answer::Refused { id, refusal },
            }));
        });
    }

    async fn work(&self, task: Task, whole: bool, watch: &Watch) -> Result<Answer, Stop> {
        let (scenario, _) = Scenario::from_query(&task.lab, &Query::parse(&task.query));
        let file = task.file.dyn_into().ok();
        if whole {
            let loaded = self.requests(&scenario, file, watch).await?;
            return Ok(Answer::ran(task.id, run(&scenario, &loaded.trace, watch).await));
        }
        // Another file may have the same name.
        self.trace.take();
        let loaded = self.requests(&scenario, file, watch).await?;
        Ok(Answer::loaded(task.id, &loaded))
    }

    /// The scenario's requests: those at hand if they are the same, else loaded anew.
    async fn requests(
        &self,
        scenario: &Scenario,
        file: Option<Blob>,
        watch: &Watch,
    ) -> Result<Rc<Loaded>, Stop> {
        let origin = scenario.origin();
        if let Some((known, loaded)) = &*self.trace.borrow()
            && *known == origin
        {
            return Ok(loaded.clone());
        }
        // The old requests go before the new ones come: there may not be room for both.
        self.trace.take();
        let loaded = Rc::new(load(scenario, file, watch).await?);
        self.trace.replace(Some((origin, loaded.clone())));
        Ok(loaded)
    }

    fn send(&self, answer: &Answer) {
        let sent = serde_wasm_bindgen::to_value(answer).map_err(Into::into);
        if let Err(error) = sent.and_then(|message| (self.post)(&message, &answer.transfers())) {
            web_sys::console::error_1(&error);
        }
    }
}
