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

#[test]
fn service_is_told_by_the_year_as_far_as_it_is_known() {
    let asked = |id: &str, org: &str, severity: i64, times: [&str; 3], csat: i64, complaint: bool| {
        let [opened, answered, solved] = times.map(|at| format!("{at}:00Z"));
        json!({ "ticket_id": id, "support_org_id": org, "severity": severity, "opened_at": opened,
            "first_response_at": answered, "resolved_at": solved, "csat": csat, "is_complaint": complaint })
    };
    let tickets = json!([
        asked("1", "S-ADA", 1, ["2026-02-10T10:00", "2026-02-10T10:30", "2026-02-10T14:00"], 5, false),
        asked("2", "S-ADA", 1, ["2026-01-10T10:00", "2026-01-10T13:00", "2026-01-11T10:00"], 2, true),
        // Solved after the day: open, and its mark is not known.
        asked("3", "S-ADA", 3, ["2025-06-01T10:00", "2025-06-01T12:00", "2026-03-02T10:00"], 1, false),
        asked("4", "S-ADA", 2, ["2024-08-01T10:00", "2024-08-01T15:00", "2024-08-01T16:00"], 4, true),
        asked("5", "S-BO", 4, ["2024-02-15T10:00", "2024-02-15T11:00", "2024-02-15T16:00"], 4, false),
    ]);
    let contracts: Vec<Value> = ["ada", "bo", "cy"]
        .iter()
        .map(|customer| contract(customer, customer, "2025-06-01", "2026-05-31", 1200))
        .collect();
    let ids = ["erp:e-ada", "erp:e-bo", "erp:e-cy", "support:s-ada", "support:s-bo"];
    let linked: Vec<(&str, &str)> = ids.iter().map(|id| (*id, id.rsplit('-').next().unwrap())).collect();
    let project = vendor_with(&[
        links(&linked),
        ("erp_contracts", Value::Array(contracts)),
        ("support_tickets", tickets),
    ]);
    let rows = ask(&project, "2026-03-01", "customer_service");
    let of =
        |n: usize, columns: &[&str]| -> Vec<Value> { columns.iter().map(|c| rows[n][*c].clone()).collect() };
    let counts = [
        "tickets_90d",
        "tickets_12m",
        "tickets_12m_before",
        "severity_1_12m",
        "severity_3_12m",
        "open_tickets",
        "complaints_12m",
        "complaints_12m_before",
        "answered_12m",
        "solved_12m",
        "ticket_csat_answers_12m",
    ];
    assert_eq!(json!(of(0, &counts)), json!([2, 3, 1, 2, 1, 1, 1, 1, 3, 2, 2]));
    assert_eq!(json!(of(1, &counts)), json!(vec![0; counts.len()]));
    assert_eq!(json!(of(2, &counts)), json!(vec![Value::Null; counts.len()]), "support does not know it");
    let means = [
        "answer_hours_12m",
        "answer_hours_12m_before",
        "solution_hours_12m",
        "ticket_csat_12m",
        "ticket_csat_12m_before",
        "in_time_share_12m",
        "in_time_share_12m_before",
    ];
    assert_eq!(json!(of(0, &means)), json!([2.0, 5.0, 14.0, 3.5, 4.0, 2.0 / 3.0, 0.0]));
    assert_eq!(json!(of(1, &means)), json!(vec![Value::Null; means.len()]), "a mean over nothing");
    assert_eq!(rows[0]["oldest_open_days"], json!(273));
}

#[test]
fn the_last_meetings_and_answers_are_told_with_their_day() {
    let met = |id: &str, at: &str, kind: &str| json!({ "engagement_id": id, "account_id": "A-1", "held_at": at, "kind": kind, "customer_level": "user" });
    let meetings = json!([
        met("1", "2024-05-05T09:00:00Z", "qbr"),
        met("2", "2025-10-01T09:00:00Z", "training"),
        met("3", "2026-02-28T23:30:00Z", "call"),
        met("4", "2026-03-01T00:00:00Z", "qbr"),
    ]);
    let said = |id: &str, at: &str, nps: i64, csat: Value| json!({ "survey_id": id, "account_id": "A-1", "responded_at": format!("{at}T09:00:00Z"), "nps": nps, "csat": csat });
    let answers = json!([
        said("1", "2025-08-01", 8, json!(3)),
        said("2", "2025-11-01", 6, json!(4)),
        said("3", "2026-02-01", 9, Value::Null),
        // No mark there is.
        said("4", "2026-02-02", 11, json!(0)),
    ]);
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada"), ("crm:a-1", "ada")]),
        ("erp_contracts", json!([contract("ada", "ada", "2025-06-01", "2026-05-31", 1200)])),
        ("crm_engagements", meetings),
        ("crm_surveys", answers),
    ]);
    let ada = &ask(&project, "2026-03-01", "customer_service")[0];
    let met = [
        "meetings_12m",
        "reviews_12m",
        "trainings_12m",
        "last_meeting_on",
        "last_review_on",
        "last_training_on",
        "last_executive_visit_on",
    ];
    assert_eq!(
        json!(met.map(|c| ada[c].clone())),
        json!([2, 0, 1, "2026-02-28", "2024-05-05", "2025-10-01", null])
    );
    let said = ["nps", "nps_on", "nps_before", "nps_before_on", "survey_csat", "survey_csat_on"];
    assert_eq!(
        json!(said.map(|c| ada[c].clone())),
        json!([9, "2026-02-01", 6, "2025-11-01", 4, "2025-11-01"])
    );
}

#[test]
fn an_agreement_knows_what_it_renewed_and_what_renews_it() {
    let kind =
        |row: Value, kind: &str, ends: Value| with(row, json!({ "contract_type": kind, "ends_on": ends }));
    let term = |id: &str, starts: &str, ends: &str, amount: i64| contract(id, "ada", starts, ends, amount);
    let contracts = json!([
        term("old", "2024-04-01", "2025-03-31", 1000),
        with(
            term("SUB", "2025-04-01", "2026-03-31", 1200),
            json!({ "renews_contract_id": "OLD", "licensed_users": 20 })
        ),
        granting(kind(term("more", "2025-09-01", "", 70), "users", json!("2026-03-31")), 5),
        with(
            term("next", "2026-04-01", "2027-03-31", 1400),
            json!({ "renews_contract_id": "sub", "signed_at": "2026-01-15T09:00:00Z" })
        ),
        kind(term("own", "2023-01-01", "", 9000), "license", Value::Null),
        kind(term("crm", "2025-05-01", "", 300), "service_fee", json!("2026-04-30")),
        kind(term("up", "2025-12-01", "", 500), "upgrade", json!("2026-02-28")),
        with(term("gone", "2025-04-01", "2026-03-31", 1), json!({ "cancelled_at": "2025-10-01T00:00:00Z" })),
    ]);
    let account = json!([{ "account_id": "A-1", "customer_name": "Ada", "product_series": "Cloud",
        "product_version": "13.5", "valid_from": "2024-01-01T00:00:00Z" }]);
    let project = vendor_with(&[
        links(&[("erp:e-ada", "ada"), ("crm:a-1", "ada")]),
        ("erp_contracts", contracts),
        ("crm_accounts", account),
    ]);
    let told = "SELECT contract_id,
            concat_ws(' ', kind, COALESCE(product_series, '-'), CAST(yearly_value AS BIGINT),
                COALESCE(CAST(days_to_end AS TEXT), '-'), COALESCE(CAST(CAST(former_yearly_value AS BIGINT) AS TEXT), '-'),
                COALESCE(CAST(is_renewed AS TEXT), '-'), renewed_by, renewed_on) AS figures
         FROM customer_agreements";
    let expected = [
        "crm=service_fee - 300 88 - false",
        // Seven months for 70.
        "more=users - 120 58 - true next 2026-01-15",
        "own=license Cloud 9000 - - -",
        "sub=subscription Cloud 1200 58 1000 true next 2026-01-15",
        "up=upgrade - 500 27 - -",
    ];
    assert_eq!(pairs(&ask(&project, "2026-02-01", told), "contract_id", "figures"), expected);
}
