//! Grading the past: what was published a horizon ago, against what came of it.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type},
};
use chrono::{Days, NaiveDate};

use super::champion::read_artifact;
use crate::{
    engine::sorted::read_sorted,
    graph::{Graded as GradedModel, Graph},
    lake::as_of::quote,
    learn::{LearnedKind, Metric, grade},
    problem::{Problem, Result},
    run::Build,
    warehouse::{Manifest, Pointer, Warehouse},
};

/// One model's published scores to be graded, and the day of the set that they are in.
pub struct Grade<'a> {
    pub model: &'a str,
    graded: GradedModel<'a>,
    pub published_on: NaiveDate,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// That published; none for a scorecard.
    pub version: Option<String>,
    pub metrics: Vec<Metric>,
}

impl<'a> Grade<'a> {
    /// Of each model that says where its scores are published: the newest set whose labels are known as of `day`.
    pub fn all(graph: &'a Graph, pointer: &Pointer, day: NaiveDate) -> Vec<Self> {
        let of_model = |(model, graded): (&'a str, GradedModel<'a>)| {
            let horizon = Days::new(graph.horizon_days(graded.label()?)?.into());
            let newest = day.checked_sub_days(horizon)?;
            let (published_on, _) = pointer.sets.range(..=newest).next_back()?;
            Some(Self { model, graded, published_on: *published_on })
        };
        graph.graded().filter_map(of_model).collect()
    }

    /// The table with what came, which is to be made as of [`Self::published_on`].
    pub fn label(&self) -> Option<&'a str> {
        self.graded.label()
    }

    /// Compares the two; none if the set of that day lacks the column.
    pub async fn compare(&self, build: &Build<'_>, warehouse: &Warehouse) -> Result<Option<Found>> {
        let Some(manifest) = warehouse.manifest(self.published_on).await? else { return Ok(None) };
        let Some(published) = self.published(warehouse, &manifest).await? else { return Ok(None) };
        let Some(label) = self.label() else { return Ok(None) };
        let came = self.came(build, label).await?;
        let mut joined = grade::Graded::default();
        for (id, (score, band)) in published {
            if let Some(label) = came.get(&id) {
                joined.score.push(score);
                joined.label.push(*label);
                joined.band.push(band);
            }
        }
        let horizon = build.settings.graph.horizon_days(label);
        let version = manifest.champion(self.model).map(|entry| entry.version.clone());
        if let (GradedModel::Learned(spec), Some(version)) = (&self.graded, &version) {
            // Another question was answered then, or what is published there is no probability.
            let then = read_artifact(warehouse, self.model, version).await.map(|a| a.horizon_days).ok();
            let asked = then.is_none_or(|days| Some(days) == horizon.map(i64::from));
            let odd = spec.kind == LearnedKind::Probability
                && joined.score.iter().any(|p| !(0.0..=1.0).contains(p));
            if odd {
                build.warn(format!(
                    "model `{}` is not graded: what is published is no probability",
                    self.model
                ));
            }
            if odd || !asked {
                return Ok(None);
            }
        }
        let metrics = match &self.graded {
            GradedModel::Learned(spec) => grade::of_learned(spec, self.published_on, &joined),
            GradedModel::Scorecard(spec) => {
                let bands: Vec<String> = spec.bands.iter().map(|(name, _)| name.clone()).collect();
                grade::of_scorecard(label, &bands, self.published_on, &joined)
            }
        };
        Ok(Some(Found { version, metrics }))
    }

    /// Score and band by customer, as published.
    async fn published(
        &self,
        warehouse: &Warehouse,
        manifest: &Manifest,
    ) -> Result<Option<BTreeMap<String, (f64, Option<String>)>>> {
        let (Some(score), band) = self.graded.published() else { return Ok(None) };
        if manifest.table(&score.table).is_none() {
            return Ok(None);
        }
        let mut found = BTreeMap::new();
        for batch in warehouse.read_table(manifest, &score.table).await? {
            let (Some(ids), Some(scores)) = (texts(&batch, "customer_id")?, doubles(&batch, &score.column)?)
            else {
                return Ok(None);
            };
            let bands = match band {
                Some(band) => texts(&batch, &band.column)?,
                None => None,
            };
            for (row, (id, score)) in ids.into_iter().zip(scores).enumerate() {
                if let (Some(id), Some(score)) = (id, score) {
                    found.insert(id, (score, bands.as_ref().and_then(|bands| bands[row].clone())));
                }
            }
        }
        Ok(Some(found))
    }

    async fn came(&self, build: &Build<'_>, label: &str) -> Result<BTreeMap<String, f64>> {
        let session = build.moment(self.published_on).session(&build.engine, &build.shared, None)?;
        let label = quote(label);
        let sql = format!("SELECT customer_id, CAST({label} AS DOUBLE) AS label FROM {label}");
        let rows = read_sorted(&session, &sql, "customer_id").await?.into_one()?;
        let ids = texts(&rows, "customer_id")?.unwrap_or_default();
        let labels = doubles(&rows, "label")?.unwrap_or_default();
        Ok(ids.into_iter().zip(labels).filter_map(|(id, label)| id.zip(label)).collect())
    }
}

fn read(batch: &RecordBatch, column: &str, kind: &DataType) -> Result<Option<arrow::array::ArrayRef>> {
    let Some(array) = batch.column_by_name(column) else { return Ok(None) };
    let cast = cast(array, kind).map_err(|e| Problem::failed(format!("column `{column}`: {e}")))?;
    Ok(Some(cast))
}

fn texts(batch: &RecordBatch, column: &str) -> Result<Option<Vec<Option<String>>>> {
    let array = read(batch, column, &DataType::Utf8)?;
    Ok(array.map(|a| a.as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect()))
}

fn doubles(batch: &RecordBatch, column: &str) -> Result<Option<Vec<Option<f64>>>> {
    let array = read(batch, column, &DataType::Float64)?;
    Ok(array.map(|a| {
        let values = a.as_primitive::<Float64Type>();
        (0..values.len()).map(|row| values.is_valid(row).then(|| values.value(row))).collect()
    }))
}
