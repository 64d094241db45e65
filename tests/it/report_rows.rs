//! The report over rows that are hard on it: names that want to break out of the page, and a hundred thousand customers.

use std::{fs, sync::Arc, time::Duration};

use arrow::{
    array::{Array, ArrayRef, AsArray, Decimal128Array, Float64Array, RecordBatch},
    compute::concat_batches,
    datatypes::{DataType, Decimal128Type, Float64Type},
};
use serde_json::{Value, json};

use super::{
    chromium::Browser,
    parquet_files::figure,
    program::luopan,
    reports::{LANGUAGES, NARROW, WIDE, assert_quiet, copied, page, rewrite, root, rows, shown, with_texts},
};

/// Names as nobody should be called, and as somebody is.
fn hostile() -> Vec<String> {
    let long = "有限公司 VeryLongName".repeat(20).chars().take(300).collect::<String>();
    let names = [
        "<script>window.pwned=1</script>",
        "</script><img src=x onerror=\"window.pwned=1\">",
        "\"><svg onload=window.pwned=1>",
        "' onmouseover='window.pwned=1' \"",
        "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1} {b|c}",
        "\u{202e}drawkcab Ltd \u{1f680}\u{1f469}\u{200d}\u{1f4bb}",
        "a & b &lt;i&gt; <!-- ]]> \\u003c \\\" \t{name}",
        "--> =HYPERLINK(\"http://example.com\") \u{1b}[2J",
    ];
    names.into_iter().map(str::to_owned).chain([long]).collect()
}

/// As it is seen: white space runs together.
fn seen(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_hostile_name_is_a_text_wherever_it_stands() {
    let Some(mut browser) = Browser::start() else { return };
    let names = hostile();
    // Those who come first in the call list, so that the page has them in all places.
    let mut calls: Vec<Value> = rows("call_list").into_iter().filter(|call| call["fits"] == true).collect();
    calls.sort_by(|a, b| {
        figure(&b["expected_kept"]).unwrap().total_cmp(&figure(&a["expected_kept"]).unwrap())
    });
    let ids: Vec<String> =
        calls.iter().take(names.len()).map(|call| call["customer_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), names.len());
    let warehouse = copied();
    let renamed = |batch: &RecordBatch, column: &str| {
        let customers = batch.column_by_name("customer_id").unwrap().as_string::<i32>().clone();
        with_texts(batch, column, |row, old| match ids.iter().position(|id| id == customers.value(row)) {
            Some(which) => Some(names[which].clone()),
            None => old.map(str::to_owned),
        })
    };
    // Who looks after them, what they do, and what is said of them is no better.
    for (table, columns) in [
        (
            "customer_snapshot",
            &["customer_name", "owner", "industry", "region", "churn_reasons", "churn_reasons_zh"][..],
        ),
        ("call_list", &["owner", "churn_reasons", "churn_reasons_zh", "next_action", "next_action_zh"]),
        ("service_plans", &["owner", "next_action", "next_action_zh"]),
    ] {
        rewrite(warehouse.path(), table, |rows| {
            columns.iter().fold(rows, |rows, column| renamed(&rows, column))
        });
    }
    for (language, size) in LANGUAGES.into_iter().zip([WIDE, NARROW]) {
        let written = page(warehouse.path(), &["--lang", language]);
        browser.look(&written.path, size);
        browser.picture(&format!("hostile.{language}"));
        let shown = browser.evaluate(
            "[...document.querySelectorAll('#risk-call-list tbody tr')].map((row) =>
                [row.dataset.customer, row.querySelector('button.name').textContent])",
        );
        for (row, (id, name)) in shown.as_array().unwrap().iter().zip(ids.iter().zip(&names)) {
            assert_eq!(*row, json!([id, name]), "the call list of {language}");
            let told = browser.apply(
                "async (name) => {
                    const box = document.querySelector('input[type=search]');
                    box.value = name.trim();
                    box.dispatchEvent(new Event('input', { bubbles: true }));
                    const found = document.querySelector('[role=option]');
                    const option = found?.firstElementChild.textContent;
                    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
                    await new Promise((done) => requestAnimationFrame(done));
                    const row = luopan.rowOf(new URLSearchParams(location.hash.slice(1)).get('customer'));
                    const tip = document.body.appendChild(luopan.customerTip(row));
                    const texts = [option, document.querySelector('.panel h3').textContent, tip.querySelector('strong').textContent];
                    tip.remove();
                    return texts;
                }",
                name.as_str(),
            );
            assert_eq!(told, json!([name, name, name]), "search, panel and tip of {language}");
        }
        let filters =
            browser.evaluate("[...document.querySelectorAll('#filters option')].map((one) => one.value)");
        let filters = filters.as_array().unwrap();
        assert!(names.iter().all(|name| filters.contains(&json!(name))), "filters: {filters:?}");
        unharmed(&mut browser, &format!("portfolio, {language}"));

        // Both languages write names by the same code: of the second, one page is enough.
        for (id, name) in ids.iter().zip(&names).take(if language == "en" { names.len() } else { 1 }) {
            let args = ["--customer", id, "--internal", "--lang", language];
            let written = page(warehouse.path(), &args);
            browser.look(&written.path, size);
            let title = browser.evaluate("document.querySelector('h1').textContent");
            assert!(seen(title.as_str().unwrap()).ends_with(&seen(name)), "{id}: {title}");
            unharmed(&mut browser, &format!("{id}, {language}"));
        }
    }
    for id in &ids {
        let told = luopan(root(), &["explain", id, "--warehouse", shown(warehouse.path())]).done().out;
        assert!(
            !told.contains('\u{1b}') && !told.contains('\u{202e}'),
            "a terminal obeys what a name says: {told:?}"
        );
    }
}

#[track_caller]
fn unharmed(browser: &mut Browser, which: &str) {
    assert_eq!(browser.evaluate("typeof window.pwned"), "undefined", "{which}: a name ran as a script");
    let strangers = "document.querySelectorAll('main img, main script, main svg[onload], [onerror], [onmouseover]').length";
    assert_eq!(browser.evaluate(strangers), 0, "{which}: a name became an element");
    assert_quiet(browser, which);
    let wider = browser.evaluate("Math.max(0, document.scrollingElement.scrollWidth - innerWidth)");
    assert_eq!(wider, 0, "{which}: pixels by which a name widens the page");
}

/// How often the sample's customers are taken to make a hundred thousand.
const TIMES: u64 = 70;

#[test]
fn a_hundred_thousand_customers_are_one_small_page_that_is_soon_ready() {
    let Some(mut browser) = Browser::start() else { return };
    let warehouse = copied();
    let of_customers = [
        "customer_snapshot",
        "quadrant_states",
        "service_plans",
        "call_list",
        "whitespace",
        "alerts",
        "customer_money",
        "customer_potential",
    ];
    for table in of_customers {
        rewrite(warehouse.path(), table, |rows| {
            let copies: Vec<RecordBatch> = (0..TIMES).map(|copy| varied(&rows, copy)).collect();
            concat_batches(&rows.schema(), &copies).unwrap()
        });
    }
    let all = rows("customer_snapshot").len() * TIMES as usize;
    assert!(all > 100_000);
    let written = page(warehouse.path(), &[]);
    let size = fs::metadata(&written.path).unwrap().len();
    assert!(size < 15_000_000, "{all} customers make a page of {size} bytes");

    let ready = browser.open(&written.path, "", WIDE);
    eprintln!(
        "{all} customers: {:.1} MB, ready in the browser after {:.1} s",
        size as f64 / 1e6,
        ready.as_secs_f64()
    );
    assert!(ready < Duration::from_secs(10), "ready after {ready:?}");
    let owner = "陈静 Chen Jing";
    let expected =
        rows("customer_snapshot").iter().filter(|one| one["owner"] == owner).count() * TIMES as usize;
    let told = browser.apply(
        "(owner) => {
            const start = performance.now();
            const select = document.querySelector('#filters select[name=owner]');
            select.value = owner;
            select.dispatchEvent(new Event('change', { bubbles: true }));
            return [document.querySelector('#filters .count').textContent.replaceAll(',', ''), performance.now() - start];
        }",
        owner,
    );
    eprintln!("a filter over {all} customers takes {:.0} ms", told[1].as_f64().unwrap());
    assert_eq!(told[0], format!("{expected} of {all} customers"));
    let drawn = "luopan.customers.cuts.x === null && document.querySelector('figure[data-map] .chart canvas')?.clientWidth > 600";
    assert_eq!(browser.evaluate(drawn), true, "the map is drawn, without cuts that are the same for all");
    browser.look(&written.path, WIDE);
    browser.picture("hundred_thousand");
    assert_quiet(&browser, "100,000 customers");
}

/// The same rows as other customers: each figure somewhat lower (the cuts, too: each customer has its own), and other digits in long texts, since a page of
/// customers who are all alike would be packed far smaller than a real one.
fn varied(batch: &RecordBatch, copy: u64) -> RecordBatch {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).enumerate().map(|(place, (field, values))| {
        let part = |row: usize| scattered(copy, row as u64, place as u64) % 200;
        let with = |change: &dyn Fn(usize, &str) -> String| -> ArrayRef {
            let rows = with_texts(batch, field.name(), |row, old| old.map(|old| change(row, old)));
            Arc::clone(rows.column(place))
        };
        match (field.name().as_str(), field.data_type()) {
            ("customer_id" | "alert_id", _) => with(&|_, id| format!("{id}-{copy}")),
            ("customer_name", _) => with(&|row, name| format!("{name} {}", part(row))),
            (_, DataType::Utf8) => with(&|row, text| match text.len() > 24 {
                true => {
                    text.chars().map(|c| if c.is_ascii_digit() { digit(part(row), c) } else { c }).collect()
                }
                false => text.to_owned(),
            }),
            (_, DataType::Float64) => {
                let old = values.as_primitive::<Float64Type>();
                let new = |row| old.is_valid(row).then(|| old.value(row) * (800 + part(row)) as f64 / 1000.0);
                Arc::new((0..old.len()).map(new).collect::<Float64Array>())
            }
            (_, DataType::Decimal128(..)) => {
                let old = values.as_primitive::<Decimal128Type>();
                let new =
                    |row| old.is_valid(row).then(|| old.value(row) * i128::from(800 + part(row)) / 1000);
                let new: Decimal128Array = (0..old.len()).map(new).collect();
                Arc::new(new.with_data_type(field.data_type().clone()))
            }
            _ => Arc::clone(values),
        }
    });
    let columns: Vec<ArrayRef> = columns.collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

fn digit(part: u64, old: char) -> char {
    char::from(b'0' + ((u64::from(u32::from(old)) + part) % 10) as u8)
}

/// A number for each copy, row and column that looks like chance (splitmix64, Steele et al. 2014).
fn scattered(copy: u64, row: u64, column: u64) -> u64 {
    let mut z = (copy << 40 ^ row << 16 ^ column).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
