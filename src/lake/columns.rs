//! Declared columns against those of a file: what differs in meaning is an error, what differs only in
//! how a writer stores it is not.

use arrow::datatypes::{DataType, Field, FieldRef, Schema};

use crate::{
    problem::{Problem, Result, did_you_mean},
    project::{sources::Source, types::type_name},
};

/// Checks one file's columns; every fault names the file and the column. Gives the columns that it lacks and may lack:
/// they are null in all of its rows.
pub fn check_columns(source: &Source, file: &str, in_file: &Schema) -> Result<Vec<String>> {
    let declared = source.schema.fields().iter().filter(|f| !source.partitions.contains(f.name()));
    let lacking =
        |field: &&FieldRef| may_lack(source, field) && in_file.field_with_name(field.name()).is_err();
    let (lacking, rest): (Vec<&FieldRef>, Vec<&FieldRef>) = declared.partition(lacking);
    Problem::all(rest.into_iter().filter_map(|field| check_column(source, file, in_file, field)).collect())?;
    Ok(lacking.into_iter().map(|field| field.name().clone()).collect())
}

/// Columns come into a lake and go. One that may be null, and that says neither which row it is nor since when it is known,
/// is null in the files from before or after.
fn may_lack(source: &Source, field: &Field) -> bool {
    let name = field.name();
    field.is_nullable()
        && !source.key.contains(name)
        && source.known_at.as_ref().is_none_or(|known_at| known_at.column != *name)
}

/// That a file has no such column, with the one that was perhaps meant.
pub fn missing(source: &Source, file: &str, in_file: &Schema, name: &str) -> Problem {
    let problem = Problem::failed(format!("{file}: column `{name}` of source `{}` is missing", source.name));
    let names = in_file.fields().iter().map(|f| f.name().as_str());
    let near = did_you_mean(name, names.clone());
    problem.help(near.unwrap_or_else(|| format!("the file has: {}", names.collect::<Vec<_>>().join(", "))))
}

fn check_column(source: &Source, file: &str, in_file: &Schema, field: &Field) -> Option<Problem> {
    let name = field.name();
    let Ok(found) = in_file.field_with_name(name) else {
        return Some(missing(source, file, in_file, name));
    };
    if is_variant_of(found.data_type(), field.data_type()) {
        return None;
    }
    Some(
        Problem::failed(format!(
            "{file}: column `{name}` of source `{}` is {} in the file, but declared {}",
            source.name,
            type_name(found.data_type()),
            type_name(field.data_type())
        ))
        .help("write the file again with the declared type, or declare what it holds in sql/sources.toml"),
    )
}

/// Whether values of `found` can be read as `declared` without a change of meaning.
fn is_variant_of(found: &DataType, declared: &DataType) -> bool {
    use DataType::*;
    match (found, declared) {
        (Dictionary(_, values), _) => is_variant_of(values, declared),
        (Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView, Utf8) => true,
        (Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64, Int64) => true,
        (Float16 | Float32 | Float64, Float64) => true,
        (
            Decimal32(_, s) | Decimal64(_, s) | Decimal128(_, s) | Decimal256(_, s),
            Decimal128(_, declared_scale),
        ) => s <= declared_scale,
        (Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32, Decimal128(..)) => true,
        (Date32 | Date64, Date32) => true,
        (Timestamp(..), Timestamp(..)) => true,
        (Boolean, Boolean) => true,
        // A column that is null in every row has no type of its own.
        (Null, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::TimeUnit;

    use super::*;
    use crate::project::types::parse_type;

    #[test]
    fn physical_variants_pass_and_other_meanings_do_not() {
        let declared = |name| parse_type(name).unwrap();
        let dictionary = |t| DataType::Dictionary(Box::new(DataType::Int32), Box::new(t));
        for (found, name, fits) in [
            (DataType::Int32, "int", true),
            (DataType::Float64, "int", false),
            (dictionary(DataType::Utf8), "text", true),
            (DataType::Int64, "text", false),
            (DataType::Timestamp(TimeUnit::Nanosecond, None), "timestamp", true),
            (DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())), "timestamp", true),
            (DataType::Date32, "timestamp", false),
            (DataType::Decimal128(9, 2), "decimal", true),
            (DataType::Decimal128(18, 4), "decimal", false),
            (DataType::Float64, "decimal", false),
        ] {
            assert_eq!(is_variant_of(&found, &declared(name)), fits, "{found} as {name}");
        }
    }
}
