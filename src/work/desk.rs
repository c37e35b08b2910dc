//! The worker's side of the conversation: it takes orders, works on one at a time, and answers.

use super::{Answer, Loaded, Order, Stop, Task, Watch, load, run};
use crate::lab::{Query, Scenario};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// What the worker remembers between orders.
#[derive(Default)]
struct Desk {
    /// The requests loaded last, and where they came from.
    trace: Option<(String, Rc<Loaded>)>,
    /// The work under way.
    watch: Option<Watch>,
}

/// Starts to listen. Called once, as the worker's whole program.
pub fn open() {
    let desk = Rc::new(RefCell::new(Desk::default()));
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        match serde_wasm_bindgen::from_value::<Order>(message.data()) {
            Ok(order) => obey(&desk, order),
            Err(error) => web_sys::console::error_1(&error.to_string().into()),
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    send(&Answer::Ready);
}

fn obey(desk: &Rc<RefCell<Desk>>, order: Order) {
    if let Some(watch) = desk.borrow_mut().watch.take() {
        watch.cancel();
    }
    let (task, whole) = match order {
        Order::Cancel => return,
        Order::Load(task) => (task, false),
        Order::Run(task) => (task, true),
    };
    let id = task.id;
    let watch = Watch::new(Watch::WORKER_SLICE, move |done, all| {
        send(&Answer::Progress { id, done: done as f64, all: all as f64 });
    });
    desk.borrow_mut().watch = Some(watch.clone());
    let desk = desk.clone();
    spawn_local(async move {
        let answer = work(&desk, task, whole, &watch).await;
        send(&answer.unwrap_or_else(|stop| match stop {
            Stop::Cancelled => Answer::Cancelled { id },
            Stop::Refused(refusal) => Answer::Refused { id, refusal },
        }));
    });
}

async fn work(desk: &Rc<RefCell<Desk>>, task: Task, whole: bool, watch: &Watch) -> Result<Answer, Stop> {
    let (scenario, _) = Scenario::from_query(&task.lab, &Query::parse(&task.query));
    let file = task.file.dyn_into().ok();
    if whole {
        let loaded = requests(desk, &scenario, file, watch).await?;
        return Ok(Answer::ran(task.id, run(&scenario, &loaded.trace, watch).await));
    }
    desk.borrow_mut().trace = None;
    let loaded = requests(desk, &scenario, file, watch).await?;
    Ok(Answer::loaded(task.id, &loaded))
}

/// The scenario's requests: those at hand if they are the same, else loaded anew.
async fn requests(
    desk: &Rc<RefCell<Desk>>,
    scenario: &Scenario,
    file: Option<Blob>,
    watch: &Watch,
) -> Result<Rc<Loaded>, Stop> {
    let origin = scenario.origin();
    if let Some((known, loaded)) = &desk.borrow().trace
        && *known == origin
    {
        return Ok(loaded.clone());
    }
    desk.borrow_mut().trace = None;
    let loaded = Rc::new(load(scenario, file, watch).await?);
    desk.borrow_mut().trace = Some((origin, loaded.clone()));
    Ok(loaded)
}

fn send(answer: &Answer) {
    let sent = serde_wasm_bindgen::to_value(answer).map_err(Into::into);
    let sent = sent.and_then(|message| scope().post_message_with_transfer(&message, &answer.transfers()));
    if let Err(error) = sent {
        web_sys::console::error_1(&error);
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
