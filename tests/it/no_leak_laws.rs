//! The same for any small lake: rows, versions, doubles and late columns on all sides of the as-of day's midnight.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    cut_lake::{self, Emptied},
    hand_made, published,
    tiny::DAY,
};

/// Moments around the midnight that decides, or none.
fn moment() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("2025-12-31T00:00:00Z"),
        Some("2026-03-31T23:59:59.999999Z"),
        Some("2026-04-01T00:00:00Z"),
        Some("2026-04-01T00:00:00.000001Z"),
        Some("2026-06-01T00:00:00Z"),
    ])
}

/// Deals with few ids, so that many come again.
fn deals() -> impl Strategy<Value = Value> {
    let deal = (0..4u8, 0..100i64, moment(), moment(), any::<bool>()).prop_map(|(id, amount, opened, closed, won)| {
        let won = closed.map(|_| won);
        json!({ "deal_id": format!("d{id}"), "amount": amount, "opened_at": opened, "closed_at": closed, "won": won })
    });
    prop::collection::vec(deal, 0..8).prop_map(Value::Array)
}

fn people() -> impl Strategy<Value = Value> {
    let person = (0..3u8, 0..3u8, moment(), moment()).prop_map(|(id, name, from, to)| {
        json!({ "person_id": format!("p{id}"), "name": format!("n{name}"), "valid_from": from, "valid_to": to })
    });
    // Without a beginning a version belongs to no time, and the lake's own description allows none.
    let known = |row: &Value| !row["valid_from"].is_null();
    prop::collection::vec(person.prop_filter("a beginning", known), 0..8).prop_map(Value::Array)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16, max_shrink_iters: 32, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_lake_cut_at_the_day_publishes_what_the_whole_lake_does(
        deals in prop::collection::vec(deals(), 1..4), people in prop::collection::vec(people(), 1..3), dropped in any::<bool>(),
    ) {
        let whole = hand_made::project();
        whole.edit("sql/sources.toml", "opened_at = \"timestamp\"", "opened_at = \"timestamp?\"");
        // Two versions that begin together differ only in their place: the last one stands.
        for (n, rows) in deals.iter().enumerate() {
            whole.rows("crm_deals", &format!("deals/c{n}.parquet"), rows);
        }
        for (n, rows) in people.iter().enumerate() {
            whole.rows("crm_people", &format!("people/c{n}.parquet"), rows);
        }
        let cut = hand_made::project();
        cut.edit("sql/sources.toml", "opened_at = \"timestamp\"", "opened_at = \"timestamp?\"");
        std::fs::remove_dir_all(cut.lake()).unwrap();
        let emptied = if dropped { Emptied::Dropped } else { Emptied::Kept };
        cut_lake::cut(&whole.lake(), &cut.lake(), &hand_made::TABLES, DAY.parse().unwrap(), emptied);
        whole.run().done();
        cut.run().done();
        published::assert_same(&published::tables(&whole.warehouse(), DAY), &published::tables(&cut.warehouse(), DAY));
    }
}
