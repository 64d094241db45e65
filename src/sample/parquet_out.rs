//! Columns and files: types as the lake's description has them, encodings that make files small.

use std::{fs, path::Path, sync::Arc};

use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, RecordBatch,
        StringArray, TimestampMicrosecondArray,
    },
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};
use parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, Encoding, ZstdLevel},
    file::properties::{WriterProperties, WriterPropertiesBuilder},
    schema::types::ColumnPath,
};

use super::calendar::{Day, Instant};
use crate::problem::{Problem, Result};

const ROW_GROUP: usize = 500_000;
/// Rows turned into columns at a time.
pub const CHUNK: usize = 64 * 1024;

/// What helps a column become small.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Values that come again and again.
    Dictionary,
    /// Numbers near their neighbours.
    Delta,
    /// Texts that begin like the one before.
    Prefix,
}

/// A column of a table of the lake.
#[derive(Clone)]
pub struct Column {
    name: &'static str,
    kind: DataType,
    nullable: bool,
    style: Style,
}

const fn column(name: &'static str, kind: DataType, style: Style) -> Column {
    Column { name, kind, nullable: false, style }
}

impl Column {
    pub const fn text(name: &'static str) -> Self {
        column(name, DataType::Utf8, Style::Dictionary)
    }
    /// An id that counts upwards through the table.
    pub const fn counted(name: &'static str) -> Self {
        column(name, DataType::Utf8, Style::Prefix)
    }
    pub const fn int(name: &'static str) -> Self {
        column(name, DataType::Int32, Style::Dictionary)
    }
    pub const fn money(name: &'static str) -> Self {
        column(name, DataType::Decimal128(18, 2), Style::Dictionary)
    }
    pub const fn double(name: &'static str) -> Self {
        column(name, DataType::Float64, Style::Dictionary)
    }
    pub const fn flag(name: &'static str) -> Self {
        column(name, DataType::Boolean, Style::Dictionary)
    }
    pub const fn day(name: &'static str) -> Self {
        column(name, DataType::Date32, Style::Dictionary)
    }
    pub fn moment(name: &'static str) -> Self {
        column(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), Style::Delta)
    }
    pub fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }
}

pub fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
pub fn ints(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    Arc::new(values.collect::<Int32Array>())
}
pub fn doubles(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}
pub fn flags(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}
pub fn days(values: impl Iterator<Item = Option<Day>>) -> ArrayRef {
    Arc::new(values.collect::<Date32Array>())
}
pub fn moments(values: impl Iterator<Item = Option<Instant>>) -> ArrayRef {
    Arc::new(values.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}
/// Money from hundredths.
pub fn money(cents: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let plain: Decimal128Array = cents.map(|value| value.map(i128::from)).collect();
    Arc::new(plain.with_data_type(DataType::Decimal128(18, 2)))
}

/// One file being written.
pub struct Sink {
    writer: ArrowWriter<fs::File>,
    schema: SchemaRef,
    path: String,
    pub rows: u64,
}

impl Sink {
    /// Makes the folders above it too.
    pub fn create(path: &Path, columns: &[Column]) -> Result<Self> {
        let named = path.display().to_string();
        let io = |error: std::io::Error| Problem::failed(format!("cannot write {named}: {error}"));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        let file = fs::File::create(path).map_err(io)?;
        let fields =
            columns.iter().map(|c| Field::new(c.name, c.kind.clone(), c.nullable)).collect::<Vec<_>>();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        // Parquet's own types say all there is to say; a second schema in every footer would weigh more than small files do.
        let options =
            ArrowWriterOptions::new().with_properties(properties(columns)).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, schema.clone(), options)
            .map_err(|error| Problem::failed(format!("cannot write {named}: {error}")))?;
        Ok(Sink { writer, schema, path: named, rows: 0 })
    }

    pub fn write(&mut self, arrays: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|error| Problem::failed(format!("cannot write {}: {error}", self.path)))?;
        self.rows += batch.num_rows() as u64;
        self.writer
            .write(&batch)
            .map_err(|error| Problem::failed(format!("cannot write {}: {error}", self.path)))
    }

    /// Ends the file and says how many bytes it has.
    pub fn close(self) -> Result<u64> {
        let io = |error: String| Problem::failed(format!("cannot write {}: {error}", self.path));
        let file = self.writer.into_inner().map_err(|error| io(error.to_string()))?;
        file.metadata().map(|data| data.len()).map_err(|error| io(error.to_string()))
    }
}

fn properties(columns: &[Column]) -> WriterProperties {
    let level = ZstdLevel::try_new(9).unwrap_or_default();
    let builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        // A hundred thousand customers' ids must not fall out of the dictionary.
        .set_dictionary_page_size_limit(4 << 20)
        .set_created_by("luopan sample".into());
    columns.iter().fold(builder, styled).build()
}

fn styled(builder: WriterPropertiesBuilder, column: &Column) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column.name);
    let encoding = match column.style {
        Style::Dictionary => return builder,
        Style::Delta => Encoding::DELTA_BINARY_PACKED,
        Style::Prefix => Encoding::DELTA_BYTE_ARRAY,
    };
    builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
}
