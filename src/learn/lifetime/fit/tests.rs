use super::*;

const VALUES: [f64; 5] = [0.5, 0.7, 1.1, 2.0, 3.2];
const WIDE: (f64, f64) = (1e-6, 1e6);

/// Inverse Gaussian: ½ ln(λ/2πx³) − λ(x−μ)²/(2μ²x) each.
fn inverse_gaussian(&[mu, lambda]: &[f64; 2]) -> Derivatives<2> {
    let mut sum = Derivatives::zero();
    for x in VALUES {
        let off = (x - mu).powi(2) / (mu * mu * x);
        sum.value += 0.5 * (lambda / (std::f64::consts::TAU * x.powi(3))).ln() - lambda * off / 2.0;
        sum.gradient[0] += lambda * (x - mu) / mu.powi(3);
        sum.gradient[1] += 0.5 / lambda - off / 2.0;
        sum.hessian[0][0] += lambda * (2.0 / mu.powi(3) - 3.0 * x / mu.powi(4));
        sum.hessian[1][0] += (x - mu) / mu.powi(3);
        sum.hessian[1][1] -= 0.5 / (lambda * lambda);
    }
    sum
}

#[test]
fn an_inverse_gaussian_has_its_closed_form() {
    // μ = mean, 1/λ = mean(1/x) − 1/μ; errors √(μ³/(nλ)) and λ√(2/n).
    let mu = VALUES.iter().sum::<f64>() / 5.0;
    let lambda = 1.0 / (VALUES.iter().map(|x| 1.0 / x).sum::<f64>() / 5.0 - 1.0 / mu);
    let starts = [[100.0, 0.001], [1.0, 1.0], [0.01, 50.0]];
    for start in starts {
        let found = maximum(inverse_gaussian, &[start], [WIDE; 2]).unwrap();
        assert!(found.converged && found.at_limit == [false; 2], "{found:?}");
        let errors = found.standard_errors.map(Option::unwrap);
        let wanted = [mu, lambda, (mu.powi(3) / (5.0 * lambda)).sqrt(), lambda * 0.4f64.sqrt()];
        for (found, wanted) in found.parameters.into_iter().chain(errors).zip(wanted) {
            assert!((found / wanted - 1.0).abs() < 1e-6, "{found}, wanted {wanted}");
        }
    }
}

#[test]
fn a_parameter_without_end_is_held_at_its_limit_and_the_other_found() {
    let found = maximum(inverse_gaussian, &[[1.0, 1.0]], [(2.0, 9.0), WIDE]).unwrap();
    assert!(found.converged && found.at_limit == [true, false], "{found:?}");
    assert!(found.parameters[0] == 2.0 && found.standard_errors[0].is_none(), "{found:?}");
    // λ given μ = 2: n / Σ (x−μ)²/(μ²x).
    let lambda = 5.0 / VALUES.iter().map(|x| (x - 2.0f64).powi(2) / (4.0 * x)).sum::<f64>();
    assert!((found.parameters[1] / lambda - 1.0).abs() < 1e-6, "{found:?}");
}

#[test]
fn the_highest_of_several_hills_is_kept() {
    // In u = ln θ: −(u² − 1)² + u/10, with its higher hill near u = 1.
    let hills = |&[theta]: &[f64; 1]| {
        let u = theta.ln();
        let (slope, bend) = (-4.0 * u * (u * u - 1.0) + 0.1, -12.0 * u * u + 4.0);
        let mut out = Derivatives::zero();
        out.value = -(u * u - 1.0).powi(2) + u / 10.0;
        out.gradient = [slope / theta];
        out.hessian = [[(bend - slope) / (theta * theta)]];
        out
    };
    let from = |starts: &[[f64; 1]]| maximum(hills, starts, [WIDE]).unwrap().parameters[0].ln();
    assert!(from(&[[0.3]]) < -0.9);
    assert!(from(&[[0.3], [3.0]]) > 0.9 && from(&[[3.0], [0.3]]) > 0.9);
}

#[test]
fn what_is_not_finite_is_no_maximum() {
    let nan = |_: &[f64; 1]| Derivatives { value: f64::NAN, gradient: [0.0], hessian: [[0.0]] };
    assert!(maximum(nan, &[[1.0]], [WIDE]).is_none());
    let flat = |_: &[f64; 1]| Derivatives { value: 1.0, gradient: [0.0], hessian: [[0.0]] };
    let found = maximum(flat, &[[1.0]], [WIDE]).unwrap();
    assert!(!found.converged && found.standard_errors[0].is_none(), "{found:?}");
}
