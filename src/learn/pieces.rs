//! Work over many rows, shared among the processors.

use std::{ops::Range, thread};

use arrow::array::RecordBatch;

use super::threads;
use crate::problem::Result;

/// Rows looked at at a time, so that the matrix of a large table need not exist at once.
pub const PIECE: usize = 16_384;

/// What `work` says of each row of `features`, in their order.
pub fn of_pieces<T: Clone + Send>(
    features: &RecordBatch,
    work: impl Fn(&RecordBatch) -> Result<Vec<T>> + Sync,
) -> Result<Vec<T>> {
    let rows = features.num_rows();
    let pieces = by_pieces(rows, PIECE, |rows| work(&features.slice(rows.start, rows.len())));
    Ok(pieces.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

/// `work` of each piece of at most `piece` rows (above 0), in the order of the rows: whoever did it, the result is the same.
///
/// No rows are one empty piece.
pub fn by_pieces<T: Send>(rows: usize, piece: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let pieces = rows.div_ceil(piece).max(1);
    if pieces == 1 {
        return vec![work(0..rows)];
    }
    if threads::count() == 1 {
        return (0..pieces).map(|place| work(place * piece..rows.min((place + 1) * piece))).collect();
    }
    let per_thread = pieces.div_ceil(threads::count());
    let mut done: Vec<Option<T>> = (0..pieces).map(|_| None).collect();
    thread::scope(|scope| {
        for (thread, slots) in done.chunks_mut(per_thread).enumerate() {
            let work = &work;
            scope.spawn(move || {
                for (place, slot) in slots.iter_mut().enumerate() {
                    let start = (thread * per_thread + place) * piece;
                    *slot = Some(work(start..rows.min(start + piece)));
                }
            });
        }
    });
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_piece_and_in_its_order() {
        for (rows, piece) in [(0, 4), (1, 4), (4, 4), (9, 4), (1000, 7)] {
            let pieces = by_pieces(rows, piece, |rows| rows);
            assert!(pieces.iter().all(|p| p.len() <= piece));
            assert_eq!(pieces.into_iter().flatten().collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
        }
    }
}
