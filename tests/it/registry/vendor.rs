//! A vendor of 500 customers, of whom those who log in seldom complain: a model that is fitted in a moment.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    published,
    tiny::{Project, pipeline},
};

pub const MODEL: &str = "complaint_risk";
const CUSTOMERS: u64 = 500;

const SOURCES: &str = r#"
[product_usage]
path = "usage/*.parquet"
kind = "event"
known_at = "seen_at"
[product_usage.columns]
customer_id = "text"
seen_at = "timestamp"
logins = "double"
seats = "double"

[support_complaints]
path = "complaints/*.parquet"
kind = "event"
known_at = "filed_at"
[support_complaints.columns]
customer_id = "text"
filed_at = "timestamp"
"#;

/// Usage is counted on the last day of each month: one row of each customer in the first weeks of the next.
const FEATURES: &str = r#"/*---
grain = ["customer_id"]
---*/
SELECT customer_id, logins, seats
FROM product_usage
WHERE seen_at >= $as_of - INTERVAL '25 days'
"#;

const LABEL: &str = r#"/*---
grain = ["customer_id"]
horizon_days = 20
---*/
WITH complaining AS (
    SELECT DISTINCT customer_id FROM future.support_complaints WHERE filed_at >= $as_of
)
SELECT customer_features.customer_id, complaining.customer_id IS NOT NULL AS complained
FROM customer_features
LEFT JOIN complaining ON complaining.customer_id = customer_features.customer_id
"#;

const RISKS: &str = r#"/*---
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false }
probability = { type = "double" }
---*/
SELECT customer_features.customer_id, complaint_risk.probability
FROM customer_features
LEFT JOIN complaint_risk ON complaint_risk.customer_id = customer_features.customer_id
"#;

const TOML: &str = r#"kind = "probability"
features = "customer_features"
label = "complained"
estimator = "logistic"
calibration = "none"
penalty = 1.0
min_events = 20
shrink_below = 0
retrain = "always"
[gates]
auc_may_fall = 0.05
"#;

/// What a month's customers do; the months are told from those of 2025-09 on.
pub struct Habits {
    /// Complaints come from whoever, not from those who log in seldom.
    pub noise: fn(u64) -> bool,
    /// Everybody logs in so many times as often.
    pub logins: fn(u64) -> f64,
}

pub const USUAL: Habits = Habits { noise: |_| false, logins: |_| 1.0 };

/// The last day of each month, from 2025-08 to 2026-05.
const ENDS: [&str; 10] = [
    "2025-08-31",
    "2025-09-30",
    "2025-10-31",
    "2025-11-30",
    "2025-12-31",
    "2026-01-31",
    "2026-02-28",
    "2026-03-31",
    "2026-04-30",
    "2026-05-31",
];

/// The place in [`ENDS`] of the usage that the nights of March know: its complaints come in March.
pub const FEBRUARY: u64 = 6;

pub fn vendor(habits: &Habits) -> Project {
    let versions =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/snapshots/model_versions.sql"));
    let cutoffs = "[cutoffs]\nevery_months = 1\ncount = 4\n";
    let project = Project::of(&[
        ("sql/sources.toml", SOURCES),
        ("sql/features/customer_features.sql", FEATURES),
        ("sql/labels/complained.sql", LABEL),
        ("sql/snapshots/risks.sql", RISKS),
        ("sql/snapshots/model_versions.sql", &versions.unwrap()),
        ("models/complaint_risk.toml", TOML),
        ("pipelines/nightly.toml", &pipeline(&["risks", "model_versions"], cutoffs)),
    ]);
    for (month, end) in (0..).zip(ENDS) {
        let (mut usage, mut complaints) = (Vec::new(), Vec::new());
        for customer in 0..CUSTOMERS {
            let id = format!("c{customer:03}");
            let logins = (100.0 * chance(customer, month, 1)).round();
            let seen = (logins * (habits.logins)(month)).round();
            let seats = (20.0 * chance(customer, month, 2)).ceil();
            usage.push(json!({ "customer_id": id, "seen_at": format!("{end}T12:00:00Z"), "logins": seen, "seats": seats }));
            let risk = if (habits.noise)(month) { 0.3 } else { 1.0 / (1.0 + ((logins - 25.0) / 12.0).exp()) };
            if chance(customer, month, 3) < risk {
                // Five days after the end of the month.
                let filed = end.parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(5);
                complaints.push(json!({ "customer_id": id, "filed_at": format!("{filed}T12:00:00Z") }));
            }
        }
        project.rows("product_usage", &format!("usage/{end}.parquet"), &usage.into());
        project.rows("support_complaints", &format!("complaints/{end}.parquet"), &complaints.into());
    }
    project
}

/// Between 0 and 1, always the same for the same figures (splitmix64).
fn chance(customer: u64, month: u64, what: u64) -> f64 {
    let mut z = (customer * 1000 + month * 10 + what).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64
}

/// What one night left behind.
pub struct Night {
    pub day: String,
    /// The row of `model_versions`.
    pub model: Value,
    pub warnings: Vec<String>,
    /// Days other than its own at which tables were made.
    pub past: Vec<String>,
    pub said: String,
}

impl Night {
    pub fn version(&self) -> Option<String> {
        self.model["version"].as_str().map(str::to_owned)
    }

    #[track_caller]
    pub fn scores(&self) -> String {
        self.version().unwrap_or_else(|| panic!("a version scores on {}: {}", self.day, self.model))
    }

    pub fn reason(&self) -> &str {
        self.model["reason"].as_str().unwrap()
    }
}

/// Runs a night, which must be done.
#[track_caller]
pub fn night(project: &Project, day: &str) -> Night {
    let ended = project.luopan(&["run", "--as-of", day]).done();
    let records = published::files(&project.warehouse().join("_luopan/runs"));
    let (newest, _) = records.values().next_back().expect("a record");
    let record: Value = serde_json::from_slice(newest).unwrap();
    let texts = |value: &Value, key: &str| -> Vec<String> {
        value[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
    };
    let days =
        record["steps"].as_array().unwrap().iter().map(|step| step["as_of"].as_str().unwrap().to_owned());
    Night {
        day: day.into(),
        model: published::rows(&project.warehouse(), "model_versions", day).remove(0),
        warnings: texts(&record, "warnings"),
        past: days.filter(|made| made != day).collect(),
        said: ended.out,
    }
}

/// A file of a version in the warehouse.
pub fn model_file(project: &Project, version: &str, file: &str) -> PathBuf {
    project.warehouse().join("_luopan/models").join(MODEL).join(version).join(file)
}

/// The first model of `luopan models list`.
#[track_caller]
pub fn listed(project: &Project) -> Value {
    project.luopan(&["models", "list", "--format", "json"]).done().json().remove(0)
}
