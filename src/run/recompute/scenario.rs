//! One scenario: the tables that come out otherwise, made again beside tonight's.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, RecordBatch, StringArray},
    datatypes::Schema,
};
use datafusion::catalog::SchemaProvider;

use super::former::{Former, Scorer};
use crate::{
    engine::{
        Engine, Moment, fault,
        moment::Shared,
        past::horizon,
        recomputed::recomputed_schema,
        sorted::read_sorted,
        tables::{Made, Rows, make_table, plan_table},
    },
    graph::{Graph, Origin, Table},
    lake::as_of::{AsOf, quote},
    learn::{
        LearnedKind, LearnedSpec, lifetime::lifetime_schema, reasons::reasons_schema, schemas::scores_schema,
    },
    problem::{Problem, Result},
    run::{
        Build,
        audits::fit_to,
        models::{blocking, is_another_question, notes, unfit},
    },
};

/// Tables of `graph` as of a day, with the models of the last set.
pub struct Scenario<'s> {
    pub name: &'static str,
    pub graph: &'s Graph,
    pub as_of: AsOf,
    pub shared: Shared,
    /// Tables that are made again.
    pub again: BTreeSet<String>,
    /// Whether the others are tonight's.
    pub shares: bool,
}

impl Scenario<'_> {
    /// The quadrant's customers, in their order.
    pub async fn place(&self, build: &Build<'_>, former: &Former, quadrant: &str) -> Result<RecordBatch> {
        let moment = Moment::new(self.as_of);
        let order: Vec<&Table> = self
            .graph
            .all_made_of(quadrant)
            .into_iter()
            .filter(|table| self.again.contains(&table.name))
            .collect();
        let mut last_read: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, table) in order.iter().enumerate() {
            last_read.extend(table.made_of().map(|read| (read, place)));
        }
        for (place, table) in order.iter().enumerate() {
            for read in table.made_of().filter(|read| !self.again.contains(*read)) {
                self.share(build, &moment, read).await?;
            }
            self.make(build, former, &moment, table).await?;
            for (unread, _) in last_read.iter().filter(|(_, last)| **last == place) {
                moment.forget(unread)?;
            }
        }
        let session = moment.session(&build.engine, &self.shared, None)?;
        let placed =
            read_sorted(&session, &format!("SELECT * FROM {}", quote(quadrant)), "customer_id").await?;
        self.named(&placed.into_one()?, quadrant)
    }

    /// Lets the scenario read a table of tonight.
    async fn share(&self, build: &Build<'_>, moment: &Moment, name: &str) -> Result<()> {
        let table = build.today().tables.table(name).await.map_err(|e| fault(e, None))?;
        let gone = || Problem::failed(format!("tonight's `{name}` is not there any more"));
        moment.set(name, table.ok_or_else(gone)?)
    }

    async fn make(&self, build: &Build<'_>, former: &Former, moment: &Moment, table: &Table) -> Result<()> {
        let session = |engine: &Engine| moment.session(engine, &self.shared, None);
        let parameters = moment.parameters(&self.graph.parameters, None);
        let rows = match &table.origin {
            Origin::Source(source) => {
                let (lake, _) = former
                    .opened(build, source)
                    .ok_or_else(|| Problem::failed(format!("source `{}` was not opened", source.name)))?;
                let Some(files) = lake.raw_table(&source.name, self.as_of) else { return Ok(()) };
                moment.set_files(&source.name, files?)?;
                let planned = plan_table(&session(&build.engine)?, table, &parameters).await?;
                return moment.set(&table.name, planned.into_view());
            }
            Origin::Learned { spec, .. } => {
                let sql = format!("SELECT * FROM {}", quote(&spec.features));
                let features =
                    read_sorted(&session(&build.engine)?, &sql, "customer_id").await?.into_one()?;
                return self
                    .score(build, former.scorer(&table.name)?, moment, (&table.name, spec), features)
                    .await;
            }
            // Made with its model.
            Origin::Reasons { .. } => return Ok(()),
            Origin::Lifetime { spec, .. } => {
                let mut batches = Vec::new();
                if let Some(Scorer::Lifetime(model)) = former.scorer(&table.name)? {
                    let sql = format!("SELECT * FROM {}", quote(&spec.purchases));
                    let purchases =
                        read_sorted(&session(&build.engine)?, &sql, "customer_id").await?.into_one()?;
                    batches.push(blocking(move || model.score(&purchases)).await?);
                }
                Rows { schema: lifetime_schema(), batches }
            }
            Origin::Recomputed { .. } => {
                return Err(Problem::failed(format!("`{}` depends on the last set", table.name)));
            }
            Origin::Sql(_) | Origin::Judged { .. } => {
                let made = make_table(&build.engine, table, &parameters, session).await?;
                return match made {
                    Made::View(table_of) => moment.set(&table.name, table_of),
                    Made::Rows(kept) => moment.set(&table.name, kept.table),
                };
            }
        };
        moment.set(&table.name, build.engine.shelf.keep(&table.name, rows)?)
    }

    async fn score(
        &self,
        build: &Build<'_>,
        scorer: Option<Scorer>,
        moment: &Moment,
        (name, spec): (&str, &LearnedSpec),
        features: RecordBatch,
    ) -> Result<()> {
        let reasons = format!("{name}_reasons");
        let with_reasons = self.again.contains(&reasons);
        let mut scores =
            Rows { schema: scores_schema(spec.kind == LearnedKind::Amount), batches: Vec::new() };
        let mut why = Rows { schema: reasons_schema(), batches: Vec::new() };
        if let Some(Scorer::Learned(artifact)) = scorer {
            if is_another_question(&artifact, spec, horizon(self.graph, &spec.label)?) {
                return Err(Problem::failed(format!(
                    "the model `{name}` of then learned to say something else"
                )));
            }
            if let Some(unfit) = unfit(&artifact, &features) {
                return Err(Problem::failed(format!("the model `{name}` of then does not fit: {unfit}")));
            }
            let notes = notes(self.graph);
            let scored = blocking(move || artifact.score(&features, &notes, with_reasons)).await?;
            scores.batches.push(scored.scores);
            why.batches = scored.reasons;
        }
        if with_reasons {
            moment.set(&reasons, build.engine.shelf.keep(&reasons, why)?)?;
        }
        moment.set(name, build.engine.shelf.keep(name, scores)?)
    }

    /// With the scenario's name; columns that a quadrant of then had not are null.
    fn named(&self, placed: &RecordBatch, quadrant: &str) -> Result<RecordBatch> {
        let schema = recomputed_schema();
        let fitted = fit_to(placed, &schema, quadrant)?;
        let mut columns: Vec<ArrayRef> = fitted.columns().to_vec();
        columns[0] = Arc::new(StringArray::from(vec![self.name; placed.num_rows()]));
        let open: Schema = schema.as_ref().clone();
        RecordBatch::try_new(Arc::new(open), columns)
            .map_err(|e| Problem::failed(format!("`{quadrant}_recomputed`: {e}")))
    }
}
