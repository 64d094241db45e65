//! What a file's footer says of a column, without a row being read.

use arrow::{
    array::{Array, ArrayRef, AsArray},
    compute::{cast, max, min},
    datatypes::{DataType, Date32Type, Int64Type, TimeUnit, TimestampMicrosecondType},
};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, statistics::StatisticsConverter};

pub struct ColumnStatistics {
    pub range: Option<(i64, i64)>,
    /// `None` where a group does not say.
    pub nulls: Option<u64>,
}

/// Least and greatest value over the row groups; no range unless every group with rows states it.
pub fn column_statistics(
    footer: &ArrowReaderMetadata,
    column: &str,
) -> parquet::errors::Result<ColumnStatistics> {
    let groups = footer.metadata().row_groups();
    let converter = StatisticsConverter::try_new(column, footer.schema(), footer.parquet_schema())?
        .with_missing_null_counts_as_zero(false);
    let nulls = converter.row_group_null_counts(groups)?.iter().sum();
    let (mins, maxes) = (converter.row_group_mins(groups)?, converter.row_group_maxes(groups)?);
    // A group whose values are all null states no range, and needs none.
    let null_counts = converter.row_group_null_counts(groups)?;
    let silent = (0..groups.len()).any(|i| {
        mins.is_null(i) && (null_counts.is_null(i) || (null_counts.value(i) as i64) < groups[i].num_rows())
    });
    let range = match silent {
        true => None,
        false => as_i64(&mins).as_ref().and_then(min).zip(as_i64(&maxes).as_ref().and_then(max)),
    };
    Ok(ColumnStatistics { range, nulls })
}

/// Least and greatest value of each row group; none unless every one states it.
pub fn ranges_of_row_groups(footer: &ArrowReaderMetadata, column: &str) -> Option<Vec<(i64, i64)>> {
    let groups = footer.metadata().row_groups();
    let converter = StatisticsConverter::try_new(column, footer.schema(), footer.parquet_schema()).ok()?;
    let mins = as_i64(&converter.row_group_mins(groups).ok()?)?;
    let maxes = as_i64(&converter.row_group_maxes(groups).ok()?)?;
    mins.iter().zip(maxes.iter()).map(|(min, max)| min.zip(max)).collect()
}

/// Dates as days, timestamps as µs; nothing for other types.
fn as_i64(array: &ArrayRef) -> Option<arrow::array::Int64Array> {
    let number = match array.data_type() {
        DataType::Date32 => cast(array.as_primitive::<Date32Type>(), &DataType::Int64).ok()?,
        DataType::Date64 => cast(&cast(array, &DataType::Date32).ok()?, &DataType::Int32)
            .and_then(|a| cast(&a, &DataType::Int64))
            .ok()?,
        DataType::Timestamp(_, zone) => {
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone())).ok()?;
            cast(micros.as_primitive::<TimestampMicrosecondType>(), &DataType::Int64).ok()?
        }
        _ => return None,
    };
    Some(number.as_primitive::<Int64Type>().clone())
}
