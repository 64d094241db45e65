//! Rules, capacities and parameters: rows in, decisions out.

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
worth = "int?"
effort = "double?"
owner = "text?"
"#;

const RULES: &str = r#"
kind = "rules"
from = "people"
[[rule]]
name = "large"
when = "worth >= $large_from"
then = { tier = "gold", visits = 4, share = 1 }
[[rule]]
name = "any"
when = "worth > 0"
then = { tier = "it's", share = 0.5 }
[otherwise]
visits = 0
"#;

const CAPACITY: &str = r#"
kind = "capacity"
from = "people"
only = "worth <> 999"
value = "worth"
effort = "effort"
capacity = "$hours"
per = "owner"
"#;

const PARAMETERS: &str = "[large_from]\nvalue = 100\n[hours]\nvalue = '2.5'\ntype = 'decimal(9,1)'\n";

fn project(files: &[(&str, &str)], people: &Value) -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/parameters.toml", PARAMETERS),
        (
            "sql/snapshots/counted.sql",
            "/*---\ngrain = ['n']\n[columns]\nn = { type = 'int' }\n---*/\nSELECT COUNT(*) AS n FROM people\n",
        ),
        ("models/tier.toml", RULES),
        ("models/list.toml", CAPACITY),
        ("pipelines/nightly.toml", &pipeline(&["counted"], "")),
    ]);
    files.iter().for_each(|(path, text)| project.file(path, text));
    project.rows("people", "people.parquet", people);
    project
}

fn worth(values: &[Option<i64>]) -> Value {
    let row = |(n, worth): (usize, &Option<i64>)| json!({ "customer_id": format!("c{n}"), "worth": worth });
    values.iter().enumerate().map(row).collect()
}

#[test]
fn the_first_rule_that_holds_decides_and_all_that_hold_are_told() {
    let people = worth(&[Some(100), Some(99), Some(0), None]);
    let rows = project(&[], &people).query("tier");
    let shown: Vec<_> = rows
        .iter()
        .map(|r| {
            (r["rule"].as_str().unwrap(), r["rules_held"].as_str(), r["tier"].as_str(), figure(&r["share"]))
        })
        .collect();
    let expected = [
        ("large", Some("large,any"), Some("gold"), Some(1.0)),
        ("any", Some("any"), Some("it's"), Some(0.5)),
        ("otherwise", None, None, None),
        // What is not known holds for no rule.
        ("otherwise", None, None, None),
    ];
    assert_eq!(shown, expected);
    let visits: Vec<_> = rows.iter().map(|r| figure(&r["visits"])).collect();
    assert_eq!(visits, [Some(4.0), None, Some(0.0), Some(0.0)], "a rule gives only what it names");
}

#[test]
fn a_parameter_changes_every_rule_that_names_it() {
    let project = project(&[], &worth(&[Some(60)]));
    assert_eq!(project.query("tier")[0]["rule"], "any");
    project.edit("sql/parameters.toml", "value = 100", "value = 50");
    assert_eq!(project.query("tier")[0]["rule"], "large");
    project.edit("models/tier.toml", "$large_from", "$large_form");
    project.luopan(&["check"]).with(2).says(&[
        "models/tier.toml:6",
        "$large_form",
        "did you mean `$large_from`?",
    ]);
}

#[test]
fn faults_of_rules_are_shown_at_their_place() {
    let people = worth(&[]);
    for (from, to, says) in [
        ("name = \"any\"", "name = \"large\"", "two rules are named `large`"),
        ("name = \"any\"", "name = \"otherwise\"", "a rule cannot be named `otherwise`"),
        ("tier = \"it's\"", "tier = 3", "`tier` is of another type than in a rule above"),
        ("tier = \"it's\"", "rule = 'x'", "`rule` is a column of every table of rules"),
        ("when = \"worth > 0\"", "when = \"wort > 0\"", "did you mean `worth`?"),
        ("when = \"worth > 0\"", "when = \"worth >\"", "tier.toml:10"),
        ("when = \"worth > 0\"", "when = \"worth\"", "this gives int, and has to give true or false"),
        ("then = { tier = \"it's\", share = 0.5 }", "then = {}", "the rule `any` gives nothing"),
        ("name = \"any\"", "name = \"any,all\"", "a rule cannot be named `any,all`"),
    ] {
        let project = project(&[], &people);
        project.edit("models/tier.toml", from, to);
        project.luopan(&["check"]).with(2).says(&["models/tier.toml:", says]);
    }
}

#[test]
fn faults_of_a_capacity_are_shown_at_their_place() {
    for (from, to, says) in [
        ("capacity = \"$hours\"", "capacity = \"owner\"", "this gives text, and has to give a number"),
        ("capacity = \"$hours\"", "capacity = -1", "a capacity of -1"),
        ("only = \"worth <> 999\"", "only = \"worth\"", "has to give true or false"),
        ("per = \"owner\"", "per = \"ower\"", "did you mean `owner`?"),
    ] {
        let project = project(&[], &worth(&[]));
        project.edit("models/list.toml", from, to);
        project.luopan(&["check"]).with(2).says(&["models/list.toml:", says]);
    }
    let project = project(&[], &worth(&[Some(1)]));
    project.edit("models/list.toml", "capacity = \"$hours\"", "capacity = 2");
    assert_eq!(
        project.query("SELECT customer_id FROM list").len(),
        0,
        "an effort that is not known is not taken"
    );
}

#[test]
fn capacity_takes_the_best_value_for_its_effort_until_it_is_used_up() {
    let person = |id: &str, owner: &str, worth: i64, effort: f64| json!({ "customer_id": id, "owner": owner, "worth": worth, "effort": effort });
    let people = json!([
        person("a", "ann", 10, 1.0),
        person("b", "ann", 30, 2.0),
        person("c", "ann", 12, 1.0),
        person("d", "ann", -5, 0.1),
        person("e", "bob", 1, 2.5),
        person("f", "bob", 999, 1.0),
    ]);
    let rows = project(&[], &people).query("SELECT * FROM list ORDER BY owner, rank");
    let shown: Vec<_> = rows
        .iter()
        .map(|r| {
            (r["customer_id"].as_str().unwrap(), figure(&r["effort_so_far"]).unwrap(), r["chosen"] == true)
        })
        .collect();
    // Ann has 2.5 hours: 15 an hour first, then 12, then 10. Who costs more than it brings is not on the list, nor 999.
    assert_eq!(shown, [("b", 2.0, true), ("c", 3.0, false), ("a", 4.0, false), ("e", 2.5, true)]);
}
