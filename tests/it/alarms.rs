//! Alerts: whom they speak of, months in a row, and how good they would have been, by hand.

use serde_json::{Value, json};

use super::{
    parquet_files::figure,
    published,
    tiny::{Project, pipeline},
};

const SOURCES: &str = r#"
[readings]
path = "readings.parquet"
kind = "event"
known_at = "day + 0 days"
[readings.columns]
customer_id = "text"
day = "date"
mood = "int"
[ends]
path = "ends.parquet"
kind = "event"
known_at = "happened_on + 0 days"
[ends.columns]
customer_id = "text"
happened_on = "date"
"#;

const MOODS: &str = r#"/*---
grain = ["customer_id"]
[columns]
customer_id = { type = "text" }
mood = { type = "int" }
share = { type = "double", unit = "share" }
sad = { type = "bool", phrase = "in tears", phrase_zh = "落泪" }
spent = { type = "decimal(18,2)", unit = "money", description = "Spent in all", description_zh = "总花费" }
trend = { type = "double", unit = "change", phrase = "laughter", phrase_zh = "笑声" }
missed = { type = "int", unit = "days", phrase = "away for", phrase_zh = "缺席" }
seen_on = { type = "date", phrase = "seen on", phrase_zh = "见于" }
---*/
SELECT customer_id, mood, CAST(mood AS DOUBLE) / 8 AS share, mood < 2 AS sad,
    CAST(-1234567.6 * mood AS DECIMAL(18, 2)) AS spent, CAST(mood - 3 AS DOUBLE) / 8 AS trend,
    CASE WHEN mood < 3 THEN mood END AS missed, day AS seen_on
FROM readings
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY day DESC) = 1
"#;

const RAISED: &str = r#"/*---
grain = ["customer_id", "alert"]
[columns]
customer_id = { type = "text" }
alert = { type = "text" }
severity = { type = "text" }
evidence = { type = "text" }
evidence_zh = { type = "text" }
---*/
SELECT customer_id, alert, severity, evidence, evidence_zh FROM warn WHERE holds
"#;

const WARN: &str = r#"
kind = "alerts"
from = "moods"
[[alert]]
name = "sad"
description = "Sad"
when = "mood < 4"
severity = "low"
severity_when = { high = "mood = 1", medium = "mood = 2" }
evidence = ["mood", "share"]
foretells = { event = "departures", within_days = 40 }
[[alert]]
name = "long_sad"
description = "Sad for three months"
when = "mood < 4"
months = 3
severity = "medium"
foretells = { event = "departures", within_days = 40 }
[[alert]]
name = "thought_of"
description = "Not raised yet"
when = "mood > 6"
severity = "low"
enabled = false
"#;

fn project(readings: &Value, ends: &Value) -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        (
            "sql/value/departures.sql",
            "/*---\ngrain = ['customer_id', 'happened_on']\n---*/\nSELECT customer_id, happened_on FROM ends\n",
        ),
        ("sql/snapshots/moods.sql", MOODS),
        ("sql/snapshots/raised.sql", RAISED),
        ("models/warn.toml", WARN),
        ("pipelines/nightly.toml", &pipeline(&["moods", "raised"], "")),
    ]);
    project.rows("readings", "readings.parquet", readings);
    project.rows("ends", "ends.parquet", ends);
    project
}

fn reading(id: &str, day: &str, mood: i64) -> Value {
    json!({ "customer_id": id, "day": day, "mood": mood })
}

/// (customer, alert, severity) raised on a day.
fn raised(project: &Project, day: &str) -> Vec<(String, String, String)> {
    project.luopan(&["run", "--as-of", day]).done();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let rows = published::rows(&project.warehouse(), "raised", day);
    rows.iter().map(|r| (text(&r["customer_id"]), text(&r["alert"]), text(&r["severity"]))).collect()
}

fn told(rows: &[(String, String, String)]) -> Vec<(&str, &str, &str)> {
    rows.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect()
}

#[test]
fn an_alert_speaks_of_whom_it_holds_for_with_severity_and_figures() {
    let readings =
        json!([reading("a", "2026-01-01", 1), reading("b", "2026-01-01", 3), reading("c", "2026-01-01", 7)]);
    let project = project(&readings, &json!([]));
    assert_eq!(told(&raised(&project, "2026-04-01")), [("a", "sad", "high"), ("b", "sad", "low")]);
    let rows = project.published("raised");
    assert_eq!(rows[1]["evidence"], "mood: 3; share: 37.5 %");
    assert_eq!(rows[1]["evidence_zh"], "mood：3；share：37.5%");
}

#[test]
fn evidence_speaks_in_phrases_units_and_both_languages() {
    let readings = json!([reading("a", "2026-01-01", 1), reading("b", "2026-02-01", 3)]);
    let project = project(&readings, &json!([]));
    project.edit(
        "models/warn.toml",
        "evidence = [\"mood\", \"share\"]",
        "evidence = [\"sad\", \"seen_on\", \"spent\", \"trend\", \"missed\"]",
    );
    raised(&project, "2026-04-01");
    let rows = project.published("raised");
    let said = |row: usize| ["evidence", "evidence_zh"].map(|column| rows[row][column].as_str().unwrap());
    let expected = "\
In tears: yes; seen on 2026-01-01; Spent in all: -1,234,568; laughter fell 25.0 %; away for: 1 day
落泪：是；见于：2026-01-01；总花费：-123.5 万；笑声下降 25.0%；缺席：1 天
In tears: no; seen on 2026-02-01; Spent in all: -3,703,703; laughter unchanged; away for: unknown
落泪：否；见于：2026-02-01；总花费：-370.4 万；笑声持平；缺席：未知";
    assert_eq!([said(0), said(1)].concat().join("\n"), expected);
}

#[test]
fn months_in_a_row_are_counted_by_the_sets_of_those_months() {
    let readings = json!([
        reading("a", "2026-01-01", 2),
        reading("b", "2026-01-01", 2),
        reading("b", "2026-02-20", 9),
        reading("b", "2026-03-20", 2),
    ]);
    let project = project(&readings, &json!([]));
    for day in ["2026-02-01", "2026-02-28"] {
        assert!(
            raised(&project, day).iter().all(|(_, alert, _)| alert == "sad"),
            "{day}: no three months yet"
        );
    }
    // The set of the end of February stands for the month before the 1st of April's month before: the 1st of March.
    let found = raised(&project, "2026-04-01");
    assert_eq!(told(&found), [("a", "long_sad", "medium"), ("a", "sad", "medium"), ("b", "sad", "medium")]);
    // Without a set a month back nobody can tell.
    assert!(raised(&project, "2026-03-20").iter().all(|(_, alert, _)| alert == "sad"));
}

#[test]
fn a_backtest_counts_what_was_raised_and_what_came_of_it() {
    let readings = json!([
        reading("a", "2025-11-15", 2),
        reading("b", "2025-11-15", 8),
        reading("b", "2026-01-15", 2),
        reading("c", "2025-11-15", 8),
        reading("d", "2025-12-15", 2),
        reading("d", "2026-01-15", 8),
    ]);
    let ends = json!([
        { "customer_id": "b", "happened_on": "2026-02-20" },
        { "customer_id": "c", "happened_on": "2026-01-20" },
    ]);
    let project = project(&readings, &ends);
    for day in ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"] {
        raised(&project, day);
    }
    let rows = project.query("warn_backtest");
    let of = |alert: &str, column: &str| figure(&rows.iter().find(|r| r["alert"] == alert).unwrap()[column]);
    // Held: a in all four sets, d on January 1st, b on February 1st and March 1st. What a has began before the first set.
    assert_eq!((of("sad", "sets"), of("sad", "fired")), (Some(4.0), Some(7.0)));
    assert_eq!(
        (of("sad", "raised"), of("sad", "judged"), of("sad", "came_true")),
        (Some(2.0), Some(2.0), Some(1.0))
    );
    assert_eq!((of("sad", "precision"), of("sad", "median_lead_days")), (Some(0.5), Some(19.0)));
    // Sets whose 40 days are over by April 1st: December to February, with 3, 4 and 4 customers. c left 19 days after the
    // set of January, b 19 days after that of February.
    let base = of("sad", "base_rate").unwrap();
    assert!((base - 2.0 / 11.0).abs() < 1e-12, "{base}");
    assert_eq!(
        (of("sad", "events"), of("sad", "events_warned"), of("sad", "recall")),
        (Some(2.0), Some(1.0), Some(0.5))
    );
    // Three in a row: a from February 1st on. Whether it began then nobody can tell, so it was not raised.
    assert_eq!((of("long_sad", "fired"), of("long_sad", "raised")), (Some(2.0), Some(0.0)));
    assert_eq!((of("long_sad", "came_true"), of("long_sad", "recall")), (Some(0.0), Some(0.0)));
    // One that is not raised is tried all the same; it foretells nothing.
    let quiet = rows.iter().find(|r| r["alert"] == "thought_of").unwrap();
    assert_eq!((quiet["enabled"].as_bool(), quiet["came_true"].is_null()), (Some(false), true));
    assert_eq!((figure(&quiet["fired"]), figure(&quiet["raised"])), (Some(8.0), Some(1.0)));
}

#[test]
fn faults_of_alerts_are_shown_at_their_place() {
    for (from, to, says) in [
        ("name = \"long_sad\"", "name = \"sad\"", "two alerts are named `sad`"),
        ("months = 3", "months = 13", "13 months in a row: 1 to 12 can be told"),
        ("high = \"mood = 1\"", "hihg = \"mood = 1\"", "did you mean `high`?"),
        ("evidence = [\"mood\", \"share\"]", "evidence = [\"mod\"]", "did you mean `mood`?"),
        ("when = \"mood > 6\"", "when = \"mod > 6\"", "did you mean `mood`?"),
        ("when = \"mood > 6\"", "when = \"mood + 6\"", "this gives int, and has to give true or false"),
        ("high = \"mood = 1\"", "high = \"mood\"", "this gives int, and has to give true or false"),
        (
            "within_days = 40 }\n[[alert]]\nname = \"thought",
            "within_days = 40, among = \"mod > 1\" }\n[[alert]]\nname = \"thought",
            "did you mean `mood`?",
        ),
        (
            "event = \"departures\", within_days = 40 }\n[[alert]]\nname = \"long",
            "event = \"readings\", within_days = 40 }\n[[alert]]\nname = \"long",
            "happened_on",
        ),
        ("from = \"moods\"", "from = \"departures\"", "needs a table of sql/snapshots/"),
        (
            "event = \"departures\", within_days = 40 }\n[[alert]]\nname = \"long",
            "event = \"departure\", within_days = 40 }\n[[alert]]\nname = \"long",
            "did you mean `departures`?",
        ),
    ] {
        let project = project(&json!([]), &json!([]));
        project.edit("models/warn.toml", from, to);
        project.luopan(&["check"]).with(2).says(&["models/warn.toml:", says]);
    }
}
