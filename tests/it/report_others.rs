//! Reports of sets that have less than the vendor's nightly one, and `luopan explain`.

use serde_json::Value;

use super::{
    chromium::Browser,
    parquet_files::figure,
    program::luopan,
    reports::{
        DAY, LANGUAGES, NIGHTS, WIDE, assert_quiet, folder, page, page_of, root, rows, shown, warehouse,
    },
};

#[test]
fn the_first_night_is_a_whole_report_that_compares_nothing() {
    let Some(mut browser) = Browser::start() else { return };
    for (language, first) in [("en", "first set"), ("zh", "首个")] {
        let page = page(warehouse(), &["--as-of", NIGHTS[0], "--lang", language]);
        browser.look(&page.path, WIDE);
        browser.picture(&format!("first.{language}"));
        assert_quiet(&browser, language);
        let when = browser.evaluate("document.querySelector('.when').textContent");
        assert!(when.as_str().unwrap().contains(first), "{when}");
        assert_eq!(page.remarks, "", "nothing is left out");
        let text = browser.evaluate("document.body.innerText");
        for odd in ["NaN", "null", "undefined", "Infinity"] {
            assert!(!text.as_str().unwrap().contains(odd), "{language}: {odd}");
        }
        let broken = "[...document.querySelectorAll('figure')].filter((one) => !one.querySelector('table, .empty')).map((one) => one.id)";
        assert_eq!(
            browser.evaluate(broken),
            serde_json::json!([]),
            "figures with neither rows nor a word why"
        );
    }
}

#[test]
fn a_set_of_another_project_is_shown_as_far_as_it_goes_and_the_rest_is_named() {
    let Some(mut browser) = Browser::start() else { return };
    let telco = root().join("../shared/data/telco");
    let lake = root().join("data-samples");
    let projects = [(root().to_owned(), "light", &lake), (root().join("examples/telco"), "nightly", &telco)];
    for (project, pipeline, lake) in projects {
        if !lake.is_dir() {
            eprintln!(
                "SKIPPED: no data at {}: the report of {} was not tested",
                lake.display(),
                project.display()
            );
            continue;
        }
        let warehouse = folder();
        let places = ["--lake", shown(lake), "--warehouse", shown(warehouse.path())];
        luopan(&project, &[&["run", pipeline], &places[..]].concat()).done();
        for language in LANGUAGES {
            let page = page_of(&project, warehouse.path(), &["--pipeline", pipeline, "--lang", language]);
            browser.look(&page.path, WIDE);
            let name = project.file_name().unwrap().to_string_lossy().into_owned();
            browser.picture(&format!("{name}.{pipeline}.{language}"));
            assert_quiet(&browser, &name);
            let remarks: Vec<&str> = page.remarks.lines().filter(|line| line.contains("call_list")).collect();
            assert!(!remarks.is_empty(), "{name}: it says that it knows of no calls:\n{}", page.remarks);
            let foot = browser.evaluate("document.querySelector('footer').textContent");
            assert!(remarks.iter().all(|remark| foot.as_str().unwrap().contains(remark)), "{name}: {foot}");
            let blank = "[...document.querySelectorAll('tbody tr')].filter((row) => /^–*$/.test(row.textContent)).length";
            assert_eq!(browser.evaluate(blank), 0, "{name}: rows in which nothing is known");
            let rows = browser.evaluate("document.querySelectorAll('tbody tr').length").as_u64().unwrap();
            assert!(rows > 1 || pipeline != "light", "both groups and their customers are shown");
        }
    }
}

#[track_caller]
fn explained(customer: &str, language: &str) -> String {
    let args = ["explain", customer, "--lang", language, "--warehouse", shown(warehouse())];
    luopan(root(), &args).done().out
}

/// Rows of the terminal's tables whose last cell is a number: their cells, from the left.
fn cells(text: &str) -> Vec<Vec<&str>> {
    let split = |line| -> Vec<&str> {
        str::split(line, "  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
    };
    let lines = text.lines().map(split);
    lines.filter(|row| row.last().is_some_and(|cell| number(cell).is_some() || *cell == "–")).collect()
}

/// A number as people read it: 1,234.5 and +0.3 and −2.
fn number(text: &str) -> Option<f64> {
    let plain = text.replace(',', "").replace('−', "-");
    plain.trim_end_matches('%').trim().trim_start_matches('+').parse().ok()
}

#[test]
fn what_is_explained_adds_up_as_printed() {
    let mut customers = rows("customer_snapshot");
    customers.retain(|one| figure(&one["churn_probability"]).is_some());
    customers.sort_by(|a, b| {
        figure(&a["churn_probability"]).unwrap().total_cmp(&figure(&b["churn_probability"]).unwrap())
    });
    for customer in [&customers[0], &customers[customers.len() / 2], customers.last().unwrap()] {
        let id = customer["customer_id"].as_str().unwrap();
        for language in LANGUAGES {
            let text = explained(id, language);
            assert!(text.contains(id), "it says who it is\n{text}");
            let rows = cells(&text);
            // Score, component, figure, points, weight, contribution; the last row of a score is its sum.
            let parts: Vec<&Vec<&str>> =
                rows.iter().filter(|row| row.len() == 6 && row[4].ends_with('%')).collect();
            let mut scores = 0;
            for score in parts.chunk_by(|a, b| a[0] == b[0]) {
                let (total, summands) = score.split_last().unwrap();
                let added: f64 = summands.iter().filter_map(|row| number(row[5])).sum();
                let printed =
                    number(total[5]).unwrap_or_else(|| panic!("{id}: no sum of {}\n{text}", total[0]));
                let rounding = 0.005 * (summands.len() + 1) as f64 + 1e-9;
                assert!(
                    (added - printed).abs() <= rounding,
                    "{id}, {}: {added} and {printed}\n{text}",
                    total[0]
                );
                assert!(
                    (number(total[4]).unwrap() - 100.0).abs() < 0.6,
                    "{id}, {}: weights\n{text}",
                    total[0]
                );
                scores += 1;
            }
            assert_eq!(scores, 4, "{id}: scores\n{text}");
            let health = figure(&customer["health_score"]).map(|health| format!("{health:.1}"));
            assert!(health.as_ref().is_none_or(|health| text.contains(health)), "{id}: {health:?}\n{text}");
            adds_up_to(&rows, figure(&customer["churn_probability"]).unwrap(), id, &text);
        }
    }
}

/// The reasons of a probability: what each adds to the log-odds, and in the last row all of them together.
fn adds_up_to(rows: &[Vec<&str>], probability: f64, id: &str, text: &str) {
    let together = |row: &Vec<&str>| matches!(row[0], "Together" | "合计");
    let last = rows.iter().position(together).unwrap_or_else(|| panic!("{id}: no sum of reasons\n{text}"));
    // Upwards from the sum to the head of the table, which has no number.
    let first = rows[..last].iter().rposition(|row| row.len() != 3).map_or(0, |place| place + 1);
    let added: f64 = rows[first..last].iter().filter_map(|row| number(row[1])).sum();
    let printed = number(rows[last][1]).unwrap();
    let rounding = 0.05 * (last - first + 1) as f64 + 1e-9;
    assert!((added - printed).abs() <= rounding, "{id}: reasons add {added} of {printed}\n{text}");
    let said = number(rows[last][2]).unwrap() / 100.0;
    assert!((said - probability).abs() < 0.006, "{id}: {said} of {probability}\n{text}");
}

#[test]
fn a_customer_that_nobody_knows_is_a_fault_with_the_nearest_name() {
    let known: Vec<Value> = rows("customer_snapshot");
    let id = known[0]["customer_id"].as_str().unwrap();
    let wrong = format!("{}X", &id[..id.len() - 1]);
    for command in [&["explain"][..], &["report", "--customer"]] {
        let args = [command, &[&wrong, "--warehouse", shown(warehouse())]].concat();
        let ended = luopan(root(), &args).with(2);
        let ended = ended.says(&["error:", &wrong, DAY, "did you mean"]);
        assert!(ended.out.is_empty(), "{}", ended.out);
    }
    let ended = luopan(root(), &["explain", "有限公司", "--warehouse", shown(warehouse())]).with(2);
    ended.says(&["有限公司", "give an id"]);
}
