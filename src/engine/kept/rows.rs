//! Rows that are wanted all at once, wherever they are kept.

use arrow::{array::RecordBatch, compute::concat_batches, datatypes::SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{Taken, table::FileOf};
use crate::problem::{Problem, Result};

/// Rows that wait until somebody wants all of them.
pub struct KeptRows {
    pub(super) schema: SchemaRef,
    pub(super) rows: usize,
    pub(super) place: Waiting,
    pub(super) taken: Taken,
}

pub enum Waiting {
    Memory(Vec<RecordBatch>),
    File(FileOf),
}

impl KeptRows {
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// All rows, in the order in which they came.
    pub fn read(&self) -> Result<RecordBatch> {
        let unread =
            |e: &dyn std::fmt::Display| Problem::failed(format!("kept rows cannot be read again: {e}"));
        let from_file;
        let batches = match &self.place {
            Waiting::Memory(batches) => batches,
            Waiting::File(file) => {
                let reader = ParquetRecordBatchReaderBuilder::try_new(file.open().map_err(|e| unread(&e))?);
                // In one piece: no second copy to join pieces.
                let reader = reader.and_then(|reader| reader.with_batch_size(self.rows.max(1)).build());
                let read = reader.map_err(|e| unread(&e))?.collect::<std::result::Result<Vec<_>, _>>();
                from_file = read.map_err(|e| unread(&e))?;
                &from_file
            }
        };
        match batches.as_slice() {
            [one] => Ok(one.clone()),
            several => concat_batches(&self.schema, several).map_err(|e| unread(&e)),
        }
    }
}

impl std::fmt::Debug for KeptRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptRows({} rows)", self.rows)
    }
}
