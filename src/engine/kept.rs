//! Where the rows of made tables wait for their readers: in memory, and in files of the temporary folder once they would take
//! more than their share of the limit.

mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::BufWriter,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use arrow::{
    array::RecordBatch,
    datatypes::{DataType, SchemaRef},
};
use datafusion::{catalog::TableProvider, datasource::MemTable};
use parquet::{
    arrow::{ArrowSchemaConverter, ArrowWriter},
    basic::Compression,
    file::properties::{EnabledStatistics, WriterProperties},
};
use tempfile::{NamedTempFile, TempPath};

use super::{fault, scratch::Scratch, tables::Rows};
use crate::problem::{Problem, Result};
pub use rows::KeptRows;
use rows::Waiting;
use table::{FileOf, KeptTable, Place};

/// Rows that a reader of a file decodes at once.
const GROUP_ROWS: usize = 64 * 1024;
/// The part of the room in memory that a single table may take.
const SHARE_OF_ONE: usize = 4;

/// Keeps tables, and counts what is in memory.
pub struct Shelf {
    room: usize,
    taken: Arc<AtomicUsize>,
    parts: usize,
    /// Where files go; none if everything stays in memory.
    scratch: Option<Arc<Scratch>>,
}

/// A table that was made, for whoever reads it.
pub struct Kept {
    pub table: Arc<dyn TableProvider>,
    pub rows: usize,
}

impl Shelf {
    /// At most `room` bytes stay in memory; a table in memory can be read in `parts` parts at once.
    pub fn new(room: usize, parts: usize, scratch: Arc<Scratch>) -> Self {
        Self { room, taken: Arc::default(), parts, scratch: Some(scratch) }
    }

    pub fn in_memory(parts: usize) -> Self {
        Self { room: usize::MAX, taken: Arc::default(), parts, scratch: None }
    }

    /// A place for a table whose rows are still to come.
    pub fn open(&self, name: &str, schema: SchemaRef) -> Keeper<'_> {
        let taken = Taken { total: Arc::clone(&self.taken), bytes: 0 };
        let storable = schema.fields().iter().all(|field| is_storable(field.data_type()))
            && ArrowSchemaConverter::new().convert(&schema).is_ok();
        let scratch = self.scratch.as_deref().filter(|_| storable);
        let name = name.to_owned();
        Keeper { shelf: self, name, schema, taken, scratch, batches: Vec::new(), file: None, rows: 0 }
    }

    pub(super) fn scratch(&self) -> Option<&Scratch> {
        self.scratch.as_deref()
    }

    /// A file of the temporary folder as a table.
    pub(super) fn keep_file(
        &self,
        name: &str,
        schema: SchemaRef,
        rows: usize,
        path: TempPath,
    ) -> Result<Kept> {
        let place = Place::File(FileOf::at(path, name, self.scratch.clone())?);
        let taken = Taken { total: Arc::clone(&self.taken), bytes: 0 };
        Ok(Kept { table: Arc::new(KeptTable { schema, rows, place, _taken: taken }), rows })
    }

    pub fn keep(&self, name: &str, rows: Rows) -> Result<Arc<dyn TableProvider>> {
        let mut keeper = self.open(name, rows.schema);
        for batch in rows.batches {
            keeper.push(batch)?;
        }
        Ok(keeper.finish()?.table)
    }
}

/// Bytes in memory, given back when the table goes.
pub struct Taken {
    total: Arc<AtomicUsize>,
    bytes: usize,
}

impl Taken {
    /// Whether so many bytes more still have room.
    fn more(&mut self, bytes: usize, room: usize) -> bool {
        if self.bytes + bytes > room / SHARE_OF_ONE {
            return false;
        }
        if self.total.fetch_add(bytes, Ordering::Relaxed) + bytes > room {
            self.total.fetch_sub(bytes, Ordering::Relaxed);
            return false;
        }
        self.bytes += bytes;
        true
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A table as it comes in.
pub struct Keeper<'a> {
    shelf: &'a Shelf,
    name: String,
    schema: SchemaRef,
    taken: Taken,
    /// None for a table of types that no file holds, too: it stays in memory.
    scratch: Option<&'a Scratch>,
    batches: Vec<RecordBatch>,
    file: Option<TableFile>,
    rows: usize,
}

struct TableFile {
    writer: ArrowWriter<BufWriter<File>>,
    path: TempPath,
}

impl Keeper<'_> {
    pub fn push(&mut self, batch: RecordBatch) -> Result<()> {
        self.rows += batch.num_rows();
        if self.file.is_none() {
            let fits = self.taken.more(batch.get_array_memory_size(), self.shelf.room);
            let Some(scratch) = self.scratch.filter(|_| !fits) else {
                self.batches.push(batch);
                return Ok(());
            };
            let mut file = self.new_file(scratch)?;
            for early in std::mem::take(&mut self.batches) {
                file.writer.write(&early).map_err(|e| unkept(&self.name, &e))?;
            }
            self.taken = Taken { total: Arc::clone(&self.shelf.taken), bytes: 0 };
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.writer.write(&batch).map_err(|e| unkept(&self.name, &e)),
            None => Ok(()),
        }
    }

    fn new_file(&self, scratch: &Scratch) -> Result<TableFile> {
        let made = NamedTempFile::new_in(scratch.path());
        let (file, path) = made.map_err(|e| unkept(&self.name, &e))?.into_parts();
        // Nothing is looked for in it but whole tables: no statistics.
        let properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(BufWriter::new(file), Arc::clone(&self.schema), Some(properties))
            .map_err(|e| unkept(&self.name, &e))?;
        Ok(TableFile { writer, path })
    }

    /// As a table for queries.
    pub fn finish(self) -> Result<Kept> {
        let parts = self.shelf.parts;
        let KeptRows { schema, rows, place, taken } = self.rows()?;
        let place = match place {
            Waiting::File(file) => Place::File(file),
            Waiting::Memory(batches) => {
                let mut shared = vec![Vec::new(); parts.clamp(1, batches.len().max(1))];
                let count = shared.len();
                batches.into_iter().enumerate().for_each(|(i, batch)| shared[i % count].push(batch));
                Place::Memory(MemTable::try_new(Arc::clone(&schema), shared).map_err(|e| fault(e, None))?)
            }
        };
        Ok(Kept { table: Arc::new(KeptTable { schema, rows, place, _taken: taken }), rows })
    }

    /// For whoever reads all of it, without a query.
    pub fn rows(self) -> Result<KeptRows> {
        let Self { shelf, name, schema, taken, scratch: _, batches, file, rows } = self;
        let place = match file {
            None => Waiting::Memory(batches),
            Some(TableFile { mut writer, path }) => {
                writer.finish().map_err(|e| unkept(&name, &e))?;
                Waiting::File(FileOf::at(path, &name, shelf.scratch.clone())?)
            }
        };
        Ok(KeptRows { schema, rows, place, taken })
    }
}

/// Intervals have a form in Parquet, and no writer.
pub(super) fn is_storable(data_type: &DataType) -> bool {
    match data_type {
        DataType::Interval(_) => false,
        DataType::List(of)
        | DataType::LargeList(of)
        | DataType::FixedSizeList(of, _)
        | DataType::Map(of, _) => is_storable(of.data_type()),
        DataType::Struct(of) => of.iter().all(|field| is_storable(field.data_type())),
        DataType::Dictionary(_, of) => is_storable(of),
        _ => true,
    }
}

/// A full disk is the usual reason: it has a name.
pub(super) fn unkept(table: &str, e: &dyn std::fmt::Display) -> Problem {
    let folder = std::env::temp_dir();
    Problem::failed(format!("table `{table}` cannot be kept in {}: {e}", folder.display())).help(
        "tables that take more than their share of --memory-limit wait there: make room, raise the limit, or name another folder by TMPDIR",
    )
}
