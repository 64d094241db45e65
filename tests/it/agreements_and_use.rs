//! What a business review lays on the table: use beside licences, service, and what is signed; a few rows by hand.

use serde_json::{Value, json};

use super::vendor_rows::{ask, contract, links, pairs, vendor_with, with};

fn granting(row: Value, users: i64) -> Value {
    with(row, json!({ "licensed_users": users }))
}

fn naming(id: &str, customer: &str, module: &str) -> Value {
    with(
        contract(id, customer, "2025-06-01", "2026-05-31", 100),
        json!({ "contract_type": "module", "module": module }),
    )
}

fn report(tenant: &str, module: &str, day: &str, users: i64, logins: i64) -> Value {
    json!({ "tenant_id": tenant, "module": module, "usage_date": day, "active_users": users, "logins": logins })
}

#[test]
fn use_stands_beside_what_contracts_cover() {
    let suite = |customer: &str| granting(contract(customer, customer, "2025-06-01", "2026-05-31", 1200), 20);
    let usage = json!([
        report("T-ADA", "finance", "2025-07-06", 4, 10),
        report("T-ADA", "finance", "2025-09-07", 6, 100),
        report("T-ADA", "finance", "2025-11-09", 8, 30),
        report("T-ADA", "finance", "2026-01-25", 4, 20),
        // Missing in the last report: 3 users in one of two.
        report("T-ADA", "CRM", "2025-09-07", 3, 70),
        report("t-ada", "CRM", "2025-11-09", 3, 40),
        report("T-DI", "sales", "2026-01-25", 2, 7),
    ]);
    let contracts = json!([
        suite("ada"),
        granting(naming("crm", "ada", "crm"), 5),
        suite("bo"),
        naming("bo-1", "bo", "analytics"),
        suite("cy"),
        naming("cy-1", "cy", "analytics"),
        with(contract("di", "di", "2025-06-01", "2026-05-31", 50), json!({ "contract_type": "service_fee" })),
    ]);
    let ids =
        ["erp:e-ada", "erp:e-bo", "erp:e-cy", "erp:e-di", "product:t-ada", "product:t-cy", "product:t-di"];
    let linked: Vec<(&str, &str)> = ids.iter().map(|id| (*id, id.rsplit('-').next().unwrap())).collect();
    let modules = json!([{ "module": "finance", "is_core": true, "list_price": 1 }]);
    let project = vendor_with(&[
        links(&linked),
        ("erp_contracts", contracts),
        ("product_usage", usage),
        ("reference_modules", modules),
    ]);
    let told = "SELECT concat(customer_id, ' ', module) AS holding,
            concat_ws(' ', covered_by, licensed_users, licensed_users_of, COALESCE(CAST(is_core AS TEXT), '?'),
                COALESCE(CAST(active_users_91d AS TEXT), '?'), COALESCE(CAST(active_users_91d_before AS TEXT), '?'),
                COALESCE(CAST(active_share AS TEXT), '?'), COALESCE(CAST(logins_91d AS TEXT), '?'),
                COALESCE(CAST(logins_91d_before AS TEXT), '?'), COALESCE(CAST(idle_days AS TEXT), '?'),
                COALESCE(CAST(used_28d AS TEXT), '?'), COALESCE(CAST(fell_idle AS TEXT), '?')) AS figures
         FROM customer_modules";
    let expected = [
        "ada crm=named 5 module ? 1.5 3.0 0.3 40 70 77 false true",
        "ada finance=suite 20 customer true 6.0 6.0 0.3 50 100 0 true false",
        // Whose use is not reported is unknown; who has a tenant and is in no report used nothing.
        "bo analytics=named 20 customer ? ? ? ? ? ? ? ? ?",
        "cy analytics=named 20 customer ? 0.0 0.0 0.0 0 0 ? false false",
        "di sales=none ? 2.0 0.0 ? 7 0 0 true false",
    ];
    assert_eq!(pairs(&ask(&project, "2026-02-01", told), "holding", "figures"), expected);
}

#[test]
fn use_before_the_lake_begins_is_unknown() {
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada"), ("product:t-ada", "ada")]),
        ("erp_contracts", json!([contract("ada", "ada", "2025-06-01", "2026-05-31", 1200)])),
        (
            "product_usage",
            json!([
                report("T-ADA", "finance", "2025-10-05", 9, 90),
                report("T-ADA", "finance", "2026-01-25", 5, 50)
            ]),
        ),
    ]);
    let row = &ask(&project, "2026-02-01", "customer_modules")[0];
    assert_eq!((&row["logins_91d"], &row["logins_91d_before"]), (&json!(50), &Value::Null));
    assert_eq!((&row["logins_trend_91d"], &row["active_share"]), (&Value::Null, &Value::Null));
}
