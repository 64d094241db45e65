//! Dirt in what the ERP delivers: money and terms.

use std::path::Path;

use arrow::array::RecordBatch;

use super::{
    Dirt, DirtKind,
    edit::{after, all, month_file, read, rows_at, shown, texts, with_money, with_texts, write},
    links::Links,
    rows::{Names, OddRows},
};
use crate::problem::Result;

/// A million millions, in hundredths.
const HUGE: i128 = 100_000_000_000_000;
const DAY: i64 = 86_400_000_000;

pub fn invoices(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = month_file(lake, "erp/invoices", 2)?;
    let names = Names { table: "erp/invoices", id: "invoice_id", who: "erp_customer_id", system: "erp" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00001.parquet")?;
    odd.again(DirtKind::DoubledOtherwise, 4, |rows| with_money(&rows, "amount", |cents| cents + cents / 10))?;
    odd.again(DirtKind::DoubledOtherCase, 3, |rows| {
        in_small_letters(rows, &["invoice_id", "erp_customer_id"])
    })?;
    odd.odd(DirtKind::Orphan, 2, |rows| all(&rows, "erp_customer_id", Some("E-NOBODY")))?;
    odd.odd(DirtKind::HugeAmount, 2, |rows| with_money(&rows, "amount", |_| HUGE))?;
    odd.odd(DirtKind::NegativeAmount, 1, |rows| with_money(&rows, "amount", |cents| -cents.abs()))?;
    odd.odd(DirtKind::ZeroAmount, 1, |rows| with_money(&rows, "amount", |_| 0))?;
    odd.odd(DirtKind::PastDate, 1, |rows| all(&rows, "invoiced_at", Some("1900-01-01T00:00:00Z")))?;
    odd.odd(DirtKind::PastDate, 1, |rows| all(&rows, "invoiced_at", Some("1970-01-01T00:00:00Z")))?;
    odd.odd(DirtKind::FutureDate, 1, |rows| all(&rows, "invoiced_at", Some("2199-12-31T00:00:00Z")))?;
    odd.odd(DirtKind::Null, 3, |rows| all(&rows, "cost", None))?;
    odd.odd(DirtKind::NoTime, 2, |rows| all(&rows, "invoiced_at", None))?;
    odd.write()
}

pub fn contracts(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = lake.join("erp/contracts/part-00002.parquet");
    let names = Names { table: "erp/contracts", id: "contract_id", who: "erp_customer_id", system: "erp" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00003.parquet")?;
    // A second renewal of one contract would be another kind of dirt.
    let alone = |rows: RecordBatch| all(&rows, "renews_contract_id", None);
    odd.odd(DirtKind::NegativeDuration, 2, |rows| after(&alone(rows)?, "ends_on", "starts_on", -30))?;
    odd.odd(DirtKind::NegativeDuration, 1, |rows| {
        after(&alone(rows)?, "cancelled_at", "signed_at", -10 * DAY)
    })?;
    odd.odd(DirtKind::HugeAmount, 1, |rows| with_money(&alone(rows)?, "amount", |_| HUGE))?;
    odd.odd(DirtKind::NegativeAmount, 1, |rows| with_money(&alone(rows)?, "amount", |cents| -cents))?;
    odd.odd(DirtKind::ZeroAmount, 1, |rows| with_money(&alone(rows)?, "amount", |_| 0))?;
    odd.odd(DirtKind::PastDate, 1, |rows| all(&alone(rows)?, "signed_at", Some("1900-01-01T00:00:00Z")))?;
    odd.odd(DirtKind::Null, 1, |rows| all(&alone(rows)?, "amount", None))?;
    odd.write()
}

pub fn payments(lake: &Path, links: &Links) -> Result<Vec<Dirt>> {
    let base = month_file(lake, "erp/payments", 2)?;
    let names = Names { table: "erp/payments", id: "payment_id", who: "erp_customer_id", system: "erp" };
    let mut odd = OddRows::new(lake, links, names, &base, "part-00001.parquet")?;
    odd.odd(DirtKind::HugeAmount, 1, |rows| with_money(&rows, "amount", |_| HUGE))?;
    odd.odd(DirtKind::NegativeAmount, 1, |rows| with_money(&rows, "amount", |cents| -cents.abs()))?;
    odd.odd(DirtKind::PastDate, 1, |rows| all(&rows, "paid_at", Some("1970-01-01T00:00:00Z")))?;
    odd.odd(DirtKind::NoTime, 1, |rows| all(&rows, "paid_at", None))?;
    let mut dirt = odd.write()?;
    dirt.push(late_payments(lake)?);
    dirt.push(payments_in_small_letters(lake)?);
    Ok(dirt)
}

/// Rows that are delivered two months after their own.
fn late_payments(lake: &Path) -> Result<Dirt> {
    let own = month_file(lake, "erp/payments", 6)?;
    let later = month_file(lake, "erp/payments", 4)?.with_file_name("part-00001.parquet");
    let rows = read(&own)?;
    let count = rows.num_rows().min(5);
    write(&later, &rows.slice(0, count))?;
    write(&own, &rows.slice(count, rows.num_rows() - count))?;
    Ok(changed("erp/payments", DirtKind::Late, count, shown(lake, &later)))
}

fn payments_in_small_letters(lake: &Path) -> Result<Dirt> {
    let path = month_file(lake, "erp/payments", 5)?;
    let rows = read(&path)?;
    // Those at the end: the ids of the others stay.
    let count = rows.num_rows() / 3;
    let places: Vec<usize> = (0..rows.num_rows()).collect();
    let (kept, small) = places.split_at(rows.num_rows() - count);
    let small = in_small_letters(rows_at(&rows, small)?, &["payment_id", "invoice_id", "erp_customer_id"])?;
    let both = arrow::compute::concat_batches(&rows.schema(), &[rows_at(&rows, kept)?, small])
        .map_err(|e| super::edit::unfit(&path)(&e))?;
    write(&path, &both)?;
    Ok(changed("erp/payments", DirtKind::OtherCase, count, shown(lake, &path)))
}

fn in_small_letters(rows: RecordBatch, columns: &[&str]) -> Result<RecordBatch> {
    columns.iter().try_fold(rows, |rows, name| {
        let small = texts(&rows, name)?.into_iter().map(|id| id.to_lowercase()).collect();
        with_texts(&rows, name, small)
    })
}

/// Dirt that changes nobody's figures.
fn changed(table: &'static str, kind: DirtKind, count: usize, place: String) -> Dirt {
    Dirt { table, kind, count: count as u64, place, customers: Default::default() }
}
