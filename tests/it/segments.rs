//! Scorecards that judge some customers otherwise: by segment, and by what is missing.

use serde_json::{Value, json};

use super::{
    parquet_files::figure,
    tiny::{Project, pipeline},
};

const SOURCES: &str = r#"
[people]
path = "people.parquet"
kind = "static"
[people.columns]
customer_id = "text"
use_rate = "double?"
joy = "double?"
days = "int"
"#;

const CARD: &str = r#"
kind = "scorecard"
from = "people"
[[component]]
name = "use"
weight = 3
value = "use_rate"
points = [[0, 0], [1, 100]]
[[component]]
name = "joy"
weight = 1
value = "joy"
points = [[0, 0], [1, 100]]
missing = "neutral"
[[segment]]
name = "new"
when = "days < 90"
weights = { use = 1 }
bands = { good = 80, poor = 0 }
[bands]
good = 50
poor = 0
"#;

fn project(card: &str, people: &Value) -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        (
            "sql/snapshots/counted.sql",
            "/*---\ngrain = ['n']\n[columns]\nn = { type = 'int' }\n---*/\nSELECT COUNT(*) AS n FROM card\n",
        ),
        ("models/card.toml", card),
        ("pipelines/nightly.toml", &pipeline(&["counted"], "")),
    ]);
    project.rows("people", "people.parquet", people);
    project
}

#[test]
fn a_segment_has_its_own_weights_and_bands() {
    let people = json!([
        { "customer_id": "a", "use_rate": 0.8, "joy": 0.4, "days": 500 },
        { "customer_id": "b", "use_rate": 0.8, "joy": 0.4, "days": 30 },
        { "customer_id": "c", "use_rate": 0.8, "joy": 0.9, "days": 89 },
    ]);
    let rows = project(CARD, &people).query("card");
    let shown: Vec<_> = rows
        .iter()
        .map(|r| (figure(&r["score"]).unwrap(), r["band"].as_str().unwrap(), r["segment"].as_str()))
        .collect();
    // 3 : 1, and for the new ones 1 : 1, who are good from 80 on.
    let expected = [(70.0, "good", None), (60.0, "poor", Some("new")), (85.0, "good", Some("new"))];
    assert_eq!(shown, expected);
}

#[test]
fn a_component_says_what_it_counts_for_where_it_is_not_known() {
    let people = json!([
        { "customer_id": "a", "use_rate": 0.8, "days": 500 },
        { "customer_id": "b", "joy": 0.2, "days": 500 },
        { "customer_id": "c", "days": 500 },
    ]);
    let rows = project(CARD, &people).query("card_components");
    let of = |id: &str, component: &str| {
        let row = rows.iter().find(|r| r["customer_id"] == id && r["component"] == component).unwrap();
        (figure(&row["points"]), figure(&row["weight"]))
    };
    // Joy unknown is 50 points; use unknown is left out, and joy has all the weight.
    assert_eq!((of("a", "joy"), of("a", "use")), ((Some(50.0), Some(0.25)), (Some(80.0), Some(0.75))));
    assert_eq!((of("b", "joy"), of("b", "use")), ((Some(20.0), Some(1.0)), (None, None)));
    assert_eq!((of("c", "joy"), of("c", "use")), ((Some(50.0), Some(1.0)), (None, None)));
}

#[test]
fn faults_of_a_segment_are_shown_at_their_place() {
    let people = json!([{ "customer_id": "a", "days": 1 }]);
    for (from, to, says) in [
        ("weights = { use = 1 }", "weights = { usage = 1 }", "no component is named `usage`"),
        ("weights = { use = 1 }", "weights = { use = 0, joy = 0 }", "no component has a weight above 0"),
        ("bands = { good = 80, poor = 0 }", "bands = { god = 80, poor = 0 }", "did you mean `good`?"),
        ("bands = { good = 80, poor = 0 }", "bands = { good = 80 }", "no band begins at 0"),
        ("when = \"days < 90\"", "when = \"dys < 90\"", "did you mean `days`?"),
    ] {
        project(&CARD.replace(from, to), &people)
            .luopan(&["check"])
            .with(2)
            .says(&["models/card.toml:", says]);
    }
}
