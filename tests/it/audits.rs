//! Write, audit, publish: what stops a night, what it says then, and what readers see meanwhile.

use serde_json::{Value, json};

use super::{
    published,
    tiny::{DAY, Project, VISITS, pipeline},
};

fn visits(count: usize) -> Value {
    (0..count)
        .map(|n| json!({ "visit_id": format!("v{n}"), "seen_at": format!("2026-03-{:02}T00:00:00Z", n + 1), "minutes": n }))
        .collect()
}

fn visited(count: usize) -> Project {
    let project = Project::of_visits(VISITS);
    project.rows("shop_visits", "visits/a.parquet", &visits(count));
    project
}

const LONG_VISITS: &str = r#"/*---
description = "No visit is longer than three minutes."
---*/
SELECT visit_id, minutes FROM visit_list WHERE minutes > 3
"#;

#[test]
fn an_audit_that_finds_rows_shows_them_and_nothing_is_published() {
    let project = visited(4);
    project.file("sql/audits/long_visits.sql", LONG_VISITS);
    project.run().done();
    let before = (published::set(&project.warehouse(), DAY), published::tables(&project.warehouse(), DAY));
    project.rows("shop_visits", "visits/a.parquet", &visits(20));
    let says = [
        "audit `long_visits` found 16 rows: No visit is longer than three minutes.",
        "| v10 ",
        "nothing was published",
    ];
    let ended = project.run().with(1).says(&says).says(&["sql/audits/long_visits.sql"]);
    assert_eq!(ended.err.matches("| v1").count(), 10, "ten rows are shown: {}", ended.err);
    let after = (published::set(&project.warehouse(), DAY), published::tables(&project.warehouse(), DAY));
    assert_eq!(before, after);
    let files = published::files(&project.warehouse());
    assert_eq!(
        files.keys().filter(|p| p.extension().is_some_and(|e| e == "parquet")).count(),
        1,
        "nothing is left over"
    );
}

#[test]
fn an_audit_that_only_warns_is_told_and_recorded() {
    let project = visited(5);
    project.file("sql/audits/long_visits.sql", &LONG_VISITS.replace("---*/", "severity = 'warn'\n---*/"));
    project.run().done().says(&["warning: audit `long_visits` found 1 rows"]);
    let runs = project.luopan(&["runs"]).done().out;
    let name = runs.lines().nth(1).and_then(|l| l.split_whitespace().next()).unwrap().to_owned();
    assert!(project.luopan(&["runs", &name]).done().out.contains("audit `long_visits` found 1 rows"));
}

#[test]
fn two_rows_of_one_grain_and_a_null_in_a_promised_column_publish_nothing() {
    let project = visited(3);
    project.edit("sql/snapshots/visit_list.sql", "grain = [\"visit_id\"]", "grain = [\"customer_id\"]");
    project
        .run()
        .with(1)
        .says(&["table `visit_list` has two rows for customer_id = ", "mend the join, or the grain"]);
    let project = visited(3);
    project.edit(
        "sql/snapshots/visit_list.sql",
        "note = { type = \"text\" }",
        "note = { type = \"text\", null = false }",
    );
    project.run().with(1).says(&["note is declared null = false, and 3 rows have none"]);
    assert!(published::set(&project.warehouse(), DAY).is_none());
}

#[test]
fn a_value_that_does_not_fit_its_type_is_a_failure_of_that_table() {
    let project = visited(3);
    project.edit(
        "sql/snapshots/visit_list.sql",
        "SELECT visit_id,",
        "SELECT visit_id || CAST(1 / (minutes - 1) AS TEXT) AS visit_id,",
    );
    project.run().with(1).says(&["table `visit_list`", "ivide by zero", "visit_list.sql"]);
    assert!(published::set(&project.warehouse(), DAY).is_none());
}

const COUNTED: &str = r#"/*---
grain = ["day"]
[columns]
day = { type = "date", null = false }
visits = { type = "int", null = false }
visits_before = { type = "int" }
---*/
SELECT
    $as_of_date AS day,
    COUNT(*) AS visits,
    (SELECT MAX(visits) FROM previous.counted) AS visits_before
FROM shop_visits
"#;

#[test]
fn a_snapshot_can_read_the_last_one_published_before_its_day_and_no_later_one() {
    let project = visited(9);
    project.file("sql/snapshots/counted.sql", COUNTED);
    project.file("pipelines/nightly.toml", &pipeline(&["counted"], ""));
    let counted = |day: &str| {
        project.luopan(&["run", "--as-of", day]).done();
        let rows = published::rows(&project.warehouse(), "counted", day);
        (rows[0]["visits"].as_i64().unwrap(), rows[0]["visits_before"].as_i64())
    };
    assert_eq!(counted("2026-03-04"), (3, None), "the first set has none before it");
    assert_eq!(counted("2026-03-08"), (7, Some(3)));
    assert_eq!(counted("2026-03-06"), (5, Some(3)), "a day in between knows nothing of the later one");
    assert_eq!(counted("2026-03-08"), (7, Some(5)));
    assert_eq!(counted("2026-03-08"), (7, Some(5)), "its own former set is no earlier one");
}

#[test]
fn a_column_that_is_new_is_null_in_what_an_older_set_says() {
    let project = visited(9);
    project.file("sql/snapshots/counted.sql", COUNTED);
    project.file("pipelines/nightly.toml", &pipeline(&["counted"], ""));
    project.luopan(&["run", "--as-of", "2026-03-04"]).done();
    project.edit(
        "sql/snapshots/counted.sql",
        "null = false }\nvisits_before",
        "null = false }\nlongest = { type = \"int\" }\nvisits_before",
    );
    project.edit(
        "sql/snapshots/counted.sql",
        "(SELECT MAX(visits)",
        "MAX(minutes) AS longest,\n    (SELECT MAX(longest)",
    );
    project.luopan(&["run", "--as-of", "2026-03-05"]).done();
    let row = &published::rows(&project.warehouse(), "counted", "2026-03-05")[0];
    assert_eq!((row["longest"].as_i64(), &row["visits_before"]), (Some(3), &Value::Null));
}

/// A second table, a pipeline of its own for it, and an audit of it that finds rows.
fn with_longest(project: &Project) {
    let longest = "/*---\ngrain = [\"minutes\"]\n[columns]\nminutes = { type = \"int\" }\n---*/\n\
                   SELECT MAX(minutes) AS minutes FROM shop_visits";
    project.file("sql/snapshots/longest.sql", longest);
    project.file("sql/audits/longest_is_short.sql", "SELECT minutes FROM longest WHERE minutes > 3");
    let weekly = pipeline(&["longest"], "").replace("\"warehouse\"", "\"weekly\"");
    project.file("pipelines/weekly.toml", &weekly);
}

#[test]
fn a_pipeline_runs_the_audits_of_what_it_makes_and_makes_nothing_for_others() {
    let project = visited(9);
    with_longest(&project);
    // Reads a source besides, as an audit may that counts on another way.
    let all = "SELECT a.n FROM (SELECT COUNT(*) AS n FROM visit_list) AS a, (SELECT COUNT(*) AS n FROM shop_visits) AS b \
               WHERE a.n <> b.n";
    project.file("sql/audits/no_visit_is_lost.sql", all);
    project.file("sql/audits/visits_are_ours.sql", "SELECT visit_id FROM shop_visits WHERE visit_id = 'x1'");
    let nightly = project.run().done();
    assert!(nightly.out.contains("\nData       2 audits passed\n"), "{}", nightly.out);
    assert!(
        !nightly.err.contains("longest"),
        "no table is made for another pipeline's audit: {}",
        nightly.err
    );
    let weekly = project.luopan(&["run", "weekly"]).with(1);
    weekly.says(&["audit `longest_is_short` found 1 rows"]);
    project.file(
        "sql/audits/longest_is_short.sql",
        "/*---\nseverity = 'warn'\n---*/ SELECT minutes FROM longest",
    );
    let weekly = project.luopan(&["run", "weekly"]).done();
    assert!(weekly.out.contains("\nData       1 of 2 audits warns; 1 warning\n"), "{}", weekly.out);
    assert!(!weekly.err.contains("visit_list"), "{}", weekly.err);
    let none = project.luopan(&["check"]).done();
    assert!(!none.err.contains("warning"), "{}", none.err);
}

#[test]
fn an_audit_that_no_pipeline_runs_is_warned_of_with_its_file() {
    let project = visited(2);
    with_longest(&project);
    let lost = "SELECT a.minutes FROM longest AS a JOIN visit_list AS b ON a.minutes < b.minutes";
    project.file("sql/audits/longest_is_longest.sql", lost);
    project.luopan(&["check"]).done().says(&[
        "warning: no pipeline runs the audit `longest_is_longest` (./sql/audits/longest_is_longest.sql)",
        "`nightly` comes nearest, and does not make `longest`",
    ]);
    project.edit("pipelines/nightly.toml", "[\"visit_list\"]", "[\"visit_list\", \"longest\"]");
    assert!(!project.luopan(&["check"]).done().err.contains("warning"));
}
