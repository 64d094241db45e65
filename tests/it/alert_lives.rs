//! An alert's life, by the sample project's own alerts.sql: raised once, the same while it lasts, closed once, and new again.

use serde_json::{Value, json};

use super::{
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
"#;

const MOODS: &str = "/*---\ngrain = ['customer_id']\n[columns]\ncustomer_id = { type = 'text' }\nmood = { type = 'int' }\n---*/\n\
    SELECT customer_id, mood FROM readings\n\
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY day DESC) = 1\n";

const WARN: &str = "kind = 'alerts'\nfrom = 'moods'\n[[alert]]\nname = 'sad'\ndescription = 'Sad'\nwhen = 'mood < 4'\n\
    severity = 'low'\nseverity_when = { high = 'mood = 1' }\nevidence = ['mood']\n";

fn project(readings: &Value) -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/snapshots/moods.sql", MOODS),
        ("sql/staging/customers.sql", "SELECT DISTINCT customer_id, 'ann' AS owner FROM readings"),
        ("sql/snapshots/alerts.sql", include_str!("../../sql/snapshots/alerts.sql")),
        ("models/alert_rules.toml", WARN),
        ("pipelines/nightly.toml", &pipeline(&["moods", "alerts"], "")),
    ]);
    project.rows("readings", "readings.parquet", readings);
    project
}

/// (id, status, new, severity, closed on) of each alert of a day.
fn night(project: &Project, day: &str) -> Vec<(String, String, bool, String, String)> {
    project.luopan(&["run", "--as-of", day]).done();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |r: &Value| {
        let [id, status, severity, closed] =
            ["alert_id", "status", "severity", "closed_on"].map(|column| text(&r[column]));
        (id, status, r["is_new"] == true, severity, closed)
    };
    published::rows(&project.warehouse(), "alerts", day).iter().map(one).collect()
}

#[test]
fn an_alert_of_a_set_without_chinese_evidence_goes_on_and_is_closed() {
    let reading = |id: &str, day: &str, mood: i64| json!({ "customer_id": id, "day": day, "mood": mood });
    let readings =
        json!([reading("a", "2026-01-01", 2), reading("b", "2026-01-01", 2), reading("b", "2026-01-04", 9)]);
    let project = project(&readings);
    let now = include_str!("../../sql/snapshots/alerts.sql");
    let column = now.lines().find(|line| line.starts_with("evidence_zh = ")).unwrap();
    let older = now.replace(&format!("{column}\n"), "").replace("\n    evidence_zh,\n", "\n");
    // A program before this one: previous.alerts has no such column.
    let older = older.replace("before.evidence_zh, ", "");
    project.file("sql/snapshots/alerts.sql", &older);
    night(&project, "2026-01-03");
    assert!(project.warehouse().exists() && published_evidence(&project, "2026-01-03")[0].1.is_none());
    project.file("sql/snapshots/alerts.sql", now);
    night(&project, "2026-01-05");
    let said = |english: &str, chinese: &str| (english.to_owned(), Some(chinese.to_owned()));
    assert_eq!(
        published_evidence(&project, "2026-01-05"),
        [said("mood: 2", "mood：2"), said("mood: 2", "mood: 2")]
    );
}

/// Evidence in English and, if there is any, in Chinese, by customer.
fn published_evidence(project: &Project, day: &str) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let rows = published::rows(&project.warehouse(), "alerts", day);
    rows.iter().map(|r| (text(&r["evidence"]).unwrap_or_default(), text(&r["evidence_zh"]))).collect()
}

#[test]
fn an_alert_is_raised_once_and_closed_once_and_a_second_one_is_another() {
    let reading = |day: &str, mood: i64| json!({ "customer_id": "a", "day": day, "mood": mood });
    let readings = json!([
        reading("2026-01-01", 2),
        reading("2026-01-05", 1),
        reading("2026-01-07", 9),
        reading("2026-01-20", 3),
    ]);
    let project = project(&readings);
    let row = |since: &str, status: &str, new: bool, severity: &str, closed: &str| {
        vec![(format!("sad:a:{since}"), status.into(), new, severity.into(), closed.to_owned())]
    };
    let first = "2026-01-03";
    assert_eq!(night(&project, "2026-01-03"), row(first, "open", true, "low", "-"));
    assert_eq!(night(&project, "2026-01-04"), row(first, "open", false, "low", "-"));
    // Worse, and the same alert.
    assert_eq!(night(&project, "2026-01-06"), row(first, "open", false, "high", "-"));
    assert_eq!(night(&project, "2026-01-08"), row(first, "closed", false, "high", "2026-01-08"));
    assert_eq!(night(&project, "2026-01-09"), []);
    assert_eq!(night(&project, "2026-01-21"), row("2026-01-21", "open", true, "low", "-"));
    // A night again says the same.
    assert_eq!(night(&project, "2026-01-08"), row(first, "closed", false, "high", "2026-01-08"));
}
