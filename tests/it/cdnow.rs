//! The purchases behind the published tables of BG/NBD and Gamma-Gamma, where they are at hand: the 1/10 sample of CDNOW,
//! 39 weeks to learn from (to 30 September 1997) and 39 weeks to be measured by.

use std::{collections::BTreeMap, path::Path};

use arrow::{array::AsArray, compute::cast, datatypes::DataType};
use chrono::NaiveDate;
use luopan::learn::lifetime::{BgNbd, Fit, GammaGamma, Purchases, Spending, correlation};

use super::parquet_files;

const WEEKS: f64 = 39.0;

struct Customer {
    /// In weeks.
    seen: Purchases,
    /// Of the repeat purchases, dollars.
    mean_value: Option<f64>,
    /// Purchases in weeks 40-78.
    later: f64,
}

/// None, loudly, where there is no data.
fn customers() -> Option<Vec<Customer>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cdnow/cdnow_sample.parquet");
    if !path.is_file() {
        eprintln!(
            "SKIPPED: no real data at {}: nothing of the lifetime models was held against it",
            path.display()
        );
        return None;
    }
    let rows = parquet_files::read(&path);
    let text = |name: &str| cast(rows.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
    let columns = ["sample_id", "date", "dollar_value"].map(text);
    let [ids, days, values] = columns.each_ref().map(|column| column.as_string::<i32>());
    // Several lines of one day are one purchase.
    let mut purchases: BTreeMap<&str, BTreeMap<NaiveDate, f64>> = BTreeMap::new();
    for row in 0..rows.num_rows() {
        let day = NaiveDate::parse_from_str(days.value(row), "%Y%m%d").unwrap();
        let value: f64 = values.value(row).trim().parse().unwrap();
        *purchases.entry(ids.value(row)).or_default().entry(day).or_default() += value;
    }
    Some(purchases.values().map(customer).collect())
}

fn customer(purchases: &BTreeMap<NaiveDate, f64>) -> Customer {
    let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    let (first, _) = purchases.first_key_value().unwrap();
    let weeks_to = |day: &NaiveDate| (*day - *first).num_days() as f64 / 7.0;
    let (last, _) = purchases.range(..=end).next_back().unwrap();
    let repeats: Vec<f64> = purchases.range(..=end).skip(1).map(|(_, value)| *value).collect();
    let count = repeats.len() as f64;
    Customer {
        seen: Purchases { repeats: repeats.len() as u32, last: weeks_to(last), age: weeks_to(&end) },
        mean_value: (count > 0.0).then(|| repeats.iter().sum::<f64>() / count),
        later: purchases.range(end.succ_opt().unwrap()..).count() as f64,
    }
}

fn bg_nbd(customers: &[Customer]) -> Fit<BgNbd> {
    let seen: Vec<Purchases> = customers.iter().map(|c| c.seen).collect();
    BgNbd::fit(&seen, 50).unwrap()
}

/// Equal to all digits that are printed, the last being worth `unit`.
fn printed(found: f64, published: f64, unit: f64) {
    assert!((found - published).abs() <= unit / 2.0, "{found}, published {published}");
}

#[test]
fn the_published_parameters_of_bg_nbd_are_met() {
    let Some(customers) = customers() else { return };
    assert_eq!(customers.len(), 2357);
    let fit = bg_nbd(&customers);
    assert!(fit.converged && fit.at_limit.is_empty(), "{fit:?}");
    // Fader, Hardie & Lee 2005, table 2.
    for (found, published) in
        [(fit.model.r, 0.243), (fit.model.alpha, 4.414), (fit.model.a, 0.793), (fit.model.b, 2.426)]
    {
        printed(found, published, 0.001);
    }
    printed(fit.log_likelihood, -9582.4, 0.1);
    // The paper gives none; these are of the Python package lifetimes 0.11.3.
    for (found, wanted) in fit.standard_errors.iter().zip([0.012557, 0.378224, 0.185734, 0.705414]) {
        printed(found.unwrap(), wanted, 0.00002);
    }
}

#[test]
fn the_published_parameters_of_gamma_gamma_are_met() {
    let Some(customers) = customers() else { return };
    let spending = |c: &Customer| Some(Spending { repeats: c.seen.repeats, mean: c.mean_value? });
    let spending: Vec<Spending> = customers.iter().filter_map(spending).collect();
    assert_eq!(spending.len(), 946);
    let fit = GammaGamma::fit(&spending, 50).unwrap();
    assert!(fit.converged && fit.at_limit.is_empty(), "{fit:?}");
    // Fader & Hardie 2013.
    for (found, published) in [(fit.model.p, 6.25), (fit.model.q, 3.74), (fit.model.gamma, 15.44)] {
        printed(found, published, 0.01);
    }
    // numpy.corrcoef: 0.113888.
    printed(correlation(&spending).unwrap(), 0.113888, 0.000002);
}

#[test]
fn the_later_weeks_are_foreseen_as_well_as_was_published() {
    let Some(customers) = customers() else { return };
    let model = bg_nbd(&customers).model;
    let expected: Vec<f64> = customers.iter().map(|c| model.expected_purchases(WEEKS, &c.seen)).collect();
    let later: Vec<f64> = customers.iter().map(|c| c.later).collect();

    // The correlation of the paper's table 3.
    printed(pearson(&expected, &later), 0.626, 0.001);

    // "Under-forecasting by 4 %" (section 7): all repeats of 78 weeks, expected of customers as new as they were.
    let repeats: f64 = customers.iter().map(|c| f64::from(c.seen.repeats)).sum();
    let to_week_78: f64 = customers.iter().map(|c| model.expected_purchases_of_new(c.seen.age + WEEKS)).sum();
    printed(to_week_78 / (repeats + sum(&later)), 0.96, 0.01);

    // Of the later weeks alone, given what was seen before, the same shortfall is 12 %: 1653 of 1882 purchases.
    printed(sum(&expected) / sum(&later), 0.879, 0.001);
}

#[test]
fn each_group_of_customers_is_foreseen_as_in_the_published_figure() {
    let Some(customers) = customers() else { return };
    let model = bg_nbd(&customers).model;
    // By purchases in the first 39 weeks, 7 or more together. Customers and what they bought later: of the paper's section 7
    // (1,411 customers, 334 purchases) and of the R package BTYD's walk through the same data. What the model expects of
    // them on average: of the Python package lifetimes 0.11.3.
    let groups = [
        (1411, 0.2367, 0.2251),
        (439, 0.6970, 0.5231),
        (214, 1.3925, 1.0441),
        (100, 1.5600, 1.5203),
        (62, 2.5323, 2.1639),
        (38, 2.9474, 2.6538),
        (29, 3.8621, 3.5040),
        (64, 6.3594, 6.1572),
    ];
    for (repeats, (count, later, expected)) in (0..).zip(groups) {
        let group: Vec<&Customer> = customers.iter().filter(|c| c.seen.repeats.min(7) == repeats).collect();
        let n = group.len() as f64;
        assert_eq!(group.len(), count);
        let actual = group.iter().map(|c| c.later).sum::<f64>() / n;
        printed(actual, later, 0.0001);
        let foreseen = group.iter().map(|c| model.expected_purchases(WEEKS, &c.seen)).sum::<f64>() / n;
        printed(foreseen, expected, 0.0002);
        // How far chance alone would take the average of so many customers.
        let variance = group.iter().map(|c| (c.later - actual).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        assert!((foreseen - actual).abs() < 3.0 * error, "{repeats}: {foreseen} {actual} ± {error}");
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (sum(a) / n, sum(b) / n);
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    let spread = product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b);
    product(a, mean_a, b, mean_b) / spread.sqrt()
}
