//! The seven types that published files may have, and how what the engine computed becomes one of them.

use std::{collections::HashSet, sync::Arc};

use arrow::{
    array::{Array, RecordBatch},
    compute::{CastOptions, cast_with_options},
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};

use super::layout::PARTITION;
use crate::problem::{Problem, Result};

/// The type that a column of `computed` is published as; `None` if it cannot be published.
pub fn published_type(computed: &DataType) -> Option<DataType> {
    Some(match computed {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, values) => published_type(values)?,
        kind if kind.is_integer() => DataType::Int64,
        kind if kind.is_floating() => DataType::Float64,
        DataType::Decimal32(p, s) | DataType::Decimal64(p, s) | DataType::Decimal128(p, s)
            if *s >= 0 && *s as u8 <= *p =>
        {
            DataType::Decimal128(*p, *s)
        }
        DataType::Boolean => DataType::Boolean,
        DataType::Date32 => DataType::Date32,
        DataType::Timestamp(_, _) => utc_micros(),
        _ => return None,
    })
}

/// `schema` with every column's published type; columns keep their names, order and nullability, and lose arrow's metadata.
///
/// Fails on a type that cannot be published, on two names that differ in case alone (Spark and others cannot tell them
/// apart), and on a column named as the partition column is.
pub fn published_schema(table: &str, schema: &Schema) -> Result<SchemaRef> {
    let mut seen = HashSet::new();
    let mut fields = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let name = field.name();
        if name.eq_ignore_ascii_case(PARTITION) {
            return Err(Problem::failed(format!(
                "table {table}: a published table cannot have a column `{name}`"
            ))
            .help("the day is in the file's path, and readers make a column of it"));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(Problem::failed(format!("table {table}: two columns are named `{name}`")));
        }
        let kind = published_type(field.data_type()).ok_or_else(|| {
            Problem::failed(format!(
                "table {table}, column {name}: {} cannot be published",
                field.data_type()
            ))
            .help("cast it to text, int, double, decimal(p,s), bool, date or timestamp")
        })?;
        fields.push(Field::new(name, kind, field.is_nullable()));
    }
    if fields.is_empty() {
        return Err(Problem::failed(format!("table {table} has no columns")));
    }
    Ok(Arc::new(Schema::new(fields)))
}

/// The rows of `batch` under `schema`, which [`published_schema`] made. Columns go by place; names are checked.
///
/// Fails on a column that is missing, of another type, out of the range of its published type, or null where it may not be.
pub fn to_published(table: &str, schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch> {
    let computed = batch.schema();
    if computed.fields().len() != schema.fields().len() {
        return Err(Problem::failed(format!(
            "table {table}: its rows have {} columns and its contract {}",
            computed.fields().len(),
            schema.fields().len()
        )));
    }
    let mut columns = Vec::with_capacity(schema.fields().len());
    for (place, field) in schema.fields().iter().enumerate() {
        let (name, wanted, given) = (field.name(), field.data_type(), batch.column(place));
        let column = || format!("table {table}, column {name}");
        if computed.field(place).name() != name {
            let found = computed.field(place).name();
            return Err(Problem::failed(format!("{}: `{found}` stands in its place", column())));
        }
        if published_type(given.data_type()).as_ref() != Some(wanted) {
            return Err(Problem::failed(format!(
                "{}: its rows are {} and its contract says {}",
                column(),
                given.data_type(),
                type_name(wanted)
            )));
        }
        // Not the lenient cast: that one turns what does not fit into null.
        let options = CastOptions { safe: false, ..CastOptions::default() };
        let cast = cast_with_options(given, wanted, &options).map_err(|e| {
            Problem::failed(format!("{}: a value does not fit {}: {e}", column(), type_name(wanted)))
        })?;
        if !field.is_nullable() && cast.logical_null_count() > 0 {
            return Err(Problem::failed(format!(
                "{}: {} of {} rows are null, and its contract says null = false",
                column(),
                cast.logical_null_count(),
                cast.len()
            )));
        }
        columns.push(cast);
    }
    RecordBatch::try_new(schema.clone(), columns).map_err(|e| Problem::failed(format!("table {table}: {e}")))
}

/// A published type in the words of a contract: `text`, `int`, `double`, `decimal(18,2)`, `bool`, `date`, `timestamp`.
pub fn type_name(published: &DataType) -> String {
    match published {
        DataType::Utf8 => "text".into(),
        DataType::Int64 => "int".into(),
        DataType::Float64 => "double".into(),
        DataType::Decimal128(p, s) => format!("decimal({p},{s})"),
        DataType::Boolean => "bool".into(),
        DataType::Date32 => "date".into(),
        DataType::Timestamp(_, _) => "timestamp".into(),
        // Never published; shown in errors alone.
        other => other.to_string(),
    }
}

/// The inverse of [`type_name`]; `None` for anything else.
pub fn type_named(name: &str) -> Option<DataType> {
    Some(match name {
        "text" => DataType::Utf8,
        "int" => DataType::Int64,
        "double" => DataType::Float64,
        "bool" => DataType::Boolean,
        "date" => DataType::Date32,
        "timestamp" => utc_micros(),
        _ => {
            let (p, s) = name.strip_prefix("decimal(")?.strip_suffix(')')?.split_once(',')?;
            let (p, s) = (p.trim().parse::<u8>().ok()?, s.trim().parse::<i8>().ok()?);
            (1..=38).contains(&p).then_some(DataType::Decimal128(p, s)).filter(|_| s >= 0 && s as u8 <= p)?
        }
    })
}

fn utc_micros() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::*;

    fn publish(column: ArrayRef) -> Result<ArrayRef> {
        let given = RecordBatch::try_from_iter_with_nullable([("c", column, true)]).unwrap();
        let schema = published_schema("t", &given.schema())?;
        Ok(to_published("t", &schema, &given)?.column(0).clone())
    }

    #[test]
    fn every_type_of_the_engine_has_one_published_form() {
        let micros = |v: Vec<Option<i64>>| {
            Arc::new(TimestampMicrosecondArray::from(v).with_timezone("UTC")) as ArrayRef
        };
        let text = || Arc::new(StringArray::from(vec![Some("a"), None])) as ArrayRef;
        let ints = |v: i64| Arc::new(Int64Array::from(vec![Some(v), None])) as ArrayRef;
        let dictionary: DictionaryArray<arrow::datatypes::Int8Type> =
            vec![Some("a"), None].into_iter().collect();
        let cases: Vec<(ArrayRef, ArrayRef)> = vec![
            (Arc::new(StringViewArray::from(vec![Some("a"), None])), text()),
            (Arc::new(LargeStringArray::from(vec![Some("a"), None])), text()),
            (Arc::new(dictionary), text()),
            (Arc::new(Int32Array::from(vec![Some(-7), None])), ints(-7)),
            (Arc::new(UInt64Array::from(vec![Some(7), None])), ints(7)),
            (Arc::new(UInt8Array::from(vec![Some(255), None])), ints(255)),
            (
                Arc::new(Float32Array::from(vec![Some(0.5), None])),
                Arc::new(Float64Array::from(vec![Some(0.5), None])),
            ),
            (
                Arc::new(Decimal64Array::from(vec![Some(125), None]).with_precision_and_scale(9, 2).unwrap()),
                Arc::new(
                    Decimal128Array::from(vec![Some(125), None]).with_precision_and_scale(9, 2).unwrap(),
                ),
            ),
            (
                Arc::new(TimestampNanosecondArray::from(vec![Some(1_000_000_007), None])),
                micros(vec![Some(1_000_000), None]),
            ),
            (Arc::new(TimestampSecondArray::from(vec![Some(3), None])), micros(vec![Some(3_000_000), None])),
            (
                Arc::new(TimestampMillisecondArray::from(vec![Some(3), None]).with_timezone("+08:00")),
                micros(vec![Some(3_000), None]),
            ),
        ];
        for (given, wanted) in cases {
            let got = publish(given.clone()).unwrap();
            assert_eq!(&got, &wanted, "{}", given.data_type());
        }
    }

    #[test]
    fn what_cannot_be_published_names_table_and_column() {
        let cases: Vec<(ArrayRef, &str)> = vec![
            (Arc::new(UInt64Array::from(vec![u64::MAX])), "does not fit int"),
            (Arc::new(TimestampSecondArray::from(vec![i64::MAX])), "does not fit timestamp"),
            (Arc::new(BinaryArray::from(vec![b"x".as_ref()])), "cannot be published"),
            (Arc::new(NullArray::new(1)), "cannot be published"),
            (Arc::new(Time64MicrosecondArray::from(vec![1])), "cannot be published"),
        ];
        for (given, said) in cases {
            let problem = publish(given).unwrap_err().to_string();
            assert!(problem.contains("table t, column c") && problem.contains(said), "{problem}");
        }
    }

    #[test]
    fn a_contract_is_kept_to_the_letter() {
        let batch =
            RecordBatch::try_from_iter([("c", Arc::new(Int64Array::from(vec![Some(1), None])) as ArrayRef)])
                .unwrap();
        for (name, kind, nullable, said) in [
            ("c", DataType::Int64, false, "1 of 2 rows are null"),
            ("c", DataType::Utf8, true, "its contract says text"),
            ("d", DataType::Int64, true, "`c` stands in its place"),
        ] {
            let schema = Arc::new(Schema::new(vec![Field::new(name, kind, nullable)]));
            let problem = to_published("t", &schema, &batch).unwrap_err().to_string();
            assert!(problem.contains(said), "{problem}");
        }
        for names in [["a", "A"], ["a", "as_of"]] {
            let fields: Vec<_> = names.iter().map(|n| Field::new(*n, DataType::Int64, true)).collect();
            assert!(published_schema("t", &Schema::new(fields)).is_err());
        }
    }

    #[test]
    fn names_of_types_go_there_and_back() {
        for name in ["text", "int", "double", "decimal(18,2)", "bool", "date", "timestamp"] {
            assert_eq!(type_name(&type_named(name).unwrap()), name);
        }
        for name in ["decimal(39,2)", "decimal(2,3)", "decimal", "varchar"] {
            assert_eq!(type_named(name), None);
        }
    }
}
