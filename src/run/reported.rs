//! The reports of a run, as its pipeline wants them.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::{
    progress::Progress,
    settings::{Asked, Published},
};
use crate::{
    engine::Engine,
    problem::Result,
    project::language::Language,
    report::{PublishedSet, portfolio, write_page},
    warehouse::{REPORTS, Warehouse},
};

/// Writes the pipeline's reports of a day's set; none where it wants none.
pub async fn write_reports(asked: &Asked, day: NaiveDate, progress: &dyn Progress) -> Result<Vec<PathBuf>> {
    let published = Published::resolve(asked)?;
    let Some(wanted) = &published.pipeline.report else { return Ok(Vec::new()) };
    progress.stage("writing the report", None);
    let engine = Engine::new(published.threads, None)?;
    let set = PublishedSet::open(Warehouse::open(published.warehouse.clone()), engine, Some(day)).await?;
    let folder = report_folder(&published);
    let mut written = Vec::new();
    for language in &wanted.languages {
        let page = portfolio(&set, *language).await?.html()?;
        written.push(write_page(&folder, &report_name(day, *language), &page)?);
    }
    Ok(written)
}

/// What the pipeline says, else `reports/` beside the tables; where these are in no folder, in the project.
pub fn report_folder(published: &Published) -> PathBuf {
    let written = published.pipeline.report.as_ref().and_then(|report| report.folder.as_ref());
    match (written, &published.warehouse.local) {
        (Some(folder), _) => published.project.join(folder),
        (None, Some(warehouse)) => warehouse.join(REPORTS),
        (None, None) => published.project.join(REPORTS),
    }
}

/// 2026-04-01.en.html
pub fn report_name(day: NaiveDate, language: Language) -> String {
    format!("{day}.{}.html", language.code())
}
