//! The dirtiest lake: what stops a night, what is counted and where, and that nobody clean is touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use luopan::sample::{
    self, SampleOptions, SampleSummary,
    dirty::{Dirt, DirtKind},
};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    parquet_files::{self, figure},
    program::Ended,
    published,
    tiny::Project,
    vendor,
};

/// By then all of the lake is known.
const DAY: &str = "2026-04-03";

fn options(out: PathBuf, dirty: bool) -> SampleOptions {
    SampleOptions { customers: 250, months: 24, dirty, ..SampleOptions::new(out) }
}

/// A dirty lake, the same lake without dirt, and a night over each.
pub struct Nights {
    dir: TempDir,
    pub project: Project,
    made: SampleSummary,
    clean: PathBuf,
    dirty: PathBuf,
    ended: Ended,
}

impl Nights {
    pub fn lake(&self) -> PathBuf {
        self.dir.path().join("dirty")
    }

    fn dirt(&self, kind: DirtKind) -> impl Iterator<Item = &Dirt> {
        self.made.dirt.iter().filter(move |dirt| dirt.kind == kind)
    }
}

fn skipping() -> Project {
    let project = vendor::project();
    project.edit(
        "pipelines/nightly.toml",
        "time_zone = \"UTC\"",
        "time_zone = \"UTC\"\non_bad_file = \"skip\"",
    );
    project
}

pub fn nights() -> &'static Nights {
    static NIGHTS: OnceLock<Nights> = OnceLock::new();
    NIGHTS.get_or_init(|| {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (clean_lake, lake) = (dir.path().join("clean"), dir.path().join("dirty"));
        sample::make(&options(clean_lake.clone(), false), &mut |_| {}).unwrap();
        let made = sample::make(&options(lake.clone(), true), &mut |_| {}).unwrap();
        // What is missing cannot be put back by hand: it is taken from the clean lake, too.
        for gone in made.dirt.iter().filter(|d| d.kind == DirtKind::MissingMonth) {
            fs::remove_dir_all(clean_lake.join(&gone.place)).unwrap();
        }
        let project = skipping();
        let (clean, dirty) = (dir.path().join("wh_clean"), dir.path().join("wh_dirty"));
        vendor::run_at(DAY, &project, &clean_lake, &clean, &["--threads", "2"]).done();
        let ended = vendor::run_at(DAY, &project, &lake, &dirty, &["--threads", "2"]).done();
        Nights { dir, project, made, clean, dirty, ended }
    })
}

/// Every file of a lake with its bytes.
fn bytes(lake: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    published::files(lake).into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
}

#[test]
fn the_same_options_make_the_same_dirt() {
    let nights = nights();
    let again = tempfile::tempdir().unwrap();
    let made = sample::make(&options(again.path().join("lake"), true), &mut |_| {}).unwrap();
    assert_eq!(made, nights.made);
    assert!(bytes(&again.path().join("lake")) == bytes(&nights.lake()));
    let kinds: BTreeSet<DirtKind> = made.dirt.iter().map(|d| d.kind).collect();
    assert_eq!(kinds.len(), 24, "every kind is there: {kinds:?}");
}

#[test]
fn a_night_that_does_not_skip_names_every_bad_file_and_publishes_nothing() {
    let nights = nights();
    let project = vendor::project();
    let ended = vendor::run_at(DAY, &project, &nights.lake(), &project.warehouse(), &[]).with(1);
    let bad: Vec<&Dirt> = nights.made.dirt.iter().filter(|d| d.kind.is_bad_file()).collect();
    assert_eq!(bad.len(), 5);
    for file in bad {
        assert!(ended.err.contains(&file.place), "{} is not named:\n{}", file.place, ended.err);
    }
    assert!(published::set(&project.warehouse(), DAY).is_none());
}

/// Sources by the folder of their table.
const SOURCES: [(&str, &str); 9] = [
    ("crm/accounts", "crm_accounts"),
    ("crm/engagements", "crm_engagements"),
    ("crm/opportunities", "crm_opportunities"),
    ("crm/surveys", "crm_surveys"),
    ("erp/contracts", "erp_contracts"),
    ("erp/invoices", "erp_invoices"),
    ("erp/payments", "erp_payments"),
    ("product/usage_daily", "product_usage"),
    ("support/tickets", "support_tickets"),
];

const COUNTS: [&str; 8] = [
    "doubled_rows",
    "orphan_rows",
    "implausible_rows",
    "unexpected_nulls",
    "rows_without_known_at",
    "missing_months",
    "files_lacking_columns",
    "files_skipped",
];

fn quality(warehouse: &Path, source: &str) -> Value {
    let rows = published::rows(warehouse, "data_quality", DAY);
    rows.into_iter().find(|r| r["source"] == source).unwrap_or_else(|| panic!("a row of {source}"))
}

#[test]
fn data_quality_counts_what_was_put_in_and_nothing_else() {
    let nights = nights();
    for (table, source) in SOURCES {
        let (clean, dirty) = (quality(&nights.clean, source), quality(&nights.dirty, source));
        for column in COUNTS {
            let put = nights.made.dirt.iter().filter(|d| d.table == table && d.counted_as() == Some(column));
            let put: u64 = put.map(|d| d.count).sum();
            // The clean lake has had its missing month, too.
            let put = if column == "missing_months" { 0 } else { put as i64 };
            let counted =
                |row: &Value| row[column].as_i64().unwrap_or_else(|| panic!("{source}.{column}: {row}"));
            assert_eq!(counted(&dirty) - counted(&clean), put, "{source}.{column}");
        }
    }
    let tickets = quality(&nights.dirty, "support_tickets");
    assert_eq!((tickets["missing_months"].as_i64(), &tickets["status"]), (Some(1), &"warn".into()));
    let finding = quality(&nights.dirty, "erp_invoices")["finding"].to_string();
    for says in
        ["bad files left out: 2, such as erp/invoices/", "doubled rows", "a value that cannot be", "nulls"]
    {
        assert!(finding.contains(says), "{finding}");
    }
}

#[test]
fn what_was_left_out_is_told() {
    let nights = nights();
    for bad in nights.made.dirt.iter().filter(|d| d.kind.is_bad_file()) {
        assert!(nights.ended.err.contains(&bad.place), "{} is not told:\n{}", bad.place, nights.ended.err);
    }
    let lacking = nights.dirt(DirtKind::LackingColumn).next().unwrap();
    assert!(
        nights
            .ended
            .err
            .contains(&format!("1 files lack column `csat`, which is null there: {}", lacking.place))
    );
}

#[test]
fn nobody_without_dirt_has_other_figures() {
    let nights = nights();
    let dirty: BTreeSet<&String> = nights.made.dirt.iter().flat_map(|d| &d.customers).collect();
    assert!(dirty.len() > 20, "{dirty:?}");
    for (table, columns) in OWN_FIGURES {
        let rows = |warehouse| -> BTreeMap<String, Value> {
            let rows = published::rows(warehouse, table, DAY).into_iter();
            rows.map(|r| (r["customer_id"].as_str().unwrap().to_owned(), r)).collect()
        };
        let (clean, other) = (rows(&nights.clean), rows(&nights.dirty));
        let mut compared = 0;
        for (customer, row) in clean.iter().filter(|(customer, _)| !dirty.contains(customer)) {
            for column in *columns {
                assert_eq!(other[customer][column], row[column], "{table}.{column} of {customer}");
            }
            compared += 1;
        }
        assert!(compared > 100, "{compared} of {}", clean.len());
    }
}

/// Columns that say something of one customer alone.
const OWN_FIGURES: &[(&str, &[&str])] = &[
    (
        "customer_snapshot",
        &["customer_name", "region", "revenue_12m", "margin_12m", "recurring_margin_12m", "collection_days"],
    ),
    ("customer_service", &["tickets_90d", "tickets_12m", "severity_1_12m"]),
];

#[test]
fn of_rows_that_come_again_with_another_amount_the_last_counts_and_absurd_ones_count_nothing() {
    let nights = nights();
    let revenue = |warehouse: &Path| -> BTreeMap<String, f64> {
        let rows = published::rows(warehouse, "customer_snapshot", DAY).into_iter();
        rows.map(|r| (r["customer_id"].as_str().unwrap().to_owned(), figure(&r["revenue_12m"]).unwrap()))
            .collect()
    };
    let (clean, dirty) = (revenue(&nights.clean), revenue(&nights.dirty));
    let change = |kind: DirtKind| -> Vec<f64> {
        let customers = nights.dirt(kind).filter(|d| d.table == "erp/invoices").flat_map(|d| &d.customers);
        customers.filter_map(|c| Some(dirty.get(c)? - clean.get(c)?)).collect()
    };
    let again = change(DirtKind::DoubledOtherwise);
    assert!(!again.is_empty() && again.iter().all(|change| *change > 0.0), "{again:?}");
    for kind in [
        DirtKind::HugeAmount,
        DirtKind::ZeroAmount,
        DirtKind::DoubledOtherCase,
        DirtKind::NoTime,
        DirtKind::PastDate,
    ] {
        let changes = change(kind);
        assert!(changes.iter().all(|change| *change == 0.0), "{kind:?}: {changes:?}");
    }
    let file = nights.lake().join(&nights.dirt(DirtKind::DoubledOtherwise).next().unwrap().place);
    assert!(parquet_files::read(&file).num_rows() > 15, "one file holds the odd rows");
}

#[test]
fn a_dirty_night_publishes_the_same_bytes_again() {
    let nights = nights();
    let again = nights.dir.path().join("wh_again");
    vendor::run_at(DAY, &nights.project, &nights.lake(), &again, &["--threads", "1"]).done();
    published::assert_same(&published::tables(&nights.dirty, DAY), &published::tables(&again, DAY));
    let ended = vendor::run_at(DAY, &nights.project, &nights.lake(), &again, &[]).done();
    assert!(ended.out.contains("unchanged"), "{}", ended.out);
}
