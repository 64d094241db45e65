//! Reads, changes and writes whole small files of a lake.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt64Array},
    compute::{cast, concat_batches, take_record_batch},
    datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema},
};
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use crate::problem::{Problem, Result};

/// That a file or its rows cannot be handled.
pub fn unfit(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> Problem {
    move |why| Problem::failed(format!("cannot put dirt into {}: {why}", path.display()))
}

/// All rows; every column may be null from here on.
pub fn read(path: &Path) -> Result<RecordBatch> {
    let fault = unfit(path);
    let file = fs::File::open(path).map_err(|e| fault(&e))?;
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).and_then(|b| b.build()).map_err(|e| fault(&e))?;
    let schema = arrow::array::RecordBatchReader::schema(&reader);
    let batches = reader.collect::<std::result::Result<Vec<_>, _>>().map_err(|e| fault(&e))?;
    let whole = concat_batches(&schema, &batches).map_err(|e| fault(&e))?;
    let fields: Vec<_> = schema.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), whole.columns().to_vec()).map_err(|e| fault(&e))
}

pub fn write(path: &Path, rows: &RecordBatch) -> Result<()> {
    let fault = unfit(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| fault(&e))?;
    }
    let file = fs::File::create(path).map_err(|e| fault(&e))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).unwrap_or_default()))
        .set_created_by("luopan sample".into())
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer =
        ArrowWriter::try_new_with_options(file, rows.schema(), options).map_err(|e| fault(&e))?;
    writer.write(rows).map_err(|e| fault(&e))?;
    writer.close().map_err(|e| fault(&e))?;
    Ok(())
}

/// Folders `month=YYYY-MM` of a table, oldest first.
pub fn months(lake: &Path, table: &str) -> Result<Vec<PathBuf>> {
    let folder = lake.join(table);
    let listed = fs::read_dir(&folder).map_err(|e| unfit(&folder)(&e))?;
    let mut found: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    Ok(found)
}

/// The first file of the month that lies `back` months before the last.
pub fn month_file(lake: &Path, table: &str, back: usize) -> Result<PathBuf> {
    let months = months(lake, table)?;
    let place =
        months.len().checked_sub(back + 1).ok_or_else(|| unfit(&lake.join(table))(&"too few months"))?;
    Ok(months[place].join("part-00000.parquet"))
}

pub fn shown(lake: &Path, path: &Path) -> String {
    path.strip_prefix(lake).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

pub fn rows_at(rows: &RecordBatch, places: &[usize]) -> Result<RecordBatch> {
    let places: UInt64Array = places.iter().map(|place| *place as u64).collect();
    take_record_batch(rows, &places).map_err(|e| Problem::failed(format!("cannot pick rows: {e}")))
}

pub fn column<'a>(rows: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    rows.column_by_name(name).ok_or_else(|| Problem::failed(format!("the sample has no column {name}")))
}

/// The same rows with other values in one column, or with one column more.
pub fn with(rows: &RecordBatch, name: &str, values: ArrayRef) -> Result<RecordBatch> {
    let schema = rows.schema();
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (field, old) in schema.fields().iter().zip(rows.columns()) {
        let new = if field.name() == name { &values } else { old };
        fields.push(Field::new(field.name(), new.data_type().clone(), true));
        columns.push(Arc::clone(new));
    }
    if schema.index_of(name).is_err() {
        fields.push(Field::new(name, values.data_type().clone(), true));
        columns.push(values);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|e| Problem::failed(format!("cannot change column {name}: {e}")))
}

pub fn as_type(rows: &RecordBatch, name: &str, data_type: &DataType) -> Result<RecordBatch> {
    let values = cast(column(rows, name)?, data_type)
        .map_err(|e| Problem::failed(format!("cannot change column {name}: {e}")))?;
    with(rows, name, values)
}

/// One value for all rows, of the column's own type; `None` is null.
pub fn all(rows: &RecordBatch, name: &str, value: Option<&str>) -> Result<RecordBatch> {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![value; rows.num_rows()]));
    let values = cast(&texts, column(rows, name)?.data_type())
        .map_err(|e| Problem::failed(format!("cannot change column {name}: {e}")))?;
    with(rows, name, values)
}

pub fn texts(rows: &RecordBatch, name: &str) -> Result<Vec<String>> {
    let values = cast(column(rows, name)?, &DataType::Utf8)
        .map_err(|e| Problem::failed(format!("column {name}: {e}")))?;
    Ok(values.as_string::<i32>().iter().map(|value| value.unwrap_or_default().to_owned()).collect())
}

pub fn with_texts(rows: &RecordBatch, name: &str, values: Vec<String>) -> Result<RecordBatch> {
    with(rows, name, Arc::new(StringArray::from(values)))
}

/// Money in hundredths, changed.
pub fn with_money(rows: &RecordBatch, name: &str, change: impl Fn(i128) -> i128) -> Result<RecordBatch> {
    let old = column(rows, name)?;
    let values = old.as_primitive::<Decimal128Type>().unary::<_, Decimal128Type>(change);
    with(rows, name, Arc::new(values.with_data_type(old.data_type().clone())))
}

/// A time or day that lies `steps` (µs or days) after that in another column of the same type.
pub fn after(rows: &RecordBatch, name: &str, of: &str, steps: i64) -> Result<RecordBatch> {
    let fault = |e| Problem::failed(format!("cannot change column {name}: {e}"));
    let times = column(rows, of)?;
    let whole = match times.data_type() {
        DataType::Date32 => cast(times, &DataType::Int32).and_then(|days| cast(&days, &DataType::Int64)),
        _ => cast(times, &DataType::Int64),
    };
    let moved: ArrayRef =
        Arc::new(whole.map_err(fault)?.as_primitive::<Int64Type>().unary::<_, Int64Type>(|t| t + steps));
    let back = match times.data_type() {
        DataType::Date32 => cast(&moved, &DataType::Int32).and_then(|days| cast(&days, &DataType::Date32)),
        data_type => cast(&moved, data_type),
    };
    with(rows, name, back.map_err(fault)?)
}
