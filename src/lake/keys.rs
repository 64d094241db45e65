//! The key columns of a source's files, read by row groups, several at once.

use std::{panic::AssertUnwindSafe, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, GenericStringArray, RecordBatch},
    buffer::{Buffer, NullBuffer},
    compute::cast,
    datatypes::{DataType, Int64Type, Utf8Type},
    error::ArrowError,
};
use datafusion::common::hash_utils::{QualityRandomState, create_hashes};
use futures::{FutureExt, StreamExt, stream};
use object_store::ObjectStore;
use parquet::{
    arrow::{ParquetRecordBatchStreamBuilder, ProjectionMask},
    errors::ParquetError,
};

use super::{
    bad::{BadFile, is_of_store},
    bucket::without_secrets,
    files::{LakeFile, reader},
    store::Location,
};
use crate::{
    problem::{Problem, Result},
    project::sources::Source,
};

/// Why keys could not be looked at.
pub enum Unfound {
    /// Keys of these files cannot be read.
    Damaged(Vec<BadFile>),
    Failed(Problem),
}

impl From<Problem> for Unfound {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

pub type Found<T> = std::result::Result<T, Unfound>;

/// Where a batch begins: the file's number and the row in it.
#[derive(Clone, Copy)]
pub struct Place {
    pub file: u32,
    pub row: u64,
}

/// The key columns of one batch, in their declared types and, if the source says so, without case.
pub struct Keys {
    columns: Vec<ArrayRef>,
    pub known_at: Option<arrow::array::Int64Array>,
    /// Whether the time is part of the key: then two rows of one key are of one time.
    has_time: bool,
}

/// One hash a row.
pub struct Hashes {
    values: Vec<u64>,
    whole: Option<NullBuffer>,
}

impl Hashes {
    /// None where a part of the key is null: such a row doubles nothing.
    pub fn get(&self, row: usize) -> Option<u64> {
        self.whole.as_ref().is_none_or(|whole| whole.is_valid(row)).then(|| self.values[row])
    }

    /// Row and hash of each key without a null.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u64)> {
        (0..self.values.len()).filter_map(|row| Some((row, self.get(row)?)))
    }
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
        Ok(Self { columns, known_at: known_at.transpose()?, has_time: source.time_of_key().is_some() })
    }

    pub fn hashes(&self, seed: u64) -> Result<Hashes> {
        let mut values = vec![0; self.columns.first().map_or(0, |c| c.len())];
        create_hashes(&self.columns, &QualityRandomState::with_seed(seed), &mut values)
            .map_err(|e| Problem::failed(format!("cannot compare keys: {e}")))?;
        let nulls = self.columns.iter().map(|c| c.logical_nulls());
        let whole = nulls.fold(None, |all, one| NullBuffer::union(all.as_ref(), one.as_ref()));
        Ok(Hashes { values, whole })
    }

    /// The time of a row, if it is part of the key: then it is the same for all rows of one.
    pub fn time_of_key(&self, row: usize) -> Option<i64> {
        let time = self.known_at.as_ref().filter(|_| self.has_time)?;
        time.is_valid(row).then(|| time.value(row))
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
pub async fn over_row_groups<T: Send + 'static>(
    lake: &Location,
    source: &Source,
    files: &[LakeFile],
    threads: usize,
    look: impl Fn(&Keys, Place, &mut Vec<T>) -> Result<()> + Send + Sync + 'static,
) -> Found<Vec<T>> {
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
            let (store, source, look) = (Arc::clone(&lake.store), Arc::clone(&source), Arc::clone(&look));
            let shown = lake.shown(&file.path);
            tokio::spawn(async move {
                let looked = look_at(store, &source, file, group, place, look.as_ref());
                // A reader that loses its head over damaged bytes has found damage, too.
                let looked = AssertUnwindSafe(looked).catch_unwind().await;
                let looked = looked.unwrap_or_else(|_| Err(Fault::damage(&"it cannot be decoded")));
                looked.map_err(|fault| ((place.file, place.row), fault.of(&shown, &source.name)))
            })
        })
        .buffer_unordered(threads);
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    while let Some(done) = running.next().await {
        match done.map_err(|e| Problem::failed(format!("looking for doubled keys: {e}")))? {
            Ok(some) => found.extend(some),
            Err((_, Fault { damage: false, problem })) => return Err(Unfound::Failed(problem)),
            Err((place, fault)) => faults.push((place, fault.problem)),
        }
    }
    if faults.is_empty() {
        return Ok(found);
    }
    // Of a file the first damage speaks, whichever was met first.
    faults.sort_by_key(|(place, _)| *place);
    faults.dedup_by_key(|((file, _), _)| *file);
    let bad = faults.into_iter().map(|((file, _), problem)| BadFile::of(&files[file as usize], problem));
    Err(Unfound::Damaged(bad.collect()))
}

/// What is wrong with one row group: with what it holds, or with reading it.
struct Fault {
    damage: bool,
    problem: Problem,
}

impl Fault {
    fn damage(error: &impl std::fmt::Display) -> Self {
        Self { damage: true, problem: Problem::failed(format!("damaged Parquet file: {error}")) }
    }

    fn reading(error: ParquetError) -> Self {
        match is_of_store(&error) {
            true => Self {
                damage: false,
                problem: Problem::failed(format!("cannot be read: {}", without_secrets(&error))),
            },
            false => Self::damage(&error),
        }
    }

    fn of(self, file: &str, source: &str) -> Self {
        let problem = self.problem.while_doing(format!("{file}: source `{source}`"));
        let help = "write the file again, or move it out of the lake: nothing was published";
        Self { problem: if self.damage { problem.help(help) } else { problem }, ..self }
    }
}

async fn look_at<T>(
    store: Arc<dyn ObjectStore>,
    source: &Source,
    file: LakeFile,
    group: usize,
    mut place: Place,
    look: &(impl Fn(&Keys, Place, &mut Vec<T>) -> Result<()> + Sync),
) -> std::result::Result<Vec<T>, Fault> {
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
        .map_err(Fault::reading)?;
    let mut found = Vec::new();
    while let Some(batch) = batches.next().await {
        let batch = batch.map_err(Fault::reading)?;
        let keys = Keys::read(source, &batch).map_err(|e| Fault::damage(&e))?;
        look(&keys, place, &mut found).map_err(|problem| Fault { damage: false, problem })?;
        place.row += batch.num_rows() as u64;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_loses_its_case_without_losing_its_place() {
        let column: ArrayRef =
            Arc::new(arrow::array::StringArray::from(vec![Some("T-罗A"), None, Some("b")]));
        let lowered = lower_ascii(column);
        assert_eq!(lowered.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("t-罗a"), None, Some("b")]);
    }
}
