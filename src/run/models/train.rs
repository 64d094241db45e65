//! `luopan train`: how a model would have done on past days. Publishes nothing.

use std::{collections::BTreeSet, fs::File, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Date32Type, Field, Schema, SchemaRef},
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use super::{
    learned::blocking,
    rows::{Who, rows_at},
};
use crate::{
    engine::{
        past::{horizon, labelled},
        steps::Step,
    },
    learn::{
        CutoffRows, LearnedSpec,
        backtest::{Tested, backtest},
    },
    problem::{Problem, Result, did_you_mean},
    run::{
        Build,
        progress::Progress,
        settings::{Asked, Settings},
    },
};

/// A model's tests on past days, oldest first, and all rows that they could learn from.
pub struct Backtest {
    pub tests: Vec<Tested>,
    pub cutoffs: Vec<CutoffRows>,
}

/// Tests `model` on the newest `tests` cutoffs whose labels are known as of the day.
pub async fn train(asked: &Asked, model: &str, tests: usize, progress: &dyn Progress) -> Result<Backtest> {
    let settings = Settings::resolve(asked)?;
    let spec = spec_of(&settings, model)?;
    let mut build =
        Build::open(&settings, &[model], &Default::default(), Default::default(), progress).await?;
    build.look_at_sources().await?.iter().for_each(|p| build.warn(&p.message));
    let days = horizon(&settings.graph, &spec.label)?;
    let day = settings.as_of.day;
    let steps: BTreeSet<Step> = labelled(&build.cutoffs_for(days), days, day)
        .into_iter()
        .flat_map(|day| [&spec.features, &spec.label].map(|table| Step { day, table: table.clone() }))
        .collect();
    let past: BTreeSet<_> = steps.iter().map(|step| step.day).collect();
    build.make_steps(steps, progress, &mut Vec::new()).await?;
    let mut cutoffs = Vec::new();
    for cutoff in past {
        cutoffs.push(rows_at(&build, (&spec.features, &spec.label), cutoff, Who::Labelled).await?);
    }
    build.warnings().iter().for_each(|w| progress.warning(w));
    progress.stage("learning", None);
    let (spec, rows) = (spec.clone(), cutoffs.clone());
    let tests = blocking(move || backtest(&spec, days.into(), &rows, tests)).await?;
    if tests.is_empty() {
        return Err(Problem::failed(format!(
            "model `{model}` cannot be tested: no past day has enough to learn from"
        ))
        .help("`luopan run` says what was found and what is needed"));
    }
    Ok(Backtest { tests, cutoffs })
}

fn spec_of<'a>(settings: &'a Settings, model: &str) -> Result<&'a LearnedSpec> {
    let mut learned = settings.graph.learned();
    learned.find(|(name, _)| *name == model).map(|(_, spec)| spec).ok_or_else(|| {
        let near = did_you_mean(model, settings.graph.learned().map(|(name, _)| name));
        Problem::setup(format!("no learned model `{model}`")).help(
            near.unwrap_or_else(|| {
                "models/*.toml with kind = \"probability\" or \"amount\" are learned".into()
            }),
        )
    })
}

impl Backtest {
    /// Every labelled row with its features and, where it was tested, what was said of it by a model that had not seen it:
    /// for whoever wants to compare with other programs on the same rows.
    pub fn write_rows(&self, path: &Path) -> Result<()> {
        let failed =
            |e: &dyn std::fmt::Display| Problem::failed(format!("cannot write {}: {e}", path.display()));
        let mut writer: Option<ArrowWriter<File>> = None;
        self.each_day(|rows| {
            if writer.is_none() {
                let file = File::create(path).map_err(|e| failed(&e))?;
                let level = ZstdLevel::try_new(3).map_err(|e| failed(&e))?;
                let properties =
                    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                let made = ArrowWriter::try_new(file, rows.schema(), Some(properties));
                writer = Some(made.map_err(|e| failed(&e))?);
            }
            match &mut writer {
                Some(writer) => writer.write(&rows).map_err(|e| failed(&e)),
                None => Ok(()),
            }
        })?;
        writer.map_or(Ok(()), |writer| writer.close().map(|_| ()).map_err(|e| failed(&e)))
    }

    /// First what was tested, then the labelled rows of cutoffs that were not, a day at a time.
    fn each_day(&self, mut write: impl FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        for (fold, tested) in self.tests.iter().enumerate() {
            let (mut from, holdout) = (0, &tested.holdout);
            for rows in &holdout.rows {
                let to = from + rows.label.len();
                let said = Said {
                    fold: Some(fold as i64),
                    estimator: tested.tried.iter().find(|t| t.chosen).map(|t| t.estimator.as_str()),
                    probability: holdout.probability[from..to].iter().copied().map(Some).collect(),
                    uncalibrated: holdout.uncalibrated[from..to].iter().copied().map(Some).collect(),
                };
                write(with_features(rows, said)?)?;
                from = to;
            }
        }
        let tested: BTreeSet<_> = self.tests.iter().map(|tested| tested.cutoff).collect();
        for rows in self.cutoffs.iter().filter(|rows| !tested.contains(&rows.cutoff)) {
            let rows = rows.labelled(None)?;
            let none = vec![None; rows.label.len()];
            let said = Said { fold: None, estimator: None, probability: none.clone(), uncalibrated: none };
            write(with_features(&rows, said)?)?;
        }
        Ok(())
    }
}

/// What a test said of some rows.
struct Said<'a> {
    fold: Option<i64>,
    estimator: Option<&'a str>,
    probability: Vec<Option<f64>>,
    uncalibrated: Vec<Option<f64>>,
}

fn with_features(rows: &CutoffRows, said: Said) -> Result<RecordBatch> {
    let (n, features) = (rows.label.len(), rows.features()?);
    let day = Date32Type::from_naive_date(rows.cutoff);
    let own: Vec<(&str, ArrayRef)> = vec![
        ("cutoff", Arc::new(Date32Array::from(vec![day; n]))),
        ("label", Arc::new(Float64Array::from(rows.label.clone()))),
        ("fold", Arc::new(Int64Array::from(vec![said.fold; n]))),
        ("estimator", Arc::new(StringArray::from(vec![said.estimator; n]))),
        ("probability", Arc::new(Float64Array::from(said.probability))),
        ("uncalibrated", Arc::new(Float64Array::from(said.uncalibrated))),
    ];
    let mut fields: Vec<Field> =
        own.iter().map(|(name, a)| Field::new(*name, a.data_type().clone(), true)).collect();
    let mut columns: Vec<ArrayRef> = own.into_iter().map(|(_, array)| array).collect();
    for (field, column) in features.schema().fields().iter().zip(features.columns()) {
        let taken = fields.iter().any(|f| f.name() == field.name());
        if !taken && *field.data_type() != DataType::Null {
            fields.push(field.as_ref().clone().with_nullable(true));
            columns.push(Arc::clone(column));
        }
    }
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    RecordBatch::try_new(schema, columns)
        .map_err(|e| Problem::failed(format!("rows of {}: {e}", rows.cutoff)))
}
