//! Small lakes, written and read again.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::concat_batches,
    datatypes::{DataType, Date32Type, TimestampMicrosecondType},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{
    SampleOptions, SampleSummary, UsageGrain,
    calendar::{Calendar, at},
    ids::System,
    life::{Customer, live},
    make,
    world::World,
};

fn lake(customers: usize, months: u32, seed: u64) -> (tempfile::TempDir, SampleOptions, SampleSummary) {
    let folder = tempfile::tempdir().unwrap();
    let options = SampleOptions { customers, months, seed, ..SampleOptions::new(folder.path().join("lake")) };
    let summary = make(&options, &mut |_| {}).unwrap();
    (folder, options, summary)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|file| (file.strip_prefix(folder).unwrap().into(), fs::read(&file).unwrap()))
        .collect()
}

/// All rows of a table, its files in the order of their paths.
fn read(lake: &Path, table: &str) -> RecordBatch {
    let path = lake.join(table);
    let files = if path.is_dir() { files(&path) } else { vec![path.with_extension("parquet")] };
    let mut batches = Vec::new();
    for file in files {
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap()).unwrap().build().unwrap();
        batches.extend(reader.map(|batch| batch.unwrap()));
    }
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn text(batch: &RecordBatch, column: &str, row: usize) -> String {
    batch.column_by_name(column).unwrap().as_string::<i32>().value(row).to_string()
}

/// Table, primary key, and all columns as `name:type`, with `?` where they may be null.
const TABLES: [(&str, &[&str], &str); 12] = [
    (
        "crm/accounts",
        &["account_id", "valid_from"],
        "account_id:text customer_name:text industry:text? region:text employees:int? annual_revenue:money? \
         registered_on:day? channel_partner_id:text? owner:text product_series:text product_version:text \
         digital_maturity:int? executive_sponsor:flag expansion_plan:text industry_benchmark:flag brand_rank:int \
         ecosystem_partner:flag co_creation:flag valid_from:time valid_to:time?",
    ),
    (
        "crm/engagements",
        &["engagement_id"],
        "engagement_id:text account_id:text held_at:time kind:text customer_level:text",
    ),
    ("crm/surveys", &["survey_id"], "survey_id:text account_id:text responded_at:time nps:int csat:int?"),
    (
        "crm/opportunities",
        &["opportunity_id"],
        "opportunity_id:text account_id:text kind:text module:text? amount:money created_at:time closed_at:time? \
         won:flag? competitor:text? referred_by_account_id:text?",
    ),
    (
        "erp/contracts",
        &["contract_id"],
        "contract_id:text erp_customer_id:text contract_type:text module:text? licensed_users:int? amount:money \
         implementation_cost:money signed_at:time starts_on:day ends_on:day? cancelled_at:time? renews_contract_id:text?",
    ),
    (
        "erp/invoices",
        &["invoice_id"],
        "invoice_id:text contract_id:text erp_customer_id:text invoiced_at:time due_on:day amount:money cost:money",
    ),
    (
        "erp/payments",
        &["payment_id"],
        "payment_id:text invoice_id:text erp_customer_id:text paid_at:time amount:money",
    ),
    (
        "support/tickets",
        &["ticket_id"],
        "ticket_id:text support_org_id:text opened_at:time first_response_at:time? resolved_at:time? severity:int \
         category:text is_complaint:flag reopened_count:int? handling_minutes:int? csat:int?",
    ),
    (
        "product/usage_daily",
        &["tenant_id", "usage_date", "module"],
        "tenant_id:text usage_date:day module:text active_users:int logins:int transactions:int",
    ),
    (
        "identity/links",
        &["source_system", "source_id"],
        "customer_id:text source_system:text source_id:text linked_at:time",
    ),
    ("reference/industries", &["industry"], "industry:text outlook_growth:double policy_support:flag"),
    ("reference/modules", &["module"], "module:text is_core:flag category:text list_price:money"),
];

fn described(batch: &RecordBatch) -> String {
    let kind = |kind: &DataType| match kind {
        DataType::Utf8 => "text",
        DataType::Int32 => "int",
        DataType::Float64 => "double",
        DataType::Boolean => "flag",
        DataType::Date32 => "day",
        DataType::Decimal128(18, 2) => "money",
        DataType::Timestamp(_, Some(zone)) if &**zone == "UTC" => "time",
        _ => "other",
    };
    let field = |field: &arrow::datatypes::FieldRef| {
        format!("{}:{}{}", field.name(), kind(field.data_type()), if field.is_nullable() { "?" } else { "" })
    };
    batch.schema().fields().iter().map(field).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_same_options_make_the_same_bytes_and_another_seed_others() {
    let (folder, _, summary) = lake(40, 5, 1);
    let (again, _, summary_again) = lake(40, 5, 1);
    let (other, ..) = lake(40, 5, 2);
    assert_eq!(summary, summary_again);
    assert!(bytes(folder.path()) == bytes(again.path()));
    assert!(bytes(folder.path()) != bytes(other.path()));
}

#[test]
fn a_customer_is_the_same_in_a_small_world_and_a_large_one() {
    let world = |customers| {
        let options = SampleOptions { customers, ..SampleOptions::new("") };
        World::make(&options, Calendar::new(options.months, options.end).unwrap()).unwrap()
    };
    let (small, large) = (world(20), world(60));
    for who in 0..20 {
        let (one, two) = (&small.customers[who], &large.customers[who]);
        assert_eq!(one.profile.name, two.profile.name);
        assert_eq!((&one.activity, &one.modules, &one.users), (&two.activity, &two.modules, &two.users));
        let amounts =
            |customer: &Customer| customer.contracts.iter().map(|c| (c.signed, c.amount)).collect::<Vec<_>>();
        assert_eq!(amounts(one), amounts(two));
        assert_eq!(small.id(System::Erp, who), large.id(System::Erp, who));
    }
}

#[test]
fn whoever_has_left_holds_nothing_in_force() {
    let calendar = Calendar::new(30, SampleOptions::new("").end).unwrap();
    let mut left = 0;
    for index in 0..400 {
        let customer = live(5, index, &calendar);
        let Some(day) = customer.left.filter(|day| *day < calendar.end) else { continue };
        left += 1;
        for contract in &customer.contracts {
            let cancelled = contract.cancelled.is_some_and(|cancelled| cancelled < at(day + 1, 0));
            assert!(cancelled || contract.ends.is_some_and(|ends| ends <= day), "{index} {contract:?}");
        }
    }
    assert!(left > 50, "{left}");
}

#[test]
fn every_table_has_its_columns_and_as_many_doubled_keys_as_the_summary_says() {
    let (_folder, options, summary) = lake(300, 12, 3);
    assert_eq!(summary.tables.len(), TABLES.len());
    for (table, key, columns) in TABLES {
        let rows = read(&options.out, table);
        assert_eq!(described(&rows), columns, "{table}");
        let counted = summary.tables.iter().find(|summary| summary.name == table).unwrap();
        assert_eq!(rows.num_rows() as u64, counted.rows, "{table}");
        let keys = key.iter().map(|name| rows.column_by_name(name).unwrap().clone()).collect::<Vec<_>>();
        let shown =
            |row: usize| keys.iter().map(|column| format!("{:?}", column.slice(row, 1))).collect::<String>();
        let distinct: HashSet<String> = (0..rows.num_rows()).map(shown).collect();
        assert_eq!((rows.num_rows() - distinct.len()) as u64, counted.doubled, "{table}");
    }
    assert!(summary.late() > 0 && summary.doubled() > 0 && summary.orphaned() > 0);
}

#[test]
fn nothing_is_written_from_after_the_end() {
    let (_folder, options, _) = lake(300, 12, 4);
    let calendar = Calendar::new(12, options.end).unwrap();
    for (table, ..) in TABLES {
        let rows = read(&options.out, table);
        for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
            if let Some(times) = column.as_primitive_opt::<TimestampMicrosecondType>() {
                assert!(
                    times.iter().flatten().all(|time| time < at(calendar.end, 0)),
                    "{table}.{}",
                    field.name()
                );
            }
            if field.name() == "usage_date" {
                let days = column.as_primitive::<Date32Type>();
                assert!(days.iter().flatten().all(|day| day + 1 < calendar.end && day >= calendar.begin));
            }
        }
    }
}

#[test]
fn orphans_are_the_rows_whose_id_no_link_knows() {
    let (_folder, options, summary) = lake(400, 6, 5);
    let links = read(&options.out, "identity/links");
    let linked: HashSet<(String, String)> = (0..links.num_rows())
        .map(|row| (text(&links, "source_system", row), text(&links, "source_id", row).to_uppercase()))
        .collect();
    let tables = [
        ("crm/accounts", "account_id", "crm"),
        ("erp/invoices", "erp_customer_id", "erp"),
        ("support/tickets", "support_org_id", "support"),
        ("product/usage_daily", "tenant_id", "product"),
    ];
    for (table, column, system) in tables {
        let rows = read(&options.out, table);
        let unknown =
            |row: &usize| !linked.contains(&(system.to_string(), text(&rows, column, *row).to_uppercase()));
        let orphaned = (0..rows.num_rows()).filter(unknown).count() as u64;
        assert_eq!(
            orphaned,
            summary.tables.iter().find(|summary| summary.name == table).unwrap().orphaned,
            "{table}"
        );
    }
}

#[test]
fn about_an_eighth_leaves_in_a_year() {
    let calendar = Calendar::new(30, SampleOptions::new("").end).unwrap();
    let year = calendar.start(18)..calendar.start(30);
    let customers: Vec<_> = (0..1500).map(|index| live(11, index, &calendar)).collect();
    let there = customers.iter().filter(|customer| customer.uses_on(year.start)).count();
    let left = customers
        .iter()
        .filter(|customer| {
            customer.uses_on(year.start) && customer.left.is_some_and(|left| year.contains(&left))
        })
        .count();
    let rate = left as f64 / there as f64;
    assert!((0.09..0.17).contains(&rate), "{rate}");
}

#[test]
fn a_term_that_is_renewed_starts_when_the_one_before_ends() {
    let calendar = Calendar::new(30, SampleOptions::new("").end).unwrap();
    for index in 0..300 {
        let customer = live(3, index, &calendar);
        for contract in &customer.contracts {
            if let Some(renewed) = contract.renews {
                assert_eq!(customer.contracts[renewed].ends, Some(contract.starts));
            }
            assert!(contract.cancelled.is_none_or(|cancelled| cancelled >= contract.signed));
        }
    }
}

#[test]
fn a_folder_with_files_is_left_alone() {
    let (_folder, options, _) = lake(3, 2, 1);
    let before = bytes(&options.out);
    let problem = make(&options, &mut |_| {}).unwrap_err();
    assert!(problem.message.contains("not empty"), "{problem}");
    assert!(bytes(&options.out) == before);
}

#[test]
fn daily_usage_has_a_row_for_working_days() {
    let folder = tempfile::tempdir().unwrap();
    let options = SampleOptions {
        customers: 30,
        months: 2,
        usage: UsageGrain::Daily,
        ..SampleOptions::new(folder.path().join("lake"))
    };
    make(&options, &mut |_| {}).unwrap();
    let rows = read(&options.out, "product/usage_daily");
    let mut days: HashMap<i32, usize> = HashMap::new();
    let column = rows.column_by_name("usage_date").unwrap().as_primitive::<Date32Type>();
    column.iter().flatten().for_each(|day| *days.entry(day).or_default() += 1);
    assert!(days.len() > 50, "{}", days.len());
}
