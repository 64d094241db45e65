//! What is wrong with a source's files: in counts as of a day, which are published, and in words of all that is there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::{
    OpenSource,
    as_of::AsOf,
    bad::{begins_before, first_day},
    files::LakeFile,
};

impl OpenSource {
    /// Things about the files that a run should say though no published table holds them.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.remark_on_skipped().into_iter().collect();
        let name = &self.source.name;
        let never: u64 = self.files.iter().map(|f| f.rows_without_known_at).sum();
        if never > 0 {
            remarks.push(format!("{name}: {never} rows do not say when they were known, and are left out"));
        }
        let nulls: u64 = self.files.iter().map(|f| f.unexpected_nulls).sum();
        if nulls > 0 {
            remarks.push(format!("{name}: {nulls} nulls in columns that are declared without `?`"));
        }
        let lacking: BTreeSet<&str> =
            self.files.iter().flat_map(|f| &f.lacking).map(String::as_str).collect();
        for column in lacking {
            let files: Vec<&LakeFile> =
                self.files.iter().filter(|f| f.lacking.iter().any(|c| c == column)).collect();
            let (count, first) = (files.len(), files.first().map_or("", |f| f.path.as_str()));
            remarks.push(format!(
                "{name}: {count} files lack column `{column}`, which is null there: {first} …"
            ));
        }
        let paths = self.files.iter().map(|f| &f.path).chain(self.skipped.iter().map(|f| &f.path));
        for month in gaps(paths.map(|path| (path.as_str(), true))) {
            remarks.push(format!("{name}: no file of {month}, though there are files before and after"));
        }
        if self.files.is_empty() {
            remarks.push(format!("{name}: no files; it is optional, so what is made of it is empty or null"));
        }
        remarks
    }

    /// Rows that do not say when they were known, in files that no folder puts on or after the day. They have no time, so
    /// a lake cut on that day has them, too.
    pub(super) fn rows_without_known_at(&self, as_of: AsOf) -> u64 {
        let there = self.files.iter().filter(|f| begins_before(&f.path, as_of.day));
        there.map(|f| f.rows_without_known_at).sum()
    }

    pub(super) fn files_lacking_columns(&self, as_of: AsOf) -> usize {
        let bound = self.bound(as_of);
        self.files.iter().filter(|f| f.may_hold_known(bound) && !f.lacking.is_empty()).count()
    }

    /// Columns declared without `?` that may hold nulls in known rows: the footers do not say otherwise.
    pub fn columns_with_nulls(&self, as_of: AsOf) -> BTreeSet<&str> {
        let bound = self.bound(as_of);
        let files = self.files.iter().filter(|f| f.may_hold_known(bound));
        files.flat_map(|f| &f.columns_with_nulls).map(String::as_str).collect()
    }

    /// Months between the first and the last with a known row of which there is no file. A file without rows is one that was
    /// delivered, and so is a bad one; one of later rows only is not there yet.
    pub(super) fn missing_months(&self, as_of: AsOf) -> Vec<String> {
        let bound = self.bound(as_of);
        let there = |f: &&LakeFile| f.rows == 0 || f.may_hold_known(bound);
        let whole = self.files.iter().filter(there).map(|f| (f.path.as_str(), f.rows > 0));
        let all = whole.chain(self.skipped.iter().map(|f| (f.path.as_str(), false)));
        gaps(all.filter(|(path, _)| begins_before(path, as_of.day)))
    }
}

/// Parts `NAME=YYYY-MM` that a run of such folders skips; it begins and ends with a path that is marked.
fn gaps<'a>(paths: impl Iterator<Item = (&'a str, bool)>) -> Vec<String> {
    let mut found: BTreeMap<&str, BTreeMap<i32, bool>> = BTreeMap::new();
    for (path, marked) in paths {
        for part in
            path.split('/').filter(|part| part.split_once('=').is_some_and(|(_, value)| value.len() == 7))
        {
            let Some((name, first)) = first_day(part) else { continue };
            let seen: &mut bool = found.entry(name).or_default().entry(month_number(first)).or_default();
            *seen |= marked;
        }
    }
    let gaps = |(name, months): (&str, BTreeMap<i32, bool>)| {
        let marked: Vec<i32> =
            months.iter().filter(|(_, marked)| **marked).map(|(month, _)| *month).collect();
        let (first, last) = (marked.first().copied().unwrap_or(0), marked.last().copied().unwrap_or(0));
        (first..last)
            .filter(|m| !months.contains_key(m))
            .map(|m| format!("{name}={:04}-{:02}", m.div_euclid(12), m.rem_euclid(12) + 1))
            .collect::<Vec<_>>()
    };
    found.into_iter().flat_map(gaps).collect()
}

fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_without_a_folder_is_seen() {
        let marked = |paths: &[&'static str]| gaps(paths.iter().map(|p| (*p, true)));
        let paths = ["a/month=2025-11/x.parquet", "a/month=2026-02/x.parquet", "a/day=1/x.parquet"];
        assert_eq!(marked(&paths), ["month=2025-12", "month=2026-01"]);
        assert!(marked(&paths[..1]).is_empty());
        let empty = [("a/month=2025-11/x", true), ("a/month=2025-12/x", false), ("a/month=2026-02/x", false)];
        assert!(gaps(empty.into_iter()).is_empty(), "what holds no row is no end of the run");
    }
}
