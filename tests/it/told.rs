//! What a run says at its end, of tables whose rows are written out here.

use serde_json::json;

use super::tiny::{Project, VISITS, pipeline};

/// Published tables: name, grain, columns with their types, rows. Of six customers two are stars, one has no quadrant.
const TABLES: [(&str, &[&str], &str, &str); 7] = [
    (
        "customer_snapshot",
        &["customer_id"],
        "customer_id:text customer_name:text quadrant:text previous_quadrant:text revenue_12m:decimal(18,2) \
         expected_expansion:decimal(18,2)",
        "('a', '无锡海信', 'star', 'star', 100, 10), ('b', 'Bo', 'star', 'dog', 200, NULL), \
         ('c', NULL, 'dog', 'star', 40, 5), ('d', 'Di', 'cash_cow', 'dog', 40, NULL), \
         ('e', 'Ed', 'question_mark', NULL, 20, NULL), ('f', 'Fy', NULL, 'dog', 0, NULL)",
    ),
    (
        "risk_summary",
        &["group_kind"],
        "group_kind:text customers:int expected_churners:double churners_low:double churners_high:double \
         value_at_risk:decimal(18,2) value_at_risk_low:decimal(18,2) value_at_risk_high:decimal(18,2)",
        "('all', 6, 1.5, 0.5, 2.5, 100, 40, 160), ('region', 6, 9, 9, 9, 9, 9, 9)",
    ),
    (
        "call_list",
        &["customer_id"],
        "customer_id:text fits:bool expected_kept:decimal(18,2)",
        "('a', TRUE, 50), ('b', TRUE, 70), ('c', TRUE, 60), ('d', TRUE, 1), ('e', FALSE, 99)",
    ),
    (
        "alerts",
        &["alert_id"],
        "alert_id:text alert:text severity:text status:text is_new:bool",
        "('1', 'x', 'medium', 'open', TRUE), ('2', 'x', 'high', 'open', TRUE), ('3', 'y', 'high', 'open', FALSE), \
         ('4', 'y', 'low', 'closed', FALSE)",
    ),
    (
        "quadrant_migration",
        &["from_quadrant", "to_quadrant"],
        "from_quadrant:text to_quadrant:text customers:int revenue_12m:decimal(18,2)",
        "('new', 'question_mark', 1, 20), ('star', 'left', 1, 80), ('dog', 'left', 1, 10), ('star', 'star', 1, 100)",
    ),
    (
        "quadrant_moves",
        &["customer_id"],
        "customer_id:text cause:text from_quadrant:text to_quadrant:text",
        "('b', 'cuts', 'dog', 'star'), ('c', 'data', 'star', 'dog'), ('d', 'cuts', 'dog', 'cash_cow'), \
         ('e', 'data', 'unscored', 'question_mark'), ('f', 'data', 'dog', 'unscored')",
    ),
    (
        "data_quality",
        &["source"],
        "source:text status:text finding:text",
        "('bills', 'ok', 'nothing to remark'), ('calls', 'ok', '2 doubled rows'), ('tickets', 'warn', 'late')",
    ),
];

fn told() -> Project {
    let names = TABLES.map(|(name, ..)| name);
    let project =
        Project::of(&[("sql/sources.toml", VISITS), ("pipelines/nightly.toml", &pipeline(&names, ""))]);
    let visit = json!([{ "visit_id": "v", "seen_at": "2026-03-01T10:00:00Z" }]);
    project.rows("shop_visits", "visits/a.parquet", &visit);
    for (name, grain, columns, rows) in TABLES {
        let columns: Vec<(&str, &str)> =
            columns.split_whitespace().filter_map(|c| c.split_once(':')).collect();
        let each = |words: &dyn Fn(&str, &str) -> String, between: &str| {
            columns.iter().map(|(column, kind)| words(column, kind)).collect::<Vec<_>>().join(between)
        };
        let text = format!(
            "/*---\ngrain = {grain:?}\n[columns]\n{}\n---*/\nSELECT {} FROM (VALUES {rows}) AS told ({})\n\
             WHERE (SELECT COUNT(*) FROM shop_visits) > 0",
            each(&|column, kind| format!("{column} = {{ type = \"{kind}\" }}"), "\n"),
            each(
                &|column, kind| format!("CAST({column} AS {}) AS {column}", kind.replace("int", "bigint")),
                ", "
            ),
            each(&|column, _| column.to_owned(), ", "),
        );
        project.file(&format!("sql/snapshots/{name}.sql"), &text);
    }
    project
}

#[test]
fn the_lines_say_what_the_tables_hold() {
    let project = told();
    project.luopan(&["run", "--as-of", "2026-03-31"]).done();
    let out = project.run().done().out;
    for line in [
        "As of 2026-04-01: 6 customers (1 came, 2 left with 90), 400 revenue in 12 months",
        "Revenue of 2 stars 75 %, 1 cash cow 10 %, 1 question mark 5 %, 1 dog 10 %, 1 not placed",
        "Expected   100 yearly margin lost (40 to 160), 15 growth",
        "Moved      3 customers (280) since 2026-03-31: 2 up (240), 1 down (40); 2 by moved cuts",
        "Calls      4 this week are expected to keep 181 after their cost (1 more does not fit in); first:",
        "           Bo (70), c (60), 无锡海信 (50)",
        "Alerts     2 new: 1 high, 1 medium; 3 open in all",
        "Data       look at tickets (warn)",
    ] {
        assert!(out.lines().any(|l| l == line), "{line}\n{out}");
    }
    assert!(out.ends_with("Next: luopan report\n"), "{out}");
    let summary = &project.luopan(&["run", "--log-format", "json"]).done().json()[0];
    assert_eq!(
        (&summary["previous"], &summary["moved"], &summary["moves"]["left"]),
        (&json!("2026-03-31"), &json!(3), &json!({ "customers": 2, "revenue_12m": 90.0 }))
    );
    assert_eq!(summary["expected"]["leavers"]["high"], json!(2.5));
    assert_eq!(
        summary["calls"]["first"][2],
        json!({ "customer_id": "a", "customer_name": "无锡海信", "expected_kept": 50.0 })
    );
}
