use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{Float64Type, Int64Type};
use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::{
    learn::{
        column::Kind,
        encode::{ColumnEncoding, Shape},
        synthetic,
    },
    project::column_note::Unit,
};

const COLUMNS: [&str; 5] = ["logins", "logins_trend", "region", "sponsor", "revenue"];

/// Three customers; the second is known by its name only.
fn features() -> RecordBatch {
    let known = |values: [f64; 2]| Arc::new(Float64Array::from(vec![Some(values[0]), None, Some(values[1])]));
    synthetic::table(vec![
        ("customer_id", Arc::new(StringArray::from(vec!["A", "B", "C"])) as ArrayRef),
        ("logins", known([1_200.0, 300.0])),
        ("logins_trend", known([-0.62, -0.03])),
        ("region", Arc::new(StringArray::from(vec![Some("North"), None, Some("South")]))),
        ("sponsor", Arc::new(BooleanArray::from(vec![Some(false), None, Some(true)]))),
        ("revenue", Arc::new(Int64Array::from(vec![Some(56_000), None, Some(8_000)]))),
    ])
}

fn notes() -> BTreeMap<String, ColumnNote> {
    let note = |[description, description_zh]: [&str; 2], unit| ColumnNote {
        description: Some(description.into()),
        description_zh: Some(description_zh.into()),
        unit: Some(unit),
        ..ColumnNote::default()
    };
    let logins = ["Logins in the last 13 weeks", "近 13 周登录次数"];
    let mut notes = BTreeMap::from([
        ("logins".to_string(), note(logins, Unit::Number)),
        ("logins_trend".to_string(), note(["Change of logins", "登录次数变化"], Unit::Change)),
        ("sponsor".to_string(), note(["Has an executive sponsor", "有高层支持者"], Unit::Flag)),
        ("revenue".to_string(), note(["Billed in the last year", "近一年开票额"], Unit::Money)),
    ]);
    for name in ["logins", "logins_trend"] {
        notes.entry(name.into()).and_modify(|note| note.group = Some("use".into()));
    }
    let trend = notes.get_mut("logins_trend").unwrap();
    trend.phrase = Some("Logins in 13 weeks".into());
    trend.phrase_zh = Some("近 13 周登录次数环比".into());
    notes
}

/// Of a model that knows all columns, whatever it made of them.
fn encoding(columns: &[(&str, Kind)]) -> Encoding {
    let column = |(name, kind): &(&str, Kind)| ColumnEncoding {
        name: name.to_string(),
        kind: *kind,
        shape: Shape::Category { levels: Vec::new() },
        outputs: Vec::new(),
    };
    Encoding { columns: columns.iter().map(column).collect() }
}

fn all_columns() -> Encoding {
    let kinds = [Kind::Number, Kind::Number, Kind::Text, Kind::Flag, Kind::Number];
    encoding(&COLUMNS.into_iter().zip(kinds).collect::<Vec<_>>())
}

fn contributions(values: Array2<f64>) -> Contributions {
    let base = vec![-2.0; values.nrows()];
    Contributions { columns: COLUMNS.map(String::from).to_vec(), values, base }
}

/// Calls `check` with the reasons of [`features`], and with these.
fn with_reasons(values: Array2<f64>, check: impl FnOnce(&Reasons<'_>, &RecordBatch)) {
    let features = features();
    let encoding = all_columns();
    let typical = Typical::learn(&encoding, &features).unwrap();
    let contributions = contributions(values);
    let reasons = Reasons::new(&contributions, &encoding, &typical, &notes(), &features).unwrap();
    check(&reasons, &features);
}

fn first(texts: &StringArray) -> Option<&str> {
    texts.iter().next().unwrap()
}

#[test]
fn texts_say_the_value_beside_the_typical_one_in_both_languages() {
    // Medians of two are the lower: logins 300, fell 62 %, revenue 8,000; of two regions the first by name.
    let values =
        array![[0.10, 0.72, 0.004, 0.5, -0.3], [0.0, 0.3, -0.2, 0.1, -0.2], [0.1, 0.2, -0.5, -0.4, -0.3],];
    with_reasons(values, |reasons, _| {
        let texts = reasons.texts().unwrap();
        assert_eq!(
            texts.raising.iter().collect::<Vec<_>>(),
            [
                // 0.10 + 0.72; the region's 0.004 would be shown as nought.
                Some(
                    "Logins in 13 weeks fell 62 % (typical) +0.82; \
                     Has an executive sponsor: no (yes for 50 % of customers) +0.50"
                ),
                Some(
                    "Logins in 13 weeks: unknown (typical: fell 62 %) +0.30; \
                     Has an executive sponsor: unknown (yes for 50 % of customers) +0.10"
                ),
                Some("Logins in 13 weeks fell 3 % (typical: fell 62 %) +0.30"),
            ]
        );
        assert_eq!(
            first(&texts.raising_zh),
            Some(
                "近 13 周登录次数环比下降 62%（与一般客户相同）+0.82；有高层支持者：否（50% 的客户为是）+0.50"
            )
        );
        assert_eq!(
            texts.lowering.iter().collect::<Vec<_>>(),
            [
                Some("Billed in the last year: 56,000 (typical: 8,000) -0.30"),
                // As strong as each other: in the order of the columns.
                Some(
                    "region: unknown (typical: North) -0.20; \
                     Billed in the last year: unknown (typical: 8,000) -0.20"
                ),
                // The third is left out.
                Some(
                    "region: South (typical: North) -0.50; \
                     Has an executive sponsor: yes (yes for 50 % of customers) -0.40"
                ),
            ]
        );
        assert_eq!(first(&texts.lowering_zh), Some("近一年开票额：5.6 万（一般客户：8,000）-0.30"));
    });
}

#[test]
fn a_customer_without_reasons_has_no_text() {
    with_reasons(Array2::from_elem((3, 5), 0.002), |reasons, _| {
        let texts = reasons.texts().unwrap();
        for texts in [texts.raising, texts.raising_zh, texts.lowering, texts.lowering_zh] {
            assert_eq!((texts.len(), texts.null_count()), (3, 3));
        }
    });
}

#[test]
fn the_table_has_a_row_per_reason_the_others_and_the_base() {
    let values =
        array![[0.75, -0.25, 0.2, -0.5, 0.001], [0.0, 0.0, 0.0, 0.0, 0.0], [-0.2, 0.1, 0.3, 0.3, 0.0],];
    with_reasons(values, |reasons, features| {
        let table = reasons.table(features).unwrap();
        assert_eq!(table.len(), 1, "one piece");
        assert_eq!(table[0].schema(), reasons_schema());
        let text = |name: &str| table[0].column_by_name(name).unwrap().as_string::<i32>().clone();
        let ranks = table[0].column_by_name("rank").unwrap().as_primitive::<Int64Type>().values().to_vec();
        let sums = table[0].column_by_name("contribution").unwrap().as_primitive::<Float64Type>().clone();
        let names = ["customer_id", "effect", "feature_group", "feature", "value"].map(text);
        let in_words = |row: usize| {
            let [id, effect, group, feature, value] =
                names.each_ref().map(|column| if column.is_valid(row) { column.value(row) } else { "" });
            let contribution = (sums.value(row) * 1e6).round() / 1e6;
            format!("{id} {} {effect} {group}/{feature} {contribution} {value}", ranks[row])
        };
        let rows: Vec<String> = (0..table[0].num_rows()).map(in_words).collect();
        assert_eq!(
            rows,
            [
                // As strong as the sponsor, and before it.
                "A 1 raises use/logins 0.5 1,200",
                "A 2 lowers sponsor/sponsor -0.5 no",
                "A 3 raises region/region 0.2 North",
                "A 4 others / 0.001 ",
                "A 5 base / -2 ",
                "B 1 others / 0 ",
                "B 2 base / -2 ",
                "C 1 raises region/region 0.3 South",
                "C 2 raises sponsor/sponsor 0.3 yes",
                // The group lowers it, though its trend does not.
                "C 3 lowers use/logins -0.1 300",
                "C 4 others / 0 ",
                "C 5 base / -2 ",
            ]
        );
        assert_eq!(first(&text("typical")), Some("300"));
        assert_eq!(first(&text("text")), Some("Logins in the last 13 weeks: 1,200 (typical: 300)"));
        assert_eq!(first(&text("text_zh")), Some("近 13 周登录次数：1,200（一般客户：300）"));
    });
}

#[test]
fn no_customers_have_no_reasons() {
    let features = features();
    let encoding = all_columns();
    let typical = Typical::learn(&encoding, &features).unwrap();
    let nobody = features.slice(0, 0);
    let contributions = contributions(Array2::zeros((0, 5)));
    let reasons = Reasons::new(&contributions, &encoding, &typical, &notes(), &nobody).unwrap();
    assert_eq!(reasons.texts().unwrap().raising.len(), 0);
    assert_eq!(reasons.table(&nobody).unwrap().iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
}

#[test]
fn a_column_that_the_model_does_not_know_is_a_problem() {
    let features = features();
    let encoding = encoding(&[("logins", Kind::Number)]);
    let contributions = contributions(Array2::zeros((3, 5)));
    let problem =
        Reasons::new(&contributions, &encoding, &Typical::default(), &notes(), &features).err().unwrap();
    assert!(problem.message.contains("`logins_trend`"), "{problem}");
}

proptest! {
    #[test]
    fn the_rows_of_a_customer_add_up_to_its_log_odds(
        values in prop::collection::vec(prop_oneof![Just(0.0), Just(0.3), Just(-0.3), -4.0..4.0f64], 15),
    ) {
        let values = Array2::from_shape_vec((3, 5), values).unwrap();
        let log_odds: Vec<f64> = values.rows().into_iter().map(|row| row.sum() - 2.0).collect();
        with_reasons(values, |reasons, features| {
            let mut sums = BTreeMap::<String, f64>::new();
            let mut strengths: Vec<(String, f64)> = Vec::new();
            for table in reasons.table(features).unwrap() {
                let column = |name: &str| table.column_by_name(name).unwrap().clone();
                let (ids, effects) = (column("customer_id"), column("effect"));
                let contributions = column("contribution");
                for row in 0..table.num_rows() {
                    let id = ids.as_string::<i32>().value(row).to_owned();
                    let contribution = contributions.as_primitive::<Float64Type>().value(row);
                    *sums.entry(id.clone()).or_default() += contribution;
                    match effects.as_string::<i32>().value(row) {
                        "raises" => assert!(contribution > 0.0),
                        "lowers" => assert!(contribution < 0.0),
                        _ => continue,
                    }
                    strengths.push((id, contribution.abs()));
                }
            }
            for (sum, log_odds) in sums.values().zip(log_odds) {
                assert!((sum - log_odds).abs() < 1e-12, "{sum} is not {log_odds}");
            }
            // Ranked by strength within each customer.
            assert!(strengths.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].1 >= pair[1].1));
        });
    }
}
