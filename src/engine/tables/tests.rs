use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use arrow::array::{ArrayRef, Int64Array};
use datafusion::{catalog::MemorySchemaProvider, datasource::MemTable};

use super::*;
use crate::{
    engine::{MemoryLimit, moment::put},
    graph::Origin,
    project::written::Written,
};

fn table(sql: &str) -> Table {
    let file = Written { path: "models/all.toml".into(), text: "".into() };
    let origin =
        Origin::Judged { file, description: None, sql: sql.into(), grain: vec![], expressions: vec![] };
    Table { name: "all_of_them".into(), origin, reads: vec![] }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_room_beside_others_is_made_alone() {
    let engine = Engine { at_once: 2, ..Engine::new(1, Some(MemoryLimit(1 << 20))).unwrap() };
    let values: ArrayRef = Arc::new(Int64Array::from_iter_values(0..400_000));
    let batch = RecordBatch::try_from_iter([("value", values)]).unwrap();
    let tables = Arc::new(MemorySchemaProvider::new());
    put(&tables, "t", Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]]).unwrap())).unwrap();
    let tried = AtomicUsize::new(0);
    let session = |engine: &Engine| {
        tried.fetch_add(1, Ordering::SeqCst);
        engine.session([("public", Arc::clone(&tables))])
    };
    let parameters = ParamValues::Map(Default::default());

    let small = table("SELECT max(value) AS newest FROM t");
    assert!(make_table(&engine, &small, &parameters, session).await.is_ok());
    assert_eq!(tried.swap(0, Ordering::SeqCst), 1);

    let large = table("SELECT array_agg(value) AS all_of_them FROM t");
    let other = engine.making.read().await;
    let both = async {
        while tried.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(tried.load(Ordering::SeqCst), 2, "the other table is still being made");
        drop(other);
    };
    let (made, ()) = futures::join!(make_table(&engine, &large, &parameters, session), both);
    assert_eq!(tried.load(Ordering::SeqCst), 3);
    let problem = made.err().expect("alone it is too large, too").to_string();
    assert!(problem.contains("--memory-limit"), "{problem}");
}
