//! Doubled keys as an earlier night found them, and the files that have to be looked at all the same.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array, UInt64Array},
    datatypes::{DataType, Int64Type, UInt32Type, UInt64Type},
};
use bytes::Bytes;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    errors::ParquetError,
    file::{metadata::KeyValue, properties::WriterProperties},
};
use serde::{Deserialize, Serialize};

use super::{Doubled, DoubledRow};
use crate::{lake::files::LakeFile, project::sources::Source};

/// By source, what was found.
#[derive(Clone, Default)]
pub struct SeenKeys(BTreeMap<String, SeenSource>);

/// The doubled rows of a source; their files are places in `files`.
#[derive(Clone)]
pub struct SeenSource {
    listed: Listed,
    rows: Vec<DoubledRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Listed {
    /// Of the source: other keys are doubled otherwise.
    definition: String,
    /// Path and content of each file.
    files: Vec<(String, String)>,
}

/// What is known without a look, and the files to look at.
pub struct Still {
    pub(super) rows: Vec<DoubledRow>,
    pub look_at: Vec<usize>,
}

impl SeenSource {
    pub fn of(source: &Source, files: &[LakeFile], doubled: &Doubled) -> Self {
        let definition = format!("{:?}", source.of_rows());
        let files = files.iter().map(|file| (file.path.clone(), file.content())).collect();
        Self { listed: Listed { definition, files }, rows: doubled.rows.clone() }
    }

    /// What of it holds for these files. Two rows of one key are of one time where the time is part of the key: then a new
    /// file can double only rows of files whose times overlap its own.
    pub fn still(&self, source: &Source, files: &[LakeFile]) -> Option<Still> {
        if self.listed.definition != format!("{:?}", source.of_rows()) {
            return None;
        }
        let now: BTreeMap<&str, usize> =
            files.iter().enumerate().map(|(i, f)| (f.path.as_str(), i)).collect();
        // Where each file that was seen is now, if it is still what it was.
        let same = |(path, content): &(String, String)| {
            now.get(path.as_str()).copied().filter(|place| files[*place].content() == *content)
        };
        let place: Vec<Option<usize>> = self.listed.files.iter().map(same).collect();
        // A file without rows doubles none.
        let is_new = |i: &usize| files[*i].rows > 0 && !place.contains(&Some(*i));
        let new: Vec<usize> = (0..files.len()).filter(is_new).collect();
        if source.time_of_key().is_none() && !new.is_empty() {
            return None;
        }
        let overlaps = |i: &usize| new.iter().any(|new| new == i || overlap(&files[*new], &files[*i]));
        let moved = |row: &DoubledRow| {
            Some(DoubledRow { file: place.get(row.file as usize).copied().flatten()? as u32, ..*row })
        };
        let rows = self.rows.iter().filter_map(moved).collect();
        Some(Still { rows, look_at: (0..files.len()).filter(overlaps).collect() })
    }
}

/// Whether rows of both may be of one time.
fn overlap(one: &LakeFile, other: &LakeFile) -> bool {
    let ranges = one.known_range.zip(other.known_range);
    ranges.is_none_or(|((first, last), (other_first, other_last))| first <= other_last && other_first <= last)
}

const LISTED: &str = "luopan.seen";

impl SeenKeys {
    pub fn get(&self, source: &str) -> Option<&SeenSource> {
        self.0.get(source)
    }

    pub fn insert(&mut self, source: &str, seen: SeenSource) {
        self.0.insert(source.to_owned(), seen);
    }

    /// Whether both are of the same files.
    pub fn is_of_the_files_of(&self, other: &Self) -> bool {
        let listed = |all: &Self| -> Vec<(String, Listed)> {
            all.0.iter().map(|(name, seen)| (name.clone(), seen.listed.clone())).collect()
        };
        listed(self) == listed(other)
    }

    pub fn to_bytes(&self) -> Result<Bytes, ParquetError> {
        let listed: Vec<(&String, &Listed)> =
            self.0.iter().map(|(name, seen)| (name, &seen.listed)).collect();
        let listed = serde_json::to_string(&listed).map_err(|e| ParquetError::External(Box::new(e)))?;
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(false)
            .set_key_value_metadata(Some(vec![KeyValue::new(LISTED.to_owned(), listed)]))
            .build();
        let rows: Vec<(u32, &DoubledRow)> = (0..)
            .zip(self.0.values())
            .flat_map(|(n, seen)| seen.rows.iter().map(move |row| (n, row)))
            .collect();
        let longs = |of: fn(&DoubledRow) -> u64| -> ArrayRef {
            Arc::new(UInt64Array::from_iter_values(rows.iter().map(|(_, row)| of(row))))
        };
        let columns: [(&str, ArrayRef, bool); 6] = [
            ("source", Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(n, _)| *n))), false),
            ("a", longs(|row| row.key.0), false),
            ("b", longs(|row| row.key.1), false),
            ("file", Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(_, row)| row.file))), false),
            ("row", longs(|row| row.row), false),
            ("known_at", Arc::new(Int64Array::from_iter(rows.iter().map(|(_, row)| row.known_at))), true),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
        writer.write(&batch)?;
        Ok(writer.into_inner()?.into())
    }

    /// Nothing of bytes that are anything else.
    pub fn from_bytes(bytes: Bytes) -> Option<Self> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).ok()?;
        let pairs = reader.metadata().file_metadata().key_value_metadata()?;
        let listed = pairs.iter().find(|pair| pair.key == LISTED)?.value.clone()?;
        let listed: Vec<(String, Listed)> = serde_json::from_str(&listed).ok()?;
        let mut rows: Vec<Vec<DoubledRow>> = vec![Vec::new(); listed.len()];
        for batch in reader.build().ok()? {
            let batch = batch.ok()?;
            let types =
                [DataType::UInt32, DataType::UInt64, DataType::UInt64, DataType::UInt32, DataType::UInt64];
            let sound = batch.num_columns() == 6 && (0..5).all(|i| batch.column(i).data_type() == &types[i]);
            let known_at = batch.columns().get(5)?.as_primitive_opt::<Int64Type>().filter(|_| sound)?;
            let small = |i: usize| batch.column(i).as_primitive::<UInt32Type>().values().clone();
            let long = |i: usize| batch.column(i).as_primitive::<UInt64Type>().values().clone();
            let (source, a, b, file, row) = (small(0), long(1), long(2), small(3), long(4));
            for i in 0..batch.num_rows() {
                let known_at = known_at.is_valid(i).then(|| known_at.value(i));
                let found = DoubledRow { key: (a[i], b[i]), file: file[i], row: row[i], known_at };
                rows.get_mut(source[i] as usize)?.push(found);
            }
        }
        let seen =
            listed.into_iter().zip(rows).map(|((name, listed), rows)| (name, SeenSource { listed, rows }));
        Some(Self(seen.collect()))
    }
}
