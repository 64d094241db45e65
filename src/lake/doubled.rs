//! Rows whose key occurs again: which of them stand at an as-of.
//!
//! A source with a key can hold a row twice, in one file or in two; of those known at an as-of the last stands,
//! by full path of the file and then by place in it. Grouping a hundred million keys would cost more than all that
//! is asked of them, so doubled keys are found in two passes over the key columns: the first marks a hash of each key
//! in a bitmap and remembers those that were marked already (a few per cent, most of them by chance), the second looks
//! only at these, with a second hash. Two keys are taken as one if 128 bits of hash agree.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use arrow::{
    array::{Array, ArrayRef, AsArray, GenericStringArray, RecordBatch},
    buffer::Buffer,
    compute::cast,
    datatypes::{DataType, Int64Type, Utf8Type},
    error::ArrowError,
};
use datafusion::common::hash_utils::{QualityRandomState, create_hashes};
use futures::{StreamExt, stream};
use object_store::ObjectStore;
use parquet::arrow::{
    ParquetRecordBatchStreamBuilder, ProjectionMask,
    arrow_reader::{RowSelection, RowSelector},
};

use super::files::{LakeFile, reader};
use crate::{
    problem::{Problem, Result},
    project::sources::Source,
};

/// Rows of a source that share their key with another, grouped by key.
#[derive(Default)]
pub struct Doubled {
    /// Groups one after another, each in order of (file, row).
    rows: Vec<DoubledRow>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DoubledRow {
    key: (u64, u64),
    file: u32,
    row: u64,
    /// Days or µs as in the file's `known_at`; `None` is never known.
    known_at: Option<i64>,
}

impl DoubledRow {
    fn is_known(&self, bound: Option<i64>) -> bool {
        bound.is_none_or(|b| self.known_at.is_some_and(|k| k < b))
    }
}

impl Doubled {
    /// Rows known below `bound` that another of their key replaces.
    pub fn replaced_rows(&self, bound: Option<i64>) -> usize {
        self.groups().map(|group| group.iter().filter(|r| r.is_known(bound)).count().saturating_sub(1)).sum()
    }

    fn groups(&self) -> impl Iterator<Item = &[DoubledRow]> {
        self.rows.chunk_by(|a, b| a.key == b.key)
    }

    /// Per file (of `rows_of_files`), the rows that stand among those known below `bound`; `None` where all do.
    pub fn standing(&self, rows_of_files: &[usize], bound: Option<i64>) -> Vec<Option<RowSelection>> {
        let mut replaced: Vec<Vec<u64>> = vec![Vec::new(); rows_of_files.len()];
        for group in self.groups() {
            let mut known: Vec<_> = group.iter().filter(|r| r.is_known(bound)).collect();
            known.pop();
            for row in known {
                replaced[row.file as usize].push(row.row);
            }
        }
        replaced.into_iter().zip(rows_of_files).map(|(rows, total)| without(rows, *total as u64)).collect()
    }
}

fn without(mut rows: Vec<u64>, total: u64) -> Option<RowSelection> {
    if rows.is_empty() {
        return None;
    }
    rows.sort_unstable();
    let mut selectors = Vec::with_capacity(2 * rows.len() + 1);
    let mut next = 0;
    for row in rows {
        if row > next {
            selectors.push(RowSelector::select((row - next) as usize));
        }
        selectors.push(RowSelector::skip(1));
        next = row + 1;
    }
    if total > next {
        selectors.push(RowSelector::select((total - next) as usize));
    }
    Some(RowSelection::from(selectors))
}

/// Finds doubled keys among all rows of the files; nothing for a source without a key.
pub async fn find_doubled(
    store: &Arc<dyn ObjectStore>,
    source: &Source,
    files: &[LakeFile],
    threads: usize,
) -> Result<Doubled> {
    let rows: usize = files.iter().map(|f| f.rows).sum();
    if source.key.is_empty() || rows < 2 {
        return Ok(Doubled::default());
    }
    let seen = Arc::new(Bitmap::for_rows(rows));
    let suspects: HashSet<u64> = over_row_groups(store, source, files, threads, move |keys, _, found| {
        found.extend(keys.hashes(FIRST_SEED)?.into_iter().flatten().filter(|hash| seen.mark(*hash)));
        Ok(())
    })
    .await?
    .into_iter()
    .collect();
    if suspects.is_empty() {
        return Ok(Doubled::default());
    }
    let suspects = Arc::new(suspects);
    let mut rows = over_row_groups(store, source, files, threads, move |keys, place, found| {
        let first = keys.hashes(FIRST_SEED)?;
        let suspicious = |(_, hash): &(usize, Option<u64>)| hash.is_some_and(|h| suspects.contains(&h));
        let places: Vec<(usize, Option<u64>)> = first.into_iter().enumerate().filter(suspicious).collect();
        if places.is_empty() {
            return Ok(());
        }
        let second = keys.hashes(SECOND_SEED)?;
        for (i, hash) in places {
            if let (Some(a), Some(b)) = (hash, second[i]) {
                let known_at = keys.known_at.as_ref().filter(|k| k.is_valid(i)).map(|k| k.value(i));
                found.push(DoubledRow { key: (a, b), file: place.file, row: place.row + i as u64, known_at });
            }
        }
        Ok(())
    })
    .await?;
    rows.sort_unstable();
    let mut counts: HashMap<(u64, u64), u32> = HashMap::new();
    rows.iter().for_each(|row| *counts.entry(row.key).or_default() += 1);
    rows.retain(|row| counts[&row.key] > 1);
    Ok(Doubled { rows })
}

const FIRST_SEED: u64 = 0x6c75_6f70_616e_0001;
const SECOND_SEED: u64 = 0x6c75_6f70_616e_0002;

/// One bit for each of 16 times as many places as there are rows: 2 bytes a row.
struct Bitmap {
    words: Vec<AtomicU64>,
    mask: u64,
}

impl Bitmap {
    fn for_rows(rows: usize) -> Self {
        let bits = (rows.saturating_mul(16)).next_power_of_two().max(1 << 16);
        Self { words: (0..bits / 64).map(|_| AtomicU64::new(0)).collect(), mask: bits as u64 - 1 }
    }

    /// Marks the place of a hash; whether it was marked before.
    fn mark(&self, hash: u64) -> bool {
        let place = hash & self.mask;
        let bit = 1 << (place % 64);
        self.words[(place / 64) as usize].fetch_or(bit, Ordering::Relaxed) & bit != 0
    }
}

/// Where a batch begins: the file's number and the row in it.
#[derive(Clone, Copy)]
struct Place {
    file: u32,
    row: u64,
}

/// The key columns of one batch, in their declared types and, if the source says so, without case.
struct Keys {
    columns: Vec<ArrayRef>,
    known_at: Option<arrow::array::Int64Array>,
}

impl Keys {
    fn read(source: &Source, batch: &RecordBatch) -> std::result::Result<Self, ArrowError> {
        let column = |name: &String| -> std::result::Result<ArrayRef, ArrowError> {
            let index = batch.schema().index_of(name)?;
            let column = cast(batch.column(index), source.schema.field_with_name(name)?.data_type())?;
            Ok(if source.ignore_case { lower_ascii(column) } else { column })
        };
        let known_at = source.known_at.as_ref().map(|known| -> std::result::Result<_, ArrowError> {
            let values = column(&known.column)?;
            let values = if values.data_type() == &DataType::Date32 {
                cast(&values, &DataType::Int32)?
            } else {
                values
            };
            Ok(cast(&values, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        });
        let columns = source.key.iter().map(column).collect::<std::result::Result<_, ArrowError>>()?;
        Ok(Self { columns, known_at: known_at.transpose()? })
    }

    /// One hash a row; none where a part of the key is null (such a row doubles nothing).
    fn hashes(&self, seed: u64) -> Result<Vec<Option<u64>>> {
        let rows = self.columns.first().map_or(0, |c| c.len());
        let mut hashes = vec![0; rows];
        create_hashes(&self.columns, &QualityRandomState::with_seed(seed), &mut hashes)
            .map_err(|e| Problem::failed(format!("cannot compare keys: {e}")))?;
        let whole = |i: usize| self.columns.iter().all(|c| c.is_valid(i));
        Ok(hashes.into_iter().enumerate().map(|(i, hash)| whole(i).then_some(hash)).collect())
    }
}

/// ASCII letters as small ones, over the whole buffer at once.
fn lower_ascii(column: ArrayRef) -> ArrayRef {
    let Some(text) = column.as_string_opt::<i32>() else { return column };
    let mut bytes = text.value_data().to_vec();
    bytes.make_ascii_lowercase();
    // SAFETY of meaning: ASCII letters are single bytes of UTF-8, so offsets and validity of the text hold.
    let lowered =
        GenericStringArray::try_new(text.offsets().clone(), Buffer::from_vec(bytes), text.nulls().cloned());
    lowered.map_or(column, |lowered: arrow::array::GenericByteArray<Utf8Type>| Arc::new(lowered) as ArrayRef)
}

/// Runs `look` over the key columns of every row group, several at once; what it finds comes in no order.
async fn over_row_groups<T: Send + 'static>(
    store: &Arc<dyn ObjectStore>,
    source: &Source,
    files: &[LakeFile],
    threads: usize,
    look: impl Fn(&Keys, Place, &mut Vec<T>) -> Result<()> + Send + Sync + 'static,
) -> Result<Vec<T>> {
    let (source, look) = (Arc::new(source.clone()), Arc::new(look));
    let mut jobs = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let mut row = 0;
        for (group, metadata) in file.footer.metadata().row_groups().iter().enumerate() {
            jobs.push((file.clone(), group, Place { file: number as u32, row }));
            row += metadata.num_rows() as u64;
        }
    }
    let mut running = stream::iter(jobs)
        .map(|(file, group, place)| {
            let (store, source, look) = (Arc::clone(store), Arc::clone(&source), Arc::clone(&look));
            tokio::spawn(async move {
                let name = file.path.clone();
                look_at(store, &source, file, group, place, look.as_ref())
                    .await
                    .map_err(|p| p.while_doing(name))
            })
        })
        .buffer_unordered(threads);
    let mut found = Vec::new();
    while let Some(done) = running.next().await {
        found.extend(done.map_err(|e| Problem::failed(format!("looking for doubled keys: {e}")))??);
    }
    Ok(found)
}

async fn look_at<T>(
    store: Arc<dyn ObjectStore>,
    source: &Source,
    file: LakeFile,
    group: usize,
    mut place: Place,
    look: &(impl Fn(&Keys, Place, &mut Vec<T>) -> Result<()> + Sync),
) -> Result<Vec<T>> {
    let damaged = |e: &dyn std::fmt::Display| Problem::failed(format!("damaged Parquet file: {e}"));
    let reader = reader(&store, &file.meta);
    let builder = ParquetRecordBatchStreamBuilder::new_with_metadata(reader, file.footer);
    let wanted = source.key.iter().chain(source.known_at.iter().map(|k| &k.column));
    let columns: Vec<usize> = wanted.filter_map(|name| builder.schema().index_of(name).ok()).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
    let mut batches = builder
        .with_projection(mask)
        .with_row_groups(vec![group])
        .with_batch_size(32 * 1024)
        .build()
        .map_err(|e| damaged(&e))?;
    let mut found = Vec::new();
    while let Some(batch) = batches.next().await {
        let batch = batch.map_err(|e| damaged(&e))?;
        let keys = Keys::read(source, &batch).map_err(|e| damaged(&e))?;
        look(&keys, place, &mut found)?;
        place.row += batch.num_rows() as u64;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u64, file: u32, row: u64, known_at: i64) -> DoubledRow {
        DoubledRow { key: (key, key), file, row, known_at: Some(known_at) }
    }

    fn standing(doubled: &Doubled, bound: i64) -> Vec<Option<Vec<(usize, bool)>>> {
        let selections = doubled.standing(&[3, 2], Some(bound));
        let plain =
            |s: RowSelection| Vec::<RowSelector>::from(s).iter().map(|r| (r.row_count, r.skip)).collect();
        selections.into_iter().map(|s| s.map(plain)).collect()
    }

    #[test]
    fn the_last_known_row_of_a_key_stands() {
        let doubled =
            Doubled { rows: vec![row(1, 0, 1, 10), row(1, 1, 0, 20), row(2, 0, 0, 5), row(2, 0, 2, 5)] };
        assert_eq!((doubled.replaced_rows(Some(30)), doubled.replaced_rows(Some(15))), (2, 1));
        // At 30 both rows of key 1 are known: the one of file 1 stands. Of key 2 the later in the file stands.
        assert_eq!(standing(&doubled, 30), [Some(vec![(2, true), (1, false)]), None]);
        // At 15 the row of file 1 is not known yet: the one of file 0 stands.
        assert_eq!(standing(&doubled, 15), [Some(vec![(1, true), (2, false)]), None]);
    }

    #[test]
    fn text_loses_its_case_without_losing_its_place() {
        let column: ArrayRef =
            Arc::new(arrow::array::StringArray::from(vec![Some("T-罗A"), None, Some("b")]));
        let lowered = lower_ascii(column);
        assert_eq!(lowered.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("t-罗a"), None, Some("b")]);
    }
}
