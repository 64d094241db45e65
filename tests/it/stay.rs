//! Quadrants that do not tremble: margin, minimum stay, rules before cuts, cuts per group, and what would move a customer.

use serde_json::{Value, json};

use super::{
    parquet_files::figure,
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
now = "double?"
later = "double?"
trade = "text?"
"#;

const NEWEST: &str = "/*---\ngrain = ['customer_id']\n---*/\nSELECT * FROM readings\n\
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY day DESC) = 1\n";

const STATES: &str = r#"/*---
grain = ["customer_id"]
[columns]
customer_id = { type = "text" }
quadrant = { type = "text" }
quadrant_rule = { type = "text" }
by_cuts = { type = "text" }
quadrant_since = { type = "date" }
former_quadrant = { type = "text" }
---*/
SELECT place.customer_id, place.quadrant, place.quadrant_rule, place.by_cuts,
    CASE WHEN place.quadrant = before.quadrant THEN before.quadrant_since ELSE $as_of_date END AS quadrant_since,
    CASE WHEN place.quadrant = before.quadrant THEN before.former_quadrant ELSE before.quadrant END AS former_quadrant
FROM place
LEFT JOIN previous.states AS before ON before.customer_id = place.customer_id
"#;

const PLACE: &str = r#"
kind = "quadrant"
from = "people"
rules = "forced"
x = { scores = { now_score = 1 }, cut = { fixed = 50 } }
y = { scores = { later_score = 1 }, cut = { fixed = 50 } }
[stay]
published = "states"
margin = 5
days = 14
"#;

const FORCED: &str = "kind = 'rules'\nfrom = 'people'\n[[rule]]\nname = 'by_decree'\nwhen = \"trade = 'royal'\"\n\
    then = { quadrant = 'star' }\n";

fn project(place: &str, readings: &Value) -> Project {
    let card = |value: &str| {
        format!(
            "kind = 'scorecard'\nfrom = 'people'\n[[component]]\nname = 'one'\nweight = 1\nvalue = '{value}'\n\
             points = [[0, 0], [100, 100]]\n"
        )
    };
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/value/people.sql", NEWEST),
        ("sql/snapshots/states.sql", STATES),
        ("models/now_score.toml", &card("now")),
        ("models/later_score.toml", &card("later")),
        ("models/place.toml", place),
        ("models/forced.toml", FORCED),
        ("pipelines/nightly.toml", &pipeline(&["states"], "")),
    ]);
    project.rows("readings", "readings.parquet", readings);
    project
}

/// (quadrant, rule, by cuts) of one customer on each of these days, one run after the other.
fn nights(project: &Project, customer: &str, days: &[&str]) -> Vec<(String, String, String)> {
    let night = |day: &&str| {
        project.luopan(&["run", "--as-of", day]).done();
        let rows = super::published::rows(&project.warehouse(), "states", day);
        let row = rows.iter().find(|r| r["customer_id"] == customer).expect("the customer is there").clone();
        let text = |column: &str| row[column].as_str().unwrap_or("-").to_owned();
        (text("quadrant"), text("quadrant_rule"), text("by_cuts"))
    };
    days.iter().map(night).collect()
}

fn reading(id: &str, day: &str, now: f64, later: f64) -> Value {
    json!({ "customer_id": id, "day": day, "now": now, "later": later })
}

fn told(rows: &[(String, String, String)]) -> Vec<(&str, &str, &str)> {
    rows.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect()
}

#[test]
fn a_side_is_left_only_beyond_the_margin() {
    let readings = json!([
        reading("a", "2026-01-01", 52.0, 10.0),
        reading("a", "2026-02-01", 46.0, 10.0),
        reading("a", "2026-03-01", 44.9, 10.0),
        reading("a", "2026-03-20", 54.9, 10.0),
        reading("a", "2026-03-25", 55.0, 10.0),
    ]);
    let project = project(PLACE, &readings);
    let found =
        nights(&project, "a", &["2026-01-02", "2026-02-02", "2026-03-02", "2026-03-21", "2026-03-26"]);
    let expected = [
        ("cash_cow", "cuts", "cash_cow"),
        ("cash_cow", "margin", "dog"),
        ("dog", "cuts", "dog"),
        ("dog", "margin", "cash_cow"),
        ("cash_cow", "cuts", "cash_cow"),
    ];
    assert_eq!(told(&found), expected);
}

#[test]
fn who_has_just_moved_stays_for_the_minimum() {
    let readings = json!([
        reading("a", "2026-01-01", 90.0, 10.0),
        reading("a", "2026-02-01", 10.0, 10.0),
        reading("a", "2026-02-05", 90.0, 10.0),
    ]);
    let project = project(PLACE, &readings);
    // It moved on February 2nd: fourteen days later it may move again.
    let found =
        nights(&project, "a", &["2026-01-02", "2026-02-02", "2026-02-06", "2026-02-15", "2026-02-16"]);
    let expected = [
        ("cash_cow", "cuts", "cash_cow"),
        ("dog", "cuts", "dog"),
        ("dog", "minimum_stay", "cash_cow"),
        ("dog", "minimum_stay", "cash_cow"),
        ("cash_cow", "cuts", "cash_cow"),
    ];
    assert_eq!(told(&found), expected);
}

#[test]
fn a_rule_decides_before_the_cuts_and_leaves_no_side_behind() {
    let royal =
        json!({ "customer_id": "a", "day": "2026-01-01", "now": 10.0, "later": 10.0, "trade": "royal" });
    let readings = json!([royal, reading("a", "2026-02-01", 52.0, 10.0)]);
    let found = nights(&project(PLACE, &readings), "a", &["2026-01-02", "2026-02-02"]);
    // 52 is not beyond the margin, but the star was by decree: it says nothing of a side.
    assert_eq!(told(&found)[0], ("star", "by_decree", "dog"));
    assert_eq!(told(&found)[1].2, "cash_cow");
    let readings = json!([{ "customer_id": "b", "day": "2026-01-01", "trade": "royal" }]);
    let found = nights(&project(PLACE, &readings), "b", &["2026-01-02"]);
    assert_eq!(told(&found), [("star", "by_decree", "-")], "a rule needs no scores");
}

#[test]
fn a_group_with_customers_enough_has_its_own_cut() {
    let place = PLACE.replace(
        "y = { scores = { later_score = 1 }, cut = { fixed = 50 } }",
        "y = { scores = { later_score = 1 }, cut = { quantile = 0.5, per = \"trade\" } }",
    );
    let row = |trade: &str, n: u32, later: f64| json!({ "customer_id": format!("{trade}{n}"), "day": "2026-01-01", "now": 90.0, "later": later, "trade": trade });
    // Thirty of one trade, with 0 to 29; twenty-nine of another, with 71 to 99; of all 59 the middle one has 29.
    let many = (0..30).map(|n| row("tea", n, f64::from(n)));
    let readings: Value = many.chain((0..29).map(|n| row("iron", n, f64::from(71 + n)))).collect();
    let project = project(&place, &readings);
    let rows =
        project.query("SELECT DISTINCT left(customer_id, 3) AS trade, y_cut FROM place ORDER BY trade");
    let cuts: Vec<_> = rows.iter().map(|r| (r["trade"].as_str().unwrap(), figure(&r["y_cut"]))).collect();
    assert_eq!(cuts, [("iro", Some(29.0)), ("tea", Some(14.5))]);
}

#[test]
fn the_nearest_flip_moves_the_customer_and_less_does_not() {
    let readings = json!([reading("a", "2026-01-01", 70.0, 42.0)]);
    let project = project(PLACE, &readings);
    project.run().done();
    let flips = project.query("place_flips");
    let of = |axis: &str| flips.iter().find(|r| r["axis"] == axis).unwrap().clone();
    // A cash cow at 70 leaves its side below 45, and rises over 50 at 55.
    let (x, y) = (of("x"), of("y"));
    assert_eq!((x["to_quadrant"].as_str(), y["to_quadrant"].as_str()), (Some("dog"), Some("star")));
    assert_eq!((x["is_nearest"].as_bool(), y["is_nearest"].as_bool()), (Some(false), Some(true)));
    let needed = figure(&y["value_needed"]).unwrap();
    assert!((needed - 55.001).abs() < 1e-6, "{needed}");
    for (later, quadrant) in [(needed, "star"), (needed - 0.01, "cash_cow")] {
        let readings =
            json!([reading("a", "2026-01-01", 70.0, 42.0), reading("a", "2026-04-01", 70.0, later)]);
        project.rows("readings", "readings.parquet", &readings);
        project.luopan(&["run", "--as-of", "2026-04-02"]).done();
        let rows = super::published::rows(&project.warehouse(), "states", "2026-04-02");
        assert_eq!(rows[0]["quadrant"], quadrant, "at {later}");
    }
}

#[test]
fn faults_around_a_quadrant_are_shown_at_their_place() {
    for (from, to, says) in [
        ("rules = \"forced\"", "rules = \"force\"", "did you mean `forced`?"),
        ("published = \"states\"", "published = \"stats\"", "did you mean `states`?"),
        ("published = \"states\"", "published = \"people\"", "declares all its columns"),
        ("margin = 5", "margin = 80", "a margin of 80 points"),
        ("{ fixed = 50 } }\ny", "{ fixed = 50, per = \"trade\" } }\ny", "a fixed cut is the same for all"),
        ("{ fixed = 50 } }\ny", "{ quantile = 0.5, per = \"trad\" } }\ny", "did you mean `trade`?"),
    ] {
        let project = project(&PLACE.replace(from, to), &json!([]));
        project.luopan(&["check"]).with(2).says(&["models/place.toml:", says]);
    }
    let project = project(PLACE, &json!([]));
    project.edit("models/forced.toml", "quadrant = 'star'", "quadrant = 'comet'");
    project.luopan(&["check"]).with(2).says(&["models/forced.toml:4", "`by_decree` gives no quadrant"]);
    project.edit("models/forced.toml", "by_decree", "margin");
    project.luopan(&["check"]).with(2).says(&["models/forced.toml:4", "choose another name"]);
}
