//! What alerts speak of, over a few rows: who left and when, who bought more, what falls idle, who pays later.

use serde_json::{Value, json};

use super::vendor_rows::{ask, contract, links, pairs, vendor_with, with};

#[test]
fn a_departure_is_the_first_day_without_a_contract_unless_one_follows_within_thirty_days() {
    let contracts = json!([
        // Renewed 30 days late: no departure. Then nothing.
        contract("a1", "ada", "2024-01-01", "2024-12-31", 1200),
        contract("a2", "ada", "2025-01-31", "2025-12-31", 1200),
        // Back after 31 days: left once, and is here.
        contract("b1", "bo", "2024-01-01", "2024-12-31", 1200),
        contract("b2", "bo", "2025-02-01", "2026-12-31", 1200),
        // A short one inside a long one ends nothing; what was cancelled is over on the next day.
        with(
            contract("c1", "cy", "2024-01-01", "2027-12-31", 1200),
            json!({ "cancelled_at": "2026-02-10T08:00:00Z" })
        ),
        contract("c2", "cy", "2024-06-01", "2024-06-30", 100),
    ]);
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada"), ("erp:e-bo", "bo"), ("erp:e-cy", "cy")]),
        ("erp_contracts", contracts),
    ]);
    let left = |day| pairs(&ask(&project, day, "departures"), "customer_id", "happened_on");
    assert_eq!(left("2026-03-01"), ["ada=2026-01-01", "bo=2025-01-01", "cy=2026-02-11"]);
    assert_eq!(left("2025-12-31"), ["bo=2025-01-01"], "the last day is in force");
    let settled = pairs(&ask(&project, "2026-03-01", "departures"), "customer_id", "is_final");
    assert_eq!(settled, ["ada=true", "bo=true", "cy=false"]);
}

#[test]
fn an_expansion_is_what_is_added_after_the_first_day_and_what_a_renewal_grew_by() {
    let module = |id: &str, signed: &str, amount| {
        with(
            contract(id, "ada", signed, "2027-12-31", amount),
            json!({ "contract_type": "module", "module": "crm", "ends_on": null }),
        )
    };
    let contracts = json!([
        contract("base", "ada", "2025-01-01", "2025-12-31", 1200),
        module("first", "2025-01-01", 300),
        module("later", "2025-06-01", 500),
        with(module("undone", "2025-07-01", 900), json!({ "cancelled_at": "2025-08-01T08:00:00Z" })),
        with(
            contract("next", "ada", "2026-01-01", "2026-12-31", 1500),
            json!({ "renews_contract_id": "base" })
        ),
    ]);
    let project = vendor_with(&[links(&[("erp:e-ada", "ada")]), ("erp_contracts", contracts)]);
    let rows =
        ask(&project, "2026-02-01", "SELECT happened_on, CAST(amount AS DOUBLE) AS amount FROM expansions");
    assert_eq!(pairs(&rows, "happened_on", "amount"), ["2025-06-01=500.0", "2026-01-01=300.0"]);
}

/// Weekly reports from July to the end of 2025; the finance module is in none of the `last` ones.
fn weeks_of_use(last: i64) -> Value {
    let week = |module: &str, nth: i64| {
        let day = sunday(nth);
        json!({ "tenant_id": "t-ada", "usage_date": day, "module": module, "active_users": 5, "logins": 20, "transactions": 1 })
    };
    let finance = (0..26 - last).map(|nth| week("finance", nth));
    let sales = (0..26).map(|nth| week("sales", nth));
    finance.chain(sales).collect()
}

/// The Sunday `nth` weeks after 2025-07-06.
fn sunday(nth: i64) -> String {
    let (mut month, mut day) = (7, 6 + 7 * nth);
    for length in [31, 31, 30, 31, 30, 31] {
        if day > length {
            day -= length;
            month += 1;
        } else {
            break;
        }
    }
    format!("2025-{month:02}-{day:02}")
}

#[test]
fn a_core_module_is_idle_after_a_whole_week_without_a_login() {
    let modules = json!([{ "module": "finance", "is_core": true }, { "module": "sales", "is_core": true }]);
    let idle = |last| {
        let project = vendor_with(&[
            links(&[("erp:e-ada", "ada"), ("product:t-ada", "ada")]),
            ("erp_contracts", json!([contract("a", "ada", "2025-01-01", "2026-12-31", 1200)])),
            ("reference_modules", modules.clone()),
            ("product_usage", weeks_of_use(last)),
        ]);
        // The newest report is that of Sunday 2025-12-28.
        ask(&project, "2026-01-01", "module_idleness")
    };
    let one_week = json!({
        "customer_id": "ada", "core_modules_in_use": 2, "core_module_idle_days": 7, "core_modules_idle": 1,
        "idle_core_module": "finance",
    });
    assert_eq!(idle(1), [one_week]);
    let none = json!({
        "customer_id": "ada", "core_modules_in_use": 2, "core_module_idle_days": 0, "core_modules_idle": 0,
    });
    assert_eq!(idle(0), [none]);
}

#[test]
fn complaints_rivals_and_orders_are_counted_in_their_time() {
    let complaint = |id: &str, day: &str| json!({ "ticket_id": id, "support_org_id": "s-ada", "opened_at": format!("{day}T08:00:00Z"), "severity": 3, "is_complaint": true });
    let lost = json!({ "opportunity_id": "o1", "account_id": "a-ada", "kind": "upsell", "amount": 100,
        "created_at": "2025-10-01T08:00:00Z", "closed_at": "2025-12-20T08:00:00Z", "won": false, "competitor": "Rival" });
    let contracts: Value = (1..=10)
        .map(|n| contract(&format!("k{n}"), "ada", &format!("2025-{:02}-15", n + 2), "2026-12-31", 100))
        .collect();
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada"), ("crm:a-ada", "ada"), ("support:s-ada", "ada")]),
        ("erp_contracts", contracts),
        (
            "support_tickets",
            json!([
                complaint("t1", "2025-12-10"),
                complaint("t2", "2025-11-01"),
                complaint("t3", "2025-07-10")
            ]),
        ),
        ("crm_opportunities", json!([lost])),
    ]);
    let heard = ask(&project, "2026-01-01", "voices");
    let expected = json!({
        "customer_id": "ada", "complaints_30d": 1, "complaints_90d": 2, "complaints_180d": 3,
        "last_complaint_on": "2025-12-10", "competitor_named_on": "2025-12-20", "competitor": "Rival",
        "competitor_won": true, "lost_to_competitor_180d": 1,
    });
    assert_eq!(heard, [expected]);
    assert_eq!(pairs(&ask(&project, "2026-01-01", "purchases"), "orders", "order_milestone"), ["10=10"]);
    assert_eq!(pairs(&ask(&project, "2026-02-01", "purchases"), "orders", "order_milestone"), ["10=null"]);
}
