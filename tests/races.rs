//! The explorer of schedules: known races and their shortest schedules, cures over all programs up to a
//! bound, counts against a naive enumeration, and the timed world.

#![cfg(test)]

mod invalidation;

use invalidation::{constant, heard as heard_in_time, instant};
use sluice::catalogue::Parameters;
use sluice::invalidation::explore::{
    self, Answered, Choice, Explorer, Found, Harm, Outcome, Plan, Program, World,
};
use sluice::invalidation::{Change, Heard, Kind, RACES, Who, find};
use sluice::kernel::{Pattern, Span};
use sluice::lab::{LABS, Place, Query, Scenario, Session, Shape};
use sluice::trace::Trace;

fn plan(text: &str, clients: &str, evictions: u8) -> Plan {
    let mut parts = text.split(':');
    let listed = find(parts.next().unwrap()).unwrap_or_else(|| panic!("no strategy {text}"));
    let given = parts.map(|part| part.split_once('=').unwrap());
    let parameters = Parameters::new(listed.about, given).unwrap();
    let clients = clients.split(',').map(|text| Program::parse(text).unwrap()).collect();
    Plan { listed, parameters, clients, evictions }
}

fn explored(plan: &Plan, harm: Harm) -> Found {
    let mut explorer = Explorer::new(plan, harm);
    explorer.advance(u64::MAX);
    assert!(explorer.is_over());
    explorer.found()
}

fn text(schedule: &[Choice]) -> String {
    schedule.iter().map(Choice::to_string).collect::<Vec<_>>().join(",")
}

/// Walks `schedule` and says whether it does harm at its end, and not before.
fn does_harm(plan: &Plan, harm: Harm, schedule: &[Choice]) -> bool {
    let mut world = World::new(plan);
    let mut harmed = Vec::new();
    for choice in schedule {
        let outcome = world.take(*choice, &mut Vec::new()).expect("a schedule can be walked");
        harmed.push(is_harmed(harm, &world, &outcome));
    }
    harmed.iter().position(|harmed| *harmed) == Some(schedule.len() - 1)
}

fn is_harmed(harm: Harm, world: &World, outcome: &Outcome) -> bool {
    let stale = |answered: &Answered| matches!(answered, Answered::Read { stale: true, .. });
    match harm {
        Harm::Left => world.is_old() && world.choices().is_empty(),
        Harm::Read => outcome.answered.iter().any(stale),
    }
}

/// The strategy, the clients and the evictions; the harm; how many schedules there are and how many of them
/// are bad; and the shortest bad one.
type Known = (&'static str, &'static str, u8, Harm, u128, u128, &'static str);

/// Derived by hand. A read is G, L, F: it asks the cache, loads, fills; a write of cache-aside is S, D: it
/// stores and deletes; the cache is empty at first. The schedules of independent steps are as many as there
/// are ways to merge them: of three and two steps, 10.
const KNOWN: &[Known] = &[
    // Nobody deletes: the value is old if it was loaded before S, which is after L or after F.
    ("ttl:ttl=never", "r,w", 0, Harm::Left, 4, 2, "1,1,1,2"),
    // The write is D, S. Old if L < S and D < F: all but the 3 with S < L and the one with F < D.
    ("delete-first:ttl=never", "r,w", 0, Harm::Left, 10, 6, "2,1,1,1,2"),
    // L < S and D < F: only G L S D F.
    ("cache-aside:ttl=never", "r,w", 0, Harm::Left, 10, 1, "1,1,2,2,1"),
    // Two deletions are in no wrong order.
    ("cache-aside:ttl=never", "w,w", 0, Harm::Left, 6, 0, ""),
    // The write is S, P: it puts. Old if the first at the database is the last at the cache.
    ("update:ttl=never", "w,w", 0, Harm::Left, 6, 2, "1,2,2,1"),
    ("update:ttl=never", "r,w", 0, Harm::Left, 10, 1, "1,1,2,2,1"),
    // The write is D, S, D. Old if L < S and the second D < F: S D F come last, and D comes before, between
    // or after G and L.
    ("double-delete:ttl=never", "r,w", 0, Harm::Left, 20, 3, "2,1,1,2,b1,1"),
    ("double-delete:ttl=never:answer=after", "r,w", 0, Harm::Left, 20, 3, "2,1,1,2,2,1"),
    // As cache-aside, but the fill is refused. The lease never runs out.
    ("lease:ttl=never:lease=never", "r,w", 0, Harm::Left, 10, 0, ""),
    ("compare-and-set:ttl=never", "r,w", 0, Harm::Left, 10, 0, ""),
    ("compare-and-set:ttl=never", "w,w", 0, Harm::Left, 6, 0, ""),
    // As with a lease; that the answer of the database comes to the cache, and not to a server that fills, makes
    // no difference.
    ("read-through:ttl=never", "r,w", 0, Harm::Left, 10, 0, ""),
    // Two reads: the first to ask fetches, G L F. The other asks before L or before F, and waits; or after F,
    // and finds the value. Three schedules, and either can be the first.
    ("read-through:ttl=never", "r,r", 0, Harm::Left, 6, 0, ""),
    // A third waits too, or finds the value: it also asks before L, before F or after it, and two who ask in the
    // same gap do so in two orders: 3 × 3 ways plus one for each of the 3 gaps. Any of three is the first.
    ("read-through:ttl=never", "r,r,r", 0, Harm::Left, 36, 0, ""),
    // The write passes to the cache, P; it is stored, S; and the answer updates the entry, U. Of two writes the
    // first at the cache goes through; the other comes before S, before U or after it, and goes on after U.
    ("write-through:ttl=never", "w,w", 0, Harm::Left, 6, 0, ""),
    // G before U: 19 of the 20 orders of G L F and P S U. After P S U, G finds the value: one more.
    ("write-through:ttl=never", "r,w", 0, Harm::Left, 20, 0, ""),
];

#[test]
fn known_races_are_found() {
    for (strategy, clients, evictions, harm, schedules, bad, shortest) in KNOWN {
        let found = explored(&plan(strategy, clients, *evictions), *harm);
        let path = found.shortest.map(|path| text(&path)).unwrap_or_default();
        assert_eq!(
            (found.schedules, found.bad, path.as_str(), found.stuck),
            (Some(*schedules), *bad, *shortest, false),
            "{strategy} for {clients}"
        );
    }
}

/// The length of the shortest bad schedule, by hand; the schedule itself is one of several.
#[test]
fn known_races_are_as_long_as_they_must_be() {
    let check = |strategy: &str, clients: &str, evictions: u8, harm: Harm, length: usize| {
        let plan = plan(strategy, clients, evictions);
        let shortest = explored(&plan, harm).shortest.unwrap_or_else(|| panic!("{strategy}: none"));
        assert_eq!(shortest.len(), length, "{strategy} for {clients}: {}", text(&shortest));
        assert!(does_harm(&plan, harm, &shortest), "{strategy} for {clients}: {}", text(&shortest));
    };
    // G L F, S, and then G finds the old value.
    check("ttl:ttl=never", "r,w,r", 0, Harm::Read, 5);
    check("ttl:ttl=never", "rr,w", 0, Harm::Read, 5);
    // The five steps of the late fill, and a read that finds it.
    check("cache-aside:ttl=never", "r,w,r", 0, Harm::Read, 6);
    check("cache-aside:ttl=never", "rr,w", 0, Harm::Read, 6);
    // That it expires some time does not help who reads before.
    check("cache-aside", "r,w,r", 0, Harm::Read, 6);
    // D G L F S and a read.
    check("delete-first:ttl=never", "r,w,r", 0, Harm::Read, 6);
    // Answered before the second deletion, it is as bad as to delete first: D G L F S, and a read before the
    // background has deleted. Answered after it, the fill must be later still: D G L S D F and a read.
    check("double-delete:ttl=never", "r,w,r", 0, Harm::Read, 6);
    check("double-delete:ttl=never:answer=after", "r,w,r", 0, Harm::Read, 7);
    // S S P P in the wrong order, and a read.
    check("update:ttl=never", "w,w,r", 0, Harm::Read, 5);
    // G L, S P, the entry with the new version goes, and F has nothing to be compared with.
    check("compare-and-set:ttl=never", "r,w", 1, Harm::Left, 6);
    check("compare-and-set:ttl=never", "rr,w", 1, Harm::Read, 7);
    check("compare-and-set:ttl=5", "rr,w", 0, Harm::Read, 7);
}

/// Every program of up to `most` operations.
fn programs(most: usize) -> Vec<Program> {
    let mut all: Vec<String> = vec![String::new()];
    let mut from = 0;
    for _ in 0..most {
        let until = all.len();
        for at in from..until {
            all.push(format!("{}r", all[at]));
            all.push(format!("{}w", all[at]));
        }
        from = until;
    }
    all[1..].iter().map(|text| Program::parse(text).unwrap()).collect()
}

/// So many clients with programs of up to so many operations, each set of programs once.
fn all_clients(clients: usize, most: usize) -> Vec<Vec<Program>> {
    let programs = programs(most);
    let mut all: Vec<Vec<Program>> = vec![Vec::new()];
    for _ in 0..clients {
        let longer = all.iter().flat_map(|before| {
            let from = before.last().map_or(0, |last| programs.iter().position(|p| p == last).unwrap());
            programs[from..].iter().map(|program| [&before[..], &[*program]].concat()).collect::<Vec<_>>()
        });
        all = longer.collect();
    }
    all
}

/// For how many sets of clients up to the bound there is a bad schedule: three clients with up to three
/// operations each, and two with up to four.
fn broken(strategy: &str, harm: Harm, evictions: u8) -> (usize, usize) {
    let (mut all, mut bad) = (0, 0);
    for clients in all_clients(3, 3).into_iter().chain(all_clients(2, 4)) {
        let plan = Plan { clients, ..plan(strategy, "r", evictions) };
        let found = explored(&plan, harm);
        assert!(!found.stuck, "{strategy}: {:?} are stuck", plan.clients);
        all += 1;
        bad += usize::from(found.shortest.is_some());
        assert_eq!(found.shortest.is_some(), found.bad > 0);
    }
    (all, bad)
}

#[test]
fn cures_close_every_schedule_up_to_the_bound() {
    // 560 sets of three of the 14 programs of up to three operations, 465 of two of the 30 of up to four.
    const ALL: usize = 560 + 465;
    let check = |strategy: &str, harm: Harm, evictions: u8| {
        assert_eq!(broken(strategy, harm, evictions), (ALL, 0), "{strategy}, {harm:?}");
    };
    for harm in [Harm::Left, Harm::Read] {
        check("lease:ttl=never:lease=never", harm, 0);
        check("lease:ttl=never", harm, 0);
        check("compare-and-set:ttl=never", harm, 0);
        // Neither needs the entry to refuse what is old: it may have to make room.
        check("read-through:ttl=never", harm, 1);
        check("write-through:ttl=never", harm, 1);
    }
    check("lease:ttl=never:lease=never", Harm::Read, 1);
    // An entry that expires is not left; what is read before it does is another matter.
    for strategy in ["ttl", "delete-first", "update", "cache-aside", "compare-and-set"] {
        check(strategy, Harm::Left, 0);
    }
}

#[test]
fn what_is_no_cure_is_broken_by_many() {
    for strategy in ["ttl", "delete-first", "update", "cache-aside", "double-delete"] {
        for harm in [Harm::Left, Harm::Read] {
            let (all, bad) = broken(&format!("{strategy}:ttl=never"), harm, 0);
            assert!(bad * 10 > all, "{strategy}, {harm:?}: {bad} of {all}");
        }
    }
}

/// Counted by walking every schedule.
#[derive(Debug, Default, PartialEq)]
struct Naive {
    schedules: u128,
    bad: u128,
    shortest: Option<usize>,
}

fn walk(world: &World, harm: Harm, depth: usize, harmed: bool, naive: &mut Naive) {
    let mut ends = true;
    for choice in world.choices() {
        let mut next = world.duplicate();
        let outcome = next.take(choice, &mut Vec::new()).unwrap();
        if !outcome.changed {
            continue;
        }
        ends = false;
        let now = harm == Harm::Read && is_harmed(harm, &next, &outcome);
        if now && !harmed {
            naive.shortest = Some(naive.shortest.map_or(depth + 1, |least| least.min(depth + 1)));
        }
        walk(&next, harm, depth + 1, harmed || now, naive);
    }
    if ends {
        let left = harm == Harm::Left && world.is_old();
        naive.schedules += 1;
        naive.bad += u128::from(harmed || left);
        if left {
            naive.shortest = Some(naive.shortest.map_or(depth, |least| least.min(depth)));
        }
    }
}

#[test]
fn counts_are_those_of_walking_every_schedule() {
    const MOST: u128 = 6_000;
    let mut checked = 0;
    let clients = all_clients(2, 2).into_iter().chain(all_clients(3, 1)).chain(all_clients(1, 4));
    for clients in clients {
        for listed in RACES {
            for (ttl, evictions) in [("never", 0), ("5", 0), ("never", 1)] {
                let strategy = format!("{}:ttl={ttl}", listed.about.id);
                let plan = Plan { clients: clients.clone(), ..plan(&strategy, "r", evictions) };
                for harm in [Harm::Left, Harm::Read] {
                    let found = explored(&plan, harm);
                    if found.schedules.unwrap() > MOST {
                        continue;
                    }
                    let mut naive = Naive::default();
                    walk(&World::new(&plan), harm, 0, false, &mut naive);
                    let shortest = found.shortest.as_ref().map(Vec::len);
                    let merged = Naive { schedules: found.schedules.unwrap(), bad: found.bad, shortest };
                    assert_eq!(
                        merged, naive,
                        "{strategy}, {evictions} evictions, {harm:?}: {:?}",
                        plan.clients
                    );
                    if let Some(shortest) = &found.shortest {
                        assert!(does_harm(&plan, harm, shortest), "{strategy}: {}", text(shortest));
                    }
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 800, "only {checked} were small enough");
}

#[test]
fn slices_find_the_same() {
    let plan = plan("double-delete:ttl=never", "rw,wr,r", 1);
    let whole = explored(&plan, Harm::Read);
    let mut explorer = Explorer::new(&plan, Harm::Read);
    let mut last = 0;
    while !explorer.is_over() {
        explorer.advance(7);
        let (done, known) = explorer.progress();
        assert!(last < done && done <= known);
        last = done;
    }
    assert_eq!(explorer.found(), whole);
}

/// What cache and database do, and for which kind of operation, in order.
fn done(heard: &[Heard]) -> Vec<(Kind, std::mem::Discriminant<Change>)> {
    let is_done = |change: Change| {
        matches!(
            change,
            Change::Hit { .. }
                | Change::Missed
                | Change::Kept { .. }
                | Change::NotKept { .. }
                | Change::Deleted { .. }
                | Change::Read { .. }
                | Change::Committed { .. }
        )
    };
    let of = |heard: &Heard| match heard.who {
        Who::Operation(operation) if is_done(heard.change) => {
            Some((operation.kind, std::mem::discriminant(&heard.change)))
        }
        _ => None,
    };
    heard.iter().filter_map(of).collect()
}

fn stale(heard: &[Heard]) -> usize {
    heard.iter().filter(|heard| matches!(heard.change, Change::Answered { stale: Some(_), .. })).count()
}

/// A read at 0, a write and a late read at the times given, with a database that works on reads and writes
/// for so long: the same steps in the same order as the bad schedule, and the same stale read.
#[test]
fn schedules_come_true_in_time() {
    let check = |strategy: &str, schedule: &str, first: Kind, read: f64, write: f64, is_stale: bool| {
        let plan = plan(strategy, "r,w,r", 0);
        let mut world = World::new(&plan);
        let mut untimed = Vec::new();
        for choice in schedule.split(',') {
            world.take(Choice::parse(choice).unwrap(), &mut untimed).unwrap();
        }
        let mut timed = instant(1.0, 3, 0.0, 1, 1);
        let second = if first == Kind::Read { Kind::Write } else { Kind::Read };
        timed.arrivals = Pattern::Times(vec![0.0, 0.01, 0.5]);
        timed.traffic.script = vec![(first, 0), (second, 0), (Kind::Read, 0)];
        timed.plant.near = constant(0.001);
        timed.plant.far = Span::from_millis(1);
        timed.plant.read = constant(read);
        timed.plant.write = constant(write);
        let (heard, live, _) = heard_in_time(&timed, strategy);
        assert_eq!(done(&heard), done_as_commanded(&untimed, first), "{strategy}");
        assert_eq!((stale(&untimed), live.stale), (usize::from(is_stale), u64::from(is_stale)), "{strategy}");
    };
    // The read takes long: G L S D F, and then the late read.
    check("cache-aside:ttl=never", "1,1,2,2,1,3", Kind::Read, 0.05, 0.01, true);
    check("lease:ttl=never", "1,1,2,2,1,3,3,3", Kind::Read, 0.05, 0.01, false);
    check("compare-and-set:ttl=never", "1,1,2,2,1,3", Kind::Read, 0.05, 0.01, false);
    check("update:ttl=never", "1,1,2,2,1,3", Kind::Read, 0.05, 0.01, true);
    check("read-through:ttl=never", "1,1,2,2,1,3,3,3", Kind::Read, 0.05, 0.01, false);
    check("write-through:ttl=never", "1,1,2,2,2,1,3", Kind::Read, 0.05, 0.01, false);
    // The write takes long: D G L F S, and then the late read.
    check("delete-first:ttl=never", "2,1,1,1,2,3", Kind::Write, 0.01, 0.1, true);
}

/// What a client’s operations have come to, and what the cache holds, after a schedule.
#[test]
fn who_waits_goes_on_in_a_step_of_somebody_else() {
    let read = |number| Answered::Read { number, stale: false };
    let check = |strategy: &str, clients: &str, schedule: &str, came: &[&[Answered]], holds: Option<u32>| {
        let plan = plan(strategy, clients, 0);
        let mut world = World::new(&plan);
        for choice in schedule.split(',') {
            let choice = Choice::parse(choice).unwrap();
            assert!(world.take(choice, &mut Vec::new()).is_some(), "{strategy}: {choice} in {schedule}");
        }
        let answered: Vec<_> = world.clients.iter().map(|client| client.answered.clone()).collect();
        assert_eq!(answered, came, "{strategy}: {schedule}");
        let held = world.entry().and_then(|entry| entry.content).map(|version| version.number);
        assert_eq!(held, holds, "{strategy}: {schedule}");
    };
    let through = "read-through:ttl=never";
    // G, and the second waits; L, and F answers both.
    check(through, "r,r", "1,2,1", &[&[], &[]], None);
    check(through, "r,r", "1,2,1,1", &[&[read(0)], &[read(0)]], Some(0));
    // S D make the lease void: who waited gets what was fetched, and it is not kept.
    check(through, "r,r,w", "1,2,1,3,3,1", &[&[read(0)], &[read(0)], &[Answered::Written(1)]], None);
    // Who asks after D fetches anew, and has the value before the first has its own.
    check(through, "r,r,w", "1,1,3,3,2,2,2,1", &[&[read(0)], &[read(1)], &[Answered::Written(1)]], Some(1));
    // P P S U, and then the second write S U: nobody else can go between.
    let written = [Answered::Written(1)];
    check("write-through:ttl=never", "w,w", "1,2,1,1", &[&written, &[]], Some(1));
    check("write-through:ttl=never", "w,w", "2,1,2,2,1,1", &[&[Answered::Written(2)], &written], Some(2));
    let mut world = World::new(&plan("write-through:ttl=never", "w,w", 0));
    for client in [1, 2] {
        world.take(Choice::Client(client), &mut Vec::new()).unwrap();
    }
    assert_eq!(world.choices(), [Choice::Client(1)], "the second write waits");
}

/// In time a query sees what stands there when its work begins, and tells when it ends: there the reading
/// of a slow query comes after the write that it does not see. What is kept is the order at the cache.
fn done_as_commanded(heard: &[Heard], first: Kind) -> Vec<(Kind, std::mem::Discriminant<Change>)> {
    let mut done = done(heard);
    if first == Kind::Read {
        let reads = done
            .iter()
            .position(|(_, change)| *change == std::mem::discriminant(&Change::Read { content: None }));
        let fills = done.iter().position(|(kind, change)| {
            let kept = std::mem::discriminant(&Change::Kept { content: None });
            let refused = std::mem::discriminant(&Change::NotKept { content: None });
            *kind == Kind::Read && [kept, refused].contains(change)
        });
        if let (Some(reads), Some(fills)) = (reads, fills) {
            let read = done.remove(reads);
            done.insert(fills - 1, read);
        }
    }
    done
}

#[test]
fn rules_stand_where_they_say() {
    let check = |file: &str, rules: &[&sluice::catalogue::Rule]| {
        let text = std::fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for rule in rules {
            let place = Place { function: rule.place, rule: rule.name };
            assert!(!place.deciding_lines(&lines).is_empty(), "{file}: {} in {}", rule.name, rule.place);
        }
    };
    RACES.iter().for_each(|listed| check(listed.about.file, listed.about.rules));
    explore::COMMON.iter().chain(sluice::invalidation::COMMON).for_each(|(file, rules)| check(file, rules));
}

fn scenario(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("races", &Query::parse(query));
    assert_eq!(refusals, vec![], "{query}");
    scenario
}

fn opened(query: &str) -> (Session, sluice::lab::Report) {
    let scenario = scenario(query);
    let trace = Trace::empty();
    let mut run = scenario.run(&trace);
    run.advance(u64::MAX);
    let (report, marks) = run.finish();
    assert!(marks.iter().all(|marks| marks.len() == report.steps));
    (Session::new(scenario.lab(&trace, report.steps)), report)
}

/// The stage is made from the report, as the worker sends it, and shows the same as if it had explored; and what
/// a report does not know, the stage does not find out.
#[test]
fn the_stage_shows_what_the_report_says() {
    let scenes = |mut session: Session| {
        let all = (0..=session.length()).map(|step| {
            session.seek(step);
            (session.scene(), session.moment().cloned())
        });
        all.collect::<Vec<_>>()
    };
    let trace = Trace::empty();
    let ran = |scenario: &Scenario, work: u64| {
        let mut run = scenario.run(&trace);
        run.advance(work);
        let sent = serde_json::to_string(&run.finish().0).unwrap();
        serde_json::from_str::<sluice::lab::Report>(&sent).unwrap()
    };
    let lab = LABS.iter().find(|entry| entry.about.id == "races").unwrap().about;
    let hand = "strategies=cache-aside:ttl=5,ttl&clients=r,w&schedule=1,1,1";
    for query in lab.presets.iter().map(|preset| preset.query).chain([hand]) {
        let scenario = scenario(query);
        let report = ran(&scenario, u64::MAX);
        let explored = scenes(Session::new(scenario.lab(&trace, report.steps)));
        assert_eq!(explored, scenes(Session::new(scenario.lab_after(&trace, &report))), "{query}");
    }
    let large = scenario("strategies=cache-aside,lease&clients=rwrw,wrwr,rrww&harm=read");
    assert!(large.must_be_counted());
    let cut = scenes(Session::new(large.lab_after(&trace, &ran(&large, 10))));
    let note = |says: &str| Shape::Note(says.to_owned());
    for panel in &cut[0].0.panels {
        assert!(panel.contains(&note("Not all schedules were tried. None so far has a stale read.")));
    }
}

fn actions(session: &Session, panel: usize) -> Vec<String> {
    let shapes = session.scene().panels[panel].clone();
    let columns = shapes.iter().filter_map(|shape| match shape {
        Shape::Flow(columns) => Some(columns.concat()),
        _ => None,
    });
    let stations = columns.flatten().filter_map(|shape| match shape {
        Shape::Station(station) => Some(station),
        _ => None,
    });
    stations.filter_map(|station| station.action).map(|action| action.value).collect()
}

#[test]
fn the_lab_steps_through_the_shortest_bad_schedule() {
    let (mut session, report) =
        opened("strategies=cache-aside:ttl=never,lease:ttl=never&clients=r,w&harm=left");
    assert_eq!(session.length(), 5);
    assert_eq!(report.variants[0].figure("bad_share"), Some(0.1));
    assert_eq!(report.variants[1].figure("bad"), Some(0.0));
    session.seek(5);
    let moment = session.moment().unwrap();
    assert_eq!(moment.parts.iter().map(|part| part.outcome).collect::<Vec<_>>(), [3, 1]);
    assert!(moment.difference.is_some());
    let says = moment.parts[1].headline().0;
    assert_eq!(
        says,
        "The cache refuses version 0 from client 1’s read: its lease is void: since then the key was deleted, or somebody else got one, or the cache restarted."
    );
    session.seek(2);
    assert_eq!(actions(&session, 0), ["1,1,1", "1,1,2"]);
}

#[test]
fn a_person_can_choose_who_goes_next() {
    let (mut session, _) = opened("strategies=cache-aside:ttl=5&clients=r,w&schedule=1,1,1");
    assert_eq!(session.length(), 3);
    session.seek(3);
    assert_eq!(actions(&session, 0), ["1,1,1,2", "1,1,1,e"]);
    let (session, _) = opened("strategies=cache-aside&clients=r,w&schedule=2,2,2,9,1");
    assert_eq!(session.length(), 3, "what cannot be done is left out");
}

#[test]
fn what_is_no_schedule_is_refused() {
    for (field, value) in [
        ("clients", "x"),
        ("clients", ""),
        ("clients", "rrrrr"),
        ("clients", "r,r,r,r"),
        ("schedule", "0"),
        ("schedule", "q"),
        ("harm", "none"),
        ("evictions", "9"),
        ("strategies", "lru"),
    ] {
        assert!(scenario("").with(field, value).is_err(), "{field}={value}");
    }
}

#[test]
fn back_is_as_exact_as_forth() {
    let query = "strategies=double-delete:ttl=5,lease&clients=rw,wr,r&harm=read&evictions=1";
    let (mut session, _) = opened(query);
    let length = session.length();
    let scenes: Vec<_> = (0..=length)
        .map(|step| {
            session.seek(step);
            (session.scene(), session.moment().cloned())
        })
        .collect();
    for step in (0..=length).rev() {
        session.seek(step);
        assert_eq!((session.scene(), session.moment().cloned()), scenes[step as usize], "step {step}");
    }
}

/// The presets, and the schedules and the bad ones that their points name.
#[test]
fn presets_show_what_they_say() {
    let lab = LABS.iter().find(|entry| entry.about.id == "races").unwrap().about;
    let said: [&[(u64, u64)]; 10] = [
        &[(10, 1), (33, 0), (10, 0)],
        &[(10, 6), (10, 1)],
        &[(6, 2), (6, 0), (6, 0)],
        &[(49_151, 801), (17_547, 0), (5_729_586, 0)],
        &[(23, 1), (50, 0)],
        &[(10, 6), (20, 3), (10, 1)],
        &[(4, 2), (5, 0), (10, 1), (15, 0)],
        &[(399_964, 69_617), (394_908, 23_198), (18_363_290, 1_413_808), (594_933_556, 0)],
        &[(10, 1), (10, 0), (20, 0)],
        &[(6, 2), (6, 0)],
    ];
    assert_eq!(lab.presets.len(), said.len());
    for (preset, said) in lab.presets.iter().zip(said) {
        let set = scenario(preset.query);
        assert_eq!(scenario(&set.query().to_string()), set);
        assert_eq!(Scenario::from_json(&set.json()), Ok(set.clone()));
        let (mut session, report) = opened(preset.query);
        let figure = |name: &str| {
            let of = |variant: &sluice::lab::VariantReport| variant.figure(name).unwrap() as u64;
            report.variants.iter().map(of).collect::<Vec<_>>()
        };
        let counted: Vec<(u64, u64)> = figure("schedules").into_iter().zip(figure("bad")).collect();
        assert_eq!(counted, said, "{}", preset.name);
        session.seek(u64::MAX);
        assert!(session.scene().panels.iter().all(|panel| panel.len() == 3), "{}", preset.name);
        assert!((lab.summary.takeaway)(&report).ends_with('.'));
        assert_eq!((lab.summary.table)(&report).rows.len(), said.len());
    }
}

/// What a plan is said to be worth decides whether the page explores it at once or waits for the worker.
#[test]
fn no_exploration_is_more_work_than_is_said() {
    const CLIENTS: [&str; 6] =
        ["r,w", "rr,wr,rw", "rwrr,wwrw,wrwr", "rrrr,rwrw,wwww", "rrwr,wrrr,rrrw", "rrrr,rrrr,rrrr"];
    let mut more = Vec::new();
    for (listed, clients) in RACES.iter().flat_map(|listed| CLIENTS.map(|clients| (listed, clients))) {
        for harm in [Harm::Left, Harm::Read] {
            let (id, name) = (listed.about.id, if harm == Harm::Left { "left" } else { "read" });
            let query = format!("strategies={id}&clients={clients}&harm={name}");
            let (work, said) = (2 * explored(&plan(id, clients, 0), harm).states, scenario(&query).work());
            if work > said {
                more.push(format!("{query}: {work} of {said}"));
            }
        }
    }
    assert!(more.is_empty(), "{more:#?}");
}
