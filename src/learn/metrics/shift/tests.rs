use proptest::prelude::*;

use super::{
    super::tests::{near, near_by},
    *,
};

fn numbers(n: u32) -> Vec<f64> {
    (0..n).map(f64::from).collect()
}

#[test]
fn index_by_hand() {
    near(psi(&[0.5, 0.5], &[0.25, 0.75]), 0.25 * 2f64.ln() + 0.25 * 1.5f64.ln());
    // An empty bin counts as 0.0001.
    near(psi(&[0.9, 0.1], &[1.0, 0.0]), 0.1 * (1.0f64 / 0.9).ln() + 0.0999 * 1000f64.ln());
    near(psi(&[1.0, 0.0], &[1.0, 0.0]), 0.0);
    for wrong in [&[0.5][..], &[0.5, f64::NAN], &[1.5, -0.5]] {
        assert_eq!(psi(&[0.5, 0.5], wrong), None);
        assert_eq!(psi(wrong, &[0.5, 0.5]), None);
    }
    assert_eq!(psi(&[], &[]), None);
}

#[test]
fn numbers_by_hand() {
    // 0 to 99 and 100 missing: nine edges, bins of 10 of 200 rows.
    let mut values = numbers(100);
    values.extend([f64::NAN; 100]);
    let reference = Reference::of_numbers(&values);
    let edges: Vec<f64> = (1..10).map(|tenth| 10.0 * f64::from(tenth)).collect();
    let mut shares = vec![0.05; 10];
    shares.push(0.5);
    assert_eq!(reference, Reference::Numbers { rows: 200, edges, shares });
    near(reference.psi_numbers(&values), 0.0);
    // Nothing missing any more: every bin has doubled, and the missing of a hundred rows count as half a one.
    let wanted = 10.0 * 0.05 * 2f64.ln() + 0.495 * 100f64.ln();
    near(reference.psi_numbers(&numbers(100)), wanted);
    assert_eq!(reference.psi_numbers(&numbers(99)), None);
    assert_eq!(Reference::of_numbers(&numbers(99)).psi_numbers(&values), None);
    assert_eq!(reference.psi_levels(&StringArray::from(vec!["a"; 100])), None);
}

#[test]
fn a_frequent_value_and_a_constant_have_bins_of_their_own() {
    // 98 of 100 are 0: no quantile but the last would tell.
    let mut values = vec![0.0; 98];
    values.extend([3.0, 7.0]);
    let Reference::Numbers { edges, shares, .. } = Reference::of_numbers(&values) else { panic!() };
    assert_eq!((edges, shares), (vec![3.0], vec![0.98, 0.02, 0.0]));
    let constant = Reference::of_numbers(&[5.0; 100]);
    near(constant.psi_numbers(&[5.0; 100]), 0.0);
    assert!(constant.psi_numbers(&[5.1; 100]).unwrap() > 1.0);
    assert!(constant.psi_numbers(&[4.9; 100]).unwrap() > 1.0);
    let missing = Reference::of_numbers(&[f64::NAN; 100]);
    assert_eq!(missing, Reference::Numbers { rows: 100, edges: vec![], shares: vec![0.0, 1.0] });
    assert!(missing.psi_numbers(&numbers(100)).unwrap() > 1.0);
}

#[test]
fn levels_by_hand() {
    let column = |parts: &[(Option<&str>, usize)]| {
        parts.iter().flat_map(|(level, n)| vec![*level; *n]).collect::<StringArray>()
    };
    let then = column(&[(Some("rare"), 1), (Some("b"), 50), (Some("a"), 129), (None, 20)]);
    let reference = Reference::of_levels(&then);
    let levels = vec!["a".to_owned(), "b".into()];
    assert_eq!(reference, Reference::Levels { rows: 200, levels, shares: vec![0.645, 0.25, 0.005, 0.1] });
    near(reference.psi_levels(&then), 0.0);
    // 10 of 100 are of an unknown level, 10 are missing.
    let now = column(&[(Some("new"), 10), (Some("a"), 55), (Some("b"), 25), (None, 10)]);
    let wanted = -0.095 * (0.55f64 / 0.645).ln() + 0.095 * 20f64.ln();
    near(reference.psi_levels(&now), wanted);
    assert_eq!(reference.psi_numbers(&numbers(100)), None);
}

#[test]
fn chance_by_hand() {
    // Nine degrees of freedom: χ² 16.919 (of 1 and 20 degrees: 3.841, 31.410).
    let reference = Reference::of_numbers(&numbers(1000));
    near_by(reference.psi_by_chance(500), 16.919 * 0.003, 0.0005);
    assert_eq!(reference.psi_by_chance(99), None);
    assert_eq!(Reference::of_numbers(&[5.0; 100]).psi_by_chance(100), None);
}

proptest! {
    #[test]
    fn any_numbers_have_an_index(values in prop::collection::vec(any::<f64>(), 200..300)) {
        let (values, others) = values.split_at(100);
        let reference = Reference::of_numbers(values);
        near(reference.psi_numbers(values), 0.0);
        prop_assert!(reference.psi_numbers(others).is_some_and(|psi| psi.is_finite() && psi >= 0.0));
        let text = serde_json::to_string(&reference).unwrap();
        prop_assert_eq!(serde_json::from_str::<Reference>(&text).unwrap(), reference);
    }
}
