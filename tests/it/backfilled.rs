//! `luopan backfill`: past days in their order, what it skips, where it stops, and what it says of other days.

use std::{
    collections::BTreeMap, fs, net::TcpListener, process::Command, sync::mpsc, thread, time::Duration,
};

use chrono::NaiveDate;
use luopan::{
    run::{
        backfill::{self, Every, Wanted},
        progress::Progress,
        settings::Asked,
    },
    warehouse::Step,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    program::Ended,
    published,
    tiny::{Project, VISITS, pipeline},
};

/// How many visits there were, and how many the set before knew.
const COUNTED: &str = r#"/*---
grain = ["day"]
[columns]
day = { type = "date", null = false }
visits = { type = "int", null = false }
visits_before = { type = "int" }
---*/
SELECT $as_of_date AS day, COUNT(*) AS visits, (SELECT MAX(visits) FROM previous.counted) AS visits_before
FROM shop_visits
"#;

/// A visit on the 15th of each month from November 2025 to March 2026.
fn counted() -> Project {
    let project = Project::of_visits(VISITS);
    project.file("sql/snapshots/counted.sql", COUNTED);
    project.file("pipelines/nightly.toml", &pipeline(&["counted"], ""));
    let months = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"];
    let visits = months.map(|month| json!({ "visit_id": month, "seen_at": format!("{month}-15T10:00:00Z") }));
    project.rows("shop_visits", "visits/a.parquet", &json!(visits));
    project
}

fn fill(project: &Project, args: &[&str]) -> Ended {
    project.luopan(&[&["backfill"], args].concat())
}

/// By day: visits, and those that the set before knew.
fn days(project: &Project) -> BTreeMap<String, (i64, Option<i64>)> {
    let text = fs::read_to_string(project.warehouse().join("_luopan/current.json")).unwrap();
    let pointer: Value = serde_json::from_str(&text).unwrap();
    let days = pointer["sets"].as_object().unwrap().keys();
    let row = |day: &str| published::rows(&project.warehouse(), "counted", day).remove(0);
    let figures = |day: &String| {
        let row = row(day);
        (day.clone(), (row["visits"].as_i64().unwrap(), row["visits_before"].as_i64()))
    };
    days.map(figures).collect()
}

fn is(project: &Project, expected: &[(&str, i64, Option<i64>)]) {
    let expected = expected.iter().map(|(day, visits, before)| (day.to_string(), (*visits, *before)));
    assert_eq!(days(project), expected.collect());
}

#[test]
fn months_are_filled_in_order_and_each_sees_the_one_before() {
    let project = counted();
    let ended = fill(&project, &["--from", "2026-01-01", "--to", "2026-03-31"]).done();
    is(&project, &[("2026-01-01", 2, None), ("2026-02-01", 3, Some(2)), ("2026-03-01", 4, Some(3))]);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ended.out);
    let set = published::set(&project.warehouse(), "2026-02-01").unwrap();
    assert!(
        lines[1].starts_with(&format!("2026-02-01  {set}  published  1 rows of counted, ")),
        "{}",
        lines[1]
    );
    assert!(!ended.err.contains("warning") && ended.err.contains("2026-02-01, day 2 of 3"), "{}", ended.err);
    let weeks = fill(&project, &["--from", "2026-03-01", "--to", "2026-03-14", "--every", "week"]).done();
    assert!(
        weeks.out.contains("2026-03-01  ") && weeks.out.contains("  skipped  1 rows of counted\n2026-03-08")
    );
}

#[test]
fn days_that_stand_are_skipped_unless_asked_for_again_and_later_ones_are_warned_of() {
    let project = counted();
    project.luopan(&["run", "--as-of", "2026-02-01"]).done();
    project.luopan(&["run", "--as-of", "2026-03-20"]).done();
    let span = ["--from", "2026-01-01", "--to", "2026-03-01"];
    let ended = fill(&project, &[&span[..], &["--log-format", "json"]].concat()).done();
    let states: Vec<Value> = ended.json().iter().map(|day| day["state"].clone()).collect();
    assert_eq!(states, ["published", "skipped", "published"]);
    let says = "sets after 2026-01-01 were made before it was filled in, and looked back at another: 2026-02-01, 2026-03-20";
    let ended = ended.says(&[says, "fill in up to 2026-03-20 with --again"]);
    assert!(ended.err.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", ended.err);
    is(
        &project,
        &[
            ("2026-01-01", 2, None),
            ("2026-02-01", 3, None),
            ("2026-03-01", 4, Some(3)),
            ("2026-03-20", 5, Some(3)),
        ],
    );
    let again = fill(&project, &[&span[..], &["--again"]].concat()).done();
    let count = |state: &str| again.out.lines().filter(|line| line.contains(state)).count();
    assert_eq!((count("unchanged"), count("published")), (2, 1), "{}", again.out);
    again.says(&["sets after 2026-02-01 were made before", "another: 2026-03-20;"]);
    assert_eq!(days(&project)["2026-02-01"], (3, Some(2)));
    let nothing = fill(&project, &span).done();
    assert!(nothing.out.matches("skipped").count() == 3 && nothing.err.is_empty(), "{}", nothing.err);
}

#[test]
fn days_that_cannot_be_are_refused_before_anything_runs() {
    let project = counted();
    let refused = |args: &[&str], status: i32, says: &[&str]| {
        assert!(fill(&project, args).with(status).says(says).out.is_empty());
        assert!(project.luopan(&["runs"]).done().out.is_empty(), "nothing ran");
    };
    let first = ["was known before 2025-11-01", "the first data is of 2025-11-15, in `shop_visits`"];
    refused(&["--from", "2025-11-01", "--to", "2026-03-01"], 1, &first);
    let late =
        ["2026-05-01 is after 2026-04-01, the as_of of ./pipelines/nightly.toml", "choose --to 2026-04-01"];
    refused(&["--from", "2026-02-01", "--to", "2026-05-01"], 2, &late);
    refused(
        &["--from", "2026-02-01", "--to", "2026-01-01"],
        2,
        &["--from 2026-02-01 is after --to 2026-01-01"],
    );
    refused(&["--from", "2026-02-01", "--to", "2026-2-3"], 2, &["a day is written YYYY-MM-DD"]);
    refused(&["nihgtly", "--from", "2026-02-01", "--to", "2026-03-01"], 2, &["did you mean `nightly`?"]);
    project.file("pipelines/other.toml", &pipeline(&["counted"], ""));
    project.luopan(&["run", "other", "--as-of", "2026-03-01"]).done();
    let other = fill(&project, &["--from", "2026-02-01", "--to", "2026-03-01"]).with(1);
    other.says(&["the set of 2026-03-01", "published by pipeline `other`"]);
    assert_eq!(days(&project).len(), 1);
}

#[test]
fn it_stops_at_the_first_day_that_fails_and_says_what_is_done() {
    let project = counted();
    project.file("sql/audits/few_visits.sql", "SELECT visits FROM counted WHERE visits = 4");
    let ended = fill(&project, &["--from", "2026-01-01", "--to", "2026-04-01"]).with(1);
    let ended = ended
        .says(&["backfill stopped at 2026-03-01; done before: 2026-01-01, 2026-02-01: audit `few_visits`"]);
    assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
    assert_eq!(days(&project).len(), 2, "what was published stays");
    fs::remove_file(project.root().join("sql/audits/few_visits.sql")).unwrap();
    fill(&project, &["--from", "2026-01-01", "--to", "2026-04-01"]).done();
    assert_eq!(days(&project)["2026-04-01"], (5, Some(4)));
}

struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str, _: Option<usize>) {}
    fn started(&self, _: &str, _: NaiveDate) {}
    fn finished(&self, _: &Step) {}
    fn warning(&self, _: &str) {}
    fn note(&self, _: &str) {}
}

#[test]
fn a_signal_between_two_days_ends_it_there() {
    let project = counted();
    let asked = Asked { project: project.root().into(), pipeline: "nightly".into(), ..Asked::default() };
    let day = |text: &str| text.parse().unwrap();
    let wanted = Wanted { from: day("2026-01-01"), to: day("2026-03-01"), every: Every::Month, again: false };
    let signal = Notify::new();
    let mut told = Vec::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ended =
        runtime.block_on(backfill::backfill(&asked, &wanted, &Silent, signal.notified(), &mut |stands| {
            told.push(stands.as_of);
            signal.notify_one();
            Ok(())
        }));
    let problem = ended.unwrap_err();
    assert_eq!(problem.message, "backfill stopped at 2026-02-01; done before: 2026-01-01: interrupted");
    assert_eq!((problem.exit_status(), told), (2, vec![day("2026-01-01")]));
    let runs = project.luopan(&["runs"]).done().out;
    assert!(runs.lines().count() == 2 && !runs.contains("interrupted"), "no second day was begun: {runs}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_while_a_store_does_not_answer() {
    // The lake takes the call and never answers.
    let store = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", store.local_addr().unwrap());
    let project = counted();
    let storage = format!("[storage]\nendpoint = \"{endpoint}\"\nregion = \"nowhere\"\nallow_http = true\n");
    project.file("pipelines/nightly.toml", &pipeline(&["counted"], &storage));
    let mut command = Command::new(env!("CARGO_BIN_EXE_luopan"));
    let args = ["backfill", "--from", "2026-01-01", "--to", "2026-03-01", "--lake", "s3://bucket/lake"];
    command.current_dir(project.root()).args(args);
    command.env("AWS_ACCESS_KEY_ID", "nobody").env("AWS_SECRET_ACCESS_KEY", "nothing");
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let (called, call) = mpsc::channel();
    thread::spawn(move || called.send(store.accept()));
    let call = call.recv_timeout(Duration::from_secs(120)).expect("it calls its store");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    drop(call);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("interrupted"), "{err}");
    assert!(published::set(&project.warehouse(), "2026-01-01").is_none());
}
