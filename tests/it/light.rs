//! The light pipeline's SQL: contracts and invoices of a few customers, and what the tables make of them.

use serde_json::{Value, json};

use super::vendor_rows::{ask, contract, pairs, vendor_with, with};

fn invoice(id: &str, customer: &str, contract: &str, at: &str, amount: i64) -> Value {
    json!({
        "invoice_id": id, "erp_customer_id": format!("E-{customer}"), "contract_id": contract,
        "invoiced_at": at, "amount": amount, "cost": if amount > 0 { amount / 2 } else { 0 },
    })
}

#[test]
fn the_erp_knows_its_customers_without_links_or_case() {
    let invoices = json!([
        invoice("i1", "ADA", "C1", "2025-01-01T00:00:00Z", 1000),
        invoice("i2", "ada", "c1", "2025-07-01T00:00:00Z", -100),
        invoice("too_old", "ada", "c1", "2024-12-31T23:59:59Z", 7),
        invoice("gone", "zoe", "c9", "2025-07-01T00:00:00Z", 7),
    ]);
    let contracts = json!([
        with(contract("c1", "ada", "2025-01-01", "2026-12-31", 2400), json!({ "implementation_cost": 150 })),
        contract("c9", "zoe", "2024-01-01", "2025-12-31", 1200),
    ]);
    let project = vendor_with(&[("erp_contracts", contracts), ("erp_invoices", invoices)]);
    let rows = ask(&project, "2026-01-01", "light_figures");
    assert_eq!(
        pairs(&rows, "customer_id", "contracts_in_force"),
        ["e-ada=1"],
        "zoe's contract ended yesterday"
    );
    let of = |column: &str| rows[0][column].as_f64().unwrap();
    assert_eq!((of("revenue_12m"), of("cost_12m"), of("margin_12m")), (900.0, 650.0, 250.0));
    assert_eq!((of("credited_share_12m"), of("yearly_value")), (0.1, 1200.0));
}

#[test]
fn what_came_up_for_renewal_was_won_or_lost() {
    let kind = |row: Value, kind: &str| with(row, json!({ "contract_type": kind }));
    let next = |row: Value, former: &str| with(row, json!({ "renews_contract_id": former }));
    let contracts = json!([
        contract("a1", "ada", "2024-01-01", "2024-12-31", 1200),
        next(contract("a2", "ada", "2025-01-01", "2025-12-31", 1200), "A1"),
        with(
            next(contract("a3", "ada", "2026-01-01", "2026-12-31", 1200), "a2"),
            json!({ "signed_at": "2025-12-20T09:00:00Z" })
        ),
        // A licence for good, its service not renewed; users and projects end without being asked.
        with(
            kind(contract("b1", "bo", "2020-01-01", "2020-01-02", 9000), "license"),
            json!({ "ends_on": null })
        ),
        kind(contract("b2", "bo", "2024-07-01", "2025-06-30", 1200), "service_fee"),
        kind(contract("b3", "bo", "2024-07-01", "2025-06-30", 300), "users"),
        kind(contract("b4", "bo", "2024-07-01", "2025-06-30", 300), "customization"),
        contract("c1", "cy", "2025-07-01", "2026-02-28", 800),
    ]);
    let rows = ask(&vendor_with(&[("erp_contracts", contracts)]), "2026-01-01", "light_figures");
    assert_eq!(pairs(&rows, "customer_id", "renewals_due_36m"), ["e-ada=2", "e-bo=1", "e-cy=0"]);
    assert_eq!(pairs(&rows, "customer_id", "renewal_rate_36m"), ["e-ada=1.0", "e-bo=0.0", "e-cy=null"]);
    assert_eq!(
        pairs(&rows, "customer_id", "next_end_on"),
        ["e-ada=2026-12-31", "e-bo=null", "e-cy=2026-02-28"]
    );
    let ending: Vec<f64> = rows.iter().map(|r| r["ending_90d_value"].as_f64().unwrap()).collect();
    assert_eq!(ending, [0.0, 0.0, 1200.0], "800 for eight months are 1,200 a year");
}

#[test]
fn the_trend_is_of_what_recurs_and_of_whole_years() {
    let contracts = json!([
        contract("sub", "ada", "2023-06-01", "2026-12-31", 1200),
        with(
            contract("lic", "ada", "2024-05-01", "2024-05-02", 9000),
            json!({ "contract_type": "license", "ends_on": null })
        ),
        contract("new", "bo", "2024-06-01", "2026-12-31", 1200),
    ]);
    let invoices = json!([
        invoice("i0", "ada", "sub", "2023-12-01T00:00:00Z", 1000),
        invoice("i1", "ada", "sub", "2024-03-01T00:00:00Z", 1000),
        invoice("i2", "ada", "sub", "2025-03-01T00:00:00Z", 1250),
        invoice("i3", "ada", "lic", "2024-05-01T00:00:00Z", 9000),
        invoice("i4", "bo", "new", "2024-06-01T00:00:00Z", 1000),
        invoice("i5", "bo", "new", "2025-06-01T00:00:00Z", 3000),
    ]);
    let project = vendor_with(&[("erp_contracts", contracts), ("erp_invoices", invoices)]);
    let rows = ask(&project, "2026-01-01", "light_figures");
    assert_eq!(pairs(&rows, "customer_id", "billing_trend"), ["e-ada=0.25", "e-bo=null"]);
}

#[test]
fn who_earns_much_and_is_willing_is_core_and_told_why() {
    let contracts = json!([
        contract("a", "ada", "2025-07-01", "2026-06-30", 1000),
        contract("b", "bo", "2025-07-01", "2026-06-30", 100),
    ]);
    let invoices = json!([
        invoice("i1", "ada", "a", "2025-07-01T09:00:00Z", 1000),
        invoice("i2", "bo", "b", "2025-07-01T09:00:00Z", 100),
    ]);
    let project = vendor_with(&[("erp_contracts", contracts), ("erp_invoices", invoices)]);
    let rows = ask(&project, "2026-01-01", "light_customers");
    assert_eq!(pairs(&rows, "customer_id", "group_name"), ["e-ada=core", "e-bo=ordinary"]);
    assert_eq!(pairs(&rows, "customer_id", "group_rule"), ["e-ada=core", "e-bo=willing"]);
    let why = "Helps most: its margin is above that of 100 % of the other customers. Hurts most: a customer for 0.5 years.";
    assert_eq!(rows[0]["why"].as_str(), Some(why));
}
