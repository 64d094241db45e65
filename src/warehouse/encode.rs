//! Rows ↔ the bytes of one Parquet file. The same rows give the same bytes, however they were cut into batches.

use std::sync::Arc;

use arrow::{
    array::RecordBatch,
    compute::BatchCoalescer,
    datatypes::{Schema, SchemaRef},
};
use bytes::Bytes;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    file::properties::{WriterProperties, WriterVersion},
};
use sha2::{Digest, Sha256};

use super::types::to_published;
use crate::problem::{Problem, Result};

/// Rows given to the writer at a time. The writer may end a page after each, so the cut must not depend on the engine's.
const BATCH_ROWS: usize = 8192;
/// Rows of a row group: enough to compress well, few enough for readers to share a file among threads.
const GROUP_ROWS: usize = 16 * BATCH_ROWS;

/// One table as it will be stored.
#[derive(Clone, Debug)]
pub struct Encoded {
    pub bytes: Bytes,
    pub rows: u64,
    /// Lower-case hex of `bytes`.
    pub sha256: String,
}

/// A table's rows as they become a file: Zstandard, data pages of version 1, and types that Parquet itself names, which is
/// what Spark, DuckDB, ClickHouse, PyArrow and Polars all read. Arrow's own schema is left out, so that every reader takes
/// timestamps as UTC from Parquet's flag.
pub struct Encoder {
    table: String,
    schema: SchemaRef,
    writer: ArrowWriter<Vec<u8>>,
    even: BatchCoalescer,
    rows: u64,
}

impl Encoder {
    /// `schema` is from [`super::types::published_schema`]; what it says of nulls is checked.
    ///
    /// In the file every column may be null: one that is added later must not have readers find the older days wrong.
    pub fn new(table: &str, schema: &SchemaRef) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let open: Vec<_> = schema.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
        let open = Arc::new(Schema::new(open));
        let writer = ArrowWriter::try_new_with_options(Vec::new(), open.clone(), options)
            .map_err(|e| unwritten(table, &e))?;
        let even = BatchCoalescer::new(open, BATCH_ROWS);
        Ok(Self { table: table.to_owned(), schema: schema.clone(), writer, even, rows: 0 })
    }

    /// Errors are those of [`to_published`].
    pub fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        let published = to_published(&self.table, &self.schema, batch)?;
        let open = RecordBatch::try_new(self.even.schema(), published.columns().to_vec());
        open.and_then(|open| self.even.push_batch(open)).map_err(|e| unwritten(&self.table, &e))?;
        self.write_even()
    }

    fn write_even(&mut self) -> Result<()> {
        while let Some(full) = self.even.next_completed_batch() {
            self.writer.write(&full).map_err(|e| unwritten(&self.table, &e))?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Encoded> {
        self.even.finish_buffered_batch().map_err(|e| unwritten(&self.table, &e))?;
        self.write_even()?;
        let bytes = Bytes::from(self.writer.into_inner().map_err(|e| unwritten(&self.table, &e))?);
        let sha256 = sha256(&bytes);
        Ok(Encoded { bytes, rows: self.rows, sha256 })
    }
}

fn unwritten(table: &str, e: &dyn std::fmt::Display) -> Problem {
    Problem::failed(format!("table {table} cannot be written as Parquet: {e}"))
}

/// The rows of a file that an [`Encoder`] made, under `schema`.
///
/// `shown` is the file's name in errors.
pub fn decode(shown: &str, schema: &SchemaRef, bytes: Bytes) -> Result<Vec<RecordBatch>> {
    let cannot =
        |e: &dyn std::fmt::Display| Problem::failed(format!("{shown} cannot be read as Parquet: {e}"));
    // Files of earlier programs say of some columns that they are never null; the manifest is what counts.
    let declared = |batch: RecordBatch| RecordBatch::try_new(Arc::clone(schema), batch.columns().to_vec());
    ParquetRecordBatchReaderBuilder::try_new(bytes)
        .and_then(|builder| builder.with_batch_size(BATCH_ROWS).build())
        .map_err(|e| cannot(&e))?
        .map(|batch| batch.and_then(declared).map_err(|e| cannot(&e)))
        .collect()
}

/// Lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::types::published_schema;
    use arrow::array::*;
    use proptest::prelude::*;

    fn encode(table: &str, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Encoded> {
        let mut encoder = Encoder::new(table, schema)?;
        batches.iter().try_for_each(|batch| encoder.push(batch))?;
        encoder.finish()
    }

    type Row = (Option<String>, Option<i64>, Option<f64>, Option<bool>);

    fn batch(rows: &[Row]) -> RecordBatch {
        let times: Vec<_> = rows.iter().map(|r| r.1.map(|v| v % 1_000_000_000)).collect();
        RecordBatch::try_from_iter_with_nullable([
            (
                "text",
                Arc::new(StringViewArray::from_iter(rows.iter().map(|r| r.0.as_deref()))) as ArrayRef,
                true,
            ),
            ("money", Arc::new(Decimal128Array::from_iter(rows.iter().map(|r| r.1.map(i128::from)))), true),
            ("double", Arc::new(Float64Array::from_iter(rows.iter().map(|r| r.2))), true),
            ("flag", Arc::new(BooleanArray::from_iter(rows.iter().map(|r| r.3))), true),
            ("at", Arc::new(TimestampNanosecondArray::from(times)), true),
        ])
        .unwrap()
    }

    fn cut(whole: &RecordBatch, cuts: &[usize]) -> Vec<RecordBatch> {
        let mut edges: Vec<usize> = cuts.iter().map(|c| c % (whole.num_rows() + 1)).collect();
        edges.extend([0, whole.num_rows()]);
        edges.sort_unstable();
        edges.windows(2).map(|w| whole.slice(w[0], w[1] - w[0])).collect()
    }

    proptest! {
        #[test]
        fn the_same_rows_give_the_same_bytes_however_they_are_cut(
            rows in prop::collection::vec(("[a-c]{0,3}", any::<i64>(), any::<f64>(), any::<bool>(), any::<u8>()), 0..300),
            cuts in prop::collection::vec(any::<usize>(), 0..6),
        ) {
            let rows: Vec<Row> = rows.into_iter().map(|(t, i, d, b, nulls)| {
                let known = |bit: u8| nulls & (1 << bit) != 0;
                (known(0).then_some(t), known(1).then_some(i), known(2).then_some(d), known(3).then_some(b))
            }).collect();
            let whole = batch(&rows);
            let schema = published_schema("t", &whole.schema()).unwrap();
            let once = encode("t", &schema, std::slice::from_ref(&whole)).unwrap();
            let pieces = encode("t", &schema, &cut(&whole, &cuts)).unwrap();
            prop_assert_eq!(&once.bytes, &pieces.bytes);
            let back = decode("t", &schema, once.bytes).unwrap();
            let wanted = to_published("t", &schema, &whole).unwrap();
            let got = arrow::compute::concat_batches(&schema, &back).unwrap();
            // As text, since NaN is not equal to itself.
            prop_assert_eq!(format!("{got:?}"), format!("{wanted:?}"));
        }
    }

    #[test]
    fn cuts_do_not_show_in_files_of_many_row_groups() {
        let rows: Vec<Row> = (0..300_000)
            .map(|i| {
                (Some(format!("customer {i}")), (i % 7 != 0).then_some(i * 31), Some(i as f64 / 3.0), None)
            })
            .collect();
        let whole = batch(&rows);
        let schema = published_schema("t", &whole.schema()).unwrap();
        let once = encode("t", &schema, std::slice::from_ref(&whole)).unwrap();
        let pieces =
            encode("t", &schema, &cut(&whole, &[1, 8191, 8192, 20_000, 131_072, 131_073, 250_001])).unwrap();
        assert_eq!((once.rows, &once.sha256), (300_000, &pieces.sha256));
        let groups =
            ParquetRecordBatchReaderBuilder::try_new(once.bytes).unwrap().metadata().num_row_groups();
        assert_eq!(groups, 3);
    }
}
