use super::*;
use crate::learn::lifetime::simulated::purchases as simulated;

#[test]
fn derivatives_are_those_of_the_likelihood() {
    let model = [0.4, 1.3, 0.7, 2.1];
    let groups = grouped(&simulated(&BgNbd { r: 0.5, alpha: 30.0, a: 0.8, b: 2.5 }, 200, 1), 100.0);
    let here = derivatives(&model, &groups);
    let direct: f64 = groups
        .iter()
        .map(|g| g.count * BgNbd { r: 0.4, alpha: 1.3, a: 0.7, b: 2.1 }.log_likelihood(&g.customer))
        .sum();
    assert!((here.value - direct).abs() < 1e-9 * direct.abs());
    let moved = |i: usize, by: f64| {
        let mut moved = model;
        moved[i] += by;
        derivatives(&moved, &groups)
    };
    for i in 0..4 {
        let (above, below) = (moved(i, 1e-5), moved(i, -1e-5));
        let slope = (above.value - below.value) / 2e-5;
        assert!((slope - here.gradient[i]).abs() < 1e-4, "{i}: {slope} {}", here.gradient[i]);
        for j in 0..=i {
            let slope = (above.gradient[j] - below.gradient[j]) / 2e-5;
            let found = here.hessian[i][j];
            assert!((slope - found).abs() < 1e-5 * (1.0 + found.abs()), "{i} {j}: {slope} {found}");
        }
    }
}

#[test]
fn the_parameters_behind_simulated_customers_are_found() {
    let truth = BgNbd { r: 0.5, alpha: 30.0, a: 0.8, b: 2.5 };
    let mut customers = simulated(&truth, 8000, 7);
    let fit = BgNbd::fit(&customers, 50).unwrap();
    assert!(fit.converged && fit.at_limit.is_empty(), "{fit:?}");
    let pairs = [(fit.model.r, 0.5), (fit.model.alpha, 30.0), (fit.model.a, 0.8), (fit.model.b, 2.5)];
    for ((found, true_value), error) in pairs.into_iter().zip(&fit.standard_errors) {
        let error = error.unwrap();
        assert!((found - true_value).abs() < 3.0 * error && error < 0.25 * true_value, "{fit:?}");
    }
    // A sum of 8000 logarithms, by another way.
    let direct: f64 = customers.iter().map(|c| fit.model.log_likelihood(c)).sum();
    assert!((fit.log_likelihood - direct).abs() < 1e-9 * direct.abs(), "{direct} {fit:?}");

    customers.reverse();
    assert_eq!(BgNbd::fit(&customers, 50).unwrap(), fit, "in any order");
    let weekly: Vec<Purchases> =
        customers.iter().map(|c| Purchases { last: c.last / 7.0, age: c.age / 7.0, ..*c }).collect();
    let weekly = BgNbd::fit(&weekly, 50).unwrap().model;
    assert!((weekly.alpha * 7.0 / fit.model.alpha - 1.0).abs() < 1e-6, "in any unit: {weekly:?}");
    assert!((weekly.b / fit.model.b - 1.0).abs() < 1e-6, "in any unit: {weekly:?}");
}

#[test]
fn customers_who_never_leave_put_a_at_its_limit() {
    let never = BgNbd { r: 1.0, alpha: 30.0, a: 1e-9, b: 1.0 };
    let fit = BgNbd::fit(&simulated(&never, 2000, 3), 50).unwrap();
    assert!(fit.converged, "{fit:?}");
    let chance = fit.model.a / (fit.model.a + fit.model.b);
    assert!(chance < 1e-3 && (fit.model.r - 1.0).abs() < 0.15, "{fit:?}");
}

#[test]
fn too_few_and_too_equal_customers_are_refused() {
    let once = Purchases { repeats: 0, last: 0.0, age: 100.0 };
    let twice = Purchases { repeats: 1, last: 50.0, age: 100.0 };
    let refusal = |customers: &[Purchases]| BgNbd::fit(customers, 50).unwrap_err().english;
    assert_eq!(refusal(&[]), "0 of 0 customers have bought more than once; at least 50 are needed");
    let few: Vec<Purchases> = [[once; 500].as_slice(), &[twice; 49]].concat();
    assert_eq!(refusal(&few), "49 of 549 customers have bought more than once; at least 50 are needed");
    assert!(refusal(&[twice; 60]).starts_with("all 60 customers have bought 2 times"));
    let unseen = Purchases { repeats: 1, last: 0.0, age: 0.0 };
    let nothing: Vec<Purchases> = [[unseen; 60].as_slice(), &[Purchases { age: 0.0, ..once }]].concat();
    assert!(refusal(&nothing).contains("age 0"));
}
