//! Sums of gradients over the rows of a node, by bin.
//!
//! Gradient and curvature of a row are rounded to whole numbers of a unit that is chosen for each tree, and lie in one word:
//! adding two words adds both. Whole numbers add up to the same in any order and by any number of threads, and a node's
//! sums less those of one child are exactly those of the other.

use std::{cell::RefCell, thread};

use super::bins::{Binned, WINDOW, fetch};

/// Bins whose sums are gathered together: 32 kB stay in a core's nearest cache.
const TILE: usize = 4_096;
/// Fewer rows are not worth a thread.
const ROWS_OF_A_THREAD: usize = 8_192;
/// Pairs of rows between asking for their memory and its use.
const AHEAD: usize = 16;
/// Bits of the curvature, the lower part of a word.
const LOW: u32 = 32;

/// Σ gradient in the upper half, which may be negative, Σ curvature in the lower.
pub type Word = i64;

/// What a one of each half of a word stands for: powers of two, so that halves and quarters are exact.
#[derive(Clone, Copy)]
pub struct Unit {
    gradient: f64,
    curvature: f64,
}

impl Unit {
    /// For rows whose gradients' sizes and whose curvatures add up to these.
    pub fn of(gradients: f64, curvatures: f64) -> Self {
        // Each sum is below 2^exponent. What rounding adds to each row must not carry over: a bit is left free.
        let exponent = |sum: f64| (sum.max(1e-9).to_bits() >> 52) as i32 - 1_022;
        let unit = |sum: f64, bits: i32| 2f64.powi(exponent(sum) - bits);
        Self { gradient: unit(gradients, 30), curvature: unit(curvatures, 31) }
    }

    pub fn word(&self, gradient: f64, curvature: f64) -> Word {
        // Far above 0, cutting off is rounding, for negative figures too.
        const AWAY: f64 = 4_294_967_296.0;
        let gradient = (gradient / self.gradient + (AWAY + 0.5)) as i64 - AWAY as i64;
        (gradient << LOW) + (curvature / self.curvature + 0.5) as i64
    }

    /// Σ gradient and Σ curvature.
    pub fn sums(&self, word: Word) -> (f64, f64) {
        ((word >> LOW) as f64 * self.gradient, f64::from(word as u32) * self.curvature)
    }
}

/// Where the sums of a tree's columns lie, and rooms for those of its nodes.
pub struct Layout<'a> {
    x: &'a Binned,
    tiles: Vec<Vec<Place>>,
    /// Of each tile.
    sizes: Vec<usize>,
    threads: usize,
    /// Rooms that are used again: fresh ones cost more than what is put in them.
    rooms: RefCell<Vec<Vec<Word>>>,
}

/// A column of a tile.
struct Place {
    /// Where it is in `x`: this many windows, and columns in that one.
    window: usize,
    column: u8,
    /// The first of its sums, counted from the first of its tile.
    first: u16,
}

impl Place {
    fn column(&self) -> usize {
        self.window * WINDOW + usize::from(self.column)
    }
}

impl<'a> Layout<'a> {
    /// `columns`: places in `x`, rising.
    pub fn new(x: &'a Binned, columns: &[usize], threads: usize, rooms: Vec<Vec<Word>>) -> Self {
        let all: usize = columns.iter().map(|column| x.columns()[*column].bins()).sum();
        let most = TILE.min(all.div_ceil(threads)).max(256);
        let (mut tiles, mut sizes): (Vec<Vec<Place>>, Vec<usize>) = (Vec::new(), Vec::new());
        for column in columns {
            let (window, bins) = (column / WINDOW, x.columns()[*column].bins());
            let size = match (tiles.last(), sizes.last()) {
                (Some(tile), Some(size)) if tile[0].window == window && size + bins <= most => *size,
                _ => {
                    tiles.push(Vec::new());
                    sizes.push(0);
                    0
                }
            };
            let last = tiles.len() - 1;
            // A tile's sums, and a window's columns, are fewer than these can count.
            tiles[last].push(Place { window, column: (column % WINDOW) as u8, first: size as u16 });
            sizes[last] = size + bins;
        }
        Self { x, tiles, sizes, threads, rooms: RefCell::new(rooms) }
    }

    /// Each column's place in `x` and its sums, by bin, among those of a node.
    pub fn columns<'s>(&'s self, sums: &'s [Word]) -> impl Iterator<Item = (usize, &'s [Word])> {
        let starts = self.sizes.iter().scan(0, |next, size| Some(std::mem::replace(next, *next + size)));
        let tiles = self.tiles.iter().zip(starts);
        tiles.flat_map(move |(tile, start)| {
            let of = move |place: &Place| {
                let sums = &sums[start + usize::from(place.first)..];
                (place.column(), &sums[..self.x.columns()[place.column()].bins()])
            };
            tile.iter().map(of)
        })
    }

    /// The sums over some rows, by tile, column and bin. `words`: one per row of the matrix.
    pub fn fill(&self, rows: &[u32], words: &[Word]) -> Vec<Word> {
        let mut sums = self.rooms.borrow_mut().pop().unwrap_or_default();
        sums.resize(self.sizes.iter().sum(), 0);
        let mut parts = Vec::new();
        let mut rest = &mut sums[..];
        for (tile, size) in self.tiles.iter().zip(&self.sizes) {
            let (part, others) = rest.split_at_mut(*size);
            parts.push((tile, part));
            rest = others;
        }
        let threads = self.threads.min(rows.len() / ROWS_OF_A_THREAD).max(1);
        let of_thread = parts.len().div_ceil(threads).max(1);
        let x = self.x;
        let work = |parts: &mut [(&Vec<Place>, &mut [Word])]| {
            parts.iter_mut().for_each(|(tile, part)| fill_tile(part, x, tile, rows, words));
        };
        thread::scope(|scope| {
            let mut parts = parts.chunks_mut(of_thread);
            let own = parts.next();
            parts.for_each(|parts| drop(scope.spawn(|| work(parts))));
            own.into_iter().for_each(work);
        });
        sums
    }

    /// Sums that are no longer wanted.
    pub fn give_back(&self, sums: Vec<Word>) {
        self.rooms.borrow_mut().push(sums);
    }

    pub fn into_rooms(self) -> Vec<Vec<Word>> {
        self.rooms.into_inner()
    }
}

fn fill_tile(sums: &mut [Word], x: &Binned, tile: &[Place], rows: &[u32], words: &[Word]) {
    let Some(window) = tile.first().map(|place| place.window) else { return };
    // As long as a place can be after the mask, so that none need be checked.
    let mut all = [0; TILE];
    let slot = |place: &Place, bins: &[u8; 256]| {
        (usize::from(place.first) + usize::from(bins[usize::from(place.column)])) & (TILE - 1)
    };
    let (pairs, rest) = rows.as_chunks::<2>();
    for (at, pair) in pairs.iter().enumerate() {
        // Of few rows hardly two lie beside each other: memory is asked for them in time.
        for row in pairs.get(at + AHEAD).into_iter().flatten() {
            x.fetch(*row as usize, window);
            fetch(words, *row as usize);
        }
        let ([one, other], [word, other_word]) =
            (pair.map(|row| x.window(row as usize, window)), pair.map(|row| words[row as usize]));
        for place in tile {
            all[slot(place, one)] += word;
            all[slot(place, other)] += other_word;
        }
    }
    for row in rest {
        let bins = x.window(*row as usize, window);
        tile.iter().for_each(|place| all[slot(place, bins)] += words[*row as usize]);
    }
    sums.copy_from_slice(&all[..sums.len()]);
}

/// What `whole` has and `part` has not, in the place of `whole`.
pub fn take_away(whole: &mut [Word], part: &[Word]) {
    whole.iter_mut().zip(part).for_each(|(whole, part)| *whole -= part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_holds_both_sums_to_the_last_bit_of_its_unit() {
        let unit = Unit::of(4.0, 1.0);
        let words = [(0.5, 0.25), (-0.5, 0.25), (-0.75, 0.125)].map(|(g, c)| unit.word(g, c));
        assert_eq!(unit.sums(words.iter().sum()), (-0.75, 0.625));
        assert_eq!(unit.sums(words[0] + words[1]), (0.0, 0.5));
        assert_eq!(unit.sums(words.iter().sum::<Word>() - words[2]), (0.0, 0.5), "what is left is exact");
        let (g, c) = unit.sums(unit.word(1.0 / 3.0, 0.2));
        assert!((g - 1.0 / 3.0).abs() < 1e-8 && (c - 0.2).abs() < 1e-9, "{g} {c}");
    }
}
