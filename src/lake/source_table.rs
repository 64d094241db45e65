//! A source's files as a DataFusion table: unneeded files and replaced rows are never read.

use std::{fmt, sync::Arc};

use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::{
    catalog::{Session, TableProvider},
    common::{DFSchema, ScalarValue, Statistics, stats::Precision, tree_node::TreeNode},
    datasource::{
        TableType,
        listing::PartitionedFile,
        physical_plan::{
            FileGroup, FileScanConfigBuilder, ParquetSource,
            parquet::{CachedParquetFileReaderFactory, ParquetRowSelection},
        },
        source::DataSourceExec,
        table_schema::TableSchema,
    },
    error::Result,
    execution::object_store::ObjectStoreUrl,
    logical_expr::{Expr, TableProviderFilterPushDown, utils::conjunction},
    physical_plan::{ExecutionPlan, empty::EmptyExec},
};
use object_store::ObjectStore;
use parquet::arrow::arrow_reader::RowSelection;

use super::files::LakeFile;

/// One file, and the rows of it that stand.
#[derive(Clone)]
pub struct FileRows {
    pub file: LakeFile,
    /// `None`: all of them.
    pub standing: Option<RowSelection>,
}

/// Files of a source that may hold rows known at one as-of.
pub struct SourceTable {
    schema: SchemaRef,
    table_schema: TableSchema,
    store_url: ObjectStoreUrl,
    store: Arc<dyn ObjectStore>,
    files: Vec<FileRows>,
}

impl SourceTable {
    /// `schema` holds the columns of the files, then those of the partitions.
    pub fn new(
        schema: &Schema,
        partitions: usize,
        store_url: ObjectStoreUrl,
        store: Arc<dyn ObjectStore>,
        files: Vec<FileRows>,
    ) -> Self {
        // Nullable because a declaration is no proof. Text stays text: views of it are no faster here, and each batch of them
        // counts as all the text that it was taken from, which no memory limit has room for.
        let nullable = |field: &FieldRef| Arc::new(field.as_ref().clone().with_nullable(true));
        let fields: Vec<FieldRef> = schema.fields().iter().map(nullable).collect();
        let (of_files, of_paths) = fields.split_at(fields.len() - partitions);
        let file_schema = Arc::new(Schema::new(of_files.to_vec()));
        let table_schema =
            TableSchema::builder(file_schema).with_table_partition_cols(of_paths.to_vec()).build();
        Self { schema: Arc::new(Schema::new(fields)), table_schema, store_url, store, files }
    }

    fn partitioned(&self, rows: &FileRows) -> PartitionedFile {
        let mut file = PartitionedFile::from(rows.file.meta.clone());
        let text = |v: &String| ScalarValue::Utf8(Some(v.clone()));
        file.partition_values = rows.file.partition_values.iter().map(text).collect();
        match &rows.standing {
            Some(selection) => file.with_extension(ParquetRowSelection::new(selection.clone())),
            None => file,
        }
    }

    /// Files that no filter on partition columns rules out.
    fn kept_by(&self, state: &dyn Session, filters: &[Expr]) -> Result<Vec<&FileRows>> {
        let columns = self.table_schema.table_partition_cols();
        let on_partitions = filters.iter().filter(|f| {
            let used = f.column_refs();
            !used.is_empty() && used.iter().all(|c| columns.iter().any(|p| p.name() == c.name()))
        });
        let Some(filter) = conjunction(on_partitions.cloned()) else {
            return Ok(self.files.iter().collect());
        };
        let schema = Arc::new(Schema::new(columns.clone()));
        let df_schema = DFSchema::try_from(Arc::clone(&schema))?;
        let filter = state.create_physical_expr(filter, &df_schema)?;
        let mut kept = Vec::new();
        for rows in &self.files {
            let text = |v: &String| Arc::new(arrow::array::StringArray::from(vec![v.as_str()])) as _;
            let values = rows.file.partition_values.iter().map(text).collect();
            let batch = arrow::array::RecordBatch::try_new(Arc::clone(&schema), values)?;
            let holds = ScalarValue::try_from_array(filter.evaluate(&batch)?.into_array(1)?.as_ref(), 0)?;
            if holds == ScalarValue::Boolean(Some(true)) {
                kept.push(rows);
            }
        }
        Ok(kept)
    }
}

impl fmt::Debug for SourceTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceTable({} files)", self.files.len())
    }
}

#[async_trait]
impl TableProvider for SourceTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// Filters prune row groups; the engine still applies each.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let subquery =
            |e: &Expr| matches!(e, Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_));
        let one = |filter: &&Expr| match filter.exists(|e| Ok(subquery(e)))? {
            true => Ok(TableProviderFilterPushDown::Unsupported),
            false => Ok(TableProviderFilterPushDown::Inexact),
        };
        filters.iter().map(one).collect()
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.kept_by(state, filters)?;
        if files.is_empty() {
            let schema = datafusion::physical_plan::project_schema(&self.schema, projection)?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let cache = state.runtime_env().cache_manager.get_file_metadata_cache();
        let factory = CachedParquetFileReaderFactory::new(Arc::clone(&self.store), cache);
        let mut source =
            ParquetSource::new(self.table_schema.clone()).with_parquet_file_reader_factory(Arc::new(factory));
        if let Some(filter) = conjunction(filters.iter().cloned()) {
            let df_schema = DFSchema::try_from(Arc::clone(&self.schema))?;
            source = source.with_predicate(state.create_physical_expr(filter, &df_schema)?);
        }
        let rows: usize = files.iter().map(|f| f.file.rows).sum();
        let mut statistics = Statistics::new_unknown(&self.schema);
        statistics.num_rows = Precision::Inexact(rows);
        let groups: Vec<FileGroup> =
            files.iter().map(|f| FileGroup::new(vec![self.partitioned(f)])).collect();
        let groups = spread(groups, state.config().target_partitions());
        let config = FileScanConfigBuilder::new(self.store_url.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

/// Deals files out in order to at most `partitions` groups.
fn spread(files: Vec<FileGroup>, partitions: usize) -> Vec<FileGroup> {
    let count = partitions.clamp(1, files.len().max(1));
    let mut groups = vec![Vec::new(); count];
    for (i, group) in files.into_iter().enumerate() {
        groups[i % count].extend(group.into_inner());
    }
    groups.into_iter().map(FileGroup::new).collect()
}
