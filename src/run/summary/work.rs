//! What is to be done: calls, alerts, and sources to look at.

use serde::Serialize;

use super::ask::{Row, ask, ask_one, publishes};
use crate::{problem::Result, run::Build};

/// This week's calls.
#[derive(Debug, Default, Serialize)]
pub struct Calls {
    /// How many there is time for, and how many there is none for.
    pub fit: i64,
    pub left_over: i64,
    /// Money that those are expected to keep, less their cost.
    pub expected_kept: Option<f64>,
    /// The three that keep the most.
    pub first: Vec<Call>,
}

#[derive(Debug, Default, Serialize)]
pub struct Call {
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub expected_kept: Option<f64>,
}

/// Open alerts of a severity.
#[derive(Debug, Default, Serialize)]
pub struct Severity {
    pub severity: String,
    pub open: i64,
    /// Those of them that were raised tonight.
    pub new: i64,
}

/// How many sources there are, and how many of them have something to say of them.
#[derive(Debug, Default, Serialize)]
pub struct Sources {
    pub all: i64,
    pub with_remarks: i64,
}

/// A source with something to say of it.
#[derive(Debug, Default, Serialize)]
pub struct Finding {
    pub source: String,
    pub status: String,
    pub finding: String,
}

pub async fn calls(build: &Build<'_>) -> Result<Option<Calls>> {
    if !publishes(build, "call_list", &["customer_id", "fits", "expected_kept"]) {
        return Ok(None);
    }
    let sql = "SELECT count(*) FILTER (WHERE fits), count(*) FILTER (WHERE NOT fits), \
               CAST(sum(expected_kept) FILTER (WHERE fits) AS DOUBLE) FROM call_list";
    let Some(row) = ask_one(build, sql).await? else { return Ok(None) };
    let named = publishes(build, "customer_snapshot", &["customer_id", "customer_name"]);
    let (name, join) = match named {
        true => (
            "customer.customer_name",
            "LEFT JOIN customer_snapshot AS customer ON customer.customer_id = list.customer_id",
        ),
        false => ("CAST(NULL AS TEXT)", ""),
    };
    let sql = format!(
        "SELECT list.customer_id, {name} AS name, CAST(list.expected_kept AS DOUBLE) AS kept FROM call_list AS list {join} \
         WHERE list.fits ORDER BY kept DESC NULLS LAST, list.customer_id LIMIT 3"
    );
    let call = |row: Row| Call {
        customer_id: row.text(0).unwrap_or_default(),
        customer_name: row.text(1),
        expected_kept: row.double(2),
    };
    Ok(Some(Calls {
        fit: row.count(0),
        left_over: row.count(1),
        expected_kept: row.double(2),
        first: ask(build, &sql).await?.into_iter().map(call).collect(),
    }))
}

pub async fn alerts(build: &Build<'_>) -> Result<Vec<(String, i64)>> {
    if !publishes(build, "alerts", &["alert"]) {
        return Ok(Vec::new());
    }
    let open = if publishes(build, "alerts", &["status"]) { "WHERE status = 'open'" } else { "" };
    let sql = format!("SELECT alert, count(*) FROM alerts {open} GROUP BY alert ORDER BY 2 DESC, 1");
    let counted = |row: Row| (row.text(0).unwrap_or_default(), row.count(1));
    Ok(ask(build, &sql).await?.into_iter().map(counted).collect())
}

pub async fn severities(build: &Build<'_>) -> Result<Vec<Severity>> {
    if !publishes(build, "alerts", &["severity", "status", "is_new"]) {
        return Ok(Vec::new());
    }
    let sql = "SELECT severity, count(*), count(*) FILTER (WHERE is_new) FROM alerts WHERE status = 'open' \
               GROUP BY severity \
               ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 END NULLS LAST, severity";
    let line = |row: Row| Severity {
        severity: row.text(0).unwrap_or_default(),
        open: row.count(1),
        new: row.count(2),
    };
    Ok(ask(build, sql).await?.into_iter().map(line).collect())
}

const NOTHING: &str = "nothing to remark";

pub async fn sources(build: &Build<'_>) -> Result<Option<Sources>> {
    if !publishes(build, "data_quality", &["source", "status", "finding"]) {
        return Ok(None);
    }
    let sql = format!("SELECT count(*), count(*) FILTER (WHERE finding <> '{NOTHING}') FROM data_quality");
    let row = ask_one(build, &sql).await?;
    Ok(row.map(|row| Sources { all: row.count(0), with_remarks: row.count(1) }))
}

pub async fn findings(build: &Build<'_>) -> Result<Vec<Finding>> {
    if !publishes(build, "data_quality", &["source", "status", "finding"]) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT source, status, finding FROM data_quality WHERE finding <> '{NOTHING}' ORDER BY source, finding"
    );
    let line = |row: Row| Finding {
        source: row.text(0).unwrap_or_default(),
        status: row.text(1).unwrap_or_default(),
        finding: row.text(2).unwrap_or_default(),
    };
    Ok(ask(build, &sql).await?.into_iter().map(line).collect())
}
