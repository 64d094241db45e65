//! Real data: an online shop's two years of invoices, where they are at hand.

use std::path::Path;

use serde_json::Value;

use super::{parquet_files::figure, program::luopan, published};

const DAY: &str = "2011-12-10";

#[test]
fn the_online_shop_is_scored_better_than_recency_alone_would() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lake = root.join("../shared/data/online-retail-ii");
    if !lake.is_dir() {
        eprintln!(
            "SKIPPED: no real data at {}: nothing of examples/online-retail was tested",
            lake.display()
        );
        return;
    }
    let warehouse = tempfile::tempdir().unwrap();
    let shown = [&lake, warehouse.path()].map(|p| p.to_str().unwrap());
    let args = ["run", "--as-of", DAY, "--lake", shown[0], "--warehouse", shown[1]];
    luopan(&root.join("examples/online-retail"), &args).done();

    let customers = published::rows(warehouse.path(), "customer_snapshot", DAY);
    assert_eq!(customers.len(), 3_471);
    for (column, least, most) in [("churn_probability", 0.0, 1.0), ("health_score", 0.0, 100.001)] {
        let within = |c: &Value| figure(&c[column]).is_some_and(|v| (least..=most).contains(&v));
        assert!(customers.iter().all(within), "{column} lies between {least} and {most}");
    }
    let placed = |quadrant: &str| customers.iter().filter(|c| c["quadrant"] == quadrant).count();
    assert!(
        ["star", "cash_cow", "question_mark", "dog"].into_iter().all(|q| placed(q) > 30),
        "every quadrant has customers"
    );

    let metrics = published::rows(warehouse.path(), "model_metrics", DAY);
    let ours = metrics.iter().find(|m| m["model"] == "churn_risk" && m["metric"] == "roc_auc").unwrap();
    let rules = published::rows(warehouse.path(), "naive_rules", DAY);
    let auc = figure(&ours["value"]).unwrap();
    let by_rule = rules.iter().find(|r| r["model"] == "churn_risk" && r["metric"] == "auc").unwrap();
    let recency = figure(&by_rule["value"]).unwrap();
    assert!((0.5..0.99).contains(&recency), "{by_rule}");
    assert_eq!(by_rule["test_cutoff"], ours["test_cutoff"], "measured on one day");
    assert!(auc > recency && auc < 0.99, "ours {auc}, by recency alone {recency}");
}
