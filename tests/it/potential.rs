//! What customers could buy and what they get: the SQL of whitespace, discounts and channels over a few rows.

use serde_json::{Value, json};

use super::{
    tiny::Project,
    vendor_rows::{ask, contract, links, pairs, vendor_with, with},
};

fn named(id: &str, customer: &str, module: &str, amount: i64) -> Value {
    with(
        contract(id, customer, "2025-06-01", "2026-05-31", amount),
        json!({ "contract_type": "module", "module": module, "licensed_users": 20 }),
    )
}

/// Sixty customers of 20 users: 30 have crm and analytics, one has crm alone, 29 have finance.
fn sixty() -> Project {
    let ids: Vec<String> = (0..60).map(|n| format!("c{n:02}")).collect();
    let erp: Vec<String> = ids.iter().map(|c| format!("erp:e-{c}")).collect();
    let mut linked: Vec<(&str, &str)> =
        erp.iter().map(String::as_str).zip(ids.iter().map(String::as_str)).collect();
    linked.push(("crm:a-30", "c30"));
    let contracts: Vec<Value> = ids
        .iter()
        .enumerate()
        .flat_map(|(n, c)| match n {
            0..30 => {
                vec![named(&format!("a{c}"), c, "CRM", 2400), named(&format!("b{c}"), c, "analytics", 1200)]
            }
            30 => vec![named(&format!("a{c}"), c, "crm", 2400)],
            _ => vec![named(&format!("a{c}"), c, "finance", 1200)],
        })
        .collect();
    let hoped = json!([{
        "opportunity_id": "o1", "account_id": "A-30", "kind": "cross_sell", "module": "analytics", "amount": 1000,
        "created_at": "2026-01-05T09:00:00Z",
    }]);
    let modules = json!([
        { "module": "crm", "is_core": false, "list_price": 3000 },
        { "module": "analytics", "is_core": false, "list_price": 2000 },
        { "module": "finance", "is_core": true, "list_price": 2000 },
    ]);
    vendor_with(&[
        links(&linked),
        ("erp_contracts", Value::Array(contracts)),
        ("crm_opportunities", hoped),
        ("reference_modules", modules),
    ])
}

#[test]
fn what_customers_alike_have_and_one_has_not_is_recommended_to_it() {
    let rows = ask(
        &sixty(),
        "2026-02-01",
        "SELECT concat(customer_id, ' ', module, ' by ', if_kind, ' ', if_name) AS offer,
                concat(round(confidence, 4), ' ', round(confidence_low, 4), ' ', round(lift, 4), ' ', price_basis, ' ',
                       expected_yearly_value, ' ', peer_value, ' ', open_opportunity, ' ', previously_had) AS figures
         FROM whitespace",
    );
    // Of 31 with crm 30 have analytics, of 60 half: 30/31, lift 60/31; Wilson's lower end at three standard deviations
    // 0.7280; thirty pay 1,200 a year.
    let expected = "c30 analytics by module crm=0.9677 0.728 1.9355 paid 1200.00 1161.29 true false";
    assert_eq!(pairs(&rows, "offer", "figures"), [expected]);
}

#[test]
fn a_rule_is_what_its_counts_say() {
    let rows = ask(
        &sixty(),
        "2026-02-01",
        "SELECT concat(if_kind, ' ', if_name, ' ', then_module) AS rule,
                concat(customers_with_if, ' ', customers_with_both, ' ', recommends) AS counts
         FROM module_rules WHERE then_module <> 'finance'",
    );
    let expected = [
        "all all analytics=60 30 false",
        "all all crm=60 31 false",
        "module analytics crm=30 30 true",
        "module crm analytics=31 30 true",
        // All are of one size, which tells nothing.
        "size 10-49 analytics=60 30 false",
        "size 10-49 crm=60 31 false",
    ];
    assert_eq!(pairs(&rows, "rule", "counts"), expected);
}

#[test]
fn a_customer_has_what_it_uses_and_what_a_contract_in_force_names() {
    let use_of = |module: &str, day: &str, logins: i64| json!({ "tenant_id": "T-ADA", "module": module, "usage_date": day, "logins": logins, "active_users": 2 });
    let usage = json!([
        use_of("Finance", "2026-01-20", 5),
        use_of("budgeting", "2025-03-01", 1),
        use_of("sales", "2026-01-20", 0),
        use_of("projects", "2024-12-01", 9),
    ]);
    let contracts = json!([
        contract("suite", "ada", "2025-06-01", "2026-05-31", 1200),
        named("crm", "ada", "crm", 100),
        with(named("gone", "ada", "assets", 100), json!({ "cancelled_at": "2025-12-01T00:00:00Z" })),
        // Of a suite that nobody is seen to use, nobody knows what is in it.
        contract("other", "bo", "2025-06-01", "2026-05-31", 1200),
        named("more", "bo", "crm", 100),
    ]);
    let ids = links(&[("erp:e-ada", "ada"), ("product:t-ada", "ada"), ("erp:e-bo", "bo")]);
    let project = vendor_with(&[ids, ("erp_contracts", contracts), ("product_usage", usage)]);
    let rows = ask(
        &project,
        "2026-02-01",
        "SELECT concat(customer_id, ' ', module) AS holding, under_contract FROM module_holdings",
    );
    assert_eq!(
        pairs(&rows, "holding", "under_contract"),
        ["ada budgeting=false", "ada crm=true", "ada finance=false"]
    );
}

#[test]
fn a_customer_belongs_to_the_channel_of_today() {
    let version = |id: &str, from: &str, partner: Value| {
        json!({
            "account_id": id, "customer_name": id, "channel_partner_id": partner,
            "valid_from": format!("{from}T00:00:00Z"),
        })
    };
    let accounts = json!([
        version("a-1", "2020-01-01", json!("P-1")),
        version("a-1", "2025-09-01", json!("P-2")),
        version("a-2", "2020-01-01", json!("P-1")),
        version("a-2", "2024-01-01", Value::Null),
        version("a-3", "2025-09-01", json!("P-1")),
    ]);
    let ids = ["ada", "bo", "cy", "di"];
    let contracts: Vec<Value> =
        ids.iter().map(|c| contract(c, c, "2025-01-01", "2026-12-31", 1200)).collect();
    let linked = links(&[
        ("crm:a-1", "ada"),
        ("crm:a-2", "bo"),
        ("crm:a-3", "cy"),
        ("erp:e-ada", "ada"),
        ("erp:e-bo", "bo"),
        ("erp:e-cy", "cy"),
        ("erp:e-di", "di"),
    ]);
    let project =
        vendor_with(&[linked, ("crm_accounts", accounts), ("erp_contracts", Value::Array(contracts))]);
    let rows = ask(
        &project,
        "2026-02-01",
        "SELECT customer_id, concat(channel, ' was ', COALESCE(channel_year_ago, 'unknown')) AS channels
         FROM customer_channels",
    );
    assert_eq!(
        pairs(&rows, "customer_id", "channels"),
        ["ada=P-2 was P-1", "bo=direct was direct", "cy=P-1 was unknown", "di=direct was unknown"]
    );
}
