//! What customers bring and cost, and the company in figures: a few rows, and figures worked out by hand.

use serde_json::{Value, json};

use super::{
    tiny::Project,
    vendor_rows::{ask, contract, links, pairs, vendor_with, with},
};

fn renewal(id: &str, former: &str, customer: &str, starts: &str, ends: &str, amount: i64) -> Value {
    with(contract(id, customer, starts, ends, amount), json!({ "renews_contract_id": former }))
}

/// One grows, one shrinks, one leaves and one comes within 2025; the lake begins with one invoice.
fn a_year(first_invoice: &str) -> Project {
    let ids = [("erp:e-ada", "ada"), ("erp:e-bo", "bo"), ("erp:e-cy", "cy"), ("erp:e-di", "di")];
    let contracts = json!([
        contract("ada-1", "ada", "2024-06-01", "2025-05-31", 1000),
        renewal("ada-2", "ada-1", "ada", "2025-06-01", "2026-05-31", 1200),
        contract("bo-1", "bo", "2024-06-01", "2025-05-31", 2000),
        renewal("bo-2", "bo-1", "bo", "2025-06-01", "2026-05-31", 1500),
        contract("cy-1", "cy", "2024-03-01", "2025-02-28", 1000),
        contract("di-1", "di", "2025-09-01", "2026-08-31", 500),
    ]);
    let invoice = json!({ "invoice_id": "i1", "erp_customer_id": "e-ada", "contract_id": "ada-1",
        "invoiced_at": format!("{first_invoice}T08:00:00Z"), "due_on": first_invoice, "amount": 1000, "cost": 0 });
    vendor_with(&[links(&ids), ("erp_contracts", contracts), ("erp_invoices", json!([invoice]))])
}

#[test]
fn retention_is_of_the_customers_in_force_a_year_ago() {
    let project = a_year("2024-01-10");
    let whole = &ask(&project, "2026-01-01", "SELECT * FROM company_figures WHERE group_kind = 'all'")[0];
    let of = |column: &str| whole[column].as_f64().unwrap();
    assert_eq!((of("customers"), of("customers_year_ago")), (3.0, 3.0));
    assert_eq!((of("new_customers_12m"), of("lost_customers_12m")), (1.0, 1.0));
    assert_eq!(of("nrr_12m"), 0.675, "(1200 + 1500) / 4000: who came since does not count");
    assert_eq!(of("grr_12m"), 0.625, "(1000 + 1500) / 4000: nobody counts above what it was");
    assert_eq!(of("logo_churn_rate_12m"), 1.0 / 3.0);
    assert_eq!(of("renewal_rate_12m"), 0.75, "3000 of 4000 that came up");
    assert_eq!((of("upsell_12m"), of("cross_sell_12m")), (200.0, 0.0));
}

#[test]
fn the_bridge_tells_what_came_grew_shrank_and_went() {
    let moved = "SELECT CAST(month AS VARCHAR) AS month, concat_ws(' ', CAST(new_value AS BIGINT),
            CAST(expansion_value AS BIGINT), CAST(contraction_value AS BIGINT), CAST(lost_value AS BIGINT),
            CAST(yearly_value AS BIGINT)) AS moved
        FROM company_months
        WHERE new_value <> 0 OR expansion_value <> 0 OR contraction_value <> 0 OR lost_value <> 0";
    let rows = ask(&a_year("2025-01-10"), "2026-01-01", moved);
    let expected =
        ["2025-02-01=0 0 0 -1000 3000", "2025-05-01=0 200 -500 0 2700", "2025-08-01=500 0 0 0 3200"];
    assert_eq!(pairs(&rows, "month", "moved"), expected);
}

#[test]
fn a_year_that_the_lake_does_not_reach_has_no_retention() {
    let project = a_year("2025-06-10");
    let whole = &ask(&project, "2026-01-01", "SELECT * FROM company_figures WHERE group_kind = 'all'")[0];
    assert_eq!((&whole["nrr_12m"], &whole["logo_churn_rate_12m"]), (&Value::Null, &Value::Null));
    let months = ask(&project, "2026-01-15", "company_months");
    let at = |n: usize| (months[n]["month"].as_str().unwrap(), months[n]["state_on"].as_str().unwrap());
    assert_eq!(at(0), ("2025-06-01", "2025-07-01"));
    assert_eq!(at(7), ("2026-01-01", "2026-01-15"), "the month that runs ends on the day itself");
    assert_eq!(months.len(), 8);
}

#[test]
fn upsell_is_more_of_the_same_and_cross_sell_something_else() {
    let bought = |id: &str, kind: &str, signed: &str, amount: i64| {
        let bought = contract(id, "ada", signed, "2026-12-31", amount);
        with(
            bought,
            json!({ "contract_type": kind, "ends_on": null, "signed_at": format!("{signed}T09:00:00Z") }),
        )
    };
    let contracts = json!([
        contract("base", "ada", "2025-02-01", "2026-01-31", 1000),
        bought("with_it", "module", "2025-02-01", 1),
        bought("users", "users", "2025-03-01", 20),
        bought("upgrade", "upgrade", "2025-03-01", 300),
        bought("module", "module", "2025-06-01", 4_000),
        bought("project", "customization", "2025-07-01", 50_000),
        with(
            bought("back", "module", "2025-08-01", 600_000),
            json!({ "cancelled_at": "2025-09-01T00:00:00Z" })
        ),
    ]);
    let project = vendor_with(&[links(&[("erp:e-ada", "ada")]), ("erp_contracts", contracts)]);
    let ada = &ask(&project, "2026-01-01", "customer_purchases")[0];
    let of = |column: &str| ada[column].as_f64().unwrap();
    assert_eq!((of("upsell_12m"), of("cross_sell_12m")), (320.0, 4_000.0), "the first day is the first sale");
    assert_eq!(of("one_off_12m"), 54_321.0);
    assert_eq!(of("repurchase_rate"), 3.0, "three days in less than a year");
}

#[test]
fn who_waits_is_late_once_the_target_is_over() {
    let asked = |id: &str, severity: i64, opened: &str, answered: Option<&str>| {
        json!({ "ticket_id": id, "support_org_id": "S-ADA", "severity": severity,
            "opened_at": format!("2026-02-28T{opened}:00Z"),
            "first_response_at": answered.map(|at| format!("2026-02-28T{at}:00Z")) })
    };
    let tickets = json!([
        asked("soon", 1, "10:00", Some("11:00")),
        asked("late", 1, "10:00", Some("11:01")),
        asked("minor", 4, "10:00", Some("11:01")),
        asked("waits", 1, "22:30", None),
        asked("may_wait", 4, "22:30", None),
    ]);
    let project = vendor_with(&[links(&[("support:s-ada", "ada")]), ("support_tickets", tickets)]);
    let rows = ask(&project, "2026-03-01", "tickets_in_time");
    let expected = ["late=false", "may_wait=null", "minor=true", "soon=true", "waits=false"];
    assert_eq!(pairs(&rows, "ticket_id", "in_time"), expected);
}

#[test]
fn money_is_tied_up_for_as_long_as_it_is_open() {
    // Paid on the tenth day: 100 for 10 days. Open from December 1: 365 for 31 days.
    let invoice = |id: &str, day: &str, amount: i64| {
        json!({ "invoice_id": id, "contract_id": id, "erp_customer_id": "e-ada", "invoiced_at": format!("{day}T08:00:00Z"),
            "due_on": "2025-12-31", "amount": amount, "cost": 0 })
    };
    let payment = json!({ "payment_id": "p", "invoice_id": "paid", "erp_customer_id": "e-ada",
        "paid_at": "2025-06-11T08:00:00Z", "amount": 100 });
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada")]),
        ("erp_contracts", json!([contract("base", "ada", "2025-02-01", "2026-01-31", 1000)])),
        ("erp_invoices", json!([invoice("paid", "2025-06-01", 100), invoice("open", "2025-12-01", 365)])),
        ("erp_payments", json!([payment])),
    ]);
    let ada = &ask(&project, "2026-01-01", "tied_up")[0];
    let of = |column: &str| ada[column].as_f64().unwrap();
    assert_eq!((of("open_amount"), of("overdue_amount")), (365.0, 365.0));
    assert_eq!(of("mean_open_amount_12m"), 33.74, "(100 x 10 + 365 x 31) / 365");
    assert_eq!(of("capital_cost_12m"), 2.02);
}

#[test]
fn an_invoice_is_settled_by_the_credit_note_that_reaches_it() {
    let billed = |id: &str, day: &str, due: &str, amount: i64| {
        json!({ "invoice_id": id, "contract_id": "k", "erp_customer_id": "e-ada",
            "invoiced_at": format!("{day}T08:00:00Z"), "due_on": due, "amount": amount, "cost": 0 })
    };
    let invoices = json!([
        billed("first", "2025-05-01", "2025-05-31", 100),
        billed("second", "2025-06-01", "2025-07-01", 1000),
        billed("note-1", "2025-07-10", "2025-07-10", -300),
        billed("note-2", "2026-01-10", "2026-01-10", -800),
        billed("third", "2026-02-01", "2026-02-11", 50),
    ]);
    let project = vendor_with(&[links(&[("erp:e-ada", "ada")]), ("erp_invoices", invoices)]);
    let rows = ask(&project, "2026-03-01", "receivables");
    // The first note settles the first invoice and a fifth of the second, the other the rest; none reaches the third.
    assert_eq!(pairs(&rows, "invoice_id", "days_late"), ["first=40", "second=193", "third=18"]);
    assert_eq!(
        pairs(&rows, "invoice_id", "paid_on"),
        ["first=2025-07-10", "second=2026-01-10", "third=null"]
    );
    let halfway = ask(
        &project,
        "2025-12-01",
        "SELECT invoice_id, CAST(open_amount AS BIGINT) AS open FROM receivables",
    );
    assert_eq!(pairs(&halfway, "invoice_id", "open"), ["first=0", "second=800"]);
}
