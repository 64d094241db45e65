//! The sample vendor's project over a few rows that a test gives.

use serde_json::{Value, json};

use super::{tiny::Project, vendor};

/// The vendor's project over a lake with these rows; sources that are not named are empty.
pub fn vendor_with(rows: &[(&str, Value)]) -> Project {
    let project = vendor::project();
    // Rows of a few customers are days apart: nothing is to be said of their age.
    let declared = std::fs::read_to_string(project.root().join("sql/sources.toml")).unwrap();
    let ageless: Vec<&str> = declared.lines().filter(|line| !line.starts_with("freshness")).collect();
    project.file("sql/sources.toml", &ageless.join("\n"));
    // A label may be asked for once its window is over: the days asked about here lie before this one.
    let pipeline = std::fs::read_to_string(project.root().join("pipelines/nightly.toml")).unwrap();
    project.file(
        "pipelines/nightly.toml",
        &pipeline.replace("as_of = \"2026-04-01\"", "as_of = \"2026-12-01\""),
    );
    let sources = [
        "crm_accounts",
        "crm_engagements",
        "crm_surveys",
        "crm_opportunities",
        "erp_contracts",
        "erp_invoices",
    ];
    let others = [
        "erp_payments",
        "support_tickets",
        "product_usage",
        "identity_links",
        "reference_industries",
        "reference_modules",
    ];
    for source in sources.into_iter().chain(others) {
        let given = rows
            .iter()
            .filter(|(name, _)| *name == source)
            .flat_map(|(_, rows)| rows.as_array().unwrap().clone());
        project.rows(source, &file_of(source), &given.collect());
    }
    project
}

/// A file that the pattern of a source finds.
fn file_of(source: &str) -> String {
    let file = match source {
        "erp_invoices" => "erp/invoices/month=2026-01/a",
        "erp_payments" => "erp/payments/month=2026-01/a",
        "support_tickets" => "support/tickets/month=2026-01/a",
        "product_usage" => "product/usage_daily/month=2026-01/a",
        "reference_industries" => "reference/industries",
        "reference_modules" => "reference/modules",
        other => return format!("{}/a.parquet", other.replacen('_', "/", 1)),
    };
    format!("{file}.parquet")
}

/// `crm:A-1` belongs to `ada`, from the beginning.
pub fn links(ids: &[(&str, &str)]) -> (&'static str, Value) {
    let link = |(id, customer): &(&str, &str)| {
        let (system, id) = id.split_once(':').unwrap();
        json!({ "customer_id": customer, "source_system": system, "source_id": id, "linked_at": "2020-01-01T00:00:00Z" })
    };
    ("identity_links", ids.iter().map(link).collect())
}

/// A yearly subscription that a customer's ERP id `e-NAME` signed on the day it starts.
pub fn contract(id: &str, customer: &str, starts: &str, ends: &str, amount: i64) -> Value {
    json!({
        "contract_id": id, "erp_customer_id": format!("e-{customer}"), "contract_type": "subscription", "amount": amount,
        "signed_at": format!("{starts}T09:00:00Z"), "starts_on": starts, "ends_on": ends,
    })
}

pub fn with(mut row: Value, more: Value) -> Value {
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// `lake = "data-samples"` in the pipeline; the rows are in `lake`.
pub fn ask(project: &Project, day: &str, what: &str) -> Vec<Value> {
    project
        .luopan(&["query", what, "--as-of", day, "--lake", "lake", "--format", "json", "--limit", "0"])
        .done()
        .json()
}

/// `key=value` of two columns of each row, in order of the first.
pub fn pairs(rows: &[Value], key: &str, value: &str) -> Vec<String> {
    let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let mut found: Vec<_> = rows.iter().map(|r| format!("{}={}", plain(&r[key]), plain(&r[value]))).collect();
    found.sort();
    found
}
