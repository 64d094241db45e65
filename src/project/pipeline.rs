//! `pipelines/NAME.toml`: what runs, from where to where, and as of when.

use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;

use super::{language::Language, sources::OnBadFile, written::Written};
use crate::problem::{Problem, Result, did_you_mean};

/// Where and how a project runs.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub name: String,
    pub file: Written,
    pub description: Option<String>,
    pub description_zh: Option<String>,
    /// Folder (relative to the project) or URL.
    pub lake: String,
    pub warehouse: String,
    /// Of sources that say nothing themselves.
    pub on_bad_file: OnBadFile,
    pub time_zone: Tz,
    /// The day to run as of when the command line names none; without either, today.
    pub as_of: Option<NaiveDate>,
    /// Tables of `sql/snapshots/`, with where each was named.
    pub publish: Vec<(String, std::ops::Range<usize>)>,
    pub cutoffs: Cutoffs,
    pub engine: EngineSettings,
    pub storage: StorageSettings,
    /// Pages to write after each run; none where nothing is said.
    pub report: Option<ReportSettings>,
}

/// `[report]`: which pages a run writes.
#[derive(Clone, Debug)]
pub struct ReportSettings {
    /// Relative to the project.
    pub folder: Option<String>,
    pub languages: Vec<Language>,
}

/// Past days to learn from: first days of calendar months.
#[derive(Clone, Copy, Debug)]
pub struct Cutoffs {
    /// A divisor of 12, counted from January, so that each night has the same cutoffs as the last.
    pub every_months: u32,
    pub count: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineSettings {
    pub threads: Option<usize>,
    /// Such as `8GB`.
    pub memory_limit: Option<String>,
}

/// Settings of an object store; credentials come from the environment only.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSettings {
    pub endpoint: Option<String>,
    pub region: Option<String>,
    #[serde(default)]
    pub allow_http: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PipelineToml {
    description: Option<String>,
    description_zh: Option<String>,
    lake: String,
    warehouse: String,
    #[serde(default)]
    on_bad_file: OnBadFile,
    time_zone: Option<Spanned<String>>,
    as_of: Option<Spanned<String>>,
    publish: Spanned<Vec<Spanned<String>>>,
    cutoffs: Option<CutoffsToml>,
    #[serde(default)]
    engine: EngineSettings,
    #[serde(default)]
    storage: StorageSettings,
    report: Option<ReportToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportToml {
    folder: Option<String>,
    languages: Spanned<Vec<Language>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CutoffsToml {
    every_months: Spanned<u32>,
    count: Spanned<u32>,
}

/// Reads `pipelines/NAME.toml`.
pub fn read_pipeline(path: &Path) -> Result<Pipeline> {
    let file = Written::read(path)?;
    let raw: PipelineToml = file.toml()?;
    if raw.storage.endpoint.as_deref().is_some_and(has_password) {
        // Without its line: that would show the password.
        let told = format!("{}: [storage] endpoint has a user name or password in it", path.display());
        return Err(Problem::setup(told).help("credentials come from the environment, and are kept nowhere"));
    }
    let time_zone = match &raw.time_zone {
        None => Tz::UTC,
        Some(zone) => zone.as_ref().parse().map_err(|_| {
            let problem = file.problem(zone.span(), format!("unknown time zone `{}`", zone.as_ref()));
            let near = did_you_mean(zone.as_ref(), chrono_tz::TZ_VARIANTS.iter().map(|z| z.name()));
            problem.help(near.unwrap_or_else(|| "write an IANA name such as Asia/Shanghai".into()))
        })?,
    };
    let as_of = raw.as_of.as_ref().map(|day| {
        parse_day(day.as_ref()).ok_or_else(|| {
            file.problem(day.span(), format!("`{}` is no day", day.as_ref())).help("write YYYY-MM-DD")
        })
    });
    if raw.publish.as_ref().is_empty() {
        return Err(file
            .problem(raw.publish.span(), "nothing is published")
            .help("name tables of sql/snapshots/"));
    }
    Ok(Pipeline {
        name: path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default(),
        description: raw.description,
        description_zh: raw.description_zh,
        lake: raw.lake,
        warehouse: raw.warehouse,
        on_bad_file: raw.on_bad_file,
        time_zone,
        as_of: as_of.transpose()?,
        publish: raw.publish.into_inner().into_iter().map(|t| (t.as_ref().clone(), t.span())).collect(),
        cutoffs: check_cutoffs(&file, raw.cutoffs)?,
        engine: raw.engine,
        storage: raw.storage,
        report: raw.report.map(|report| check_report(&file, report)).transpose()?,
        file,
    })
}

fn check_report(file: &Written, raw: ReportToml) -> Result<ReportSettings> {
    if raw.languages.as_ref().is_empty() {
        return Err(file
            .problem(raw.languages.span(), "a report is written in no language")
            .help("write [\"en\"], [\"zh\"] or both"));
    }
    Ok(ReportSettings { folder: raw.folder, languages: raw.languages.into_inner() })
}

fn check_cutoffs(file: &Written, raw: Option<CutoffsToml>) -> Result<Cutoffs> {
    let Some(raw) = raw else { return Ok(Cutoffs { every_months: 3, count: 6 }) };
    let (every_months, count) = (*raw.every_months.as_ref(), *raw.count.as_ref());
    if every_months == 0 || 12 % every_months != 0 {
        return Err(file
            .problem(raw.every_months.span(), format!("every_months = {every_months} does not divide a year"))
            .help("write 1, 2, 3, 4, 6 or 12"));
    }
    if !(2..=60).contains(&count) {
        return Err(file
            .problem(raw.count.span(), "count must be 2-60")
            .help("one cutoff to learn from and a later one to test on is the least"));
    }
    Ok(Cutoffs { every_months, count })
}

/// Whether a text is a URL with a user name or a password.
pub fn has_password(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

/// Reads `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.format("%Y-%m-%d").to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Pipeline> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nightly.toml");
        std::fs::write(&path, format!("lake='l'\nwarehouse='w'\npublish=['a']\n{text}")).unwrap();
        read_pipeline(&path)
    }

    #[test]
    fn faults_say_what_was_wanted() {
        assert_eq!(read("").unwrap().cutoffs.count, 6);
        for (text, help) in [
            ("time_zone='Asia/Shanghia'", "Asia/Shanghai"),
            ("as_of='2026-4-1'", "YYYY-MM-DD"),
            ("[cutoffs]\nevery_months=5\ncount=3", "1, 2, 3, 4, 6 or 12"),
            ("on_bad_fiel='skip'", "did you mean `on_bad_file`?"),
            ("wharehouse='x'", "did you mean `warehouse`?"),
        ] {
            assert!(read(text).unwrap_err().help.unwrap().contains(help), "{text}");
        }
    }
}
