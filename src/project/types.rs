//! Column types as people write them, and the Arrow types behind.

use arrow::datatypes::{DataType, TimeUnit};

/// Precision and scale of `decimal` without figures: money.
const MONEY: (u8, i8) = (18, 2);

/// Reads `text`, `int`, `double`, `decimal`, `decimal(p,s)`, `date`, `timestamp` or `bool`.
///
/// Timestamps are microseconds in UTC, as published files have them.
pub fn parse_type(written: &str) -> Option<DataType> {
    let name = written.trim().to_ascii_lowercase();
    Some(match name.as_str() {
        "text" => DataType::Utf8,
        "int" => DataType::Int64,
        "double" => DataType::Float64,
        "decimal" => DataType::Decimal128(MONEY.0, MONEY.1),
        "date" => DataType::Date32,
        "timestamp" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        "bool" => DataType::Boolean,
        _ => return parse_decimal(&name),
    })
}

fn parse_decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name.strip_prefix("decimal(")?.strip_suffix(')')?.split_once(',')?;
    let (precision, scale) = (precision.trim().parse::<u8>().ok()?, scale.trim().parse::<i8>().ok()?);
    ((1..=38).contains(&precision) && (0..=precision as i8).contains(&scale))
        .then_some(DataType::Decimal128(precision, scale))
}

/// The name that people write for an Arrow type of a table; Arrow's own name for one that cannot be written.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => "text".into(),
        DataType::Int64 => "int".into(),
        DataType::Float64 => "double".into(),
        DataType::Decimal128(p, s) => format!("decimal({p},{s})"),
        DataType::Date32 => "date".into(),
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if zone.as_ref() == "UTC" => {
            "timestamp".into()
        }
        DataType::Boolean => "bool".into(),
        DataType::Timestamp(unit, zone) => {
            let unit = match unit {
                TimeUnit::Second => "seconds",
                TimeUnit::Millisecond => "milliseconds",
                TimeUnit::Microsecond => "microseconds",
                TimeUnit::Nanosecond => "nanoseconds",
            };
            format!("timestamp in {unit}, {}", zone.as_deref().unwrap_or("no zone"))
        }
        other => other.to_string(),
    }
}

/// What a wrong type should have been.
pub const TYPES_HELP: &str = "types are text, int, double, decimal, decimal(p,s), date, timestamp, bool";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_type_is_read_and_named_again() {
        for name in ["text", "int", "double", "decimal(18,2)", "decimal(9,4)", "date", "timestamp", "bool"] {
            assert_eq!(type_name(&parse_type(name).unwrap()), name);
        }
        assert_eq!(parse_type("decimal"), parse_type("decimal(18, 2)"));
        for wrong in ["varchar", "decimal(39,2)", "decimal(4,9)", "decimal(4)", ""] {
            assert_eq!(parse_type(wrong), None, "{wrong}");
        }
    }
}
