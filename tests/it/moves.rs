//! Why customers moved: late rows, the day's data, the settings, or a model, told apart by recomputing.

use std::fs;

use serde_json::{Value, json};

use super::{
    parquet_files::figure,
    published,
    tiny::{Project, pipeline},
};

const SOURCES: &str = r#"
[billing_sales]
path = "sales/*.parquet"
kind = "event"
known_at = "sold_at"
key = ["sale_id"]
[billing_sales.columns]
sale_id = "text"
customer_id = "text"
sold_at = "timestamp"
amount = "decimal"
"#;

const SALES: &str = "/*---\ngrain = ['customer_id']\nmaterialized = 'table'\n---*/\n\
    SELECT customer_id, CAST(SUM(amount) AS DOUBLE) AS sold FROM billing_sales GROUP BY customer_id";

pub const SNAPSHOT: &str = r#"/*---
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false }
quadrant = { type = "text" }
quadrant_rule = { type = "text" }
quadrant_since = { type = "date" }
revenue_12m = { type = "decimal(18,2)", null = false }
recurring_margin_12m = { type = "decimal(18,2)", null = false }
---*/
SELECT sales.customer_id, quadrant.quadrant, quadrant.quadrant_rule, $as_of_date AS quadrant_since,
    CAST(sales.sold AS DECIMAL(18, 2)) AS revenue_12m, CAST(sales.sold AS DECIMAL(18, 2)) AS recurring_margin_12m
FROM sales LEFT JOIN quadrant ON quadrant.customer_id = sales.customer_id
LEFT JOIN previous.customer_snapshot AS before ON before.customer_id = sales.customer_id
"#;

const QUADRANT: &str = "kind = 'quadrant'\nfrom = 'sales'\nx = { scores = { worth = 1 }, cut = { fixed = 60 } }\n\
    y = { scores = { worth = 1 }, cut = { fixed = 30 } }\n";

const WORTH: &str = "kind = 'scorecard'\nfrom = 'sales'\n[[component]]\nname = 'sold'\nweight = 1\nvalue = 'sold'\n\
    points = [[0, 0], [100, 100]]\n";

const FIRST: &str = "2026-03-31";
const NEXT: &str = "2026-04-01";

/// A file of the repository's own project.
pub fn own(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("a file of the project")
}

fn sale(id: &str, customer: &str, at: &str, amount: u32) -> Value {
    json!({ "sale_id": id, "customer_id": customer, "sold_at": format!("{at}T12:00:00Z"), "amount": amount })
}

/// Three customers who have bought for 20, 50 and 70: a dog, a question mark and a star.
fn shop() -> Project {
    let publish = ["customer_snapshot", "quadrant_states", "quadrant_migration", "quadrant_moves"];
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/value/sales.sql", SALES),
        ("sql/snapshots/customer_snapshot.sql", SNAPSHOT),
        ("sql/snapshots/quadrant_states.sql", &own("sql/snapshots/quadrant_states.sql")),
        ("sql/snapshots/quadrant_migration.sql", &own("sql/snapshots/quadrant_migration.sql")),
        ("sql/snapshots/quadrant_moves.sql", &own("sql/snapshots/quadrant_moves.sql")),
        ("sql/audits/moves_match_the_migration.sql", &own("sql/audits/moves_match_the_migration.sql")),
        ("models/worth.toml", WORTH),
        ("models/quadrant.toml", QUADRANT),
        ("pipelines/nightly.toml", &pipeline(&publish, "")),
    ]);
    let sales = [("s1", "low", 20), ("s2", "middle", 50), ("s3", "high", 70)];
    let rows = sales.map(|(id, customer, amount)| sale(id, customer, "2026-03-10", amount));
    project.rows("billing_sales", "sales/2026-03.parquet", &rows.to_vec().into());
    project
}

fn night(project: &Project, day: &str) -> Vec<Value> {
    project.luopan(&["run", "--as-of", day]).done();
    published::rows(&project.warehouse(), "quadrant_moves", day)
}

/// Customer, from, to, cause and causes of each move.
pub fn told(moves: &[Value]) -> Vec<[&str; 5]> {
    let columns = ["customer_id", "from_quadrant", "to_quadrant", "cause", "causes"];
    moves.iter().map(|row| columns.map(|column| row[column].as_str().unwrap_or_default())).collect()
}

#[test]
fn on_the_first_night_and_while_nothing_changes_nobody_moves() {
    let project = shop();
    assert!(night(&project, FIRST).is_empty());
    assert!(project.query_at(FIRST, "quadrant_recomputed").is_empty());
    assert!(night(&project, NEXT).is_empty());
    assert!(project.query_at(NEXT, "quadrant_recomputed").is_empty(), "nothing can differ");
    let states = published::rows(&project.warehouse(), "quadrant_states", NEXT);
    let shown: Vec<_> =
        states.iter().map(|r| (r["quadrant"].as_str(), r["by_cuts"].as_str(), figure(&r["x"]))).collect();
    let expected = [("star", 70.0), ("dog", 20.0), ("question_mark", 50.0)];
    assert_eq!(shown, expected.map(|(quadrant, x)| (Some(quadrant), Some(quadrant), Some(x))));
}

#[test]
fn a_row_of_the_new_day_is_data() {
    let project = shop();
    night(&project, FIRST);
    let new = json!([sale("s4", "middle", FIRST, 20)]);
    project.rows("billing_sales", "sales/2026-03-31.parquet", &new);
    let moves = night(&project, NEXT);
    assert_eq!(told(&moves), [["middle", "question_mark", "star", "data", "data"]]);
    let figures = ["previous_x", "x", "previous_x_cut", "x_cut", "revenue_12m"].map(|c| figure(&moves[0][c]));
    assert_eq!(figures, [50.0, 70.0, 60.0, 60.0, 70.0].map(Some));
    assert_eq!(
        moves[0]["evidence"],
        "Its own figures moved: question_mark -> star; x 50.0000 -> 70.0000 (cut 60.0000 -> 60.0000), \
         y 50.0000 -> 70.0000 (cut 30.0000 -> 30.0000)"
    );
    assert!(moves[0]["evidence_zh"].as_str().unwrap().starts_with("自身数据变化:question_mark -> star"));
    assert!(project.query_at(NEXT, "quadrant_recomputed").is_empty(), "the new file holds no late row");
}

#[test]
fn a_row_that_was_known_before_and_came_after_is_late_data() {
    let project = shop();
    night(&project, FIRST);
    // Beside it a row of the day, for another customer.
    project.rows("billing_sales", "sales/late.parquet", &json!([sale("s4", "middle", "2026-03-20", 20)]));
    project.rows("billing_sales", "sales/2026-03-31.parquet", &json!([sale("s5", "low", FIRST, 20)]));
    let moves = night(&project, NEXT);
    assert_eq!(
        told(&moves),
        [
            ["low", "dog", "question_mark", "data", "data"],
            ["middle", "question_mark", "star", "late_data", "late_data"],
        ]
    );
    let rows = project.query_at(NEXT, "quadrant_recomputed");
    let shown: Vec<_> = rows.iter().map(|r| (r["scenario"].as_str(), figure(&r["x"]))).collect();
    assert_eq!(shown, [70.0, 20.0, 70.0].map(|x| (Some("day_before"), Some(x))), "high, low, middle");
}

#[test]
fn a_file_that_was_written_again_without_a_late_row_is_not_late_data() {
    let project = shop();
    night(&project, FIRST);
    let sales = [("s1", "low", 20), ("s2", "middle", 50), ("s3", "high", 70)];
    let mut rows = sales.map(|(id, customer, amount)| sale(id, customer, "2026-03-10", amount)).to_vec();
    rows.push(sale("s4", "middle", FIRST, 20));
    project.rows("billing_sales", "sales/2026-03.parquet", &rows.into());
    assert_eq!(told(&night(&project, NEXT)), [["middle", "question_mark", "star", "data", "data"]]);
    assert!(project.query_at(NEXT, "quadrant_recomputed").is_empty(), "as many rows as then");
}

#[test]
fn a_changed_cut_is_settings_and_a_comment_is_nothing() {
    let project = shop();
    night(&project, FIRST);
    project.file("models/quadrant.toml", &format!("# Where they stand.\n{QUADRANT}"));
    project.file("sql/value/sales.sql", &SALES.replace("---*/", "---*/ -- what each has bought\n"));
    assert!(night(&project, NEXT).is_empty());
    assert!(project.query_at(NEXT, "quadrant_recomputed").is_empty());
    project.edit("models/quadrant.toml", "fixed = 60", "fixed = 40");
    let moves = night(&project, NEXT);
    assert_eq!(told(&moves), [["middle", "question_mark", "star", "settings", "settings"]]);
    assert_eq!(
        moves[0]["evidence"],
        "By the changed settings: question_mark -> star; x 50.0000 -> 50.0000 (cut 60.0000 -> 40.0000), \
         y 50.0000 -> 50.0000 (cut 30.0000 -> 30.0000)"
    );
}

#[test]
fn what_pulls_both_ways_is_told_in_order() {
    let project = shop();
    night(&project, FIRST);
    project.rows("billing_sales", "sales/late.parquet", &json!([sale("s4", "low", "2026-03-20", 15)]));
    project.rows("billing_sales", "sales/new.parquet", &json!([sale("s5", "low", FIRST, 30)]));
    project.file("models/worth.toml", &WORTH.replace("[100, 100]", "[50, 100]"));
    let moves = night(&project, NEXT);
    // 20 -> 35 late -> 65 with the day; twice the points take the question mark over its cut, too.
    assert_eq!(
        told(&moves),
        [
            ["low", "dog", "star", "data", "late_data,data"],
            ["middle", "question_mark", "star", "settings", "settings"],
        ]
    );
}

#[test]
fn a_cut_that_others_moved_is_told_as_such() {
    let project = shop();
    project.edit("models/quadrant.toml", "cut = { fixed = 60 }", "cut = { quantile = 0.5 }");
    night(&project, FIRST);
    // 20, 50, 70: the middle one is at the cut. Then 65, 50, 70: it is not, and has not moved itself.
    project.rows("billing_sales", "sales/new.parquet", &json!([sale("s4", "low", FIRST, 45)]));
    let moves = night(&project, NEXT);
    assert_eq!(
        told(&moves),
        [["low", "dog", "star", "data", "data"], ["middle", "star", "question_mark", "cuts", "cuts"]]
    );
}

#[test]
fn a_project_that_cannot_be_used_is_warned_of() {
    let project = shop();
    night(&project, FIRST);
    let kept: Vec<_> = fs::read_dir(project.warehouse().join("_luopan/projects")).unwrap().collect();
    assert_eq!(kept.len(), 1);
    fs::remove_file(kept[0].as_ref().unwrap().path()).unwrap();
    project.edit("models/quadrant.toml", "fixed = 60", "fixed = 40");
    let ended = project.luopan(&["run", "--as-of", NEXT]).done();
    assert!(ended.err.contains("the project of the set of 2026-03-31 cannot be used"), "{}", ended.err);
    let moves = published::rows(&project.warehouse(), "quadrant_moves", NEXT);
    assert_eq!(
        told(&moves),
        [["middle", "question_mark", "star", "cuts", "cuts"]],
        "what can be seen without it"
    );
}

#[test]
fn only_snapshots_and_audits_may_read_what_was_recomputed() {
    let project = shop();
    project.file("sql/value/again.sql", "SELECT customer_id FROM quadrant_recomputed");
    project.luopan(&["check"]).with(2).says(&["reads `quadrant_recomputed`: only snapshots and audits may"]);
}
