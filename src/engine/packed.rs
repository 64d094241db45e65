//! Made tables as one file's bytes, for another night, and back.

use std::{io::Write, sync::Arc};

use bytes::Bytes;
use datafusion::{catalog::TableProvider, common::runtime::SpawnedTask, prelude::SessionContext};
use futures::StreamExt;
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    basic::{Compression, ZstdLevel},
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
    },
};
use tempfile::NamedTempFile;

use super::{
    Engine, fault,
    kept::{Kept, Shelf, is_storable, unkept},
    rows_of,
    tables::Rows,
};
use crate::problem::{Problem, Result};

/// Where a file says what it was made of.
const MADE_OF: &str = "luopan.made_of";
/// Rows that a reader of a file decodes at once.
const GROUP_ROWS: usize = 64 * 1024;

/// All rows of a table as a Parquet file that says what it was made of; none if it has columns that no file holds.
pub async fn pack(engine: &Engine, table: Arc<dyn TableProvider>, made_of: String) -> Result<Option<Bytes>> {
    let schema = table.schema();
    if !schema.fields().iter().all(|field| is_storable(field.data_type())) {
        return Ok(None);
    }
    let session: SessionContext = engine.session([])?;
    let rows = session.read_table(table).map_err(|e| fault(e, None))?;
    let mut rows = rows_of(rows).await.map_err(|e| fault(e, None))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_key_value_metadata(Some(vec![KeyValue::new(MADE_OF.to_owned(), made_of)]))
        .build();
    let Ok(mut writer) = ArrowWriter::try_new(Vec::new(), schema, Some(properties)) else { return Ok(None) };
    // In a task of its own: tables are made meanwhile.
    let packed = SpawnedTask::spawn(async move {
        while let Some(batch) = rows.next().await {
            writer.write(&batch.map_err(|e| fault(e, None))?).map_err(|e| unpacked(&e))?;
        }
        writer.into_inner().map_err(|e| unpacked(&e))
    });
    Ok(Some(packed.await.map_err(|e| unpacked(&e))??.into()))
}

/// What a file says that it was made of.
pub fn made_of(bytes: &Bytes) -> Option<String> {
    let footer = ArrowReaderMetadata::load(bytes, ArrowReaderOptions::new()).ok()?;
    let pairs = footer.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == MADE_OF)?.value.clone()
}

impl Shelf {
    /// A table that was packed.
    pub fn keep_packed(&self, name: &str, bytes: Bytes) -> Result<Kept> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(|e| unpacked(&e))?;
        let schema = Arc::clone(reader.schema());
        let count = reader.metadata().file_metadata().num_rows() as usize;
        if let Some(scratch) = self.scratch() {
            // As it is: whoever reads it wants a few of its columns.
            let mut file = NamedTempFile::new_in(scratch.path()).map_err(|e| unkept(name, &e))?;
            file.write_all(&bytes).map_err(|e| unkept(name, &e))?;
            return self.keep_file(name, schema, count, file.into_temp_path());
        }
        let batches = reader.build().map_err(|e| unpacked(&e))?.collect::<std::result::Result<_, _>>();
        let batches = batches.map_err(|e| unpacked(&e))?;
        Ok(Kept { table: self.keep(name, Rows { schema, batches })?, rows: count })
    }
}

fn unpacked(e: &dyn std::fmt::Display) -> Problem {
    Problem::failed(format!("a table of a past day cannot be kept for the next night: {e}"))
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};

    use super::*;

    #[tokio::test]
    async fn a_table_comes_back_as_it_was_and_says_what_it_was_made_of() {
        let engine = Engine::new(2, None).unwrap();
        let amounts = Decimal128Array::from(vec![Some(1), None]).with_precision_and_scale(18, 2).unwrap();
        let columns: [(&str, ArrayRef); 2] =
            [("customer_id", Arc::new(StringArray::from(vec!["a", "b"]))), ("amount", Arc::new(amounts))];
        let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true))).unwrap();
        let rows = || Rows { schema: batch.schema(), batches: vec![batch.clone()] };
        let table = engine.shelf.keep("t", rows()).unwrap();
        let bytes = pack(&engine, table, "rows".into()).await.unwrap().unwrap();
        assert_eq!(made_of(&bytes).as_deref(), Some("rows"));
        for engine in [engine, Engine::new(2, Some(crate::engine::MemoryLimit(1 << 30))).unwrap()] {
            let kept = engine.shelf.keep_packed("t", bytes.clone()).unwrap();
            let session = engine.session([]).unwrap();
            let back = Rows::of(session.read_table(kept.table).unwrap()).await.unwrap();
            assert_eq!((kept.rows, back.into_one().unwrap()), (2, batch.clone()));
        }
    }

    #[test]
    fn bytes_of_anything_else_are_no_table() {
        let shelf = Shelf::in_memory(1);
        assert!(shelf.keep_packed("t", Bytes::from_static(b"PAR1 of nothing")).is_err());
        assert_eq!(made_of(&Bytes::from_static(b"x")), None);
    }
}
