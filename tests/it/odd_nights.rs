//! Nights that are not like others: hardly any customers, optional systems that deliver nothing, files that came twice.

use std::{collections::BTreeSet, fs};

use serde_json::json;

use super::{
    program::luopan,
    published, vendor,
    vendor_rows::{contract, links, vendor_with},
};

/// Tables of the set that a project of few rows publishes as of 2026-01-01.
fn few(rows: &[(&str, serde_json::Value)]) -> super::tiny::Project {
    // A night stops where a required source has no row at all: these belong to nobody.
    let strangers = [
        ("crm_accounts", json!([{ "account_id": "a-x", "valid_from": "2025-01-01T00:00:00Z" }])),
        ("erp_invoices", json!([{ "invoice_id": "i-x", "invoiced_at": "2025-01-01T00:00:00Z" }])),
        ("erp_payments", json!([{ "payment_id": "p-x", "paid_at": "2025-01-01T00:00:00Z" }])),
        ("product_usage", json!([{ "tenant_id": "t-x", "usage_date": "2025-01-01", "module": "m" }])),
        ("support_tickets", json!([{ "ticket_id": "s-x", "opened_at": "2025-01-01T00:00:00Z" }])),
    ];
    let rows: Vec<_> = rows.iter().cloned().chain(strangers).collect();
    let project = vendor_with(&rows);
    luopan(project.root(), &["run", "--as-of", "2026-01-01", "--lake", "lake"]).done();
    project
}

#[test]
fn a_night_with_one_customer_publishes_that_customer() {
    let contracts = json!([contract("k1", "ada", "2025-06-01", "2026-05-31", 1200)]);
    let project = few(&[links(&[("erp:e-ada", "ada")]), ("erp_contracts", contracts)]);
    let rows = published::rows(&project.warehouse(), "customer_snapshot", "2026-01-01");
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["customer_id"], &rows[0]["customer_name"]), (&json!("ada"), &json!(null)));
    assert!(rows[0]["churn_probability"].is_null() && rows[0]["previous_quadrant"].is_null());
}

#[test]
fn a_night_without_customers_publishes_empty_tables() {
    let contracts = json!([contract("k1", "ada", "2024-06-01", "2025-05-31", 1200)]);
    let project = few(&[links(&[("erp:e-ada", "ada")]), ("erp_contracts", contracts)]);
    let tables = published::tables(&project.warehouse(), "2026-01-01");
    let pipeline = luopan::project::pipeline_of(project.root(), "nightly").unwrap();
    assert_eq!(tables.len(), pipeline.publish.len());
    assert!(published::rows(&project.warehouse(), "customer_snapshot", "2026-01-01").is_empty());
    assert_eq!(published::rows(&project.warehouse(), "data_quality", "2026-01-01").len(), 12);
}

#[test]
fn what_an_optional_system_does_not_deliver_is_unknown_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let (lake, warehouse) = (dir.path().join("lake"), dir.path().join("warehouse"));
    vendor::copy(vendor::lake(), &lake);
    let optional = ["crm/engagements", "crm/surveys", "crm/opportunities", "reference"];
    optional.iter().for_each(|folder| fs::remove_dir_all(lake.join(folder)).unwrap());
    let night = vendor::night();
    let ended = vendor::run(&night.project, &lake, &warehouse, &[]).done();
    let ended = ended.says(&["crm_surveys: no files; it is optional", "reference_modules: no files"]);
    assert!(ended.out.contains("absent"), "{}", ended.out);

    let whole = published::rows(&night.warehouse, "customer_snapshot", vendor::DAY);
    let rows = published::rows(&warehouse, "customer_snapshot", vendor::DAY);
    let ids = |rows: &[serde_json::Value]| {
        rows.iter().map(|r| r["customer_id"].to_string()).collect::<BTreeSet<_>>()
    };
    assert_eq!(ids(&rows), ids(&whole));
    for row in &rows {
        assert!(row["nps"].is_null() && !row["quadrant"].is_null(), "{row}");
    }
    // Whoever came last month may have neither usage nor tickets yet: of them nothing is known without meetings.
    let unknown = rows.iter().filter(|r| r["health_score"].is_null()).count();
    assert!(unknown * 50 < rows.len(), "{unknown} of {} without health", rows.len());
    assert!(rows.iter().all(|r| !r["expansion_probability"].is_null()), "the model does without");
    let money =
        |rows: &[serde_json::Value]| rows.iter().map(|r| r["revenue_12m"].clone()).collect::<Vec<_>>();
    assert_eq!(money(&rows), money(&whole));
    let quality = published::rows(&warehouse, "data_quality", vendor::DAY);
    let absent: Vec<_> =
        quality.iter().filter(|r| r["status"] == "absent").map(|r| r["source"].as_str().unwrap()).collect();
    let finding =
        |source: &str| quality.iter().find(|r| r["source"] == source).unwrap()["finding_zh"].clone();
    assert_eq!(finding("crm_surveys"), "未提供：依赖它的结果均未知");
    assert_eq!(finding("identity_links"), "无异常");
    assert_eq!(
        absent,
        ["crm_engagements", "crm_opportunities", "crm_surveys", "reference_industries", "reference_modules"]
    );
}

#[test]
fn files_that_were_delivered_twice_change_nothing_but_the_count_of_doubles() {
    let dir = tempfile::tempdir().unwrap();
    let (lake, warehouse) = (dir.path().join("lake"), dir.path().join("warehouse"));
    vendor::copy(vendor::lake(), &lake);
    for folder in
        ["erp/invoices/month=2025-12", "support/tickets/month=2025-11", "crm/accounts", "identity/links"]
    {
        let files = published::files(&lake.join(folder));
        // Beside the last of them, so that it is not an older copy that stands.
        let last = files.keys().next_back().unwrap();
        let name = last.to_string_lossy().replace(".parquet", "-again.parquet");
        fs::copy(lake.join(folder).join(last), lake.join(folder).join(name)).unwrap();
    }
    let night = vendor::night();
    vendor::run(&night.project, &lake, &warehouse, &[]).done();
    let (mut once, mut twice) =
        (published::tables(&night.warehouse, vendor::DAY), published::tables(&warehouse, vendor::DAY));
    assert!(once.remove("data_quality") != twice.remove("data_quality"), "the doubles are counted");
    published::assert_same(&once, &twice);
}

#[test]
fn a_night_without_a_row_of_a_required_system_is_refused() {
    let contracts = json!([contract("k1", "ada", "2025-06-01", "2026-05-31", 1200)]);
    let project = vendor_with(&[links(&[("erp:e-ada", "ada")]), ("erp_contracts", contracts)]);
    let ended = luopan(project.root(), &["run", "--as-of", "2026-01-01", "--lake", "lake"]);
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(ended.err.contains("`product_usage` has no row known before 2026-01-01"), "{}", ended.err);
    assert!(!project.warehouse().join("customer_snapshot").exists());
}
