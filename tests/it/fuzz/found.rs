//! What was found, each as small as it could be made.

use std::time::{Duration, Instant};

use super::super::tiny::{Project, VISITS};

/// Where the parser tries a word in two ways, a slip within many of them took it years: 24 of these took 20 seconds.
#[test]
fn a_slip_deep_within_casts_is_told_at_once() {
    let project = Project::of_visits(VISITS);
    for nest in ["CAST(", "NOT (", "POSITION(", "ARRAY["] {
        let start = Instant::now();
        let query = format!("SELECT {} FROM shop_visits", nest.repeat(40));
        let says = ["nested more than 8 deep here", "WITH"];
        project.luopan(&["query", &query]).with(2).says(&says);
        assert!(start.elapsed() < Duration::from_secs(10), "{nest}: {:?}", start.elapsed());
    }
}

/// 21,000 of the first were more than the stack of the program holds, 3,000 more than that of its threads.
#[test]
fn a_sum_that_does_not_end_is_told_and_no_end_of_the_program() {
    let project = Project::of_visits(VISITS);
    for link in ["1 + ", "TRUE OR 1 = ", "1::int::int - "] {
        let query = format!("SELECT {}1 AS x FROM shop_visits", link.repeat(3_000));
        let says = ["more than 500 steps follow each other", "WITH"];
        project.luopan(&["query", &query]).with(2).says(&says);
    }
}
