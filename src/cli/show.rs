//! Figures and tables as people read them.

use std::fmt::Write;

use crate::run::summary::{MetricLine, ModelLine, Summary};

/// 1,234,567
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// 12.3 M, 4,567
pub fn money(amount: f64) -> String {
    let size = amount.abs();
    match () {
        () if size >= 1e9 => format!("{:.2} bn", amount / 1e9),
        () if size >= 1e6 => format!("{:.1} M", amount / 1e6),
        () => count(amount.round() as i64),
    }
}

/// 0.4 s, 2 min 5 s
pub fn seconds(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!("{} min {} s", (seconds / 60.0) as u64, (seconds % 60.0) as u64)
}

/// 1.2 MB
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// Columns padded to the widest cell; the first to the left, the rest to the right.
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |i: usize| {
        rows.iter().map(|r| r[i].chars().count()).chain([heads[i].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    let mut line = |cells: Vec<&str>| {
        let mut text = String::from(" ");
        for (i, cell) in cells.iter().enumerate() {
            let space = " ".repeat(widths[i].saturating_sub(cell.chars().count()));
            if i == 0 {
                let _ = write!(text, " {cell}{space}");
            } else {
                let _ = write!(text, "  {space}{cell}");
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(heads.to_vec());
    rows.iter().for_each(|row| line(row.iter().map(String::as_str).collect()));
    out
}

/// What a run says at its end.
pub fn summary(summary: &Summary) -> String {
    let mut out = format!("As of {}\n\n", summary.as_of);
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
        let (fine, others): (Vec<_>, Vec<_>) = summary.findings.iter().partition(|f| f.status == "ok");
        for finding in others {
            let _ = writeln!(out, "  {:<6} {}: {}", finding.status, finding.source, finding.finding);
        }
        if let Some(first) = fine.first() {
            let number = count(fine.len() as i64);
            let _ = writeln!(
                out,
                "  ok     {number} sources with remarks, such as {}: {}",
                first.source, first.finding
            );
        }
    }
    if !summary.warnings.is_empty() {
        out.push_str("\nWarnings\n");
        summary.warnings.iter().for_each(|warning| {
            let _ = writeln!(out, "  {warning}");
        });
    }
    let state = if summary.changed { "published" } else { "unchanged: the same set stood there" };
    let _ = writeln!(
        out,
        "\n{}Set {} of {} ({state}): {} tables, {} in {}, {}",
        audits(summary.audits.checked, summary.audits.warned),
        summary.set,
        summary.as_of,
        summary.tables.len(),
        bytes(summary.bytes),
        summary.warehouse,
        seconds(summary.seconds),
    );
    for line in &summary.tables {
        let _ = writeln!(out, "  {}/as_of={}/  {} rows", line.table, summary.as_of, count(line.rows as i64));
    }
    out.push_str("\nNext\n");
    if let Some(first) = summary.tables.first() {
        let query = format!("luopan query {}", first.table);
        let _ = writeln!(out, "  {query:<42} the first of its tables");
    }
    out.push_str(
        "  luopan query \"SELECT …\"                    any question, over any table\n  \
         luopan ls --graph                          how the tables come about\n  \
         luopan runs                                what ran when\n",
    );
    out
}

fn audits(checked: usize, warned: usize) -> String {
    match (checked, warned) {
        (0, _) => String::new(),
        (_, 0) => format!("{checked} audits passed\n"),
        _ => format!("{checked} audits: {} passed, {warned} warn\n", checked - warned),
    }
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
    let sum = |f: fn(&crate::run::summary::QuadrantLine) -> Option<f64>| {
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
    let mut out = table(&heads, &rows);
    if let Some(moved) = summary.moved {
        let _ = writeln!(out, "  {} customers changed their quadrant since the last set", count(moved));
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!((count(0), count(-1234567)), ("0".into(), "-1,234,567".into()));
        assert_eq!((money(1_250_000.0), money(999.5)), ("1.2 M".into(), "1,000".into()));
        assert_eq!((seconds(3.12), seconds(125.0)), ("3.1 s".into(), "2 min 5 s".into()));
    }
}
