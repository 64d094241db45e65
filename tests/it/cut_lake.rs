//! A lake as it would lie on the disk had everything ended with a day.
//!
//! When rows and columns became known is written down here once more, from the lake's description: the program's own
//! sources.toml is what is under test.

use std::{fs, path::Path, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch},
    compute::{cast, filter_record_batch, is_null, nullif, or},
    datatypes::DataType,
};
use chrono::NaiveDate;

use super::parquet_files;

/// One table of a lake: what its rows and late columns wait for.
pub struct Table {
    /// Folder below the lake's root, or file.
    pub path: &'static str,
    pub known: Known,
    /// Columns that are null until the time in the first.
    pub late: &'static [(&'static str, &'static [&'static str])],
}

#[derive(Clone, Copy)]
pub enum Known {
    At(&'static str),
    /// A date, known a day after it.
    DayAfter(&'static str),
    Always,
}

const fn table(
    path: &'static str,
    known: Known,
    late: &'static [(&'static str, &'static [&'static str])],
) -> Table {
    Table { path, known, late }
}

/// The sample vendor's lake.
pub const VENDOR: [Table; 12] = [
    table("crm/accounts", Known::At("valid_from"), &[("valid_to", &["valid_to"])]),
    table("crm/engagements", Known::At("held_at"), &[]),
    table("crm/surveys", Known::At("responded_at"), &[]),
    table(
        "crm/opportunities",
        Known::At("created_at"),
        &[("closed_at", &["closed_at", "won", "competitor"])],
    ),
    table("erp/contracts", Known::At("signed_at"), &[("cancelled_at", &["cancelled_at"])]),
    table("erp/invoices", Known::At("invoiced_at"), &[]),
    table("erp/payments", Known::At("paid_at"), &[]),
    table(
        "support/tickets",
        Known::At("opened_at"),
        &[
            ("first_response_at", &["first_response_at"]),
            ("resolved_at", &["resolved_at", "handling_minutes", "reopened_count", "csat"]),
        ],
    ),
    table("product/usage_daily", Known::DayAfter("usage_date"), &[]),
    table("identity/links", Known::At("linked_at"), &[]),
    table("reference/industries.parquet", Known::Always, &[]),
    table("reference/modules.parquet", Known::Always, &[]),
];

/// What to do with a file that keeps no row.
#[derive(Clone, Copy, PartialEq)]
pub enum Emptied {
    Kept,
    Dropped,
}

/// What a cut took away from one table.
#[derive(Debug, Default)]
pub struct Taken {
    pub rows: usize,
    pub values: usize,
    pub emptied_files: usize,
}

/// Copies the lake without anything that was not known before `day` 00:00 UTC; says what each table lost.
pub fn cut(
    from: &Path,
    to: &Path,
    tables: &[Table],
    day: NaiveDate,
    emptied: Emptied,
) -> Vec<(&'static str, Taken)> {
    tables
        .iter()
        .map(|table| {
            (table.path, cut_path(&from.join(table.path), &to.join(table.path), table, day, emptied))
        })
        .collect()
}

fn cut_path(from: &Path, to: &Path, table: &Table, day: NaiveDate, emptied: Emptied) -> Taken {
    if !from.is_dir() {
        return cut_file(from, to, table, day, emptied);
    }
    let mut taken = Taken::default();
    for entry in fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        let one = cut_path(&path, &to.join(path.file_name().expect("a name")), table, day, emptied);
        taken.rows += one.rows;
        taken.values += one.values;
        taken.emptied_files += one.emptied_files;
    }
    taken
}

fn cut_file(from: &Path, to: &Path, table: &Table, day: NaiveDate, emptied: Emptied) -> Taken {
    // What nobody can read, or what has no times, cannot be cut: it stays.
    let readable = parquet_files::try_read(from).filter(|rows| match table.known {
        Known::Always => true,
        Known::At(column) | Known::DayAfter(column) => rows.column_by_name(column).is_some(),
    });
    let Some(whole) = readable else {
        fs::create_dir_all(to.parent().expect("a file in a folder")).expect("a writable folder");
        fs::copy(from, to).expect("a copied file");
        return Taken::default();
    };
    let known = match table.known {
        Known::Always => BooleanArray::from(vec![true; whole.num_rows()]),
        Known::At(column) => before_or_never(&whole, column, day, 0),
        Known::DayAfter(column) => before_or_never(&whole, column, day, 1),
    };
    let mut kept = filter_record_batch(&whole, &known).expect("one flag a row");
    let nulls = |batch: &RecordBatch| batch.columns().iter().map(|c| c.null_count()).sum::<usize>();
    let nulls_before = nulls(&kept);
    for (time, columns) in table.late {
        let unknown = arrow::compute::not(&before(&kept, time, day, 0)).expect("flags");
        kept = masked(&kept, columns, &unknown);
    }
    if kept.num_rows() > 0 || whole.num_rows() == 0 || emptied == Emptied::Kept {
        parquet_files::write(to, &kept);
    }
    Taken {
        rows: whole.num_rows() - kept.num_rows(),
        values: nulls(&kept) - nulls_before,
        emptied_files: usize::from(kept.num_rows() == 0 && whole.num_rows() > 0),
    }
}

/// Whether the time in a column, and `days` after it, lies before the day; a null does not.
fn before(batch: &RecordBatch, column: &str, day: NaiveDate, days: i64) -> BooleanArray {
    let values = batch.column_by_name(column).expect("the column of times");
    let since_1970 = day.signed_duration_since(NaiveDate::default()).num_days() - days;
    let (numbers, bound) = match values.data_type() {
        DataType::Date32 => {
            (cast(&cast(values, &DataType::Int32).expect("days"), &DataType::Int64), since_1970)
        }
        _ => (cast(values, &DataType::Int64), since_1970 * 86_400_000_000),
    };
    let numbers: ArrayRef = numbers.expect("whole numbers");
    let numbers = numbers.as_any().downcast_ref::<Int64Array>().expect("whole numbers");
    numbers.iter().map(|n| Some(n.is_some_and(|n| n < bound))).collect()
}

/// As [`before`]; a row without a time stays, too: nobody can say that it came later.
fn before_or_never(batch: &RecordBatch, column: &str, day: NaiveDate, days: i64) -> BooleanArray {
    let never = is_null(batch.column_by_name(column).expect("the column of times")).expect("flags");
    or(&before(batch, column, day, days), &never).expect("flags of one length")
}

fn masked(batch: &RecordBatch, columns: &[&str], unknown: &BooleanArray) -> RecordBatch {
    let schema = batch.schema();
    let values = schema.fields().iter().zip(batch.columns()).map(|(field, values)| {
        match columns.contains(&field.name().as_str()) {
            true => nullif(values.as_ref(), unknown).expect("one flag a row"),
            false => Arc::clone(values),
        }
    });
    RecordBatch::try_new(Arc::clone(&schema), values.collect()).expect("late columns may be null")
}
