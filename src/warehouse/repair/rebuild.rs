//! A pointer that is gone or damaged, from the sets that are whole.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Finding, Remedy, not_whole, survey::Survey};
use crate::{
    problem::Result,
    warehouse::{
        Pointer,
        layout::{POINTER, manifest_file},
    },
};

/// How good a set is to be named, and when its manifest was written: the best of a day is taken.
type Standing = (Soundness, DateTime<Utc>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Soundness {
    /// Its manifest cannot be read.
    Lost,
    /// A file of a table is gone or damaged.
    Damaged,
    /// Every byte of its tables is as published. Models and the project are other sets' as well, and not judged here.
    Whole,
}

/// The pointer that names one set for each day: the soundest, and of two as sound the one whose manifest was written later,
/// with a word about it: the run that wrote it may or may not have come to the swap.
///
/// A day without a whole set is named all the same, and said: what is not named, the next run would remove.
pub(super) async fn rebuilt(survey: &Survey<'_>, why: &str) -> Result<Vec<Finding>> {
    let mut days: BTreeMap<NaiveDate, Vec<(Standing, String)>> = BTreeMap::new();
    let mut faults: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for (day, set) in &survey.sets {
        let (soundness, fault) = match survey.warehouse.manifest_of(*day, set).await {
            Ok(Some(manifest)) if survey.is_whole(&manifest).await? => (Soundness::Whole, None),
            Ok(Some(_)) => (Soundness::Damaged, Some(format!("of set {set} a file is gone or damaged"))),
            Ok(None) => continue,
            Err(damaged) => (Soundness::Lost, Some(damaged.message)),
        };
        let written = survey.files.get(&manifest_file(*day, set)).map(|meta| meta.last_modified);
        days.entry(*day).or_default().push(((soundness, written.unwrap_or_default()), set.clone()));
        faults.entry(*day).or_default().extend(fault);
    }
    let mut pointer = Pointer::default();
    let mut findings = Vec::new();
    for (day, mut sets) in days {
        sets.sort();
        let Some(((soundness, _), chosen)) = sets.pop() else { continue };
        pointer = pointer.with(day, &chosen);
        if soundness == Soundness::Whole {
            faults.remove(&day);
        }
        let rivals: Vec<&str> =
            sets.iter().filter(|((other, _), _)| *other == soundness).map(|(_, set)| set.as_str()).collect();
        if !rivals.is_empty() {
            findings.push(Finding::advice(
                format!(
                    "{day} has more than one set: {chosen}, written last, is taken, and not {}",
                    rivals.join(", ")
                ),
                format!("to be sure, run {day} again"),
            ));
        }
    }
    if survey.warehouse.location.local.is_none() {
        // In a bucket it must not be, byte for byte, what a run that still lives has read.
        pointer.fenced_at = Some(Utc::now());
    }
    let days = pointer.sets.len();
    let what = format!("{POINTER}, from the sets that are there (days: {days}): {why}");
    findings.insert(0, Finding::new(what, Remedy::Rebuild(pointer)));
    findings.extend(not_whole(faults, ""));
    Ok(findings)
}
