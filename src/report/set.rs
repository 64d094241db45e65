//! A published set, and those before it, as tables that SQL can read.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch, StringArray},
    datatypes::{Field, Schema, SchemaRef},
};
use chrono::NaiveDate;
use datafusion::{
    catalog::{SchemaProvider, TableProvider},
    common::{ParamValues, ScalarValue},
    datasource::{
        MemTable,
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    prelude::{DataFrame, SessionContext, lit},
};

use crate::{
    engine::{
        Engine, fault,
        moment::{Moment, Shared, put},
        plan::history_schema,
        query,
        tables::Rows,
    },
    graph::references::{Reference, Time, read_references},
    lake::as_of::AsOf,
    problem::{Problem, Result},
    project::{Project, builtin::builtin, sql_file::Layer, written::Written},
    warehouse::{Manifest, TableEntry, Warehouse},
};

/// The one table of the engine that reports read, and where the manifest keeps it.
const AUDITS: &str = "audits";
/// How many months back reports look.
const MONTHS: u32 = 12;

/// One day's set, the one before it, and those of the months before.
pub struct PublishedSet {
    pub manifest: Manifest,
    /// The files that made it; `None` where the set does not keep them.
    pub project: Option<Project>,
    previous: Option<Manifest>,
    /// Months ago → the set of then.
    months: Vec<(i64, Manifest)>,
    /// What the tables of this name have in the built-in project: an older or another project's set may lack columns.
    contracts: BTreeMap<String, Vec<Field>>,
    warehouse: Warehouse,
    engine: Engine,
    moment: Moment,
    shared: Shared,
}

impl PublishedSet {
    /// The set of a day, else the newest. Reads no table yet.
    ///
    /// Fails where nothing is published, or nothing as of that day.
    pub async fn open(warehouse: Warehouse, engine: Engine, as_of: Option<NaiveDate>) -> Result<Self> {
        let pointer = warehouse.pointer().await?;
        let url = &warehouse.location().url;
        let Some(day) = as_of.or(pointer.newest) else {
            return Err(Problem::failed(format!("nothing is published in {url}"))
                .help("`luopan run` publishes a set"));
        };
        let Some(manifest) = warehouse.manifest(day).await? else {
            let near: Vec<String> = pointer.sets.keys().rev().take(5).map(NaiveDate::to_string).collect();
            let help = format!(
                "the newest days are {}; `luopan run --as-of {day}` would publish that one",
                near.join(", ")
            );
            return Err(Problem::failed(format!("no set of {day} is published in {url}")).help(help));
        };
        let mut months = Vec::new();
        for (ago, day) in pointer.months_before(day, MONTHS) {
            months.extend(warehouse.manifest(day).await?.map(|manifest| (ago, manifest)));
        }
        let project = warehouse.project(&manifest).await?;
        engine.reach(warehouse.location());
        Ok(Self {
            previous: warehouse.previous_set(day).await?,
            // A project that this program no longer reads gives no names; the figures stand without it.
            project: project.and_then(|texts| Project::of(&texts).ok()),
            contracts: contracts(&builtin()?),
            moment: Moment::new(AsOf::new(day, chrono_tz::Tz::UTC)),
            shared: Shared::default(),
            manifest,
            months,
            warehouse,
            engine,
        })
    }

    pub fn day(&self) -> NaiveDate {
        self.manifest.as_of
    }

    /// The day of the set before, if there is one.
    pub fn day_before(&self) -> Option<NaiveDate> {
        self.previous.as_ref().map(|set| set.as_of)
    }

    /// The rows of a SELECT over the set's tables, `previous.` and `history.`; the name of a table that the set does not
    /// have instead, if it reads one.
    pub async fn answer(
        &self,
        file: &Written,
        values: &[(&str, ScalarValue)],
    ) -> Result<std::result::Result<Rows, String>> {
        for reference in
            read_references(file, &|name| matches!(name, "generate_series" | "range" | "unnest"))?
        {
            let missing = reference.time == Time::Now && self.manifest.table(&reference.table).is_none();
            if missing {
                return Ok(Err(reference.table));
            }
            self.register(&reference).await?;
        }
        let mut all = vec![("as_of_date".to_owned(), self.moment.as_of.date())];
        all.extend(values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let session = self.moment.session(&self.engine, &self.shared, None)?;
        let failed = |e| fault(e, Some(file));
        let planned = query(&session, &file.text, &ParamValues::from(all)).await.map_err(failed)?;
        Rows::of(planned).await.map(Ok).map_err(failed)
    }

    /// Makes a table readable, once.
    async fn register(&self, reference: &Reference) -> Result<()> {
        let name = reference.table.as_str();
        let made = match reference.time {
            Time::Now => &self.moment.tables,
            Time::Previous => &self.shared.previous,
            Time::History => &self.shared.history,
            Time::Engine | Time::Future => &self.shared.engine,
        };
        if made.table_exist(name) {
            return Ok(());
        }
        let table = match reference.time {
            Time::Now => self.of(&self.manifest, name).await?,
            Time::Previous => match &self.previous {
                Some(set) => self.of(set, name).await?,
                None => None,
            },
            Time::History => self.history(name).await?,
            Time::Engine if name == AUDITS => Some(self.audits()?),
            Time::Future | Time::Engine => {
                return Err(Problem::setup(format!("a report cannot read {name} of another time")));
            }
        };
        let empty =
            |schema| MemTable::try_new(schema, vec![vec![]]).map(Arc::new).map_err(|e| fault(e, None));
        let table = match table {
            Some(table) => table,
            None if reference.time == Time::History => empty(history_schema(&self.fields(None, name)))?,
            None => empty(Arc::new(Schema::new(self.fields(None, name))))?,
        };
        put(made, name, table)
    }

    /// `luopan.audits`: what was checked before the set was published, as its manifest says; no rows where it does not.
    fn audits(&self) -> Result<Arc<dyn TableProvider>> {
        let kept = self.manifest.settings.get(AUDITS).and_then(|audits| audits.as_array());
        let kept = kept.map(Vec::as_slice).unwrap_or_default();
        let texts = |key: &str| -> ArrayRef {
            Arc::new(kept.iter().map(|audit| audit.get(key)?.as_str()).collect::<StringArray>())
        };
        let rows = kept.iter().map(|audit| audit.get("rows")?.as_i64()).collect::<Int64Array>();
        let columns =
            [("audit", texts("audit")), ("description", texts("description")), ("rows", Arc::new(rows) as _)];
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns.map(|(name, values)| (name, values, true)))
                .map_err(|e| Problem::failed(format!("the manifest's audits cannot be read: {e}")))?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(|e| fault(e, None))?;
        Ok(Arc::new(table))
    }

    /// A set's table, with the columns that it lacks as nulls.
    async fn of(&self, set: &Manifest, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let Some(entry) = set.table(name) else { return Ok(None) };
        let schema = Arc::new(Schema::new(self.fields(Some(entry), name)));
        Ok(Some(self.files(entry, schema).await?))
    }

    async fn history(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let session = SessionContext::new();
        // All months with the same columns: those of tonight's table.
        let fields = self.fields(self.manifest.table(name), name);
        let mut all: Option<DataFrame> = None;
        for (ago, set) in &self.months {
            let Some(entry) = set.table(name) else { continue };
            let table = self.files(entry, Arc::new(Schema::new(fields.clone()))).await?;
            let day = ScalarValue::Date32(Some(days_since_epoch(set.as_of)));
            let one = session
                .read_table(table)
                .and_then(|rows| rows.with_column("as_of", lit(day)))
                .and_then(|rows| rows.with_column("months_ago", lit(*ago)))
                .map_err(|e| fault(e, None))?;
            all = Some(match all {
                None => one,
                Some(all) => all.union(one).map_err(|e| fault(e, None))?,
            });
        }
        Ok(all.map(DataFrame::into_view))
    }

    /// The contract's columns, then others that the set has. Where both have one, the set's type holds.
    fn fields(&self, entry: Option<&TableEntry>, name: &str) -> Vec<Field> {
        let published = entry.and_then(|entry| entry.arrow_schema().ok());
        let of_set = published
            .as_ref()
            .map(|schema| schema.fields().iter().cloned().collect::<Vec<_>>())
            .unwrap_or_default();
        let mut fields: Vec<Field> = self.contracts.get(name).cloned().unwrap_or_default();
        for own in of_set {
            match fields.iter_mut().find(|field| field.name() == own.name()) {
                Some(field) => *field = own.as_ref().clone(),
                None => fields.push(own.as_ref().clone()),
            }
        }
        fields.into_iter().map(|field| field.with_nullable(true)).collect()
    }

    /// Read from the files as queries need it, once their bytes are found to be those that were published.
    async fn files(&self, entry: &TableEntry, schema: SchemaRef) -> Result<Arc<ListingTable>> {
        let location = self.warehouse.location();
        let mut urls = Vec::new();
        for file in &entry.files {
            self.warehouse.checked(file).await?;
            let mut url = location.object_store_url.clone();
            url.set_path(location.path(&file.path).as_ref());
            urls.push(ListingTableUrl::parse(url.as_str()).map_err(|e| fault(e, None))?);
        }
        let options = ListingOptions::new(Arc::new(ParquetFormat::new())).with_file_extension(".parquet");
        let config =
            ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
        ListingTable::try_new(config).map(Arc::new).map_err(|e| fault(e, None))
    }
}

fn contracts(project: &Project) -> BTreeMap<String, Vec<Field>> {
    let snapshots = project.sql.iter().filter(|sql| sql.layer == Layer::Snapshots);
    snapshots.filter_map(|sql| Some((sql.name.clone(), sql.header.contract()?))).collect()
}

fn days_since_epoch(day: NaiveDate) -> i32 {
    day.signed_duration_since(NaiveDate::default()).num_days() as i32
}
