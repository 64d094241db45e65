//! Finds the files of a source and reads their footers: columns, rows, and the times that they hold.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectMeta, ObjectStore, path::Path};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
#[expect(deprecated)]
use parquet::arrow::async_reader::ParquetObjectReader;

use super::{
    bad::{BadFile, Refused, is_of_store, leave_out},
    bucket::without_secrets,
    columns::{check_columns, missing},
    footer::column_statistics,
    store::Location,
};
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
    /// Columns declared without `?` of which the footer does not say that no value is null.
    pub columns_with_nulls: Vec<String>,
    /// Declared columns that it has not, and need not have.
    pub lacking: Vec<String>,
}

impl LakeFile {
    /// What changes when its bytes do: its size, and the store's tag for its content or else the time of its writing.
    pub fn content(&self) -> String {
        let time = || self.meta.last_modified.timestamp_micros().to_string();
        format!("{} bytes, {}", self.meta.size, self.meta.e_tag.clone().unwrap_or_else(time))
    }

    /// Whether rows of it may be known below `bound` (of the `known_at` column).
    pub fn may_hold_known(&self, bound: Option<i64>) -> bool {
        self.rows > 0 && bound.zip(self.known_range).is_none_or(|(bound, (first, _))| first < bound)
    }
}

/// How many footers are fetched at once.
const FOOTERS_AT_ONCE: usize = 16;
/// Most footers fit into this many bytes: one request each.
const FOOTER_GUESS: usize = 64 * 1024;

/// Lists the files of a source by full path (the order in which a later row replaces an earlier one), and
/// checks the columns of each. An empty list only for an optional source. Bad files come second, if they are left out.
pub async fn open_files(lake: &Location, source: &Source) -> Result<(Vec<LakeFile>, Vec<BadFile>)> {
    let mut found = list(lake, source).await?;
    found.sort_by(|a, b| a.location.as_ref().cmp(b.location.as_ref()));
    if found.is_empty() && !source.optional {
        return Err(Problem::failed(format!(
            "source `{}`: no file matches {} in {}",
            source.name, source.path, lake.url
        ))
        .help("check `path` in sql/sources.toml and --lake, or say optional = true"));
    }
    let opened: Vec<std::result::Result<LakeFile, Refused>> = stream::iter(found)
        .map(|meta| open_file(lake, source, meta))
        .buffered(FOOTERS_AT_ONCE)
        .collect()
        .await;
    let mut files = Vec::with_capacity(opened.len());
    let (mut problems, mut bad) = (Vec::new(), Vec::new());
    for file in opened {
        match file {
            Ok(file) => files.push(file),
            Err(Refused::Bad(file)) => bad.push(*file),
            Err(Refused::Failed(problem)) => problems.push(problem),
        }
    }
    Problem::all(problems)?;
    let bad = leave_out(source, files.len(), bad)?;
    // What no file has is no column that came late: it is a slip in the declaration.
    if let Some(first) = files.first() {
        let nowhere = first.lacking.iter().filter(|name| files.iter().all(|f| f.lacking.contains(name)));
        let problem = |name: &String| missing(source, &lake.shown(&first.path), first.footer.schema(), name);
        Problem::all(nowhere.map(problem).collect())?;
    }
    Ok((files, bad))
}

async fn list(lake: &Location, source: &Source) -> Result<Vec<ObjectMeta>> {
    let pattern: Vec<&str> = source.path.split('/').filter(|s| !s.is_empty()).collect();
    let fixed = pattern.iter().take_while(|s| !s.contains('*')).count().min(pattern.len() - 1);
    let folder = pattern[..fixed].iter().fold(lake.prefix.clone(), |path, part| path.join(*part));
    let unreadable = |e: object_store::Error| {
        Problem::failed(format!(
            "source `{}`: cannot list {}: {}",
            source.name,
            lake.url,
            without_secrets(&e)
        ))
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

async fn open_file(
    lake: &Location,
    source: &Source,
    meta: ObjectMeta,
) -> std::result::Result<LakeFile, Refused> {
    let path: Vec<String> =
        meta.location.parts().skip(lake.prefix.parts().count()).map(|p| percent_free(p.as_ref())).collect();
    let path = path.join("/");
    let name = lake.shown(&path);
    let bad = |problem, rows, first_known| {
        let (path, bytes) = (path.clone(), meta.size);
        Refused::Bad(Box::new(BadFile { path, bytes, rows, first_known, problem }))
    };
    let broken = |e: parquet::errors::ParquetError| {
        if is_of_store(&e) && meta.size > 0 {
            let said = without_secrets(&e);
            return Refused::Failed(Problem::failed(format!("{name}: cannot be read: {said}")));
        }
        let what = if meta.size == 0 { "the file is empty (0 bytes)".to_owned() } else { e.to_string() };
        let text = format!("{name}: source `{}`: not a whole Parquet file: {what}", source.name);
        bad(Problem::failed(text).help(BAD_HELP), None, None)
    };
    let mut reader = reader(&lake.store, &meta).with_footer_size_hint(FOOTER_GUESS.min(meta.size as usize));
    let footer =
        ArrowReaderMetadata::load_async(&mut reader, ArrowReaderOptions::new()).await.map_err(broken)?;
    let rows = footer.metadata().file_metadata().num_rows() as usize;
    let lacking = check_columns(source, &name, footer.schema()).map_err(|problem| {
        let known = source.known_at.as_ref().and_then(|k| column_statistics(&footer, &k.column).ok());
        bad(problem, Some(rows), known.and_then(|k| k.range).map(|(first, _)| first))
    })?;
    let statistics = |column: &str| column_statistics(&footer, column).map_err(broken);
    let known = source.known_at.as_ref().map(|k| statistics(&k.column)).transpose()?;
    let (mut unexpected_nulls, mut columns_with_nulls) = (0, Vec::new());
    for field in source.schema.fields().iter().filter(|f| !f.is_nullable()) {
        if !source.partitions.contains(field.name()) {
            let nulls = statistics(field.name())?.nulls;
            unexpected_nulls += nulls.unwrap_or_default();
            if nulls != Some(0) {
                columns_with_nulls.push(field.name().clone());
            }
        }
    }
    Ok(LakeFile {
        partition_values: partition_values(source, &path).map_err(Refused::Failed)?,
        path,
        rows,
        known_range: known.as_ref().and_then(|k| k.range),
        rows_without_known_at: known.and_then(|k| k.nulls).unwrap_or_default(),
        unexpected_nulls,
        columns_with_nulls,
        lacking,
        footer,
        meta,
    })
}

const BAD_HELP: &str = "write the file again, or move it out of the lake: nothing was published. \
                        on_bad_file = \"skip\" goes on without such files, and counts them";

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
