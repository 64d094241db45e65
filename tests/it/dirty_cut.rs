//! What a dirty lake publishes of a past day does not hang on what came after it.

use super::{
    cut_lake::{self, Emptied, VENDOR},
    dirty, published, vendor,
};

/// Between the dirt: some bad files lie in months before it, some in months after.
const DAY: &str = "2026-01-15";

#[test]
fn a_dirty_lake_cut_at_the_day_publishes_the_same_bytes() {
    let nights = dirty::nights();
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (whole, cut) = (dir.path().join("wh_whole"), dir.path().join("wh_cut"));
    let lake = dir.path().join("lake");
    vendor::run_at(DAY, &nights.project, &nights.lake(), &whole, &["--threads", "2"]).done();
    cut_lake::cut(&nights.lake(), &lake, &VENDOR, DAY.parse().unwrap(), Emptied::Dropped);
    vendor::run_at(DAY, &nights.project, &lake, &cut, &["--threads", "2"]).done();
    published::assert_same(&published::tables(&whole, DAY), &published::tables(&cut, DAY));
    let rows = published::rows(&whole, "data_quality", DAY);
    let skipped: i64 = rows.iter().filter_map(|row| row["files_skipped"].as_i64()).sum();
    assert_eq!(skipped, 2, "one of December, and one without a month; the others are of February");
}
