//! Scorecards: rows in, points, weights, contributions, score and band out.

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
logins = "int?"
money = "decimal?"
share = "double?"
plan = "text?"
sponsor = "bool?"
"#;

const COUNTED: &str = r#"/*---
grain = ["n"]
[columns]
n = { type = "int" }
---*/
SELECT COUNT(*) AS n FROM card
"#;

/// A project with one scorecard, `card`, over these people.
fn scored(head: &str, components: &str, people: &Value) -> Project {
    let card = format!("kind = 'scorecard'\nfrom = 'people'\n{head}\n{components}");
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/snapshots/counted.sql", COUNTED),
        ("models/card.toml", &card),
        ("pipelines/nightly.toml", &pipeline(&["counted"], "")),
    ]);
    project.rows("people", "people.parquet", people);
    project
}

fn component(name: &str, weight: u32, value: &str, points: &str) -> String {
    format!("[[component]]\nname = '{name}'\nweight = {weight}\nvalue = \"{value}\"\npoints = {points}\n")
}

fn people(column: &str, values: &[Value]) -> Value {
    let row = |(n, value): (usize, &Value)| json!({ "customer_id": format!("c{n}"), column: value });
    values.iter().enumerate().map(row).collect()
}

fn column(rows: &[Value], name: &str) -> Vec<Option<f64>> {
    rows.iter().map(|r| figure(&r[name])).collect()
}

fn points_of(value: &str, points: &str, people: &Value) -> Vec<Option<f64>> {
    let project = scored("", &component("one", 1, value, points), people);
    column(&project.query("SELECT points FROM card_components ORDER BY customer_id"), "points")
}

#[test]
fn a_line_rises_straight_between_its_points_and_is_level_outside() {
    let values = [json!(-5), json!(0), json!(2), json!(5), json!(10), json!(20), json!(1000), json!(null)];
    let expected = [0.0, 0.0, 24.0, 60.0, 73.3333, 100.0, 100.0].map(Some);
    let found = points_of("logins", "[[0, 0], [5, 60], [20, 100]]", &people("logins", &values));
    assert_eq!(found[..7], expected);
    assert_eq!(found[7], None, "what is not known has no points");
}

#[test]
fn a_line_may_fall_and_lie_below_zero() {
    let values = [json!(-1.0), json!(-0.4), json!(-0.2), json!(0.0), json!(0.5)];
    let found = points_of("share", "[[-0.4, 100], [0.0, 20], [0.25, 0]]", &people("share", &values));
    assert_eq!(found, [100.0, 100.0, 60.0, 20.0, 0.0].map(Some));
}

#[test]
fn a_rank_is_the_share_of_the_others_below_ties_alike_and_nulls_aside() {
    let values = [json!(10), json!(20), json!(20), json!(40), json!(null), json!(50)];
    let found = points_of("money", "'rank'", &people("money", &values));
    assert_eq!(found, [Some(0.0), Some(25.0), Some(25.0), Some(75.0), None, Some(100.0)]);
    assert_eq!(points_of("money", "'rank'", &people("money", &[json!(null), json!(null)])), [None, None]);
    assert_eq!(points_of("money", "'rank'", &people("money", &[json!(7), json!(7)])), [Some(0.0), Some(0.0)]);
}

#[test]
fn a_rank_among_one_is_known() {
    assert_eq!(points_of("money", "'rank'", &people("money", &[json!(7), json!(null)])), [Some(0.0), None]);
}

#[test]
fn what_is_no_number_is_not_known() {
    let zeros = people("share", &[json!(0.0)]);
    assert_eq!(points_of("share / share", "[[0, 0], [1, 100]]", &zeros), [None]);
    assert_eq!(points_of("share / share", "'rank'", &zeros), [None]);
}

#[test]
fn a_map_gives_points_to_texts_and_flags_and_none_to_what_it_does_not_name() {
    let plans = [json!("ipo"), json!("none"), json!("IPO"), json!(null), json!("it's")];
    let found = points_of("plan", "{ none = 20, ipo = 100, \"it's\" = 50 }", &people("plan", &plans));
    assert_eq!(found, [Some(100.0), Some(20.0), None, None, Some(50.0)]);
    let found = points_of(
        "sponsor",
        "{ true = 100, false = 0 }",
        &people("sponsor", &[json!(true), json!(false), json!(null)]),
    );
    assert_eq!(found, [Some(100.0), Some(0.0), None]);
}

/// One who is known whole, one of whom half is known, one of whom nothing is.
fn half_known() -> Value {
    json!([
        { "customer_id": "a", "share": 0.8, "plan": "ipo" },
        { "customer_id": "b", "share": 0.8 },
        { "customer_id": "c" },
    ])
}

fn half_known_with(missing: &str) -> Project {
    let components =
        component("part", 3, "share", "[[0, 0], [1, 100]]") + &component("plan", 1, "plan", "{ ipo = 40 }");
    scored(&format!("missing = '{missing}'"), &components, &half_known())
}

fn scores(project: &Project) -> Vec<Option<f64>> {
    column(&project.query("card"), "score")
}

#[test]
fn what_is_not_known_is_left_out_or_counted_as_the_card_says() {
    // Known whole: 3/4 of 80 and 1/4 of 40.
    assert_eq!(scores(&half_known_with("reweight")), [Some(70.0), Some(80.0), None]);
    assert_eq!(scores(&half_known_with("neutral")), [Some(70.0), Some(72.5), Some(50.0)]);
    assert_eq!(scores(&half_known_with("zero")), [Some(70.0), Some(60.0), Some(0.0)]);
}

#[test]
fn components_show_value_points_weight_and_contribution() {
    let rows =
        half_known_with("reweight").query("SELECT * FROM card_components ORDER BY customer_id, component");
    let shown: Vec<_> = rows
        .iter()
        .map(|r| {
            let name = |key: &str| r[key].as_str().unwrap().to_owned();
            (
                name("customer_id"),
                name("component"),
                ["value", "points", "weight", "contribution"].map(|key| figure(&r[key])),
            )
        })
        .collect();
    let row = |id: &str, component: &str, figures| (id.to_owned(), component.to_owned(), figures);
    assert_eq!(
        shown,
        [
            row("a", "part", [Some(0.8), Some(80.0), Some(0.75), Some(60.0)]),
            row("a", "plan", [None, Some(40.0), Some(0.25), Some(10.0)]),
            row("b", "part", [Some(0.8), Some(80.0), Some(1.0), Some(80.0)]),
            row("b", "plan", [None; 4]),
            row("c", "part", [None; 4]),
            row("c", "plan", [None; 4]),
        ]
    );
    assert!(rows.iter().all(|r| r["score"] == "card"));
}

#[test]
fn a_component_without_weight_is_shown_and_does_not_count() {
    let components = component("counts", 2, "share", "[[0, 0], [1, 100]]")
        + &component("shown", 0, "logins", "[[0, 0], [1, 100]]");
    let project = scored(
        "",
        &components,
        &json!([{ "customer_id": "a", "share": 0.5, "logins": 1 }, { "customer_id": "b", "logins": 1 }]),
    );
    assert_eq!(scores(&project), [Some(50.0), None], "what has no weight makes no score");
    let shown = project.query(
        "SELECT points, contribution FROM card_components WHERE component = 'shown' ORDER BY customer_id",
    );
    assert_eq!(column(&shown, "points"), [Some(100.0), Some(100.0)]);
    assert_eq!(figure(&shown[0]["contribution"]), Some(0.0));
}

#[test]
fn a_band_begins_at_its_bound() {
    let values = [1.0, 0.85, 0.84999, 0.6, 0.59, 0.0]
        .map(|v| json!(v))
        .into_iter()
        .chain([json!(null)])
        .collect::<Vec<_>>();
    let components = component("part", 1, "share", "[[0, 0], [1, 100]]")
        + "[bands]\nchurn_alert = 0\nhealthy = 85\nat_risk = 60\n";
    let rows = scored("", &components, &people("share", &values)).query("card");
    let bands: Vec<_> = rows.iter().map(|r| r["band"].as_str()).collect();
    assert_eq!(
        bands,
        [
            Some("healthy"),
            Some("healthy"),
            Some("at_risk"),
            Some("at_risk"),
            Some("churn_alert"),
            Some("churn_alert"),
            None
        ]
    );
}

#[test]
fn contributions_add_up_to_the_score_to_the_last_digit() {
    let thirds: String =
        ["a", "b", "c", "d", "e", "f", "g"].map(|n| component(n, 1, "share", "[[0, 0], [1, 100]]")).concat();
    let values: Vec<Value> = (0..40).map(|n| json!(f64::from(n) / 37.0)).collect();
    let project = scored("", &thirds, &people("share", &values));
    let wrong = project.query(
        "SELECT card.customer_id, card.score, added.total FROM card JOIN (SELECT customer_id, SUM(contribution) AS total \
         FROM card_components GROUP BY customer_id) AS added ON added.customer_id = card.customer_id \
         WHERE card.score IS NULL OR card.score IS DISTINCT FROM added.total",
    );
    assert_eq!(wrong, [json!(null); 0]);
    assert!(scores(&project).iter().all(|s| s.is_some_and(|s| s <= 100.001)));
}

#[test]
fn names_of_components_do_not_get_in_each_others_way() {
    for names in [["a", "a_raw"], ["known", "b"], ["a", "A"], ["core modules", "select"]] {
        let components = names.map(|n| component(n, 1, "share", "[[0, 0], [1, 100]]")).concat();
        let project = scored("", &components, &people("share", &[json!(0.25)]));
        assert_eq!(scores(&project), [Some(25.0)], "{names:?}");
        let rows = project.query("SELECT component, contribution FROM card_components ORDER BY component");
        assert_eq!(rows.len(), 2, "{names:?}");
    }
}

#[test]
fn the_compiled_sql_is_what_makes_the_table() {
    let project = half_known_with("reweight");
    for table in ["card", "card_components"] {
        let sql = project.luopan(&["compile", table]).done().out;
        let sorted = |rows: Vec<Value>| {
            let mut rows: Vec<String> = rows.iter().map(Value::to_string).collect();
            rows.sort();
            rows
        };
        assert_eq!(sorted(project.query(&sql)), sorted(project.query(table)));
    }
}
