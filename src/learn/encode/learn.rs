//! What the training rows teach about each column.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use arrow::{
    array::{Array, ArrayRef, RecordBatch, StringArray},
    datatypes::Field,
};

use super::{ColumnEncoding, Encoding, Output, Part, Shape, signed_log};
use crate::{
    learn::{
        column::{Kind, Values},
        pieces::by_pieces,
    },
    problem::Result,
};

/// Levels of a category that get a column of their own.
const MAX_LEVELS: usize = 12;
/// Text whose most frequent levels hold a smaller share of the rows is a name or an id, not a category.
const MIN_SHARE_OF_LEVELS: f64 = 0.05;
/// Beyond this the tail decides the fit: take the logarithm if that helps.
const MAX_SKEWNESS: f64 = 2.0;
/// What lies outside is clamped: typing errors and giants must not decide the slope for everybody.
const CLAMP: (f64, f64) = (0.005, 0.995);
/// A column is divided by its deviation, or by this share of its range if that is more: no row stands further than five out.
const LEAST_SCALE: f64 = 0.2;
/// Where the slope may change: at the quartiles. Five slopes measured no better than three, and their columns are so alike
/// that the fit took six times as long; bins measured worse.
const KNOTS: (f64, f64) = (0.25, 0.75);

impl Encoding {
    /// Learns all columns of `features` that can be features, and says in notes what was left out and why.
    pub fn learn(features: &RecordBatch) -> Result<(Self, Vec<String>)> {
        let schema = features.schema();
        let learned = by_pieces(features.num_columns(), 1, |place| match place.is_empty() {
            true => Ok(Err(String::new())),
            false => learn_column(schema.field(place.start), features.column(place.start)),
        });
        let mut notes = Vec::new();
        let mut seen: HashMap<[u64; 2], String> = HashMap::new();
        let mut columns = Vec::new();
        for (field, learned) in schema.fields().iter().zip(learned) {
            let name = field.name();
            let (mut column, marks) = match learned? {
                Ok(learned) => learned,
                Err(why) => {
                    notes.push(format!("column `{name}` is left out: {why}"));
                    continue;
                }
            };
            let twins = drop_useless_outputs(&mut column, &marks, &mut seen);
            if column.outputs.is_empty() {
                let twin = twins.first().map_or("constant".into(), |twin| format!("the same as `{twin}`"));
                notes.push(format!("column `{name}` is left out: it is {twin} in the training rows"));
            } else {
                columns.push(column);
            }
        }
        Ok((Self { columns }, notes))
    }
}

/// What tells outputs apart.
#[derive(Clone, Copy)]
struct Mark {
    varies: bool,
    /// That of another output is the same only if all its values are.
    print: [u64; 2],
}

/// A column with all outputs that its kind can have, or why it is no feature.
fn learn_column(
    field: &Field,
    array: &ArrayRef,
) -> Result<std::result::Result<(ColumnEncoding, Vec<Mark>), String>> {
    let name = field.name();
    let Some(kind) = Kind::of(field.data_type()) else {
        return Ok(Err(format!("{} is no feature", field.data_type())));
    };
    let values = Values::read(name, array, kind)?;
    let learned = match &values {
        Values::Numbers(numbers) => learn_numbers(name, kind, numbers),
        Values::Texts(texts) => learn_texts(name, texts),
    };
    Ok(learned.map(|mut column| {
        let encoded = column.encode(&values);
        let marks = column.outputs.iter_mut().zip(encoded).map(|(output, encoded)| {
            output.centre = encoded.iter().sum::<f64>() / encoded.len() as f64;
            Mark { varies: encoded.iter().any(|v| *v != encoded[0]), print: print(&encoded) }
        });
        let marks = marks.collect();
        (column, marks)
    }))
}

/// Keeps the outputs that vary and that no earlier output equals; returns the columns that had the equals.
fn drop_useless_outputs(
    column: &mut ColumnEncoding,
    marks: &[Mark],
    seen: &mut HashMap<[u64; 2], String>,
) -> Vec<String> {
    let mut twins = Vec::new();
    let mut kept = Vec::new();
    for (output, mark) in column.outputs.drain(..).zip(marks).filter(|(_, mark)| mark.varies) {
        match seen.entry(mark.print) {
            Entry::Occupied(twin) => twins.push(twin.get().clone()),
            Entry::Vacant(new) => {
                new.insert(column.name.clone());
                kept.push(output);
            }
        }
    }
    column.outputs = kept;
    twins
}

/// 128 bits of all values in their order: each is multiplied into two sums by odd numbers (those of xxHash), which loses
/// none of them.
fn print(values: &[f64]) -> [u64; 2] {
    values.iter().fold([1, 2], |[one, other], v| {
        let bits = v.to_bits();
        [
            (one ^ bits).wrapping_mul(0x9E37_79B1_85EB_CA87).rotate_left(31),
            (other ^ bits.rotate_left(32)).wrapping_mul(0xC2B2_AE3D_27D4_EB4F).rotate_left(29),
        ]
    })
}

fn learn_numbers(name: &str, kind: Kind, numbers: &[f64]) -> std::result::Result<ColumnEncoding, String> {
    let mut present: Vec<f64> = numbers.iter().copied().filter(|v| !v.is_nan()).collect();
    if present.is_empty() {
        return Err("it has no values in the training rows".into());
    }
    present.sort_unstable_by(f64::total_cmp);
    let log = kind == Kind::Number && {
        let plain = skewness(&present).abs();
        let mut helps = false;
        if plain.is_nan() || plain > MAX_SKEWNESS {
            let logs: Vec<f64> = present.iter().copied().map(signed_log).collect();
            helps = plain.is_nan() || skewness(&logs).abs() < plain;
            if helps {
                present = logs;
            }
        }
        helps
    };
    let (mut low, mut high) = (quantile(&present, CLAMP.0), quantile(&present, CLAMP.1));
    // Interpolation between equal figures may round the upper one below the lower.
    if low >= high {
        // Rare values are the information: all but 0.5 % are the same.
        (low, high) = (present[0], present[present.len() - 1]);
    }
    present.iter_mut().for_each(|v| *v = v.clamp(low, high));
    let (mean, scale) = mean_and_scale(&present);
    // A flag that one customer in five hundred has would else weigh twenty deviations, out of the penalty's reach.
    let scale = scale.max(LEAST_SCALE * (high - low));
    let usable = scale.is_finite() && scale > 0.0 && low < high;
    // A constant that is sometimes missing still tells that it is missing.
    let shape = Shape::Number { log, low, high, mean, scale: if usable { scale } else { 1.0 } };
    let mut outputs = Vec::new();
    if usable {
        outputs.push(output(Part::Linear));
        if kind == Kind::Number {
            present.iter_mut().for_each(|v| *v = (*v - mean) / scale);
            outputs.extend(knots(&present).into_iter().map(output));
        }
    }
    outputs.push(output(Part::Missing));
    Ok(ColumnEncoding { name: name.into(), kind, shape, outputs })
}

/// A linear spline with its middle as the line itself: `z` sorted, standardised.
fn knots(z: &[f64]) -> Vec<Part> {
    let (low, high) = (quantile(z, KNOTS.0), quantile(z, KNOTS.1));
    let spread = |bend: fn(f64, f64) -> f64, knot: f64| {
        let (mean, scale) = mean_and_scale(&z.iter().map(|z| bend(*z, knot)).collect::<Vec<_>>());
        let width = bend(z[0], knot).max(bend(z[z.len() - 1], knot));
        (scale.is_finite() && scale > 0.0).then_some((mean, scale.max(LEAST_SCALE * width)))
    };
    let below = spread(|z, knot| (knot - z).max(0.0), low).map(|(mean, scale)| Part::Below {
        knot: low,
        mean,
        scale,
    });
    let above = spread(|z, knot| (z - knot).max(0.0), high).map(|(mean, scale)| Part::Above {
        knot: high,
        mean,
        scale,
    });
    // Nothing between the knots: two lines are one too many.
    let above = if low < high { above } else { None };
    below.into_iter().chain(above).collect()
}

fn learn_texts(name: &str, texts: &StringArray) -> std::result::Result<ColumnEncoding, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.iter().flatten().for_each(|text| *counts.entry(text).or_default() += 1);
    let present = texts.len() - texts.null_count();
    if present == 0 {
        return Err("it has no values in the training rows".into());
    }
    let mut by_count: Vec<(&str, usize)> = counts.into_iter().collect();
    // Stable: equal counts stay in alphabetical order.
    by_count.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let held: usize = by_count.iter().take(MAX_LEVELS).map(|(_, count)| count).sum();
    if (held as f64) < MIN_SHARE_OF_LEVELS * present as f64 {
        return Err(format!(
            "{} different texts in {present} rows are names, not categories",
            by_count.len()
        ));
    }
    let levels: Vec<String> = by_count.iter().take(MAX_LEVELS).map(|(level, _)| level.to_string()).collect();
    let outputs =
        (0..levels.len()).map(Part::Level).chain([Part::Other, Part::Missing]).map(output).collect();
    Ok(ColumnEncoding { name: name.into(), kind: Kind::Text, shape: Shape::Category { levels }, outputs })
}

/// The centre follows once the column is encoded.
fn output(part: Part) -> Output {
    Output { part, centre: 0.0 }
}

/// Linear interpolation between order statistics, as numpy's default; `sorted` is not empty.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    // Not below + (above − below) · part: the difference of two finite figures need not be finite.
    below * (1.0 - at.fract()) + above * at.fract()
}

fn mean_and_scale(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Third standardised moment; 0 for a constant, NaN where the figures are too large for it.
fn skewness(values: &[f64]) -> f64 {
    let (mean, scale) = mean_and_scale(values);
    if !scale.is_finite() {
        return f64::NAN;
    }
    if scale == 0.0 {
        return 0.0;
    }
    values.iter().map(|v| ((v - mean) / scale).powi(3)).sum::<f64>() / values.len() as f64
}
