//! Labelled rows in a Parquet file: what `luopan train --rows` writes, and what the peers read.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{
    array::{Array, AsArray, Date32Array, Float64Array, RecordBatch, UInt32Array},
    compute::{concat_batches, take_record_batch},
    datatypes::{DataType, Date32Type, Field, Float64Type, Schema},
};
use luopan::learn::{
    CutoffRows, LearnedSpec,
    spec::{BoostedSettings, EstimatorChoice},
};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};

/// Columns beside the features.
const OWN: [&str; 6] = ["cutoff", "label", "fold", "estimator", "probability", "uncalibrated"];

/// The rows of each cutoff, oldest first, by customer.
pub fn read(path: &Path) -> Vec<CutoffRows> {
    let file = File::open(path).expect("the file is there");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("Parquet");
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().expect("Parquet");
    let rows = concat_batches(&batches[0].schema(), &batches).expect("one table");
    let column =
        |name: &str| Arc::clone(rows.column_by_name(name).unwrap_or_else(|| panic!("no column {name}")));
    let days = column("cutoff");
    let days = days.as_primitive::<Date32Type>();
    let ids = column("customer_id");
    let ids = ids.as_string::<i32>();
    let mut order: Vec<u32> = (0..rows.num_rows() as u32).collect();
    order.sort_by_key(|row| (days.value(*row as usize), ids.value(*row as usize)));
    let same_day = |one: &u32, next: &u32| days.value(*one as usize) == days.value(*next as usize);
    let features: Vec<usize> =
        (0..rows.num_columns()).filter(|c| !OWN.contains(&rows.schema().field(*c).name().as_str())).collect();
    order
        .chunk_by(same_day)
        .map(|of_day| {
            let day = Date32Type::to_naive_date_opt(days.value(of_day[0] as usize)).expect("a day");
            let table =
                take_record_batch(&rows, &UInt32Array::from(of_day.to_vec())).expect("rows of a table");
            let label = table.column_by_name("label").expect("checked above").as_primitive::<Float64Type>();
            let label = label.iter().collect();
            CutoffRows::of(day, table.project(&features).expect("its columns"), label).expect("a key")
        })
        .collect()
}

/// Cutoff, label and features of all rows.
pub fn write(path: &Path, cutoffs: &[CutoffRows]) {
    let mut writer = None;
    for rows in cutoffs {
        let features = rows.features().expect("rows in memory");
        let day = Date32Array::from(vec![Date32Type::from_naive_date(rows.cutoff); features.num_rows()]);
        let mut fields = vec![
            Arc::new(Field::new("cutoff", DataType::Date32, false)),
            Arc::new(Field::new("label", DataType::Float64, true)),
        ];
        fields.extend(features.schema().fields().iter().cloned());
        let mut columns: Vec<Arc<dyn Array>> =
            vec![Arc::new(day), Arc::new(Float64Array::from(rows.label.clone()))];
        columns.extend(features.columns().iter().cloned());
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("equally long");
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(path).expect("the temporary folder can be written");
            ArrowWriter::try_new(file, batch.schema(), None).expect("Parquet")
        });
        writer.write(&batch).expect("written");
    }
    writer.expect("at least one cutoff").close().expect("written");
}

/// The newest cutoff's customers again and again.
pub fn repeated(cutoffs: &[CutoffRows], rows: usize) -> RecordBatch {
    let features = cutoffs[cutoffs.len() - 1].features().expect("rows in memory");
    let places: Vec<u32> = (0..rows).map(|row| (row % features.num_rows()) as u32).collect();
    take_record_batch(&features, &UInt32Array::from(places)).expect("rows of a table")
}

/// The specification with one of its three candidates alone.
pub fn only(spec: &LearnedSpec, place: usize) -> LearnedSpec {
    let shallow = BoostedSettings::default();
    let trees = match place {
        0 => return LearnedSpec { estimator: EstimatorChoice::Logistic, shrink_below: 0, ..spec.clone() },
        1 => shallow,
        _ => BoostedSettings { depth: 5, column_share: 0.8, ..shallow },
    };
    LearnedSpec { estimator: EstimatorChoice::BoostedTrees, boosted_trees: Some(trees), ..spec.clone() }
}
