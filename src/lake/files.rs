//! Finds the files of a source and reads their footers: columns, rows, and the times that they hold.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray},
    compute::{cast, max, min},
    datatypes::{DataType, Date32Type, Int64Type, TimeUnit, TimestampMicrosecondType},
};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectMeta, ObjectStore, path::Path};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, statistics::StatisticsConverter,
};
#[expect(deprecated)]
use parquet::arrow::async_reader::ParquetObjectReader;

use super::{columns::check_columns, store::Location};
use crate::{
    problem::{Problem, Result},
    project::sources::Source,
};

/// One Parquet file of a source, with its footer.
#[derive(Clone)]
pub struct LakeFile {
    pub meta: ObjectMeta,
    /// Below the lake's root.
    pub path: String,
    pub partition_values: Vec<String>,
    pub footer: ArrowReaderMetadata,
    pub rows: usize,
    /// Least and greatest value of the `known_at` column, in its own unit (days or µs); `None` if the
    /// footer does not say, or the file has no rows.
    pub known_range: Option<(i64, i64)>,
    pub rows_without_known_at: u64,
    pub unexpected_nulls: u64,
}

/// How many footers are fetched at once.
const FOOTERS_AT_ONCE: usize = 16;
/// Most footers fit into this many bytes: one request each.
const FOOTER_GUESS: usize = 64 * 1024;

/// Lists the files of a source by full path (the order in which a later row replaces an earlier one), and
/// checks the columns of each. An empty list only for an optional source.
pub async fn open_files(lake: &Location, source: &Source) -> Result<Vec<LakeFile>> {
    let mut found = list(lake, source).await?;
    found.sort_by(|a, b| a.location.as_ref().cmp(b.location.as_ref()));
    if found.is_empty() && !source.optional {
        return Err(Problem::failed(format!(
            "source `{}`: no file matches {} in {}",
            source.name, source.path, lake.url
        ))
        .help("check `path` in sql/sources.toml and --lake, or say optional = true"));
    }
    let opened: Vec<Result<LakeFile>> = stream::iter(found)
        .map(|meta| open_file(lake, source, meta))
        .buffered(FOOTERS_AT_ONCE)
        .collect()
        .await;
    let mut files = Vec::with_capacity(opened.len());
    let mut problems = Vec::new();
    for file in opened {
        file.map_or_else(|p| problems.push(p), |f| files.push(f));
    }
    Problem::all(problems)?;
    Ok(files)
}

async fn list(lake: &Location, source: &Source) -> Result<Vec<ObjectMeta>> {
    let pattern: Vec<&str> = source.path.split('/').filter(|s| !s.is_empty()).collect();
    let fixed = pattern.iter().take_while(|s| !s.contains('*')).count().min(pattern.len() - 1);
    let folder = pattern[..fixed].iter().fold(lake.prefix.clone(), |path, part| path.join(*part));
    let unreadable = |e: object_store::Error| {
        Problem::failed(format!("source `{}`: cannot list {}: {e}", source.name, lake.url))
    };
    let depth = lake.prefix.parts().count();
    let listed: Vec<ObjectMeta> = match lake.store.list(Some(&folder)).try_collect().await {
        Ok(listed) => listed,
        Err(object_store::Error::NotFound { .. }) => Vec::new(),
        Err(e) => return Err(unreadable(e)),
    };
    Ok(listed.into_iter().filter(|meta| matches(&pattern, depth, &meta.location)).collect())
}

/// Whether a path below the lake's root fits the pattern, part by part.
fn matches(pattern: &[&str], depth: usize, path: &Path) -> bool {
    let parts: Vec<_> = path.parts().skip(depth).collect();
    parts.len() == pattern.len()
        && pattern.iter().zip(&parts).all(|(pattern, part)| fits(pattern, &percent_free(part.as_ref())))
}

/// `*` stands for any text within one part of a path.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices().map(|(i, _)| i).chain([rest.len()]).any(|i| fits(tail, &rest[i..]))
        }),
    }
}

/// `object_store` writes some characters of a name as `%XX`; people do not.
fn percent_free(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

async fn open_file(lake: &Location, source: &Source, meta: ObjectMeta) -> Result<LakeFile> {
    let path: Vec<String> =
        meta.location.parts().skip(lake.prefix.parts().count()).map(|p| percent_free(p.as_ref())).collect();
    let path = path.join("/");
    let name = lake.shown(&path);
    let broken = |e: parquet::errors::ParquetError| {
        let what = if meta.size == 0 { "the file is empty (0 bytes)".to_owned() } else { e.to_string() };
        Problem::failed(format!("{name}: source `{}`: not a whole Parquet file: {what}", source.name))
            .help("write the file again, or move it out of the lake: nothing was published")
    };
    let mut reader = reader(&lake.store, &meta).with_footer_size_hint(FOOTER_GUESS.min(meta.size as usize));
    let footer =
        ArrowReaderMetadata::load_async(&mut reader, ArrowReaderOptions::new()).await.map_err(broken)?;
    check_columns(source, &name, footer.schema())?;
    let statistics = |column: &str| column_statistics(&footer, column).map_err(broken);
    let known = source.known_at.as_ref().map(|k| statistics(&k.column)).transpose()?;
    let mut unexpected_nulls = 0;
    for field in source.schema.fields().iter().filter(|f| !f.is_nullable()) {
        if !source.partitions.contains(field.name()) {
            unexpected_nulls += statistics(field.name())?.nulls;
        }
    }
    Ok(LakeFile {
        partition_values: partition_values(source, &path)?,
        path,
        rows: footer.metadata().file_metadata().num_rows() as usize,
        known_range: known.as_ref().and_then(|k| k.range),
        rows_without_known_at: known.as_ref().map_or(0, |k| k.nulls),
        unexpected_nulls,
        footer,
        meta,
    })
}

/// Reads parts of one file. Parquet would have everybody write this reader from version 59 on; its own serves until it goes.
#[expect(deprecated)]
pub fn reader(store: &Arc<dyn ObjectStore>, meta: &ObjectMeta) -> ParquetObjectReader {
    ParquetObjectReader::new(Arc::clone(store), meta.location.clone()).with_file_size(meta.size)
}

/// The `key=value` parts of a path, in the order declared.
fn partition_values(source: &Source, path: &str) -> Result<Vec<String>> {
    let value = |column: &String| {
        let part = path.split('/').find_map(|part| part.strip_prefix(column.as_str())?.strip_prefix('='));
        part.map(percent_free).ok_or_else(|| {
            Problem::failed(format!("{path}: source `{}` is partitioned by `{column}`", source.name))
                .help(format!("its path should hold a folder {column}=…"))
        })
    };
    source.partitions.iter().map(value).collect()
}

struct ColumnStatistics {
    range: Option<(i64, i64)>,
    nulls: u64,
}

/// Least and greatest value over the row groups; no range unless every group with rows states it.
fn column_statistics(
    footer: &ArrowReaderMetadata,
    column: &str,
) -> parquet::errors::Result<ColumnStatistics> {
    let groups = footer.metadata().row_groups();
    let converter = StatisticsConverter::try_new(column, footer.schema(), footer.parquet_schema())?;
    let nulls = converter.row_group_null_counts(groups)?.iter().flatten().sum();
    let (mins, maxes) = (converter.row_group_mins(groups)?, converter.row_group_maxes(groups)?);
    // A group whose values are all null states no range, and needs none.
    let null_counts = converter.row_group_null_counts(groups)?;
    let silent = (0..groups.len()).any(|i| {
        mins.is_null(i) && (null_counts.is_null(i) || (null_counts.value(i) as i64) < groups[i].num_rows())
    });
    let range = match silent {
        true => None,
        false => as_i64(&mins).as_ref().and_then(min).zip(as_i64(&maxes).as_ref().and_then(max)),
    };
    Ok(ColumnStatistics { range, nulls })
}

/// Dates as days, timestamps as µs; nothing for other types.
fn as_i64(array: &ArrayRef) -> Option<arrow::array::Int64Array> {
    let number = match array.data_type() {
        DataType::Date32 => cast(array.as_primitive::<Date32Type>(), &DataType::Int64).ok()?,
        DataType::Date64 => cast(&cast(array, &DataType::Date32).ok()?, &DataType::Int32)
            .and_then(|a| cast(&a, &DataType::Int64))
            .ok()?,
        DataType::Timestamp(_, zone) => {
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone())).ok()?;
            cast(micros.as_primitive::<TimestampMicrosecondType>(), &DataType::Int64).ok()?
        }
        _ => return None,
    };
    Some(number.as_primitive::<Int64Type>().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stay_within_one_part_of_a_path() {
        let path = Path::from("lake/erp/invoices/month=2026-01/a.parquet");
        let fits = |pattern: &str| matches(&pattern.split('/').collect::<Vec<_>>(), 1, &path);
        assert!(fits("erp/invoices/month=*/*.parquet"));
        assert!(fits("erp/*/*/a.*"));
        assert!(!fits("erp/invoices/*.parquet"));
        assert!(!fits("erp/payments/month=*/*.parquet"));
        assert!(!fits("erp/invoices/month=*/*.csv"));
    }
}
