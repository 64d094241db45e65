//! Values as bins: a tree that splits at one of some quantiles need not know more of a value than between which it lies.

use crate::{learn::pieces::by_pieces, problem::Result};

/// A threshold is one of so many quantiles of its column: 64 measured the same, 256 a little slower.
const QUANTILES: usize = 128;
/// Columns of a row that are looked at together, as many as a byte can name.
pub const WINDOW: usize = 256;
/// A row begins with a line of a processor's cache, or nearly.
const LINE: usize = 64;
/// Rows whose bins are turned from columns into rows at a time.
const BLOCK: usize = 512;

/// The bins of a matrix, column after column and once more row after row: a split looks at one column of many rows, sums
/// are gathered from many columns of a row.
pub struct Binned {
    rows: usize,
    columns: Vec<Column>,
    by_column: Vec<u8>,
    /// `stride` for each row, and a window behind the last.
    by_row: Vec<u8>,
    stride: usize,
}

pub struct Column {
    /// Rising and finite: a row goes below cut i if its bin is at most i.
    pub cuts: Vec<f64>,
}

impl Column {
    /// The bin of rows whose value is missing.
    pub fn missing(&self) -> u8 {
        // At most `QUANTILES` and two more cuts.
        (self.cuts.len() + 1) as u8
    }

    /// Bins, with that of missing values.
    pub fn bins(&self) -> usize {
        self.cuts.len() + 2
    }
}

impl Binned {
    /// `values`: of a table column (by place, below `tables`) the values of the columns that it becomes, finite or NaN.
    pub fn of(
        rows: usize,
        tables: usize,
        values: impl Fn(usize) -> Result<Vec<Vec<f64>>> + Sync,
    ) -> Result<Self> {
        let found = by_pieces(tables, 1, |place| match place.is_empty() {
            true => Ok(Vec::new()),
            false => Ok(values(place.start)?.iter().map(|values| in_bins(values)).collect()),
        });
        let mut binned =
            Self { rows, columns: Vec::new(), by_column: Vec::new(), by_row: Vec::new(), stride: 0 };
        for (column, bins) in found.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            binned.columns.push(column);
            binned.by_column.extend(bins);
        }
        binned.stride = binned.columns.len().next_multiple_of(LINE);
        binned.by_row = by_pieces(rows, BLOCK, |rows| binned.turned(rows.start, rows.len())).concat();
        binned.by_row.resize(rows * binned.stride + WINDOW, 0);
        Ok(binned)
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Column after column: how many cuts are at or below a row's value, or [`Column::missing`].
    pub fn by_column(&self) -> &[u8] {
        &self.by_column
    }

    pub fn of_column(&self, column: usize) -> &[u8] {
        &self.by_column[column * self.rows..(column + 1) * self.rows]
    }

    /// One for each column from `window` · [`WINDOW`] on; behind the last nothing of meaning.
    pub fn window(&self, row: usize, window: usize) -> &[u8; WINDOW] {
        let from = &self.by_row[row * self.stride + window * WINDOW..];
        // A window follows the last row, and no row has a window that begins behind its end.
        from.first_chunk().unwrap_or(&[0; WINDOW])
    }

    /// Asks for a row's window, as [`fetch`] does.
    pub fn fetch(&self, row: usize, window: usize) {
        let start = row * self.stride + window * WINDOW;
        let columns = (self.columns.len() - window * WINDOW).min(WINDOW);
        (start..start + columns).step_by(LINE).for_each(|place| fetch(&self.by_row, place));
    }

    /// Some rows, one after the other.
    fn turned(&self, first: usize, rows: usize) -> Vec<u8> {
        let mut turned = vec![0; rows * self.stride];
        for column in 0..self.columns.len() {
            let bins = &self.of_column(column)[first..first + rows];
            bins.iter().enumerate().for_each(|(row, bin)| turned[row * self.stride + column] = *bin);
        }
        turned
    }
}

/// Tells the processor that a place will be read soon.
pub fn fetch<T>(values: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which reads nothing and never faults, wherever it points.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().wrapping_add(place).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, place);
}

fn in_bins(values: &[f64]) -> (Column, Vec<u8>) {
    let column = Column { cuts: cuts(values) };
    let bin = |v: &f64| match v.is_nan() {
        true => column.missing(),
        false => column.cuts.partition_point(|cut| cut <= v) as u8,
    };
    let bins = values.iter().map(bin).collect();
    (column, bins)
}

/// Each value but the least if they are few, else the quantiles; and one above all if some are missing, between what is
/// known and what is not.
fn cuts(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let gaps = sorted.len() < values.len();
    let different = 1 + sorted.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mut cuts: Vec<f64> = match different <= QUANTILES + 1 {
        true => sorted.clone(),
        false => (1..QUANTILES).map(|q| sorted[(q * sorted.len()).div_ceil(QUANTILES) - 1]).collect(),
    };
    cuts.dedup();
    cuts.retain(|cut| *cut > sorted[0]);
    if gaps && !sorted.is_empty() {
        cuts.extend((cuts.last() != Some(&f64::MAX)).then_some(f64::MAX));
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_cuts_and_many_their_quantiles() {
        assert_eq!(cuts(&[3.0, 1.0, 1.0, 2.0]), [2.0, 3.0]);
        assert_eq!(cuts(&[3.0, f64::NAN]), [f64::MAX], "known or not");
        assert_eq!(cuts(&[f64::NAN]), [0.0; 0]);
        let many: Vec<f64> = (0..12_800).map(f64::from).collect();
        let cuts = cuts(&many);
        assert_eq!((cuts.len(), cuts[0], cuts[126]), (127, 99.0, 12_699.0));
    }

    #[test]
    fn bins_count_the_cuts_at_or_below_and_lie_both_ways() {
        let columns = [vec![1.0, 2.0, 3.0], vec![f64::NAN, 7.0, 5.0]];
        let x = Binned::of(3, 2, |place| Ok(vec![columns[place].clone()])).unwrap();
        assert_eq!(x.columns()[1].cuts, [7.0, f64::MAX]);
        assert_eq!((x.of_column(0), x.of_column(1)), (&[0u8, 1, 2][..], &[3u8, 1, 0][..]));
        assert_eq!([0, 1, 2].map(|row| x.window(row, 0)[..2].to_vec()), [[0, 3], [1, 1], [2, 0]]);
    }
}
