//! Parquet files from rows, and rows from Parquet files.

use std::{fs, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, RecordBatch},
    compute::{cast, concat_batches},
    datatypes::{DataType, Field, Schema, SchemaRef},
    json::{ReaderBuilder, WriterBuilder, writer::LineDelimited},
};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
use serde_json::Value;

/// JSON objects as columns of `schema`. A column that a row lacks is null, or, where it must not be, a blank of its type.
pub fn batch(schema: &Schema, rows: &Value) -> RecordBatch {
    let full: Vec<Value> =
        rows.as_array().expect("an array of rows").iter().map(|row| with_blanks(schema, row)).collect();
    let mut decoder =
        ReaderBuilder::new(Arc::new(schema.clone())).build_decoder().expect("types that JSON can hold");
    decoder.serialize(&full).expect("rows that fit the columns");
    let empty = RecordBatch::new_empty(Arc::new(schema.clone()));
    decoder.flush().expect("whole rows").unwrap_or(empty)
}

fn with_blanks(schema: &Schema, row: &Value) -> Value {
    let mut row = row.as_object().expect("a row is an object").clone();
    if let Some(stray) = row.keys().find(|k| schema.index_of(k).is_err()) {
        panic!("no column is named {stray}");
    }
    for field in schema.fields().iter().filter(|f| !f.is_nullable()) {
        let blank: Value = match field.data_type() {
            DataType::Utf8 => "".into(),
            DataType::Boolean => false.into(),
            DataType::Date32 => "2020-01-01".into(),
            DataType::Timestamp(..) => "2020-01-01T00:00:00Z".into(),
            _ => 0.into(),
        };
        row.entry(field.name().clone()).or_insert(blank);
    }
    row.into()
}

/// Writes one file, its folders too.
pub fn write(path: &Path, batch: &RecordBatch) {
    fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a writable folder");
    let file = fs::File::create(path).expect("a writable file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("types that Parquet can hold");
    writer.write(batch).expect("rows are written");
    writer.close().expect("the file is ended");
}

/// All rows of a file.
pub fn read(path: &Path) -> RecordBatch {
    read_bytes(fs::read(path).expect("a readable file"))
}

/// As [`read`]; nothing of what is no whole Parquet file.
pub fn try_read(path: &Path) -> Option<RecordBatch> {
    let bytes = bytes::Bytes::from(fs::read(path).expect("a readable file"));
    ParquetRecordBatchReaderBuilder::try_new(bytes).is_ok().then(|| read(path))
}

pub fn read_bytes(bytes: Vec<u8>) -> RecordBatch {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).expect("a whole Parquet file");
    let schema: SchemaRef = builder.schema().clone();
    let batches: Vec<_> =
        builder.build().expect("a readable file").map(|b| b.expect("readable rows")).collect();
    concat_batches(&schema, &batches).expect("batches of one schema")
}

/// The rows as JSON objects; nulls are written out.
pub fn rows(batch: &RecordBatch) -> Vec<Value> {
    let mut out = Vec::new();
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut out);
    writer.write(batch).expect("types that JSON can hold");
    writer.finish().expect("the end is written");
    drop(writer);
    let text = String::from_utf8(out).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// A number of such a row: decimals come as texts or as numbers.
pub fn figure(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str().and_then(|t| t.parse().ok()))
}

/// The same rows with one column stored as another type.
pub fn with_type(batch: &RecordBatch, column: &str, data_type: &DataType) -> RecordBatch {
    let changed = cast(batch.column_by_name(column).expect("a column of that name"), data_type)
        .expect("a type it casts to");
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, values)| match field.name() == column {
            true => (Field::new(column, data_type.clone(), field.is_nullable()), changed.clone()),
            false => (field.as_ref().clone(), values.clone()),
        })
        .unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length")
}

/// The same rows without one column.
pub fn without(batch: &RecordBatch, column: &str) -> RecordBatch {
    let kept: Vec<usize> =
        (0..batch.num_columns()).filter(|i| batch.schema().field(*i).name() != column).collect();
    batch.project(&kept).expect("columns that are there")
}

/// Overwrites all values of a file's column, and leaves the footer as it was.
pub fn scratch_column(path: &Path, column: usize) {
    let mut bytes = fs::read(path).expect("a readable file");
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes.clone()))
        .expect("a whole Parquet file");
    let (start, length) = builder.metadata().row_group(0).column(column).byte_range();
    bytes[start as usize..(start + length) as usize].fill(0xff);
    fs::write(path, bytes).expect("a writable file");
}
