//! The worst that lakes hold, put into a clean one: for trying what a run does about it, and how it counts it.
//!
//! Rows are added, hardly any are changed: without them the lake is the clean one, but for the month that is missing and the
//! column that one file lacks.

mod crm;
mod edit;
mod erp;
mod files;
mod links;
mod rest;
mod rows;

use std::{collections::BTreeSet, path::Path};

use super::SampleSummary;
use crate::problem::{Problem, Result};
use links::Links;

/// One kind of dirt in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirt {
    /// Path of the table under the lake.
    pub table: &'static str,
    pub kind: DirtKind,
    /// Rows, or files, or months.
    pub count: u64,
    /// File or folder, under the lake.
    pub place: String,
    /// Customers whose figures may be others for it.
    pub customers: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DirtKind {
    DoubledOtherwise,
    DoubledOtherCase,
    Orphan,
    Late,
    OtherCase,
    PastDate,
    FutureDate,
    HugeAmount,
    NegativeAmount,
    ZeroAmount,
    NegativeDuration,
    NegativeCount,
    Null,
    NoTime,
    NoRows,
    MissingMonth,
    AddedColumn,
    WiderType,
    LackingColumn,
    EmptyFile,
    CutFile,
    NoParquet,
    RenamedColumn,
    OtherType,
}

impl DirtKind {
    pub fn words(self) -> &'static str {
        match self {
            Self::DoubledOtherwise => "rows come again with another amount",
            Self::DoubledOtherCase => "rows come again, ids in another case",
            Self::Orphan => "rows of nobody",
            Self::Late => "rows in a later month's folder",
            Self::OtherCase => "ids in small letters",
            Self::PastDate => "rows of 1900 or 1970",
            Self::FutureDate => "rows of 2199",
            Self::HugeAmount => "amounts of a million millions",
            Self::NegativeAmount => "amounts below 0",
            Self::ZeroAmount => "amounts of 0",
            Self::NegativeDuration => "rows that end before they begin",
            Self::NegativeCount => "counts below 0",
            Self::Null => "nulls where none may be",
            Self::NoTime => "rows that do not say when they were known",
            Self::NoRows => "file without rows",
            Self::MissingMonth => "month missing",
            Self::AddedColumn => "files with a column more",
            Self::WiderType => "files with a wider type",
            Self::LackingColumn => "file without a column that may be null",
            Self::EmptyFile => "empty file",
            Self::CutFile => "file cut in half",
            Self::NoParquet => "file that is no Parquet",
            Self::RenamedColumn => "file with a column under another name",
            Self::OtherType => "file with money as double",
        }
    }

    /// Files on which a run stops unless it is told to skip them.
    pub fn is_bad_file(self) -> bool {
        use DirtKind::*;
        matches!(self, EmptyFile | CutFile | NoParquet | RenamedColumn | OtherType)
    }
}

impl Dirt {
    /// The column of `data_quality` (of the built-in project) that counts it. What has none is read as it is meant, or, of
    /// 2199, not known yet.
    pub fn counted_as(&self) -> Option<&'static str> {
        use DirtKind::*;
        match self.kind {
            DoubledOtherwise | DoubledOtherCase => Some("doubled_rows"),
            Orphan => Some("orphan_rows"),
            // Below 0 an invoice is a credit note, and a payment is paid back.
            NegativeAmount if matches!(self.table, "erp/invoices" | "erp/payments") => None,
            PastDate | HugeAmount | NegativeAmount | NegativeDuration | NegativeCount => {
                Some("implausible_rows")
            }
            Null => Some("unexpected_nulls"),
            NoTime => Some("rows_without_known_at"),
            MissingMonth => Some("missing_months"),
            LackingColumn => Some("files_lacking_columns"),
            kind if kind.is_bad_file() => Some("files_skipped"),
            _ => None,
        }
    }
}

/// The least months in which all kinds of dirt find a place of their own.
const MONTHS: u32 = 12;

pub fn check(months: u32) -> Result<()> {
    if months < MONTHS {
        return Err(Problem::setup(format!("{months} months are too few for a dirty lake"))
            .help(format!("ask for {MONTHS} or more")));
    }
    Ok(())
}

/// Puts dirt into a clean lake; the same lake gives the same bytes.
pub fn add(lake: &Path, summary: &mut SampleSummary) -> Result<()> {
    let links = Links::read(lake)?;
    let mut dirt = Vec::new();
    dirt.extend(erp::invoices(lake, &links)?);
    dirt.extend(erp::contracts(lake, &links)?);
    dirt.extend(erp::payments(lake, &links)?);
    dirt.extend(rest::tickets(lake, &links)?);
    dirt.extend(rest::usage(lake, &links)?);
    dirt.extend(crm::opportunities(lake, &links)?);
    dirt.extend(crm::engagements(lake, &links)?);
    dirt.extend(crm::accounts(lake, &links)?);
    dirt.extend(files::changed(lake)?);
    dirt.extend(files::bad(lake)?);
    summary.dirt = dirt.into_iter().filter(|dirt| dirt.count > 0).collect();
    Ok(())
}
