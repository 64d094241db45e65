//! The SQL of the sample vendor: a few rows in each source, and what the tables make of them.

use serde_json::{Value, json};

use super::{
    tiny::Project,
    vendor_rows::{ask, contract, links, pairs, vendor_with, with},
};

#[test]
fn ids_compare_without_case_and_a_newer_link_takes_an_id_over() {
    let links = json!([
        { "customer_id": "Ada", "source_system": "CRM", "source_id": "A-1", "linked_at": "2025-01-01T00:00:00Z" },
        { "customer_id": "ADA", "source_system": "erp", "source_id": "E-1", "linked_at": "2025-02-01T00:00:00Z" },
        { "customer_id": "bo", "source_system": "erp", "source_id": "e-1", "linked_at": "2026-02-01T00:00:00Z" },
    ]);
    let project = vendor_with(&[("identity_links", links)]);
    let at = |day| {
        let rows = ask(
            &project,
            day,
            "SELECT concat(source_system, ':', source_id) AS id, customer_id FROM identities",
        );
        pairs(&rows, "id", "customer_id")
    };
    assert_eq!(at("2026-01-01"), ["crm:a-1=Ada", "erp:e-1=Ada"], "the spelling that was linked first stands");
    assert_eq!(at("2026-03-01"), ["crm:a-1=Ada", "erp:e-1=bo"]);
}

#[test]
fn rows_of_an_id_that_no_link_knows_are_counted_and_belong_to_nobody() {
    let day = "2026-01-05T00:00:00Z";
    let invoice =
        |id: &str, erp: &str| json!({ "invoice_id": id, "erp_customer_id": erp, "invoiced_at": day });
    let invoices = json!([
        invoice("i1", "E-ADA"),
        invoice("i2", "e-lost"),
        invoice("i3", "e-lost"),
        invoice("i4", "e-gone")
    ]);
    let project = vendor_with(&[links(&[("erp:e-ada", "ada")]), ("erp_invoices", invoices)]);
    let orphans = ask(&project, "2026-02-01", "SELECT * FROM orphans WHERE source = 'erp_invoices'");
    let expected =
        json!({ "source": "erp_invoices", "rows_known": 4, "orphan_rows": 3, "example_id": "e-gone" });
    assert_eq!(orphans, [expected]);
    assert_eq!(pairs(&ask(&project, "2026-02-01", "invoices"), "invoice_id", "customer_id"), ["i1=ada"]);
    assert!(
        ask(&project, "2026-01-05", "SELECT * FROM orphans WHERE source = 'erp_invoices'").is_empty(),
        "not known yet"
    );
}

/// Six customers on 2026-01-01, each with one contract, and what became of it.
fn leaving_and_staying() -> Project {
    let names = ["ada", "bo", "cy", "di", "ed", "flo"];
    let ids: Vec<String> = names.iter().map(|n| format!("erp:e-{n}")).collect();
    let ids: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(names).collect();
    let contracts = json!([
        contract("stays", "ada", "2025-06-01", "2026-05-31", 1200),
        contract("expires", "bo", "2025-03-01", "2026-02-28", 1200),
        with(
            contract("cancelled", "cy", "2025-06-01", "2026-05-31", 1200),
            json!({ "cancelled_at": "2026-02-10T08:00:00Z" })
        ),
        contract("renewed", "di", "2025-03-01", "2026-02-28", 1200),
        with(
            contract("renewal", "di", "2026-03-01", "2027-02-28", 1500),
            json!({ "renews_contract_id": "RENEWED", "signed_at": "2026-02-20T09:00:00Z" })
        ),
        with(
            contract("forever", "ed", "2020-01-01", "2099-12-31", 9000),
            json!({ "contract_type": "license" })
        ),
        contract("ended", "flo", "2024-06-01", "2025-05-31", 1200),
    ]);
    vendor_with(&[links(&ids), ("erp_contracts", contracts)])
}

#[test]
fn a_contract_is_in_force_from_its_start_to_its_end_or_its_cancellation() {
    let project = leaving_and_staying();
    let at = |day| {
        let rows = ask(&project, day, "SELECT contract_id, in_force FROM contracts WHERE in_force");
        rows.iter()
            .map(|r| r["contract_id"].as_str().unwrap().to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    assert_eq!(at("2026-01-01"), set(&["cancelled", "expires", "forever", "renewed", "stays"]));
    assert_eq!(
        at("2026-02-28"),
        set(&["expires", "forever", "renewed", "stays"]),
        "the last day is in force, the cancelled is not"
    );
    assert_eq!(at("2026-03-01"), set(&["forever", "renewal", "stays"]), "the first day is in force");
    assert_eq!(
        at("2026-02-10"),
        set(&["cancelled", "expires", "forever", "renewed", "stays"]),
        "at midnight nobody knew of the cancellation"
    );
}

#[test]
fn who_has_no_contract_in_force_ninety_days_later_has_churned() {
    let rows = ask(&leaving_and_staying(), "2026-01-01", "churned");
    let expected = ["ada=false", "bo=true", "cy=true", "di=false", "ed=false"];
    assert_eq!(
        pairs(&rows, "customer_id", "churned"),
        expected,
        "of those in force on the day, and of no other"
    );
}

#[test]
fn growth_is_what_was_added_and_what_renewals_changed() {
    let ids = [
        ("erp:e-ada", "ada"),
        ("erp:e-bo", "bo"),
        ("erp:e-cy", "cy"),
        ("erp:e-di", "di"),
        ("erp:e-ed", "ed"),
    ];
    let base =
        |customer: &str| contract(&format!("base-{customer}"), customer, "2025-03-01", "2026-02-28", 1200);
    let renewal = |customer: &str, amount| {
        let renewal = contract(&format!("next-{customer}"), customer, "2026-03-01", "2027-02-28", amount);
        with(renewal, json!({ "renews_contract_id": format!("base-{customer}") }))
    };
    let module = |customer: &str, signed: &str, amount| {
        let module = contract(&format!("module-{customer}"), customer, signed, "2027-03-31", amount);
        with(module, json!({ "contract_type": "module", "module": "crm", "ends_on": null }))
    };
    let contracts = json!([
        base("ada"),
        module("ada", "2026-04-01", 300),
        base("bo"),
        renewal("bo", 1500),
        base("cy"),
        renewal("cy", 700),
        base("di"),
        // One module before the window, one after it, one taken back within it.
        base("ed"),
        module("ed", "2025-12-31", 1),
        with(module("ed", "2026-06-30", 2), json!({ "contract_id": "after" })),
        with(
            module("ed", "2026-02-01", 4),
            json!({ "contract_id": "back", "cancelled_at": "2026-03-01T00:00:00Z" })
        ),
    ]);
    let rows = ask(&vendor_with(&[links(&ids), ("erp_contracts", contracts)]), "2026-01-01", "growth");
    let found: Vec<_> = pairs(&rows, "customer_id", "growth");
    let figures: Vec<(String, f64)> = found
        .iter()
        .map(|p| p.split_once('=').unwrap())
        .map(|(c, g)| (c.to_owned(), g.parse().unwrap()))
        .collect();
    let expected = [("ada", 300.0), ("bo", 300.0), ("cy", -500.0), ("di", 0.0), ("ed", 0.0)];
    assert_eq!(figures, expected.map(|(c, g)| (c.to_owned(), g)));
}

#[test]
fn windows_of_usage_are_whole_weeks_up_to_the_newest_day_that_can_be_known() {
    // As of 2026-04-01 the newest day that is known is March 30; the 28 days up to it begin on March 3.
    let day = |date: &str, logins: i64| json!({ "tenant_id": "T-ADA", "module": "crm", "usage_date": date, "active_users": 2, "logins": logins });
    let usage = json!([
        day("2026-03-31", 1),
        day("2026-03-30", 10),
        day("2026-03-03", 100),
        day("2026-03-02", 1_000),
        day("2026-02-03", 10_000),
        day("2026-02-02", 100_000),
        day("2025-12-30", 1_000_000),
        day("2025-12-29", 10_000_000),
        day("2025-09-30", 100_000_000),
        day("2025-09-29", 1_000_000_000),
        day("2024-01-01", 7),
        day("2026-03-10", -5),
    ]);
    let project = vendor_with(&[links(&[("product:t-ada", "ada")]), ("product_usage", usage)]);
    let rows = ask(&project, "2026-04-01", "usage_windows");
    assert_eq!(rows.len(), 1);
    let of = |column: &str| rows[0][column].as_i64().unwrap();
    assert_eq!((of("logins_28d"), of("logins_28d_before")), (110, 11_000));
    assert_eq!((of("logins_91d"), of("logins_91d_before")), (1_111_110, 110_000_000));
    assert_eq!(of("logins_182d_before"), 1_000_000_000);
    assert_eq!(
        (of("reports_28d"), of("users_28d")),
        (3, 6),
        "a counter that ran backwards is a report of nothing"
    );
    assert_eq!(
        (rows[0]["customer_id"].as_str(), rows[0]["last_used_on"].as_str()),
        (Some("ada"), Some("2026-03-30"))
    );
}

#[test]
fn days_late_run_to_the_settling_payment_or_to_the_as_of_day() {
    let of_ada = |row: Value| with(row, json!({ "erp_customer_id": "e-ada" }));
    let billed = "2026-01-01T00:00:00Z";
    let invoice = |id: &str, due: &str| {
        of_ada(json!({ "invoice_id": id, "invoiced_at": billed, "due_on": due, "amount": 100 }))
    };
    let payment = |id: &str, invoice: &str, day: &str, amount: i64| {
        let paid = format!("{day}T12:00:00Z");
        of_ada(json!({ "payment_id": id, "invoice_id": invoice, "paid_at": paid, "amount": amount }))
    };
    let invoices = json!([
        invoice("early", "2026-01-31"),
        invoice("late", "2026-01-31"),
        invoice("in_parts", "2026-01-31"),
        invoice("half", "2026-01-31"),
        invoice("open", "2026-01-31"),
        invoice("not_due", "2026-05-31"),
        invoice("paid_later", "2026-01-31"),
        invoice("slip", "2062-01-31"),
    ]);
    let payments = json!([
        payment("p1", "EARLY", "2026-01-20", 100),
        payment("p2", "late", "2026-02-10", 100),
        payment("p3", "in_parts", "2026-01-10", 60),
        payment("p4", "in_parts", "2026-02-05", 40),
        payment("p5", "half", "2026-01-10", 50),
        payment("p6", "paid_later", "2026-03-15", 100),
    ]);
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada")]),
        ("erp_invoices", invoices),
        ("erp_payments", payments),
    ]);
    let rows = ask(&project, "2026-03-01", "receivables");
    let expected =
        ["early=0", "half=29", "in_parts=5", "late=10", "not_due=0", "open=29", "paid_later=29", "slip=null"];
    assert_eq!(pairs(&rows, "invoice_id", "days_late"), expected);
    let open = ask(
        &project,
        "2026-03-01",
        "SELECT invoice_id, CAST(open_amount AS BIGINT) AS open FROM receivables WHERE open_amount > 0",
    );
    assert_eq!(
        pairs(&open, "invoice_id", "open"),
        ["half=50", "not_due=100", "open=100", "paid_later=100", "slip=100"]
    );
}
