//! What a run found, for the one who started it. Every figure is read from the tables just made.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use chrono::NaiveDate;
use serde::Serialize;

use super::{Build, audits::Audited, build::contract};
use crate::{
    engine::fault,
    learn::{Metric, Standing},
    problem::Result,
    warehouse::DraftSet,
};

#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub run: String,
    pub seconds: f64,
    pub as_of: NaiveDate,
    pub set: String,
    /// Whether anything was written; false if the same set stood there.
    pub changed: bool,
    pub files: usize,
    pub bytes: u64,
    pub warehouse: String,
    pub tables: Vec<TableLine>,
    pub quadrants: Vec<QuadrantLine>,
    /// Customers in another quadrant than in the last set; `None` if there is no last set.
    pub moved: Option<i64>,
    pub models: Vec<ModelLine>,
    pub audits: Audited,
    pub findings: Vec<Finding>,
    pub alerts: Vec<(String, i64)>,
    pub warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct TableLine {
    pub table: String,
    pub rows: usize,
}

#[derive(Debug, Serialize)]
pub struct QuadrantLine {
    pub quadrant: Option<String>,
    pub customers: i64,
    pub revenue_12m: Option<f64>,
    pub value_at_risk: Option<f64>,
    pub expected_expansion: Option<f64>,
}

#[derive(Debug, Serialize)]
pub struct ModelLine {
    pub model: String,
    /// None if nothing scores.
    pub version: Option<String>,
    pub estimator: Option<String>,
    /// Why this version scores, or why none does.
    pub reason: String,
    pub metrics: Vec<MetricLine>,
}

#[derive(Debug, Serialize)]
pub struct MetricLine {
    pub metric: String,
    pub value: Option<f64>,
    /// 95 % interval, where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// In words.
    pub meaning: String,
}

/// A source with something to say of it.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub source: String,
    pub status: String,
    pub finding: String,
}

impl Summary {
    /// Reads what the set to be published says.
    pub async fn of(build: &Build<'_>, draft: &DraftSet) -> Result<Self> {
        let tables = draft.tables.iter().map(|t| TableLine {
            table: t.name.clone(),
            rows: t.batches.iter().map(RecordBatch::num_rows).sum(),
        });
        Ok(Self {
            as_of: build.settings.as_of.day,
            warehouse: build.settings.warehouse.url.clone(),
            tables: tables.collect(),
            quadrants: quadrants(build).await?,
            moved: moved(build).await?,
            models: models(build),
            findings: findings(build).await?,
            alerts: alerts(build).await?,
            warnings: build.warnings(),
            ..Self::default()
        })
    }
}

/// Whether the project publishes `table` with all of these columns.
fn publishes(build: &Build<'_>, table: &str, columns: &[&str]) -> bool {
    let published = build.settings.pipeline.publish.iter().any(|(name, _)| name == table);
    let schema = build.settings.graph.get(table).and_then(contract);
    published && schema.is_some_and(|s| columns.iter().all(|c| s.index_of(c).is_ok()))
}

async fn ask(build: &Build<'_>, sql: &str) -> Result<Vec<RecordBatch>> {
    let failed = |e| fault(e, None);
    build.session()?.sql(sql).await.map_err(failed)?.collect().await.map_err(failed)
}

async fn quadrants(build: &Build<'_>) -> Result<Vec<QuadrantLine>> {
    if !publishes(build, "customer_snapshot", &["quadrant"]) {
        return Ok(Vec::new());
    }
    let sum = |column: &str| match publishes(build, "customer_snapshot", &[column]) {
        true => format!("CAST(sum({column}) AS DOUBLE) AS {column}"),
        false => format!("CAST(NULL AS DOUBLE) AS {column}"),
    };
    let sql = format!(
        "SELECT quadrant, count(*), {}, {}, {} FROM customer_snapshot GROUP BY quadrant ORDER BY \
         CASE quadrant WHEN 'star' THEN 1 WHEN 'cash_cow' THEN 2 WHEN 'question_mark' THEN 3 WHEN 'dog' THEN 4 END NULLS LAST",
        sum("revenue_12m"),
        sum("value_at_risk"),
        sum("expected_expansion"),
    );
    let mut lines = Vec::new();
    for batch in ask(build, &sql).await? {
        let names = texts(&batch, 0);
        let counts = batch.column(1).as_primitive::<Int64Type>();
        for (row, quadrant) in names.into_iter().enumerate() {
            lines.push(QuadrantLine {
                quadrant,
                customers: counts.value(row),
                revenue_12m: double(&batch, 2, row),
                value_at_risk: double(&batch, 3, row),
                expected_expansion: double(&batch, 4, row),
            });
        }
    }
    Ok(lines)
}

async fn moved(build: &Build<'_>) -> Result<Option<i64>> {
    if !publishes(build, "customer_snapshot", &["quadrant", "previous_quadrant"]) {
        return Ok(None);
    }
    let sql = "SELECT count(previous_quadrant), count(*) FILTER (WHERE quadrant <> previous_quadrant) FROM customer_snapshot";
    let rows = ask(build, sql).await?;
    let row = rows.iter().find(|b| b.num_rows() > 0);
    Ok(row.and_then(|b| {
        let value = |i: usize| b.column(i).as_primitive::<Int64Type>().value(0);
        (value(0) > 0).then(|| value(1))
    }))
}

/// Of the many figures, those that tell most in a line each; all are in `model_metrics`.
const SHOWN: [&str; 6] =
    ["base_rate", "roc_auc", "lift_top_tenth", "expected_events_ratio", "spearman", "total_ratio"];

fn models(build: &Build<'_>) -> Vec<ModelLine> {
    let line = |(name, standing): (&String, &Standing)| {
        let champion = standing.champion.as_ref();
        let shown = |m: &&Metric| SHOWN.contains(&m.metric.as_str());
        let metrics = champion.into_iter().flat_map(|c| &c.artifact.card.metrics).filter(shown);
        ModelLine {
            model: name.clone(),
            version: champion.map(|c| c.version.clone()),
            estimator: champion.map(|c| c.artifact.card.estimator.clone()),
            reason: standing.reason.clone(),
            metrics: metrics
                .map(|m| MetricLine {
                    metric: m.metric.clone(),
                    value: m.value,
                    low: m.interval.map(|i| i.low),
                    high: m.interval.map(|i| i.high),
                    meaning: m.meaning.clone(),
                })
                .collect(),
        }
    };
    build.standings().iter().map(line).collect()
}

async fn findings(build: &Build<'_>) -> Result<Vec<Finding>> {
    if !publishes(build, "data_quality", &["source", "status", "finding"]) {
        return Ok(Vec::new());
    }
    let sql = "SELECT source, status, finding FROM data_quality WHERE finding <> 'nothing to remark' ORDER BY source, finding";
    let mut found = Vec::new();
    for batch in ask(build, sql).await? {
        let columns = (texts(&batch, 0), texts(&batch, 1), texts(&batch, 2));
        for ((source, status), finding) in columns.0.into_iter().zip(columns.1).zip(columns.2) {
            found.push(Finding {
                source: source.unwrap_or_default(),
                status: status.unwrap_or_default(),
                finding: finding.unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

async fn alerts(build: &Build<'_>) -> Result<Vec<(String, i64)>> {
    if !publishes(build, "alerts", &["alert"]) {
        return Ok(Vec::new());
    }
    let open = if publishes(build, "alerts", &["status"]) { "WHERE status = 'open'" } else { "" };
    let sql = format!("SELECT alert, count(*) FROM alerts {open} GROUP BY alert ORDER BY 2 DESC, 1");
    let mut counted = Vec::new();
    for batch in ask(build, &sql).await? {
        let counts = batch.column(1).as_primitive::<Int64Type>();
        let names = texts(&batch, 0).into_iter().enumerate();
        counted.extend(names.map(|(row, name)| (name.unwrap_or_default(), counts.value(row))));
    }
    Ok(counted)
}

fn texts(batch: &RecordBatch, column: usize) -> Vec<Option<String>> {
    match cast(batch.column(column), &DataType::Utf8) {
        Ok(column) => column.as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect(),
        Err(_) => vec![None; batch.num_rows()],
    }
}

fn double(batch: &RecordBatch, column: usize, row: usize) -> Option<f64> {
    let column = batch.column(column).as_primitive_opt::<Float64Type>()?;
    column.is_valid(row).then(|| column.value(row))
}
