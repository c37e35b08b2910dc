//! Marks and jumps against lists of outcomes that are searched from end to end.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use sluice::lab::{Jump, LABS, Marks, Sought, bad};

/// Outcomes in long runs of the same kind, so that whole words of marks are alike.
fn outcomes() -> impl Strategy<Value = Vec<u8>> {
    let stretch = (prop_oneof![3 => Just(0), 1 => 0..4_u8], 1..60_usize);
    let stretches = prop::collection::vec(stretch, 0..12);
    stretches.prop_map(|all| all.into_iter().flat_map(|(outcome, times)| vec![outcome; times]).collect())
}

fn marks(outcomes: &[u8]) -> Marks {
    let mut marks = Marks::with_room(outcomes.len() as u64 / 2);
    outcomes.iter().for_each(|outcome| marks.push(*outcome));
    marks
}

fn any_jump() -> impl Strategy<Value = Jump> {
    let sought = prop_oneof![(0..16_u8).prop_map(Sought::Some), (0..16_u8).prop_map(Sought::Any)];
    sought.prop_map(|sought| Jump { name: "miss", key: "m", sought })
}

/// The steps, counted from 1, that `jump` looks for.
fn found(jump: &Jump, all: &[Vec<u8>]) -> Vec<u64> {
    let last = all.iter().map(Vec::len).min().unwrap_or(0);
    let looked_for = |at: &usize| {
        let here: Vec<u8> = all.iter().map(|outcomes| outcomes[*at]).collect();
        let found = |wanted: u8| here.iter().filter(|outcome| wanted & (1 << **outcome) != 0).count();
        match jump.sought {
            Sought::Any(wanted) => found(wanted) > 0,
            Sought::Some(wanted) => found(wanted) > 0 && found(wanted) < here.len(),
        }
    };
    (0..last).filter(looked_for).map(|at| at as u64 + 1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn marks_hold_what_was_pushed(outcomes in outcomes(), from in 0..300_u64, to in 0..300_u64) {
        let marks = marks(&outcomes);
        prop_assert_eq!(marks.len(), outcomes.len() as u64);
        prop_assert_eq!(marks.is_empty(), outcomes.is_empty());
        for at in 0..outcomes.len() + 40 {
            prop_assert_eq!(marks.get(at as u64), outcomes.get(at).copied());
        }
        let within = |at: &usize| (from..to).contains(&(*at as u64));
        for wanted in 0..=15_u8 {
            let is_wanted = |outcome: &u8| wanted & (1 << outcome) != 0;
            let here = (0..outcomes.len()).filter(within).filter(|at| is_wanted(&outcomes[*at])).count() as u64;
            prop_assert_eq!(marks.count(from..to, wanted), here);
            let all = outcomes.iter().filter(|outcome| is_wanted(outcome)).count() as u64;
            prop_assert_eq!(marks.count(0..u64::MAX, wanted), all);
        }
    }

    #[test]
    fn words_carry_all_marks(outcomes in outcomes()) {
        let marks = marks(&outcomes);
        prop_assert_eq!(marks.words().len(), outcomes.len().div_ceil(16));
        let read = Marks::from_words(marks.len(), marks.words().to_vec());
        prop_assert_eq!(&read, &marks);
    }

    #[test]
    fn words_too_few_or_too_many_make_marks_all_the_same(
        words in prop::collection::vec(any::<u32>(), 0..6),
        steps in 0..90_u64,
        more in outcomes(),
    ) {
        let mut marks = Marks::from_words(steps, words.clone());
        let mut expected: Vec<u8> = (0..steps as usize)
            .map(|at| words.get(at / 16).map_or(0, |word| (word >> (2 * (at % 16)) & 3) as u8))
            .collect();
        expected.extend(&more);
        more.iter().for_each(|outcome| marks.push(*outcome));
        let held: Vec<u8> = (0..marks.len()).map_while(|at| marks.get(at)).collect();
        prop_assert_eq!(held, expected);
    }

    #[test]
    fn jumps_find_the_nearest(
        all in prop::collection::vec(outcomes(), 1..=4),
        jump in any_jump(),
        starts in prop::collection::vec(0..400_u64, 1..20),
    ) {
        let marks: Vec<Marks> = all.iter().map(|outcomes| marks(outcomes)).collect();
        let steps = found(&jump, &all);
        for from in starts.into_iter().chain([0, u64::MAX]) {
            prop_assert_eq!(jump.next(&marks, from), steps.iter().copied().find(|step| *step > from));
            prop_assert_eq!(jump.previous(&marks, from), steps.iter().rev().copied().find(|step| *step < from));
        }
    }
}

#[test]
fn without_variants_there_is_nothing_to_jump_to() {
    for jump in LABS[0].about.jumps {
        assert_eq!((jump.next(&[], 0), jump.previous(&[], 9)), (None, None));
    }
}

#[test]
fn jumps_of_every_lab_look_for_outcomes_that_it_has() {
    for lab in LABS.iter().map(|entry| entry.about) {
        assert!(lab.outcomes.len() <= 4, "{} has more outcomes than two bits tell apart", lab.id);
        for jump in lab.jumps {
            let (Sought::Any(wanted) | Sought::Some(wanted)) = jump.sought;
            assert!(wanted != 0 && u32::from(wanted) < 1 << lab.outcomes.len(), "{}: {}", lab.id, jump.name);
        }
        assert!(bad(lab.outcomes) != 0, "{} has nothing to avoid", lab.id);
        let mut keys: Vec<&str> = lab.jumps.iter().map(|jump| jump.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), lab.jumps.len(), "{} gives a key twice", lab.id);
    }
}
