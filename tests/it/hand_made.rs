//! A lake of a few rows around midnight of the as-of day: one history, one event table with late columns, and an optional
//! source whose rows all come later.

use serde_json::json;

use super::{
    cut_lake::{Known, Table},
    tiny::{Project, pipeline},
};

const SOURCES: &str = r#"
[crm_people]
path = "people/*.parquet"
kind = "history"
known_at = "valid_from"
valid_to = "valid_to"
key = ["person_id", "valid_from"]
[crm_people.columns]
person_id = "text"
name = "text"
valid_from = "timestamp"
valid_to = "timestamp?"

[crm_deals]
path = "deals/*.parquet"
kind = "event"
known_at = "opened_at"
key = ["deal_id"]
[crm_deals.columns]
deal_id = "text"
person_id = "text"
amount = "decimal"
opened_at = "timestamp"
closed_at = "timestamp?"
won = "bool?"
[crm_deals.late]
closed_at = ["closed_at", "won"]

[crm_notes]
path = "notes/*.parquet"
kind = "event"
known_at = "written_at"
optional = true
[crm_notes.columns]
written_at = "timestamp"
"#;

const PEOPLE: &str = r#"/*---
grain = ["person_id", "valid_from"]
[columns]
person_id = { type = "text" }
name = { type = "text" }
valid_from = { type = "timestamp" }
valid_to = { type = "timestamp" }
---*/
SELECT person_id, name, valid_from, valid_to FROM crm_people
"#;

const DEALS: &str = r#"/*---
grain = ["deal_id"]
[columns]
deal_id = { type = "text" }
amount = { type = "decimal" }
closed_at = { type = "timestamp" }
won = { type = "bool" }
---*/
SELECT deal_id, amount, closed_at, won FROM crm_deals
"#;

const DELIVERED: &str = r#"/*---
grain = ["source"]
[columns]
source = { type = "text" }
rows_known = { type = "int" }
doubled_rows = { type = "int" }
last_known_at = { type = "timestamp" }
---*/
SELECT source, rows_known, doubled_rows, last_known_at FROM luopan.sources
"#;

pub const TABLES: [Table; 3] = [
    Table { path: "notes", known: Known::At("written_at"), late: &[] },
    Table { path: "people", known: Known::At("valid_from"), late: &[("valid_to", &["valid_to"])] },
    Table { path: "deals", known: Known::At("opened_at"), late: &[("closed_at", &["closed_at", "won"])] },
];

/// One person renamed before the day and once after; deals closed before, on and after it; and one deal written again
/// by a row that is known only later.
pub fn project() -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/snapshots/people.sql", PEOPLE),
        ("sql/snapshots/deals.sql", DEALS),
        ("sql/snapshots/delivered.sql", DELIVERED),
        ("pipelines/nightly.toml", &pipeline(&["people", "deals", "delivered"], "")),
    ]);
    project.rows("crm_people", "people/a.parquet", &json!([
        { "person_id": "p", "name": "old", "valid_from": "2025-01-01T00:00:00Z", "valid_to": "2026-02-01T00:00:00Z" },
        { "person_id": "p", "name": "now", "valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-04-01T00:00:00Z" },
        { "person_id": "p", "name": "new", "valid_from": "2026-04-01T00:00:00Z" },
    ]));
    project.rows("crm_deals", "deals/a.parquet", &json!([
        { "deal_id": "closed", "amount": 1, "opened_at": "2026-03-01T00:00:00Z", "closed_at": "2026-03-31T23:59:59.999999Z", "won": true },
        { "deal_id": "at_midnight", "amount": 2, "opened_at": "2026-03-01T00:00:00Z", "closed_at": "2026-04-01T00:00:00Z", "won": true },
        { "deal_id": "doubled", "amount": 3, "opened_at": "2026-03-05T00:00:00Z" },
    ]));
    project.rows("crm_deals", "deals/b.parquet", &json!([
        { "deal_id": "doubled", "amount": 4, "opened_at": "2026-04-01T00:00:00Z", "closed_at": "2026-03-20T00:00:00Z", "won": false },
        { "deal_id": "later", "amount": 5, "opened_at": "2026-04-02T00:00:00Z" },
    ]));
    project.rows("crm_notes", "notes/a.parquet", &json!([{ "written_at": "2026-04-03T00:00:00Z" }]));
    project
}
