//! What holds for any rules over any customers: the first that holds decides, whatever comes after it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use datafusion::prelude::SessionContext;
use indexmap::IndexMap;
use luopan::{
    judge::rules::rules_sql,
    project::rules_toml::{OTHERWISE, Rule, RulesSpec, Then, ThenType},
};
use proptest::prelude::*;

/// Texts of a column in order of customer_id.
fn ask(people: &RecordBatch, sql: &str, column: &str) -> Vec<Option<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let session = SessionContext::new();
        session.register_batch("people", people.clone()).unwrap();
        let sql = format!("SELECT CAST({column} AS VARCHAR) AS told FROM ({sql}) ORDER BY customer_id");
        let batches = session.sql(&sql).await.unwrap().collect().await.unwrap();
        let texts = |batch: &RecordBatch| {
            let column = arrow::compute::cast(batch.column(0), &arrow::datatypes::DataType::Utf8).unwrap();
            column.as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect::<Vec<_>>()
        };
        batches.iter().flat_map(texts).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_rule_that_holds_decides(
        bounds in prop::collection::vec((0..10i64, any::<bool>()), 1..6),
        values in prop::collection::vec(prop::option::weighted(0.85, 0..10i64), 1..20),
        rest in any::<bool>(),
    ) {
        let rule = |(nth, (bound, above)): (usize, &(i64, bool))| Rule {
            name: format!("r{nth}"),
            name_span: 0..0,
            description: None,
            description_zh: None,
            when: (format!("value {} {bound}", if *above { ">=" } else { "<" }), 0..0),
            then: IndexMap::from([("given".to_owned(), Then::Int(nth as i64))]),
        };
        let spec = RulesSpec {
            from: "people".into(),
            rules: bounds.iter().enumerate().map(rule).collect(),
            otherwise: rest.then(|| IndexMap::from([("given".to_owned(), Then::Int(-1))])),
            columns: IndexMap::from([("given".to_owned(), ThenType::Int)]),
        };
        let ids: StringArray = (0..values.len()).map(|n| Some(format!("c{n:03}"))).collect();
        let people = RecordBatch::try_from_iter_with_nullable([
            ("customer_id", Arc::new(ids) as ArrayRef, false),
            ("value", Arc::new(Int64Array::from(values.clone())) as ArrayRef, true),
        ])
        .unwrap();
        let sql = rules_sql(&spec);
        let (decided, held, given) =
            (ask(&people, &sql, "rule"), ask(&people, &sql, "rules_held"), ask(&people, &sql, "given"));
        prop_assert_eq!(decided.len(), values.len(), "one row each");
        for (row, value) in values.iter().enumerate() {
            let holds = |(bound, above): &(i64, bool)| value.is_some_and(|v| if *above { v >= *bound } else { v < *bound });
            let all: Vec<usize> = bounds.iter().enumerate().filter(|(_, b)| holds(b)).map(|(nth, _)| nth).collect();
            let names: Vec<String> = all.iter().map(|nth| format!("r{nth}")).collect();
            let first = names.first().cloned().or(rest.then(|| OTHERWISE.to_owned()));
            prop_assert_eq!(&decided[row], &first);
            prop_assert_eq!(held[row].clone().unwrap_or_default(), names.join(","));
            let expected = all.first().map(ToString::to_string).or(rest.then(|| "-1".to_owned()));
            prop_assert_eq!(&given[row], &expected);
        }
    }
}
