//! What a run says above its ten lines when asked for more.

use std::fmt::Write;

use super::super::show::{count, money, table};
use crate::run::summary::{MetricLine, ModelLine, QuadrantLine, Summary};

/// Quadrants in figures, how the models were measured, alerts by name, remarks on sources, warnings, tables.
pub fn details(summary: &Summary) -> String {
    let mut out = String::new();
    if !summary.quadrants.is_empty() {
        out.push_str(&quadrants(summary));
    }
    for model in &summary.models {
        out.push_str(&model_lines(model));
    }
    if !summary.alerts.is_empty() {
        out.push_str("\nAlerts\n");
        for (alert, number) in &summary.alerts {
            let _ = writeln!(out, "  {:>7}  {alert}", count(*number));
        }
    }
    if !summary.findings.is_empty() {
        out.push_str("\nData quality\n");
        for finding in &summary.findings {
            let _ = writeln!(out, "  {:<6} {}: {}", finding.status, finding.source, finding.finding);
        }
    }
    if !summary.warnings.is_empty() {
        out.push_str("\nWarnings\n");
        summary.warnings.iter().for_each(|warning| {
            let _ = writeln!(out, "  {warning}");
        });
    }
    out.push_str("\nTables\n");
    for line in &summary.tables {
        let _ = writeln!(out, "  {}/as_of={}/  {} rows", line.table, summary.as_of, count(line.rows as i64));
    }
    out.trim_start().to_owned() + "\n"
}

fn quadrants(summary: &Summary) -> String {
    let total: i64 = summary.quadrants.iter().map(|q| q.customers).sum();
    let amount = |value: Option<f64>| value.map_or_else(|| "-".into(), money);
    let mut rows: Vec<Vec<String>> = summary
        .quadrants
        .iter()
        .map(|q| {
            vec![
                q.quadrant.clone().unwrap_or_else(|| "not placed".into()),
                count(q.customers),
                format!("{:.0} %", 100.0 * q.customers as f64 / total.max(1) as f64),
                amount(q.revenue_12m),
                amount(q.value_at_risk),
                amount(q.expected_expansion),
            ]
        })
        .collect();
    let sum = |f: fn(&QuadrantLine) -> Option<f64>| {
        amount(summary.quadrants.iter().filter_map(f).reduce(|a, b| a + b))
    };
    rows.push(vec![
        "all".into(),
        count(total),
        String::new(),
        sum(|q| q.revenue_12m),
        sum(|q| q.value_at_risk),
        sum(|q| q.expected_expansion),
    ]);
    // A project without one of the figures shows no column for it.
    let heads = ["quadrant", "customers", "share", "revenue 12m", "value at risk", "expected growth"];
    let kept: Vec<usize> =
        (0..heads.len()).filter(|i| *i == 2 || rows.iter().any(|r| r[*i] != "-")).collect();
    let heads: Vec<&str> = kept.iter().map(|i| heads[*i]).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|r| kept.iter().map(|i| r[*i].clone()).collect()).collect();
    format!("\nQuadrants\n{}", table(&heads, &rows))
}

fn model_lines(model: &ModelLine) -> String {
    let mut out = format!("\nModel {}", model.model);
    let Some(version) = &model.version else {
        let _ = write!(out, ": no scores\n  {}\n", model.reason);
        return out;
    };
    let estimator = model.estimator.as_deref().unwrap_or("-");
    let _ = write!(out, ", version {version}, {estimator}\n  {}\n", model.reason);
    for MetricLine { metric, value, low, high, meaning } in &model.metrics {
        let figure = |v: &Option<f64>| v.map_or_else(|| "-".into(), |v| format!("{v:.3}"));
        let interval = match (low, high) {
            (Some(_), Some(_)) => format!("{}-{}", figure(low), figure(high)),
            _ => String::new(),
        };
        let _ = writeln!(out, "  {metric:<22} {:>8}  {interval:<11}  {meaning}", figure(value));
    }
    out
}
