use super::*;
use crate::learn::lifetime::simulated::spending as simulated;

/// The note's estimates for CDNOW, in dollars.
const CDNOW: GammaGamma = GammaGamma { p: 6.25, q: 3.74, gamma: 15.44 };

fn near(found: f64, wanted: f64, share: f64) {
    assert!((found - wanted).abs() <= share * wanted.abs(), "{found}, wanted {wanted}");
}

#[test]
fn the_likelihood_is_the_integral_over_rates() {
    // ln ∫ Gamma(z̄; px, νx) Gamma(ν; q, γ) dν, by mpmath's quad.
    let other = GammaGamma { p: 1.5, q: 0.8, gamma: 3.0 };
    for (model, repeats, mean, wanted) in [
        (CDNOW, 2, 22.345, -3.551_189_164_139_95),
        (CDNOW, 1, 11.77, -3.737_709_678_740_84),
        (CDNOW, 10, 80.0, -6.341_373_514_868_53),
        (other, 3, 2.0, -2.362_790_178_156_77),
    ] {
        near(model.log_likelihood(&Spending { repeats, mean }), wanted, 1e-12);
    }
}

#[test]
fn expected_values_by_hand() {
    // 6.25 · 15.44 / 2.74; then (2.74 · 35.2190 + 6.25 · 22) / 8.99 of one purchase of 22.
    near(CDNOW.mean_of_all().unwrap(), 35.218_978_102_189_78, 1e-14);
    near(CDNOW.expected_value(1, 22.0).unwrap(), 234.0 / 8.99, 1e-14);
    // What is not looked at does not matter; many purchases speak for themselves.
    assert_eq!(CDNOW.expected_value(0, f64::NAN), CDNOW.mean_of_all());
    near(CDNOW.expected_value(1_000_000, 22.0).unwrap(), 22.0, 1e-5);
    // No mean over all, but one of a customer who has been seen to spend: 3 · (2 + 2 · 5) / (6 + 0.5 − 1).
    let wild = GammaGamma { p: 3.0, q: 0.5, gamma: 2.0 };
    assert_eq!(wild.mean_of_all(), None);
    near(wild.expected_value(2, 5.0).unwrap(), 36.0 / 5.5, 1e-14);
    assert_eq!(GammaGamma { p: 0.1, ..wild }.expected_value(2, 5.0), None);
}

#[test]
fn derivatives_are_those_of_the_likelihood() {
    let customers = simulated(&CDNOW, 100, 1);
    let model = [3.0, 2.5, 9.0];
    let here = derivatives(&model, &customers);
    let moved = |i: usize, by: f64| {
        let mut moved = model;
        moved[i] += by;
        derivatives(&moved, &customers)
    };
    for i in 0..3 {
        let (above, below) = (moved(i, 1e-5), moved(i, -1e-5));
        let slope = (above.value - below.value) / 2e-5;
        assert!((slope - here.gradient[i]).abs() < 1e-5, "{i}: {slope} {}", here.gradient[i]);
        for j in 0..=i {
            let slope = (above.gradient[j] - below.gradient[j]) / 2e-5;
            assert!((slope - here.hessian[i][j]).abs() < 1e-5, "{i} {j}: {slope} {}", here.hessian[i][j]);
        }
    }
}

#[test]
fn the_parameters_behind_simulated_values_are_found() {
    let mut customers = simulated(&CDNOW, 4000, 5);
    let fit = GammaGamma::fit(&customers, 50).unwrap();
    assert!(fit.converged && fit.at_limit.is_empty(), "{fit:?}");
    let pairs = [(fit.model.p, CDNOW.p), (fit.model.q, CDNOW.q), (fit.model.gamma, CDNOW.gamma)];
    for ((found, true_value), error) in pairs.into_iter().zip(&fit.standard_errors) {
        assert!((found - true_value).abs() < 3.0 * error.unwrap(), "{fit:?}");
    }
    let direct: f64 = customers.iter().map(|c| fit.model.log_likelihood(c)).sum();
    near(fit.log_likelihood, direct, 1e-12);
    customers.reverse();
    assert_eq!(GammaGamma::fit(&customers, 50).unwrap(), fit, "in any order");
}

#[test]
fn too_few_and_too_equal_customers_are_refused() {
    let customer = Spending { repeats: 2, mean: 10.0 };
    assert!(GammaGamma::fit(&[], 50).unwrap_err().english.starts_with("0 customers"));
    assert!(GammaGamma::fit(&[customer; 49], 50).unwrap_err().english.contains("at least 50"));
    assert_eq!(
        GammaGamma::fit(&[customer; 50], 50).unwrap_err().english,
        "all 50 customers spend 10 each time"
    );
}

#[test]
fn correlation_by_hand() {
    let of = |pairs: &[(u32, f64)]| {
        let customers: Vec<Spending> =
            pairs.iter().map(|(repeats, mean)| Spending { repeats: *repeats, mean: *mean }).collect();
        correlation(&customers)
    };
    // Deviations −1, 0, 1 and −2, 1, 1: 3 / √(2 · 6).
    near(of(&[(1, 1.0), (2, 4.0), (3, 4.0)]).unwrap(), 3.0 / 12f64.sqrt(), 1e-14);
    assert_eq!(of(&[(1, 1.0), (1, 4.0)]), None);
    assert_eq!(of(&[]), None);
}

#[test]
fn customers_who_always_pay_their_own_price_keep_it() {
    let fixed = GammaGamma { p: 1e7, q: 3.74, gamma: 1e-5 };
    let fit = GammaGamma::fit(&simulated(&fixed, 2000, 9), 50).unwrap();
    assert!(fit.converged, "{fit:?}");
    // The spread around a customer's own price is only seen in how means differ less the more purchases they are of: hence
    // hardly, but it is small.
    assert!(fit.model.p > 50.0, "{fit:?}");
    near(fit.model.expected_value(4, 30.0).unwrap(), 30.0, 0.02);
}
