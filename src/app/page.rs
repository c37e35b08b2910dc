//! The page: one scenario, its session and its run, and everything a person does to them.

use super::address;
use super::charts::{self, Charts, VIEWS, View};
use super::dialogs::{self, Dialog, Open};
use super::engine::{Engine, News};
use super::player::{self, Player, SPEEDS, Wish};
use super::source::Source;
use super::stage::Stage;
use super::strip::{self, Edit, Strip};
use super::theme::Theme;
use super::timeline::{self, Timeline};
use super::why::{self, Why};
use crate::lab::{
    About, Difference, LABS, Link, Marks, Moment, Place, Query, Report, Scenario, Scene, Session, Workload,
    words,
};
use crate::refusal::Refusal;
use crate::trace::{Columns, Trace};
use crate::work::Loaded;
use gloo_timers::callback::{Interval, Timeout};
use gloo_utils::{document, window};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DragEvent, Element, Event, File, KeyboardEvent};
use yew::prelude::*;

/// A generated stream of up to so many requests is made at once, without the worker.
const AT_ONCE: u64 = 200_000;
/// A run of up to so many steps, those of all variants counted, is made at once, without the worker.
const RUN_AT_ONCE: u64 = 400_000;
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
    View(View),
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
    scenario: Scenario,
    file: Option<File>,
    trace: Option<Trace>,
    origin: String,
    session: Option<Session>,
    report: Option<Rc<Report>>,
    marks: Rc<Vec<Marks>>,
    names: Rc<Vec<String>>,
    /// The step that a long way leads to.
    target: u64,
    playing: Option<Interval>,
    /// When it last played on, in milliseconds, and what it owes of the next step.
    ticked: f64,
    owed: f64,
    speed: u32,
    waiting: Waiting,
    notices: Vec<String>,
    /// What the person entered last and was refused, and why.
    refusal: Option<(String, Refusal)>,
    view: View,
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
}

impl Component for Page {
    type Message = Message;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let theme = Theme::stored();
        theme.apply();
        listen(context);
        let mut page = Page {
            scenario: Scenario::from_query("", &Query::default()).0,
            file: None,
            trace: None,
            origin: String::new(),
            session: None,
            report: None,
            marks: Rc::default(),
            names: Rc::default(),
            target: 0,
            playing: None,
            ticked: 0.0,
            owed: 0.0,
            speed: 2,
            waiting: Waiting::Nothing,
            notices: Vec::new(),
            refusal: None,
            view: View::Running,
            focus: 0,
            dialog: None,
            theme,
            embedded: address::is_embedded(),
            room: 640,
            engine: Engine::new(context.link().callback(Message::News)),
            scene: Rc::new(Scene { panels: Vec::new() }),
            moments: Rc::default(),
            address_rests: None,
            approach: None,
        };
        page.open(context);
        page
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first {
            context.link().send_message(Message::Screen);
        }
        if self.session.is_some() || self.waiting != Waiting::Nothing {
            let _ = document().document_element().map(|root| root.set_attribute("data-ready", "true"));
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Address => self.open(context),
            Message::Edit(edit) => self.edit(context, edit),
            Message::Wish(wish) => self.wish(context, wish),
            Message::Seek(step) => self.seek(context, step),
            Message::Key(event) => return self.key(context, &event),
            Message::Tick => self.tick(context),
            Message::Approach => self.go_on(context),
            Message::News(news) => self.hear(context, news),
            Message::Cancel => self.engine.cancel(),
            Message::Recount => self.count(),
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
                        <Strip {about} scenario={self.scenario.clone()} refusal={self.refusal.clone()}
                            onedit={context.link().callback(Message::Edit)} onshare={context.link().callback(|()| Message::Dialog(Some(Open::Share)))} />
                    } else {
                        <h1 class="sr">{ about.question }</h1>
                    }
                    { self.view_stage(context, about) }
                    if !self.embedded {
                        <div id="charts-room" class="charts-room">{ self.view_charts(context, about) }</div>
                        <div class="side">
                            { why::view(&Why { about, moments: self.moments.clone(), onseek: context.link().callback(Message::Seek) }) }
                            { self.view_source() }
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
        let step = self.own(&mut link.query, "step", "a whole number", |text| text.parse().ok()).unwrap_or(0);
        let speed = self.own(&mut link.query, "speed", &format!("one of {}", words::list(SPEEDS)), |text| {
            text.parse().ok().filter(|speed| SPEEDS.contains(speed))
        });
        let views = VIEWS.iter().map(|(_, id, _)| *id).collect::<Vec<_>>().join(", ");
        let view = self.own(&mut link.query, "chart", &format!("one of {views}"), |text| {
            VIEWS.iter().find(|(_, id, _)| *id == text).map(|(view, ..)| *view)
        });
        link.query.take("embed");
        self.speed = speed.unwrap_or(self.speed);
        self.view = view.unwrap_or(self.view);
        let (scenario, refusals) = Scenario::from_query(&link.lab, &link.query);
        self.notices.extend(refusals.iter().map(ToString::to_string));
        self.adopt(context, scenario, step);
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
        if self.speed != 2 {
            query.set("speed", self.speed);
        }
        if self.view != View::Running {
            query.set("chart", self.view.id());
        }
        if address::read().query.get("embed").is_some() {
            query.set("embed", "");
        }
        Link { lab: self.scenario.about().id.to_owned(), query }
    }

    fn edit(&mut self, context: &Context<Self>, edit: Edit) {
        let mut typed = String::new();
        let changed = match edit {
            Edit::Field(field, value) => {
                typed = value;
                self.scenario.with(field, &typed)
            }
            Edit::Preset(at) => {
                let about = self.scenario.about();
                let query = about.presets.get(at).map_or("", |preset| preset.query);
                Ok(Scenario::from_query(about.id, &Query::parse(query)).0)
            }
            Edit::Dice => self.scenario.with("seed", &chance().to_string()),
            Edit::File(file) => {
                let columns = match self.scenario.workload() {
                    Workload::File { columns, .. } => columns.clone(),
                    _ => Columns::default(),
                };
                let workload = Workload::File { name: file.name(), columns };
                self.file = Some(file);
                self.origin.clear();
                self.scenario.with("workload", &workload.to_string())
            }
        };
        self.refusal = None;
        match changed {
            Ok(scenario) => {
                self.adopt(context, scenario, 0);
                address::write(&self.link(), true);
            }
            Err(refusal) => self.refusal = Some((typed, refusal)),
        }
    }

    /// Makes `scenario` the present one, at `step`.
    fn adopt(&mut self, context: &Context<Self>, scenario: Scenario, step: u64) {
        let same = self.session.is_some() && scenario == self.scenario && self.origin == scenario.origin();
        self.scenario = scenario;
        self.target = step;
        if same {
            return self.seek(context, step);
        }
        self.stop();
        self.engine.forget();
        self.session = None;
        self.report = None;
        self.marks = Rc::default();
        self.focus = self.focus.min(self.scenario.variants().len().saturating_sub(1));
        self.names =
            Rc::new(self.scenario.form().variants.each.iter().map(|pick| pick.name.clone()).collect());
        let origin = self.scenario.origin();
        if self.trace.is_some() && self.origin == origin {
            return self.start(context);
        }
        self.trace = None;
        self.origin = origin;
        self.fetch_requests(context);
    }

    /// Gets the requests: small streams at once, everything else by the engine.
    fn fetch_requests(&mut self, context: &Context<Self>) {
        match self.scenario.workload() {
            Workload::Stream(stream) if stream.requests() <= AT_ONCE => {
                self.trace = Some(stream.generate(self.scenario.seed()));
                self.start(context);
            }
            Workload::File { name, .. } if self.file.is_none() => self.waiting = Waiting::File(name.clone()),
            _ => {
                self.waiting = Waiting::Requests(0, 0);
                self.engine.load(&self.scenario, self.file.clone());
            }
        }
        self.refresh();
    }

    /// The requests are here: a session at its start, and the whole run.
    fn start(&mut self, context: &Context<Self>) {
        let Some(trace) = &self.trace else { return };
        self.session = Some(Session::new(self.scenario.lab(trace)));
        self.waiting = Waiting::Nothing;
        self.count();
        self.seek(context, self.target);
    }

    /// Counts the whole run: a short one at once, a long one by the engine.
    fn count(&mut self) {
        let Some(trace) = &self.trace else { return };
        let all = self.length() * self.names.len() as u64;
        if all > RUN_AT_ONCE {
            self.waiting = Waiting::Count(0, all);
            return self.engine.run(&self.scenario, self.file.clone());
        }
        let mut run = self.scenario.run(trace);
        run.advance(u64::MAX);
        let (report, marks) = run.finish();
        self.keep_report(report, marks);
    }

    fn keep_report(&mut self, report: Report, marks: Vec<Marks>) {
        self.report = Some(Rc::new(report));
        self.marks = Rc::new(marks);
        self.waiting = Waiting::Nothing;
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
            News::Ran(report, marks) => self.keep_report(report, marks),
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
        let (about, query) = (self.scenario.about(), self.scenario.query());
        let is_present = |preset: &&crate::lab::Preset| {
            Scenario::from_query(about.id, &Query::parse(preset.query)).0.query() == query
        };
        about.presets.iter().find(is_present).map_or_else(
            || format!("{} {}", about.intro, self.scenario.workload().about()),
            |preset| preset.point.to_owned(),
        )
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

    fn seek(&mut self, context: &Context<Self>, step: u64) {
        self.target = step.min(self.length());
        self.go_on(context);
    }

    /// Goes on towards the target, in slices when the way is long.
    fn go_on(&mut self, context: &Context<Self>) {
        self.approach = None;
        let Some(session) = &mut self.session else { return };
        if session.approach(self.target, REPLAY) {
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
            self.scene = Rc::new(Scene { panels: Vec::new() });
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
        let pause = (1000 / self.speed).clamp(FRAME, 250);
        self.playing = Some(Interval::new(pause, move || link.send_message(Message::Tick)));
    }

    fn stop(&mut self) {
        self.playing = None;
    }

    /// Goes on by as many steps as the time since the last picture is worth, however long that took.
    fn tick(&mut self, context: &Context<Self>) {
        let now = js_sys::Date::now();
        self.owed += (now - self.ticked).clamp(0.0, LONGEST_FRAME) / 1000.0 * f64::from(self.speed);
        self.ticked = now;
        let steps = self.owed as u64;
        self.owed -= steps as f64;
        if steps == 0 {
            return;
        }
        self.seek(context, self.target + steps);
        if self.target >= self.length() {
            self.stop();
        }
    }

    fn set_speed(&mut self, context: &Context<Self>, speed: u32) {
        self.speed = speed;
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
            let at = SPEEDS.iter().position(|speed| *speed == self.speed).unwrap_or(1);
            Wish::Speed(SPEEDS[at.saturating_add_signed(by).min(SPEEDS.len() - 1)])
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
/// The shortest time between two pictures, in milliseconds.
const FRAME: u32 = 33;
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
                <nav aria-label="Labs">
                    { for LABS.iter().map(|lab| html! { <a href={format!("#/{}", lab.id)} aria-current={(lab.id == self.scenario.about().id).then_some("page")}>{ lab.name }</a> }) }
                </nav>
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
        let tween = if self.playing.is_some() { (700 / self.speed).min(350) } else { 220 };
        let tween = if self.speed > 8 && self.playing.is_some() { 0 } else { tween };
        html! {
            <section class="stage" id="stage" tabindex="-1" aria-label="Stage">
                { self.view_request(about, moment.as_deref()) }
                { self.view_waiting(context) }
                if self.session.is_some() {
                    if self.names.len() > 1 {
                        <p class="difference">{ moment.as_ref().and_then(|moment| moment.difference.as_ref()).map(Difference::sentence) }</p>
                    }
                    <Stage {about} scene={self.scene.clone()} moment={moment.clone()} names={self.names.clone()} {tween} focus={self.focus} onfocus={context.link().callback(Message::Focus)} />
                    <div class="player">
                        { timeline::view(&Timeline { about, position, length, marks: self.marks.clone(), names: self.names.clone(), onseek }) }
                        { player::view(&self.player(context, about)) }
                    </div>
                }
                <p class="sr" aria-live="polite">{ self.spoken(moment.as_deref()) }</p>
            </section>
        }
    }

    fn player(&self, context: &Context<Self>, about: &'static About) -> Player {
        let (position, length) = (self.position(), self.length());
        Player {
            about,
            playing: self.playing.is_some(),
            speed: self.speed,
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
                    <span class="quiet">{ "asks for" }</span><span class="key" title={moment.subject.clone()}>{ words::ending(&moment.subject, SUBJECT) }</span>
                } else if self.session.is_some() {
                    <span class="quiet">{ "Nothing asked yet. Press Step, or the right arrow." }</span>
                } else {
                    <span class="quiet">{ "No requests yet." }</span>
                }
                if self.embedded {
                    <a class="quiet open" target="_blank" rel="noopener" href={address::whole(&self.link(), false)}>{ "Open in Sluice" }</a>
                }
                if self.session.is_some() { <span class="quiet count">{ count }</span> }
            </div>
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
                    <p>{ "Choose a trace file above, or drop it here: one key a line, columns, or libCacheSim’s oracleGeneral; gzip and zstd are read too. It stays on this device." }</p>
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
        let cut = self.report.as_ref().filter(|report| report.steps < self.length());
        let again = context.link().callback(|_: MouseEvent| Message::Recount);
        html! {
            if let Some(report) = cut {
                <div class="waiting">
                    <span>{ format!("Counted {} of {} {}.", words::count(report.steps), words::count(self.length()), self.scenario.about().step.1) }</span>
                    <button type="button" onclick={again}>{ "Count again" }</button>
                </div>
            }
        }
    }

    /// What a screen reader says after a step; nothing while playing.
    fn spoken(&self, moment: Option<&Moment>) -> String {
        let Some(moment) = moment.filter(|_| self.playing.is_none()) else { return String::new() };
        let outcomes = self.scenario.about().outcomes;
        let parts = moment.parts.iter().map(|part| {
            let outcome = outcomes.get(usize::from(part.outcome)).map_or("", |outcome| outcome.name);
            format!("{}: {outcome}. {}", part.variant, part.headline().0)
        });
        let difference = moment.difference.as_ref().map(|difference| difference.sentence());
        let said = [format!("{} asks for {}.", moment.step, moment.subject)]
            .into_iter()
            .chain(parts)
            .chain(difference);
        said.collect::<Vec<_>>().join(" ")
    }

    fn view_charts(&self, context: &Context<Self>, about: &'static About) -> Html {
        html! {
            if let Some(report) = &self.report {
                <Charts report={report.clone()} marks={self.marks.clone()} steps={about.step.1} position={self.position()} width={self.room} palette={self.theme.palette()}
                    view={self.view} onview={context.link().callback(Message::View)} onseek={context.link().callback(Message::Seek)} />
            } else {
                <p class="empty">{ "The chart appears when the whole run has been counted." }</p>
            }
        }
    }

    fn view_source(&self) -> Html {
        let part = self.moments.first().and_then(|moment| moment.parts.get(self.focus));
        let places: Vec<Place> =
            part.map_or(Vec::new(), |part| part.because.iter().map(crate::lab::Because::place).collect());
        let class = format!("v{}", self.focus % 4);
        self.scenario
            .source(self.focus)
            .map_or(html! {}, |(file, text)| html! { <Source {file} {text} {places} {class} /> })
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
