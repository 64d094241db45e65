//! Odd rows for one table: taken from rows that are there, changed, and written to a file of their own.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use arrow::{array::RecordBatch, compute::concat_batches};

use super::{
    Dirt, DirtKind,
    edit::{read, rows_at, shown, texts, unfit, with_texts, write},
    links::Links,
};
use crate::problem::Result;

/// What a table's columns are called that say which row it is and whose.
pub struct Names {
    pub table: &'static str,
    pub id: &'static str,
    pub who: &'static str,
    pub system: &'static str,
}

pub struct OddRows<'a> {
    names: Names,
    lake: &'a Path,
    file: PathBuf,
    links: &'a Links,
    /// Rows to take from.
    base: RecordBatch,
    /// Customers that have dirt in this table already: each kind has customers of its own.
    used: BTreeSet<String>,
    rows: Vec<RecordBatch>,
    dirt: Vec<Dirt>,
}

impl<'a> OddRows<'a> {
    /// Takes rows from `base`, and will write beside it, to `part-00001` or what `name` says.
    pub fn new(lake: &'a Path, links: &'a Links, names: Names, base: &Path, name: &str) -> Result<Self> {
        let file = base.with_file_name(name);
        let (used, rows, dirt) = Default::default();
        Ok(Self { names, lake, file, links, base: read(base)?, used, rows, dirt })
    }

    /// Adds `count` rows (fewer if there are no more customers) with ids of their own.
    pub fn odd(
        &mut self,
        kind: DirtKind,
        count: usize,
        change: impl Fn(RecordBatch) -> Result<RecordBatch>,
    ) -> Result<()> {
        let (rows, customers) = self.pick(count)?;
        let first = self.rows.iter().map(RecordBatch::num_rows).sum::<usize>();
        let ids = (0..rows.num_rows()).map(|n| format!("DIRT{:06}", first + n + 1)).collect();
        self.add(kind, change(with_texts(&rows, self.names.id, ids)?)?, customers);
        Ok(())
    }

    /// Adds `count` rows under the ids that they have already.
    pub fn again(
        &mut self,
        kind: DirtKind,
        count: usize,
        change: impl Fn(RecordBatch) -> Result<RecordBatch>,
    ) -> Result<()> {
        let (rows, customers) = self.pick(count)?;
        self.add(kind, change(rows)?, customers);
        Ok(())
    }

    fn add(&mut self, kind: DirtKind, rows: RecordBatch, customers: BTreeSet<String>) {
        self.dirt.push(Dirt {
            table: self.names.table,
            kind,
            count: rows.num_rows() as u64,
            place: shown(self.lake, &self.file),
            customers,
        });
        self.rows.push(rows);
    }

    /// The first rows of customers that have no dirt yet.
    fn pick(&mut self, count: usize) -> Result<(RecordBatch, BTreeSet<String>)> {
        let mut customers = BTreeSet::new();
        let mut places = Vec::new();
        for (place, id) in texts(&self.base, self.names.who)?.iter().enumerate() {
            let Some(customer) = self.links.customer(self.names.system, id) else { continue };
            if places.len() < count && self.used.insert(customer.clone()) {
                customers.insert(customer.clone());
                places.push(place);
            }
        }
        Ok((rows_at(&self.base, &places)?, customers))
    }

    pub fn write(self) -> Result<Vec<Dirt>> {
        let rows = concat_batches(&self.base.schema(), &self.rows).map_err(|e| unfit(&self.file)(&e))?;
        write(&self.file, &rows)?;
        Ok(self.dirt)
    }
}
