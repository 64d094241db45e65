//! Quadrants: where the cuts fall by hand, and that everybody whose axes are known stands in one.

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
now = "double?"
later = "double?"
beyond = "double?"
money = "decimal?"
"#;

const COUNTED: &str =
    "/*---\ngrain = ['n']\n[columns]\nn = { type = 'int' }\n---*/\nSELECT COUNT(*) AS n FROM place\n";

/// A project that places people by `now` on x, and by `later` on y.
fn placed(x_cut: &str, y_cut: &str, people: &Value) -> Project {
    placed_by("{ now_score = 1 }", x_cut, "{ later_score = 1 }", y_cut, people)
}

fn placed_by(x: &str, x_cut: &str, y: &str, y_cut: &str, people: &Value) -> Project {
    let card = |value: &str| {
        format!(
            "kind = 'scorecard'\nfrom = 'people'\n[[component]]\nname = 'one'\nweight = 1\nvalue = '{value}'\n\
             points = [[0, 0], [100, 100]]\n"
        )
    };
    let place = format!(
        "kind = 'quadrant'\nfrom = 'people'\nx = {{ scores = {x}, cut = {x_cut} }}\n\
         y = {{ scores = {y}, cut = {y_cut} }}\n"
    );
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/snapshots/counted.sql", COUNTED),
        ("models/now_score.toml", &card("now")),
        ("models/later_score.toml", &card("later")),
        ("models/beyond_score.toml", &card("beyond")),
        ("models/place.toml", &place),
        ("pipelines/nightly.toml", &pipeline(&["counted"], "")),
    ]);
    project.rows("people", "people.parquet", people);
    project
}

/// People with `now`, `later` and money, named in order.
fn people(figures: &[(Option<f64>, Option<f64>, Option<i64>)]) -> Value {
    let row = |(n, (now, later, money)): (usize, &(_, _, _))| json!({ "customer_id": format!("c{n}"), "now": now, "later": later, "money": money });
    figures.iter().enumerate().map(row).collect()
}

/// Each one's quadrant, in order of name.
fn quadrants(project: &Project) -> Vec<Option<String>> {
    project.query("place").iter().map(|r| r["quadrant"].as_str().map(str::to_owned)).collect()
}

fn cuts(project: &Project) -> (Option<f64>, Option<f64>) {
    let rows = project.query("SELECT DISTINCT x_cut, y_cut FROM place");
    assert_eq!(rows.len(), 1, "one cut for all: {rows:?}");
    (figure(&rows[0]["x_cut"]), figure(&rows[0]["y_cut"]))
}

fn named(names: &[&str]) -> Vec<Option<String>> {
    names.iter().map(|n| Some((*n).to_owned())).collect()
}

#[test]
fn each_side_of_each_cut_has_its_name_and_the_cut_itself_is_high() {
    let all = people(&[
        (Some(60.0), Some(50.0), None),
        (Some(60.0), Some(49.9999), None),
        (Some(59.9999), Some(50.0), None),
        (Some(59.9999), Some(49.9999), None),
        (Some(100.0), Some(0.0), None),
        (Some(0.0), Some(100.0), None),
    ]);
    let project = placed("{ fixed = 60 }", "{ fixed = 50 }", &all);
    assert_eq!(
        quadrants(&project),
        named(&["star", "cash_cow", "question_mark", "dog", "cash_cow", "question_mark"])
    );
}

#[test]
fn who_is_not_known_on_an_axis_has_no_quadrant_and_no_rule() {
    let all = people(&[
        (Some(60.0), None, None),
        (None, Some(50.0), None),
        (None, None, None),
        (Some(1.0), Some(1.0), None),
    ]);
    let rows = placed("{ fixed = 60 }", "{ fixed = 50 }", &all).query("place");
    let shown: Vec<_> = rows.iter().map(|r| (r["quadrant"].as_str(), r["quadrant_rule"].as_str())).collect();
    assert_eq!(shown, [(None, None), (None, None), (None, None), (Some("dog"), Some("cuts"))]);
}

#[test]
fn a_quantile_cuts_between_ranks() {
    let all = people(&[0.0, 10.0, 20.0, 30.0, 40.0].map(|v| (Some(v), Some(v), None)));
    let project = placed("{ quantile = 0.5 }", "{ quantile = 0.6 }", &all);
    assert_eq!(cuts(&project), (Some(20.0), Some(24.0)));
    assert_eq!(quadrants(&project), named(&["dog", "dog", "cash_cow", "star", "star"]));
    let with_unknown =
        people(&[(Some(0.0), Some(1.0), None), (None, Some(1.0), None), (Some(10.0), Some(1.0), None)]);
    assert_eq!(
        cuts(&placed("{ quantile = 0.5 }", "{ fixed = 0 }", &with_unknown)).0,
        Some(5.0),
        "unknown scores have no rank"
    );
}

const BY_MONEY: &str = "{ pareto = 0.8, of = 'money' }";

#[test]
fn pareto_cuts_below_the_best_who_together_hold_the_share() {
    // Of 100: 50 and 30 are 80 %, so the third is below the cut.
    let all = people(&[
        (Some(90.0), Some(9.0), Some(50)),
        (Some(80.0), Some(9.0), Some(30)),
        (Some(70.0), Some(9.0), Some(15)),
        (Some(60.0), Some(9.0), Some(5)),
        (Some(50.0), Some(9.0), Some(-40)),
        (Some(85.0), Some(9.0), None),
    ]);
    let project = placed(BY_MONEY, "{ fixed = 50 }", &all);
    assert_eq!(
        cuts(&project).0,
        Some(80.0),
        "a loss takes nothing from the whole, and who has no figure holds none of it"
    );
    assert_eq!(quadrants(&project), named(&["cash_cow", "cash_cow", "dog", "dog", "dog", "cash_cow"]));
    // 79 % is not yet the share: the next one is needed.
    let all = people(&[
        (Some(90.0), Some(9.0), Some(79)),
        (Some(80.0), Some(9.0), Some(20)),
        (Some(70.0), Some(9.0), Some(1)),
    ]);
    assert_eq!(cuts(&placed(BY_MONEY, "{ fixed = 50 }", &all)).0, Some(80.0));
}

#[test]
fn customers_with_one_score_stand_on_one_side_of_a_cut() {
    let all = people(&[
        (Some(90.0), Some(9.0), Some(80)),
        (Some(90.0), Some(9.0), Some(10)),
        (Some(10.0), Some(9.0), Some(10)),
    ]);
    assert_eq!(quadrants(&placed(BY_MONEY, "{ fixed = 50 }", &all)), named(&["cash_cow", "cash_cow", "dog"]));
}

#[test]
fn where_nobody_holds_money_everybody_still_has_a_quadrant() {
    for money in [Some(0), Some(-5), None] {
        let all = people(&[(Some(90.0), Some(60.0), money), (Some(10.0), Some(40.0), money)]);
        let found = quadrants(&placed(BY_MONEY, "{ fixed = 50 }", &all));
        assert!(found.iter().all(Option::is_some), "money {money:?}: {found:?}");
    }
}

#[test]
fn an_axis_is_the_weighted_mean_of_the_scores_that_are_known() {
    let all = json!([
        { "customer_id": "both", "now": 1, "later": 50, "beyond": 100 },
        { "customer_id": "neither", "now": 1 },
        { "customer_id": "one", "now": 1, "beyond": 100 },
    ]);
    let axis = "{ later_score = 0.6, beyond_score = 0.4 }";
    let rows = placed_by("{ now_score = 1 }", "{ fixed = 50 }", axis, "{ fixed = 50 }", &all).query("place");
    let y: Vec<_> = rows.iter().map(|r| figure(&r["y"])).collect();
    assert_eq!(y, [Some(70.0), None, Some(100.0)]);
}
