use arrow::{
    array::{ArrayRef, AsArray, Decimal128Array, Float64Array, StringArray},
    datatypes::{DataType, Field, Float64Type, Schema},
};
use datafusion::prelude::SessionContext;

use super::*;

fn scratch() -> Arc<Scratch> {
    Arc::new(Scratch::new().unwrap())
}

fn rows(from: i64, count: i64) -> RecordBatch {
    let money = Decimal128Array::from_iter_values((from..from + count).map(i128::from));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("name", Arc::new(StringArray::from_iter_values((from..from + count).map(|i| format!("客户 {i}"))))),
        ("money", Arc::new(money.with_precision_and_scale(18, 2).unwrap())),
        (
            "share",
            Arc::new(Float64Array::from_iter((from..from + count).map(|i| (i % 3 > 0).then_some(0.1)))),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap()
}

fn kept(shelf: &Shelf, batches: &[RecordBatch]) -> Kept {
    let mut keeper = shelf.open("t", batches[0].schema());
    batches.iter().for_each(|batch| keeper.push(batch.clone()).unwrap());
    keeper.finish().unwrap()
}

#[tokio::test]
async fn a_table_that_has_no_room_is_read_from_a_file_as_from_memory() {
    let batches = [rows(0, 5_000), rows(5_000, 5_000)];
    let roomy = Shelf::new(64 << 20, 2, scratch());
    let tight = Shelf::new(1 << 20, 2, scratch());
    let (in_memory, in_file) = (kept(&roomy, &batches), kept(&tight, &batches));
    assert!(roomy.taken.load(Ordering::Relaxed) > 0);
    assert_eq!(tight.taken.load(Ordering::Relaxed), 0, "all of it went to a file");
    let mut answers = Vec::new();
    for kept in [&in_memory, &in_file] {
        let session = SessionContext::new();
        session.register_table("t", Arc::clone(&kept.table)).unwrap();
        let sql = "SELECT name, money, share FROM t ORDER BY money";
        answers.push(session.sql(sql).await.unwrap().collect().await.unwrap());
    }
    let schema = batches[0].schema();
    let one = |batches: &[RecordBatch]| arrow::compute::concat_batches(&schema, batches).unwrap();
    assert_eq!(one(&answers[0]), one(&answers[1]));
    drop(in_memory);
    assert_eq!(roomy.taken.load(Ordering::Relaxed), 0, "room is given back");
}

#[tokio::test]
async fn not_a_number_stays_one_in_a_file() {
    let schema = Arc::new(Schema::new(vec![Field::new("x", DataType::Float64, true)]));
    let values = Float64Array::from_iter_values([f64::NAN, -0.0, f64::INFINITY]);
    let batch = RecordBatch::try_new(schema, vec![Arc::new(values)]).unwrap();
    let kept = kept(&Shelf::new(0, 1, scratch()), &[batch]);
    let session = SessionContext::new();
    session.register_table("t", kept.table).unwrap();
    let answer = session.sql("SELECT x FROM t WHERE x > 5").await.unwrap().collect().await.unwrap();
    let found: Vec<f64> =
        answer.iter().flat_map(|b| b.column(0).as_primitive::<Float64Type>().values().to_vec()).collect();
    assert_eq!(found.len(), 2, "{found:?}: what is no number is above all numbers");
}

#[test]
fn rows_are_read_again_as_they_came_wherever_they_waited() {
    let whole = rows(0, 150_000);
    for batches in [vec![], vec![whole.clone()], vec![whole.slice(0, 70_000), whole.slice(70_000, 80_000)]] {
        for room in [1 << 20, 256 << 20] {
            let shelf = Shelf::new(room, 2, scratch());
            let mut keeper = shelf.open("t", whole.schema());
            batches.iter().for_each(|batch| keeper.push(batch.clone()).unwrap());
            let read = keeper.rows().unwrap().read().unwrap();
            let count: usize = batches.iter().map(RecordBatch::num_rows).sum();
            assert_eq!(read, whole.slice(0, count), "{} batches, room for {room}", batches.len());
        }
    }
}
