//! The page: one scenario, its session and its run, and everything a person does to them.

use super::address;
use super::charts::{self, Charts};
use super::checks::{self, Checks};
use super::dialogs::{self, Dialog, Open};
use super::engine::{Engine, News};
use super::life::{self, Biography};
use super::motion::{self, Frames};
use super::pad::{self, Pad, Taps};
use super::player::{self, Player, Wish};
use super::source::Source;
use super::stage::Stage;
use super::strip::{self, Edit, Strip};
use super::theme::{self, Theme};
use super::timeline::{self, Timeline};
use super::weight::{self, Weighed};
use super::why::Why;
use super::{names, speed};
use crate::catalogue::Checked;
use crate::lab::{
    About, Clock, Difference, LABS, Life, Line, Link, MENU, Marks, Moment, Place, Query, Report, Scenario,
    Scene, Session, Workload, is_elsewhere, words,
};
use crate::refusal::Refusal;
use crate::trace::Trace;
use crate::work::Loaded;
use gloo_timers::callback::Timeout;
use gloo_utils::{document, window};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DragEvent, Element, Event, File, KeyboardEvent};
use yew::prelude::*;

/// A generated stream of up to so many requests is made at once, without the worker.
const AT_ONCE: u64 = 200_000;
/// A run of up to so many steps, those of all variants counted, is made at once, without the worker.
const RUN_AT_ONCE: u64 = 400_000;
/// The same where nothing can be shown before the run is over, and a step is a larger piece of work.
const COUNTED_AT_ONCE: u64 = 300_000;
/// In runs of up to so many units of work the life of a subject is looked up.
const LIVES_UP_TO: u64 = 4_000_000;
/// What of a link is the page's own affair, and not the scenario's.
pub const OWN: [&str; 5] = ["step", "speed", "chart", "message", "embed"];
/// How many steps are replayed between two pictures when the way to a step is long.
const REPLAY: u64 = 150_000;
/// The address follows the steps when they rest for so long, in milliseconds.
const ADDRESS_RESTS: u32 = 250;
/// How many steps a large leap takes.
const LEAP: i64 = 20;

/// What happens to the page.
pub enum Message {
    /// The address was changed by the browser.
    Address,
    /// Something is to be set.
    Edit(Edit),
    /// The player is asked for something.
    Wish(Wish),
    /// To this step.
    Seek(u64),
    /// To this place of a chart.
    Go(charts::Place),
    /// A system is to be held against its vendor's tests.
    Check(&'static str),
    /// The pad was tapped, at this time of the browser's clock.
    Tap(f64),
    /// The next tap begins a new rhythm.
    Anew,
    /// The memory and the work of the variants are to be measured.
    Weigh,
    /// The life of this subject is to be told, or of none.
    Life(Option<u64>),
    /// A key was pressed.
    Key(KeyboardEvent),
    /// Time to play on.
    Tick,
    /// Time to go on towards a far step.
    Approach,
    /// Long work has news.
    News(News),
    /// Long work is to stop.
    Cancel,
    /// The whole run is to be counted again.
    Recount,
    /// Another chart is to be shown.
    View(usize),
    /// The source of another variant is to be shown.
    Focus(usize),
    /// A dialog is to be opened or closed.
    Dialog(Option<Open>),
    /// The other theme.
    Theme,
    /// The window's size or the system's theme has changed.
    Screen,
    /// The notice has been read.
    Dismiss,
    /// The address is to follow.
    WriteAddress,
}

/// What the page waits for.
#[derive(Clone, Debug, PartialEq)]
enum Waiting {
    Nothing,
    /// Requests are on their way: done, all.
    Requests(u64, u64),
    /// The whole run is being counted: done, all.
    Count(u64, u64),
    /// A file that only the person has.
    File(String),
    /// Requests could not be had, or were cancelled.
    Without(String),
}

/// The page.
pub struct Page {
    scenario: Rc<Scenario>,
    /// Which preset the scenario is, if it is one.
    preset: Option<usize>,
    file: Option<File>,
    trace: Option<Trace>,
    origin: String,
    session: Option<Session>,
    report: Option<Rc<Report>>,
    marks: Rc<Vec<Marks>>,
    names: Rc<Vec<String>>,
    short: Rc<Vec<String>>,
    /// The step that a long way leads to, or the model time.
    target: u64,
    target_time: Option<f64>,
    /// The model time that is shown: that of the last step, or later while nothing happens.
    shown: f64,
    playing: Option<Frames>,
    /// When it last played on, in milliseconds, and what it owes of the next step.
    ticked: f64,
    owed: f64,
    /// How fast it plays, if somebody has said so.
    speed: Option<f64>,
    /// The source that can be tapped, if there is one.
    pad: Option<&'static str>,
    /// The rhythm that is being tapped.
    taps: Option<Taps>,
    /// What was held against its vendor's tests, and what came of it.
    checked: Vec<(String, Rc<Vec<Checked>>)>,
    /// What the variants weigh.
    weighed: Weighed,
    /// Whose life is told, and the lives.
    life: Option<u64>,
    lives: Rc<Vec<Life>>,
    /// Whether the person has cut the count short.
    cut: bool,
    waiting: Waiting,
    notices: Vec<String>,
    /// What the person entered last and was refused, and why.
    refusal: Option<(String, Refusal)>,
    view: usize,
    focus: usize,
    dialog: Option<Open>,
    theme: Theme,
    embedded: bool,
    room: u32,
    engine: Engine,
    /// What the stage shows, kept while nothing moves.
    scene: Rc<Scene>,
    moments: Rc<Vec<Moment>>,
    address_rests: Option<Timeout>,
    approach: Option<Timeout>,
    /// Whether another program is on its way, which will hold what the address says.
    leaving: bool,
}

impl Component for Page {
    type Message = Message;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let theme = Theme::stored();
        theme.apply();
        listen(context);
        let mut page = Page {
            scenario: Rc::new(Scenario::from_query("", &Query::default()).0),
            preset: None,
            file: None,
            trace: None,
            origin: String::new(),
            session: None,
            report: None,
            marks: Rc::default(),
            names: Rc::default(),
            short: Rc::default(),
            target: 0,
            target_time: None,
            shown: 0.0,
            playing: None,
            ticked: 0.0,
            owed: 0.0,
            speed: None,
            pad: None,
            taps: None,
            checked: Vec::new(),
            weighed: Weighed::No,
            life: None,
            lives: Rc::default(),
            cut: false,
            waiting: Waiting::Nothing,
            notices: Vec::new(),
            refusal: None,
            view: 0,
            focus: 0,
            dialog: None,
            theme,
            embedded: address::is_embedded(),
            room: 640,
            engine: Engine::new(context.link().callback(Message::News)),
            scene: Rc::new(Scene { panels: Vec::new(), actions: Vec::new() }),
            moments: Rc::default(),
            address_rests: None,
            approach: None,
            leaving: false,
        };
        page.open(context);
        page
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first {
            context.link().send_message(Message::Screen);
        }
        self.show_clock();
        if self.session.is_some() || self.waiting != Waiting::Nothing {
            let _ = document().document_element().map(|root| root.set_attribute("data-ready", "true"));
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Address if is_elsewhere(&address::read().lab) => {
                self.leave();
                return false;
            }
            Message::Address => self.open(context),
            Message::Edit(edit) => self.edit(context, edit),
            Message::Wish(wish) => self.wish(context, wish),
            Message::Seek(step) => self.seek(context, step),
            Message::Go(charts::Place::Step(step)) => self.seek(context, step),
            Message::Go(charts::Place::Time(seconds)) => {
                self.target_time = Some(seconds);
                self.go_on(context);
            }
            Message::Tap(clock) => self.tap(context, clock),
            Message::Anew => self.taps = None,
            Message::Check(id) => self.engine.check(id),
            Message::Weigh => self.weigh(),
            Message::Life(subject) => {
                self.follow(subject);
                self.write_address(context);
            }
            Message::Key(event) => return self.key(context, &event),
            Message::Tick => return self.tick(context),
            Message::Approach => self.go_on(context),
            Message::News(news) => self.hear(context, news),
            Message::Cancel => {
                self.cut = true;
                self.engine.cancel();
            }
            Message::Recount => self.count(context),
            Message::View(view) => {
                self.view = view;
                self.write_address(context);
            }
            Message::Focus(variant) => self.focus = variant,
            Message::Dialog(dialog) => self.dialog = dialog,
            Message::Theme => {
                self.theme = self.theme.next();
                self.theme.apply();
            }
            Message::Screen => self.room = charts::room(),
            Message::Dismiss => self.notices.clear(),
            Message::WriteAddress => {
                address::write(&self.link(), false);
                return false;
            }
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let about = self.scenario.about();
        let ondrop = context.link().batch_callback(|event: DragEvent| {
            event.prevent_default();
            strip::dropped(&event).map(|file| Message::Edit(Edit::File(file)))
        });
        let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
        html! {
            <div class={classes!("page", self.embedded.then_some("embedded"))} {ondrop} {ondragover}>
                if !self.embedded { { self.view_header(context) } }
                { self.view_notices(context) }
                <main id="main">
                    if !self.embedded {
                        <div class="title">
                            <h1>{ about.question }</h1>
                            <p>{ self.point() }</p>
                        </div>
                        <Strip {about} scenario={self.scenario.clone()} preset={self.preset} refusal={self.refusal.clone()}
                            onedit={context.link().callback(Message::Edit)} onshare={context.link().callback(|()| Message::Dialog(Some(Open::Share)))} />
                    } else {
                        <h1 class="sr">{ about.question }</h1>
                    }
                    { self.view_stage(context, about) }
                    if !self.embedded {
                        <div id="charts-room" class="charts-room">
                            { self.view_charts(context, about) }
                            if let Some(weighing) = self.scenario.weighing() {
                                { weight::view(&weighing, &self.weighed, context.link().callback(|()| Message::Weigh)) }
                            }
                        </div>
                        <div class="side">
                            if about.timed && self.session.is_some() { { self.view_life(context) } }
                            <Why {about} moments={self.moments.clone()} names={self.short.clone()} onseek={context.link().callback(Message::Seek)} />
                            { self.view_source() }
                            { self.view_checks(context) }
                        </div>
                    }
                </main>
                { self.view_dialog(context, about) }
            </div>
        }
    }
}

/// Opening links and setting things.
impl Page {
    /// Makes the page what its address says.
    fn open(&mut self, context: &Context<Self>) {
        let mut link = address::read();
        let lab = self.scenario.about().id;
        let step = self.take_own(&link.lab, &mut link.query);
        let about = LABS.iter().find(|entry| entry.about.id == link.lab).map(|entry| entry.about);
        if let Some(about) = about.filter(|_| link.query.iter().next().is_none()) {
            link.query = about.opening();
            let opening = self.take_own(about.id, &mut link.query);
            return self.arrive(context, &link, lab, step.or(opening));
        }
        self.arrive(context, &link, lab, step);
    }

    /// Leaves for the program that holds what the address says; nothing may change the address meanwhile.
    /// A change of the address is told twice.
    fn leave(&mut self) {
        self.playing = None;
        self.address_rests = None;
        if !std::mem::replace(&mut self.leaving, true) {
            address::load();
        }
    }

    fn arrive(&mut self, context: &Context<Self>, link: &Link, before: &str, step: Option<u64>) {
        let (scenario, refusals) = Scenario::from_query(&link.lab, &link.query);
        self.notices.extend(refusals.iter().map(ToString::to_string));
        if scenario.about().id != before {
            self.focus = 0;
        }
        self.adopt(context, scenario, step.unwrap_or(0));
    }

    /// Takes what is the page's own affair out of a query for `lab`, and returns the step.
    fn take_own(&mut self, lab: &str, query: &mut Query) -> Option<u64> {
        let entry = LABS.iter().find(|entry| entry.about.id == lab).unwrap_or(&LABS[0]);
        let about = entry.about;
        let step = self.own(query, "step", "a whole number", |text| text.parse().ok());
        let speeds = speed::all(about);
        let said: Vec<String> = speeds.iter().map(ToString::to_string).collect();
        self.speed = self.own(query, "speed", &format!("one of {}", said.join(", ")), |text| {
            text.parse().ok().filter(|speed| speeds.contains(speed))
        });
        let views = about.summary.views;
        let known = views.iter().map(|view| view.id).collect::<Vec<_>>().join(", ");
        let view = self.own(query, "chart", &format!("one of {known}"), |text| {
            views.iter().position(|view| view.id == text)
        });
        self.view = view.unwrap_or(0);
        self.life = self.own(query, "message", "the number of a message", |text| text.parse().ok());
        query.take("embed");
        step
    }

    /// Takes one of the page's own names out of a link.
    fn own<T>(
        &mut self,
        query: &mut Query,
        name: &str,
        allowed: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = query.take(name)?;
        let value = read(&text);
        if value.is_none() {
            self.notices.push(Refusal::new(name, text, allowed).to_string());
        }
        value
    }

    /// The address of the present state.
    fn link(&self) -> Link {
        let mut query = self.scenario.query();
        query.set("step", self.position());
        if let Some(speed) = self.speed.filter(|speed| *speed != self.usual_speed()) {
            query.set("speed", speed);
        }
        if let Some(view) = self.scenario.about().summary.views.get(self.view).filter(|_| self.view > 0) {
            query.set("chart", view.id);
        }
        if let Some(subject) = self.life {
            query.set("message", subject);
        }
        if address::read().query.get("embed").is_some() {
            query.set("embed", "");
        }
        Link { lab: self.scenario.about().id.to_owned(), query }
    }

    fn edit(&mut self, context: &Context<Self>, edit: Edit) {
        let (mut typed, mut step) = (String::new(), 0);
        let changed = match edit {
            Edit::Field(field, value) => {
                typed = value;
                self.scenario.with(field, &typed)
            }
            Edit::Act(field, value) => {
                step = self.position() + 1;
                self.scenario.with(field, &value)
            }
            Edit::Preset(at) => {
                let about = self.scenario.about();
                let mut query = Query::parse(about.presets.get(at).map_or("", |preset| preset.query));
                step = self.take_own(about.id, &mut query).unwrap_or(0);
                Ok(Scenario::from_query(about.id, &query).0)
            }
            Edit::Dice => self.scenario.with("seed", &chance().to_string()),
            Edit::File(file) => {
                let Some((field, value)) = self.scenario.file_field(&file.name()) else { return };
                self.file = Some(file);
                self.origin.clear();
                self.scenario.with(field, &value)
            }
        };
        self.refusal = None;
        match changed {
            Ok(scenario) => {
                self.adopt(context, scenario, step);
                address::write(&self.link(), true);
            }
            Err(refusal) => self.refusal = Some((typed, refusal)),
        }
    }

    /// A tap is one more arrival, and the stage shows what became of it.
    fn tap(&mut self, context: &Context<Self>, clock: f64) {
        let Some(source) = self.pad else { return };
        let mut taps = self.taps.take().unwrap_or_default();
        taps.tap(clock);
        match self.scenario.with(source, &taps.arrivals()) {
            Ok(scenario) => {
                self.adopt(context, scenario, 0);
                self.target_time = Some(taps.last());
                self.go_on(context);
                self.taps = Some(taps);
            }
            Err(refusal) => self.refusal = Some((taps.arrivals(), refusal)),
        }
    }

    /// Makes `scenario` the present one, at `step`.
    fn adopt(&mut self, context: &Context<Self>, scenario: Scenario, step: u64) {
        let same = self.session.is_some() && scenario == *self.scenario && self.origin == scenario.origin();
        self.scenario = Rc::new(scenario);
        (self.target, self.target_time) = (step, None);
        if same {
            self.follow(self.life);
            return self.seek(context, step);
        }
        self.stop();
        self.taps = None;
        self.weighed = Weighed::No;
        self.engine.forget();
        self.session = None;
        self.report = None;
        self.marks = Rc::default();
        self.lives = Rc::default();
        (self.shown, self.cut) = (0.0, false);
        self.preset = strip::preset_of(&self.scenario);
        self.focus = self.focus.min(self.scenario.variants().len().saturating_sub(1));
        let form = self.scenario.form();
        self.pad = pad::tapped(&form);
        let names = form.variants.each.into_iter().map(|pick| pick.name);
        self.names = Rc::new(names.collect());
        self.short = Rc::new(names::short(&self.names));
        let origin = self.scenario.origin();
        if self.trace.is_some() && self.origin == origin && self.scenario.workload().is_some() {
            return self.start(context);
        }
        self.trace = None;
        self.origin = origin;
        self.fetch_requests(context);
    }

    /// Gets the requests: small streams at once, everything else by the engine.
    fn fetch_requests(&mut self, context: &Context<Self>) {
        match self.scenario.workload() {
            None => {
                self.trace = Some(Trace::empty());
                self.start(context);
            }
            Some(Workload::Stream(stream)) if stream.requests() <= AT_ONCE => {
                self.trace = Some(stream.generate(self.scenario.seed()));
                self.start(context);
            }
            Some(workload) => {
                if let Some((name, _)) = workload.wanted().filter(|_| self.file.is_none()) {
                    self.waiting = Waiting::File(name.to_owned());
                    return self.refresh();
                }
                self.waiting = Waiting::Requests(0, 0);
                self.engine.load(&self.scenario, self.file.clone());
            }
        }
        self.refresh();
    }

    /// The requests are here: a session at its start, and the whole run. Where the steps must be
    /// counted first, the run comes first.
    fn start(&mut self, context: &Context<Self>) {
        self.waiting = Waiting::Nothing;
        if !self.scenario.must_be_counted() {
            self.begin(context);
        }
        self.count(context);
    }

    /// A session at its start, and on to where the link leads.
    fn begin(&mut self, context: &Context<Self>) {
        let Some(trace) = &self.trace else { return };
        self.session = Some(Session::new(match &self.report {
            Some(report) => self.scenario.lab_after(trace, report),
            None => self.scenario.lab(trace, 0),
        }));
        self.follow(self.life);
        self.seek(context, self.target);
    }

    /// Counts the whole run: a short one at once, a long one by the engine.
    fn count(&mut self, context: &Context<Self>) {
        let Some(trace) = &self.trace else { return };
        self.cut = false;
        let (all, most) = match self.scenario.must_be_counted() {
            true => (self.scenario.work(), COUNTED_AT_ONCE),
            false => (self.length() * self.names.len() as u64, RUN_AT_ONCE),
        };
        if all > most {
            self.waiting = Waiting::Count(0, all);
            return self.engine.run(&self.scenario, self.file.clone());
        }
        let mut run = self.scenario.run(trace);
        run.advance(u64::MAX);
        let (report, marks) = run.finish();
        self.keep_report(context, report, marks);
    }

    fn keep_report(&mut self, context: &Context<Self>, report: Report, marks: Vec<Marks>) {
        self.report = Some(Rc::new(report));
        self.marks = Rc::new(marks);
        self.waiting = Waiting::Nothing;
        if self.scenario.must_be_counted() {
            self.begin(context);
        }
        if !self.embedded && self.scenario.weighing().is_some_and(|weighing| weighing.at_once) {
            self.weigh();
        }
    }

    /// Lets the worker measure what is measured beside the run.
    fn weigh(&mut self) {
        self.weighed = Weighed::UnderWay;
        self.engine.weigh(&self.scenario);
    }

    /// Tells the life of `subject`, or of nobody.
    fn follow(&mut self, subject: Option<u64>) {
        self.life = subject;
        let short =
            self.scenario.work() / self.report.as_ref().map_or(1, |report| report.runs.max(1)) <= LIVES_UP_TO;
        self.lives = match subject.filter(|_| short && self.session.is_some()) {
            Some(subject) => Rc::new(self.scenario.lives(subject)),
            None => Rc::default(),
        };
    }

    fn hear(&mut self, context: &Context<Self>, news: News) {
        match news {
            News::Progress(done, all) => match &mut self.waiting {
                Waiting::Requests(known, total) | Waiting::Count(known, total) => {
                    (*known, *total) = (done, all)
                }
                _ => {}
            },
            News::Loaded(Loaded { trace, notes }) => {
                self.notices.extend(notes.into_iter().skip(1));
                self.trace = Some(trace);
                self.start(context);
            }
            News::Checked(id, facts) => self.checked.push((id, Rc::new(facts))),
            News::Weighed(query, table) if query == self.scenario.query().to_string() => {
                self.weighed = Weighed::Yes(Rc::new(table));
            }
            News::Weighed(..) => {}
            News::Ran(report, marks) => self.keep_report(context, report, marks),
            News::Refused(refusal) => {
                self.origin.clear();
                self.waiting = Waiting::Without(refusal.to_string());
            }
            News::Cancelled => {
                self.origin.clear();
                self.waiting = Waiting::Without("Reading was cancelled.".to_owned());
            }
        }
    }

    /// The point that the present preset makes.
    fn point(&self) -> String {
        let about = self.scenario.about();
        match self.preset.and_then(|at| about.presets.get(at)) {
            Some(preset) => preset.point.to_owned(),
            None => match self.scenario.workload() {
                Some(workload) => format!("{} {}", about.intro, workload.about()),
                None => about.intro.to_owned(),
            },
        }
    }
}

/// Moving through the steps.
impl Page {
    fn position(&self) -> u64 {
        self.session.as_ref().map_or(self.target, Session::position)
    }

    fn length(&self) -> u64 {
        self.session.as_ref().map_or(0, Session::length)
    }

    fn clock(&self) -> Option<Clock> {
        self.session.as_ref().and_then(Session::clock)
    }

    fn seek(&mut self, context: &Context<Self>, step: u64) {
        self.target_time = None;
        self.target = if self.session.is_some() { step.min(self.length()) } else { step };
        self.go_on(context);
    }

    /// Goes on towards the target, in slices when the way is long.
    fn go_on(&mut self, context: &Context<Self>) {
        self.approach = None;
        let Some(session) = &mut self.session else { return };
        let there = match self.target_time {
            Some(seconds) => session.approach_time(seconds, REPLAY),
            None => session.approach(self.target, REPLAY),
        };
        if there {
            self.target = session.position();
            self.shown = session.clock().map_or(0.0, |clock| clock.now);
            self.target_time = None;
            self.refresh();
            self.write_address(context);
        } else {
            let link = context.link().clone();
            self.approach = Some(Timeout::new(0, move || link.send_message(Message::Approach)));
        }
    }

    /// Takes over what the session shows now.
    fn refresh(&mut self) {
        let Some(session) = &self.session else {
            self.scene = Rc::new(Scene { panels: Vec::new(), actions: Vec::new() });
            self.moments = Rc::default();
            return;
        };
        self.scene = Rc::new(session.scene());
        self.moments = Rc::new(session.recent().cloned().collect());
    }

    fn write_address(&mut self, context: &Context<Self>) {
        let link = context.link().clone();
        self.address_rests =
            Some(Timeout::new(ADDRESS_RESTS, move || link.send_message(Message::WriteAddress)));
    }

    fn wish(&mut self, context: &Context<Self>, wish: Wish) {
        let here = self.target;
        match wish {
            Wish::Play => return self.play_or_stop(context),
            Wish::Speed(speed) => return self.set_speed(context, speed),
            _ => self.stop(),
        }
        match wish {
            Wish::Step => self.seek(context, here + 1),
            Wish::Back => self.seek(context, here.saturating_sub(1)),
            Wish::Start => self.seek(context, 0),
            Wish::End => self.seek(context, u64::MAX),
            Wish::Leap(steps) => self.seek(context, here.saturating_add_signed(steps)),
            Wish::Jump(at, back) => self.jump(context, at, back),
            Wish::Play | Wish::Speed(_) => {}
        }
    }

    fn jump(&mut self, context: &Context<Self>, at: usize, back: bool) {
        let Some(jump) = self.scenario.about().jumps.get(at) else { return };
        match timeline::target(jump, &self.marks, self.target, back) {
            Some(step) => self.seek(context, step),
            None => {
                self.notices =
                    vec![format!("There is no {} {} here.", jump.name, if back { "before" } else { "after" })]
            }
        }
    }

    fn play_or_stop(&mut self, context: &Context<Self>) {
        if self.playing.is_some() {
            return self.stop();
        }
        if self.target >= self.length() {
            self.seek(context, 0);
        }
        self.play(context);
    }

    /// Plays at the chosen speed: above the screen's rate several steps a picture.
    fn play(&mut self, context: &Context<Self>) {
        let link = context.link().clone();
        (self.ticked, self.owed) = (js_sys::Date::now(), 0.5);
        self.playing = Some(Frames::new(move || link.send_message(Message::Tick)));
    }

    /// The present speed: steps, or seconds of model time, a second.
    fn speed(&self) -> f64 {
        self.speed.unwrap_or_else(|| self.usual_speed())
    }

    fn usual_speed(&self) -> f64 {
        let seconds = self.report.as_ref().and_then(|report| report.seconds);
        speed::usual(self.scenario.about(), seconds)
    }

    fn stop(&mut self) {
        self.playing = None;
    }

    /// Goes on by as much as the time since the last picture is worth, however long that took, and
    /// says whether a step was taken.
    fn tick(&mut self, context: &Context<Self>) -> bool {
        if self.playing.is_none() {
            return false;
        }
        let now = js_sys::Date::now();
        let passed = (now - self.ticked).clamp(0.0, LONGEST_FRAME) / 1000.0 * self.speed();
        self.ticked = now;
        match self.clock() {
            Some(clock) => self.tick_time(context, clock, passed),
            None => self.tick_steps(context, passed),
        }
    }

    fn tick_steps(&mut self, context: &Context<Self>, passed: f64) -> bool {
        self.owed += passed;
        let steps = self.owed as u64;
        self.owed -= steps as f64;
        if steps == 0 {
            return false;
        }
        self.seek(context, self.target + steps);
        if self.target >= self.length() {
            self.stop();
        }
        true
    }

    /// Lets model time run on, and takes every step whose time has come.
    fn tick_time(&mut self, context: &Context<Self>, clock: Clock, passed: f64) -> bool {
        let Some(next) = clock.next else {
            self.stop();
            return true;
        };
        self.shown += passed;
        if next > self.shown && self.target_time.is_none() {
            if !theme::matches("(prefers-reduced-motion: reduce)") {
                self.show_clock();
            }
            return false;
        }
        let Some(session) = &mut self.session else { return false };
        if session.approach_time(self.shown, REPLAY) {
            self.target = session.position();
            self.refresh();
            self.write_address(context);
        }
        true
    }

    /// Puts the model time that is shown, and what is under way by it, on the screen. The page is not
    /// drawn anew for that.
    fn show_clock(&self) {
        if !self.scenario.about().timed {
            return;
        }
        if let Some(clock) = super::element("model-time") {
            clock.set_text_content(Some(&speed::clock(self.shown)));
        }
        if let Some(stage) = super::element("stage") {
            motion::show_time(&stage, self.shown);
        }
    }

    fn set_speed(&mut self, context: &Context<Self>, speed: f64) {
        self.speed = Some(speed);
        if self.playing.is_some() {
            self.play(context);
        }
        self.write_address(context);
    }

    fn key(&mut self, context: &Context<Self>, event: &KeyboardEvent) -> bool {
        if dialogs::is_typing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let key = event.key();
        let faster = |by: isize| {
            let all = speed::all(self.scenario.about());
            let at = all.iter().position(|speed| *speed == self.speed()).unwrap_or(1);
            Wish::Speed(all[at.saturating_add_signed(by).min(all.len() - 1)])
        };
        let wish = match key.as_str() {
            "ArrowRight" => Wish::Step,
            "ArrowLeft" => Wish::Back,
            "PageDown" => Wish::Leap(LEAP),
            "PageUp" => Wish::Leap(-LEAP),
            "Home" => Wish::Start,
            "End" => Wish::End,
            " " if dialogs::is_pressable() => return false,
            " " => Wish::Play,
            "+" => faster(1),
            "-" => faster(-1),
            "Escape" => {
                close_popovers(None);
                return false;
            }
            "f" if self.scenario.about().timed => {
                event.prevent_default();
                focus("message");
                return false;
            }
            "?" => {
                self.dialog = Some(Open::Keys);
                return true;
            }
            _ => {
                let jump =
                    self.scenario.about().jumps.iter().position(|jump| jump.key == key.to_ascii_lowercase());
                let Some(at) = jump else { return false };
                Wish::Jump(at, key != key.to_ascii_lowercase())
            }
        };
        event.prevent_default();
        self.wish(context, wish);
        true
    }
}

/// So many letters of a key stand above the stage; of a longer one the end.
const SUBJECT: usize = 40;
/// A pause longer than this, as of a hidden page, is not made up for, in milliseconds.
const LONGEST_FRAME: f64 = 1500.0;

/// What the page looks like.
impl Page {
    fn view_header(&self, context: &Context<Self>) -> Html {
        let theme = context.link().callback(|_: MouseEvent| Message::Theme);
        let keys = context.link().callback(|_: MouseEvent| Message::Dialog(Some(Open::Keys)));
        html! {
            <header>
                <a class="skip" href="#main" onclick={|event: MouseEvent| { event.prevent_default(); focus("stage"); }}>{ "Skip to the stage" }</a>
                <b class="brand">{ "Sluice" }</b>
                { menu(self.scenario.about()) }
                <a class="quiet" href="course/">{ "In a course" }</a>
                <button type="button" class="bare" onclick={keys} title="What the keys do (?)" aria-label="Keys">{ "?" }</button>
                <button type="button" class="bare" onclick={theme} title="Switch between system, light and dark">{ "Theme: " }{ self.theme.name() }</button>
            </header>
        }
    }

    fn view_notices(&self, context: &Context<Self>) -> Html {
        if self.notices.is_empty() {
            return html! { <div role="status"></div> };
        }
        let dismiss = context.link().callback(|_: MouseEvent| Message::Dismiss);
        html! {
            <div class="notice" role="status">
                <ul>{ for self.notices.iter().map(|notice| html! { <li>{ notice }</li> }) }</ul>
                <button type="button" onclick={dismiss}>{ "Understood" }</button>
            </div>
        }
    }

    fn view_stage(&self, context: &Context<Self>, about: &'static About) -> Html {
        let moment = self.moments.first().cloned().map(Rc::new);
        let (position, length) = (self.position(), self.length());
        let onseek = context.link().callback(Message::Seek);
        let tween = self.tween();
        html! {
            <section class="stage" id="stage" tabindex="-1" aria-label="Stage">
                { self.view_request(about, moment.as_deref()) }
                if !self.embedded && self.pad.is_some() {
                    { pad::view(&Pad { taps: self.taps.clone(), ontap: context.link().callback(Message::Tap), onanew: context.link().callback(|()| Message::Anew) }) }
                }
                { self.view_waiting(context) }
                if self.session.is_some() {
                    if self.names.len() > 1 {
                        <p class="difference">{ moment.as_ref().and_then(|moment| moment.difference.as_ref()).map(Difference::sentence) }</p>
                    }
                    <Stage {about} scene={self.scene.clone()} moment={moment.clone()} names={self.names.clone()} {tween} now={self.shown} chosen={self.life}
                        focus={self.focus} onfocus={context.link().callback(Message::Focus)} onlife={context.link().callback(|subject| Message::Life(Some(subject)))}
                        onact={context.link().callback(|(field, value)| Message::Edit(Edit::Act(field, value)))} />
                    <div class="player">
                        { timeline::view(&Timeline { about, position, length, marks: self.marks.clone(), names: self.names.clone(), onseek }) }
                        { player::view(&self.player(context, about)) }
                    </div>
                }
                <p class="sr" aria-live="polite">{ self.spoken(moment.as_deref()) }</p>
            </section>
        }
    }

    /// How long a change may take on the screen, in milliseconds.
    fn tween(&self) -> u32 {
        const USUAL: u32 = 220;
        if self.playing.is_none() {
            return USUAL;
        }
        if self.scenario.about().timed {
            // Where time runs, an event is over before the next one comes, as a rule.
            let (steps, seconds) =
                self.report.as_ref().map_or((1, None), |report| (report.steps, report.seconds));
            let rate = steps as f64 / seconds.unwrap_or(1.0).max(1e-9) * self.speed();
            return if rate > 12.0 { 0 } else { USUAL };
        }
        if self.speed() > 8.0 { 0 } else { ((700.0 / self.speed()) as u32).min(350) }
    }

    fn player(&self, context: &Context<Self>, about: &'static About) -> Player {
        let (position, length) = (self.position(), self.length());
        Player {
            about,
            playing: self.playing.is_some(),
            speed: self.speed(),
            ways: (position > 0, position < length),
            several: self.names.len() > 1,
            counted: !self.marks.is_empty(),
            onwish: context.link().callback(Message::Wish),
        }
    }

    fn view_request(&self, about: &'static About, moment: Option<&Moment>) -> Html {
        let count =
            format!("{} {} of {}", about.step.0, words::count(self.position()), words::count(self.length()));
        html! {
            <div class="request">
                if let Some(moment) = moment {
                    if !about.does.is_empty() { <span class="quiet">{ about.does }</span> }
                    <span class={if about.does.is_empty() { "key said" } else { "key" }} title={moment.subject.clone()}>{ self.subject(about, moment) }</span>
                } else if self.session.is_some() {
                    <span class="quiet still">{ "Nothing has happened yet. Press Step, or the right arrow." }</span>
                } else {
                    <span class="quiet still">{ "Nothing to be seen yet." }</span>
                }
                if about.timed && self.session.is_some() { <span class="time"><span class="sr">{ "model time " }</span><span id="model-time"></span></span> }
                if self.embedded {
                    <a class="quiet open" target="_blank" rel="noopener" href={address::whole(&self.link(), false)}>{ "Open in Sluice" }</a>
                }
                if self.session.is_some() { <span class="quiet count">{ count }</span> }
            </div>
        }
    }

    /// Whom the present step was about.
    fn subject(&self, about: &About, moment: &Moment) -> String {
        let subject =
            if about.does.is_empty() { words::capitalised(&moment.subject) } else { moment.subject.clone() };
        words::ending(&subject, SUBJECT)
    }

    fn view_life(&self, context: &Context<Self>) -> Html {
        html! {
            <Biography noun={self.scenario.about().subject} chosen={self.life} lives={self.lives.clone()} names={self.short.clone()} position={self.position()} now={self.shown}
                onlife={context.link().callback(Message::Life)} onseek={context.link().callback(Message::Seek)} />
        }
    }

    fn view_waiting(&self, context: &Context<Self>) -> Html {
        let cancel = context.link().callback(|_: MouseEvent| Message::Cancel);
        let bar = |what: &str, done: u64, all: u64| {
            html! {
                <div class="waiting">
                    <label for="progress">{ what }</label>
                    <progress id="progress" max="1" value={if all > 0 { format!("{:.3}", done as f64 / all as f64) } else { "0".to_owned() }}></progress>
                    <span class="quiet">{ if all > 0 { words::percent(done as f64 / all as f64) } else { String::new() } }</span>
                    <button type="button" onclick={cancel.clone()}>{ "Cancel" }</button>
                </div>
            }
        };
        match &self.waiting {
            Waiting::Nothing => self.view_cut_short(context),
            Waiting::Requests(done, all) => bar("Reading the requests", *done, *all),
            Waiting::Count(done, all) => bar("Counting the whole run", *done, *all),
            Waiting::File(name) if name.is_empty() => html! {
                <div class="waiting">
                    <p>{ self.scenario.workload().and_then(Workload::wanted).map_or("", |(_, how)| how) }</p>
                </div>
            },
            Waiting::File(name) => html! {
                <div class="waiting">
                    <p>{ format!("This link was made with the file “{name}”, which is not part of it. Choose the file above or drop it here, or pick other requests.") }</p>
                </div>
            },
            Waiting::Without(why) => html! {
                <div class="waiting" role="alert"><p>{ why }</p><p class="quiet">{ "Pick other requests above, or choose another file." }</p></div>
            },
        }
    }

    /// Offers to count again what was cancelled.
    fn view_cut_short(&self, context: &Context<Self>) -> Html {
        let counted = self.scenario.must_be_counted();
        let cut = self
            .report
            .as_ref()
            .filter(|report| if counted { self.cut } else { report.steps < self.length() });
        let again = context.link().callback(|_: MouseEvent| Message::Recount);
        html! {
            if let Some(report) = cut {
                <div class="waiting">
                    if counted {
                        <span>{ format!("The run was cut short after {} {}.", words::count(report.steps), self.scenario.about().step.1) }</span>
                    } else {
                        <span>{ format!("Counted {} of {} {}.", words::count(report.steps), words::count(self.length()), self.scenario.about().step.1) }</span>
                    }
                    <button type="button" onclick={again}>{ "Count again" }</button>
                </div>
            }
        }
    }

    /// What a screen reader says after a step; nothing while playing.
    fn spoken(&self, moment: Option<&Moment>) -> String {
        let Some(moment) = moment.filter(|_| self.playing.is_none()) else { return String::new() };
        let (about, outcomes) = (self.scenario.about(), self.scenario.about().outcomes);
        let told = moment.parts.iter().filter(|part| !part.because.is_empty());
        let parts = told.map(|part| {
            let outcome = outcomes.get(usize::from(part.outcome)).map_or("", |outcome| outcome.name);
            format!("{}: {outcome}. {}", part.variant, part.headline().0)
        });
        let difference = moment.difference.as_ref().map(|difference| difference.sentence());
        let subject = match about.does {
            "" => format!("{}: {}.", moment.step, moment.subject),
            does => format!("{} {does} {}.", moment.step, moment.subject),
        };
        let said = [subject].into_iter().chain(parts).chain(difference);
        said.collect::<Vec<_>>().join(" ")
    }

    fn view_charts(&self, context: &Context<Self>, about: &'static About) -> Html {
        html! {
            if let Some(report) = &self.report {
                <Charts {about} report={report.clone()} marks={self.marks.clone()} position={self.position()} now={self.shown}
                    life={life::span(&self.lives)} width={self.room} palette={self.theme.palette()} view={self.view}
                    onview={context.link().callback(Message::View)} ongo={context.link().callback(Message::Go)}
                    onruns={context.link().callback(|runs: u32| Message::Edit(Edit::Field("runs", runs.to_string())))} />
            } else {
                <p class="empty">{ "The chart appears when the whole run has been counted." }</p>
            }
        }
    }

    fn view_source(&self) -> Html {
        let part = self.moments.first().and_then(|moment| moment.parts.get(self.focus));
        let main = part.and_then(crate::lab::Part::main).map(crate::lab::Because::place);
        let all = part.into_iter().flat_map(|part| part.because.iter().map(crate::lab::Because::place));
        let places: Vec<Place> = main.into_iter().chain(all.filter(|place| Some(*place) != main)).collect();
        let class = format!("v{}", self.focus % 4);
        html! { <Source files={self.scenario.sources(self.focus)} {places} {class} /> }
    }

    fn view_checks(&self, context: &Context<Self>) -> Html {
        let Some(id) = self.scenario.checkable(self.focus) else { return html! {} };
        let facts = self.checked.iter().find(|(known, _)| known == id).map(|(_, facts)| facts.clone());
        let name = self.names.get(self.focus).map_or("", String::as_str);
        let name = name.split(',').next().unwrap_or_default().to_owned();
        checks::view(&Checks { id, name, facts, oncheck: context.link().callback(Message::Check) })
    }

    fn view_dialog(&self, context: &Context<Self>, about: &'static About) -> Html {
        let onclose = context.link().callback(|()| Message::Dialog(None));
        match self.dialog {
            None => html! {},
            Some(Open::Keys) => html! { <Dialog title="Keys" {onclose}>{ dialogs::keys(about) }</Dialog> },
            Some(Open::Share) => {
                html! { <Dialog title="Share" {onclose}>{ dialogs::share(&self.link(), &self.scenario) }</Dialog> }
            }
        }
    }
}

/// The chapters, each leading to its first lab, and the labs of the present one.
fn menu(present: &'static About) -> Html {
    let mut chapters: Vec<&Line> = Vec::new();
    for line in MENU {
        if chapters.iter().all(|first| first.chapter != line.chapter) {
            chapters.push(line);
        }
    }
    let labs = MENU.iter().filter(|line| line.chapter == present.chapter);
    html! {
        <nav aria-label="Labs">
            <div class="chapters">{ for chapters.into_iter().map(|first| html! {
                <a href={format!("#/{}", first.id)} aria-current={(first.chapter == present.chapter).then_some("true")}>{ first.chapter }</a>
            }) }</div>
            <div class="labs">{ for labs.map(|line| html! {
                <a href={format!("#/{}", line.id)} aria-current={(line.id == present.id).then_some("page")}>{ line.name }</a>
            }) }</div>
        </nav>
    }
}

/// Wires the window's own events to the page, for as long as there is a page.
fn listen(context: &Context<Page>) {
    let on = |name: &str, message: fn() -> Message| {
        let link = context.link().clone();
        let heard = Closure::<dyn FnMut(Event)>::new(move |_: Event| link.send_message(message()));
        let _ = window().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        heard.forget();
    };
    on("popstate", || Message::Address);
    on("hashchange", || Message::Address);
    on("resize", || Message::Screen);
    let outside = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        close_popovers(event.target().and_then(|target| target.dyn_into().ok()));
    });
    let _ = window().add_event_listener_with_callback("pointerdown", outside.as_ref().unchecked_ref());
    outside.forget();
    let link = context.link().clone();
    let pressed = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        link.send_message(Message::Key(event))
    });
    let _ = window().add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
    pressed.forget();
    let toggled = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.as_ref().into_iter().for_each(motion::keep_inside);
    });
    let _ =
        window().add_event_listener_with_callback_and_bool("toggle", toggled.as_ref().unchecked_ref(), true);
    toggled.forget();
    if let Ok(Some(media)) = window().match_media("(prefers-color-scheme: dark)") {
        let link = context.link().clone();
        let changed =
            Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| link.send_message(Message::Screen));
        media.set_onchange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }
}

/// Closes the open settings, but for those that hold `target`.
fn close_popovers(target: Option<Element>) {
    let Ok(open) = document().query_selector_all("details.more[open]") else { return };
    let open =
        (0..open.length()).filter_map(|at| open.get(at)).filter_map(|node| node.dyn_into::<Element>().ok());
    for settings in open.filter(|settings| !settings.contains(target.as_deref())) {
        let _ = settings.remove_attribute("open");
    }
}

/// A seed that nobody chose, short enough to be read in a link.
fn chance() -> u32 {
    let mut bytes = [0; 4];
    let _ = getrandom::fill(&mut bytes);
    u32::from_le_bytes(bytes) % 100_000
}

fn focus(id: &str) {
    let found = super::element(id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    let _ = found.map(|found| found.focus());
}
