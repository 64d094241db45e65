//! A made table as DataFusion reads it, wherever it is kept.

use std::{fs::File, sync::Arc};

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use chrono::Utc;
use datafusion::{
    catalog::{Session, TableProvider},
    common::{Statistics, stats::Precision},
    datasource::{
        MemTable, TableType,
        listing::PartitionedFile,
        physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource},
        source::DataSourceExec,
        table_schema::TableSchema,
    },
    error::Result as Answer,
    execution::object_store::ObjectStoreUrl,
    logical_expr::Expr,
    physical_plan::ExecutionPlan,
};
use object_store::{ObjectMeta, path::Path as StorePath};
use tempfile::TempPath;

use super::{Taken, unkept};
use crate::{engine::scratch::Scratch, problem::Result};

/// A made table, for queries.
pub struct KeptTable {
    pub schema: SchemaRef,
    pub rows: usize,
    pub place: Place,
    pub _taken: Taken,
}

pub enum Place {
    Memory(MemTable),
    File(FileOf),
}

/// Removed with the table: its readers are done by then.
pub struct FileOf {
    meta: ObjectMeta,
    path: TempPath,
    /// Its folder stays as long as it.
    _scratch: Option<Arc<Scratch>>,
}

impl FileOf {
    pub fn at(path: TempPath, table: &str, scratch: Option<Arc<Scratch>>) -> Result<Self> {
        let size = path.metadata().map_err(|e| unkept(table, &e))?.len();
        let location = StorePath::from_absolute_path(&path).map_err(|e| unkept(table, &e))?;
        let meta = ObjectMeta { location, last_modified: Utc::now(), size, e_tag: None, version: None };
        Ok(Self { meta, path, _scratch: scratch })
    }

    pub fn open(&self) -> std::io::Result<File> {
        File::open(&self.path)
    }
}

impl std::fmt::Debug for KeptTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptTable({} rows)", self.rows)
    }
}

#[async_trait]
impl TableProvider for KeptTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Answer<Arc<dyn ExecutionPlan>> {
        let file = match &self.place {
            Place::Memory(table) => return table.scan(state, projection, filters, limit).await,
            Place::File(file) => file,
        };
        let source = ParquetSource::new(TableSchema::from(Arc::clone(&self.schema)));
        let mut statistics = Statistics::new_unknown(&self.schema);
        // As of a table in memory: which side of a join is held hangs on it.
        statistics.num_rows = Precision::Exact(self.rows);
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
            .with_file_group(FileGroup::new(vec![PartitionedFile::from(file.meta.clone())]))
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
