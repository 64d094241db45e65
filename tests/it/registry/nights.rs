//! Night after night: which version scores, when one is fitted, and what happens when one is lost or no good.

use std::fs;

use serde_json::json;

use super::vendor::{FEBRUARY, Habits, MODEL, Night, USUAL, listed, model_file, night, vendor};
use crate::{published, tiny::Project};

/// Of 500 customers, 4 cutoffs, the newest to measure on: whether the night looked back at all.
fn fitted(night: &Night) -> bool {
    !night.past.is_empty()
}

fn retraining(retrain: &str, habits: &Habits) -> Project {
    let project = vendor(habits);
    project.edit("models/complaint_risk.toml", "retrain = \"always\"", &format!("retrain = \"{retrain}\""));
    project
}

#[test]
fn a_day_run_again_scores_with_the_same_version_although_later_nights_exist() {
    let project = vendor(&USUAL);
    let days = ["2026-03-02", "2026-04-02", "2026-05-02"];
    let first = days.map(|day| night(&project, day).scores());
    let sets = days.map(|day| published::set(&project.warehouse(), day));
    for (day, version) in days.iter().zip(&first) {
        let again = night(&project, day);
        assert_eq!(again.scores(), *version);
        assert!(again.said.contains("unchanged: the same set stood there"), "{}", again.said);
    }
    assert_eq!(days.map(|day| published::set(&project.warehouse(), day)), sets);
}

#[test]
fn a_monthly_model_is_fitted_on_the_first_night_of_a_month() {
    let project = retraining("monthly", &USUAL);
    let first = night(&project, "2026-03-02");
    assert!(fitted(&first));
    for day in ["2026-03-03", "2026-03-19"] {
        let kept = night(&project, day);
        assert_eq!((kept.scores(), kept.past.len()), (first.scores(), 0), "{day}");
        assert!(kept.reason().contains("a new fit is not due"), "{}", kept.reason());
        assert_eq!(kept.model["champion_since"], json!("2026-03-02"));
    }
    let april = night(&project, "2026-04-01");
    assert!(fitted(&april) && april.scores() != first.scores());
    assert!(!fitted(&night(&project, "2026-04-02")));
}

#[test]
fn a_monthly_fit_that_brings_nothing_new_is_not_repeated_every_night() {
    let project = retraining("monthly", &USUAL);
    // Every three months: the cutoffs of March are those of February.
    project.edit("pipelines/nightly.toml", "every_months = 1", "every_months = 3");
    project.edit("pipelines/nightly.toml", "count = 4", "count = 2");
    let february = night(&project, "2026-02-02");
    let march = night(&project, "2026-03-02");
    assert_eq!(march.scores(), february.scores());
    assert!(march.reason().contains("the same version"), "{}", march.reason());
    // What February learned from has not changed: nothing of it is made again.
    assert!(fitted(&february) && !fitted(&march) && !fitted(&night(&project, "2026-03-03")));
}

#[test]
fn a_model_that_waits_for_drift_is_kept_while_customers_are_the_same() {
    let moved = Habits { logins: |month| if month > FEBRUARY + 1 { 3.0 } else { 1.0 }, ..USUAL };
    let project = retraining("on_drift", &moved);
    let first = night(&project, "2026-03-02");
    assert!(fitted(&first));
    for day in ["2026-03-03", "2026-04-02"] {
        let kept = night(&project, day);
        assert_eq!((kept.scores(), kept.past.len()), (first.scores(), 0), "{day}");
    }
    assert!(fitted(&night(&project, "2026-05-02")), "everybody logs in three times as often");
}

#[test]
fn a_lost_version_is_warned_of_and_fitted_anew() {
    let project = retraining("monthly", &USUAL);
    let first = night(&project, "2026-03-02").scores();
    fs::remove_dir_all(model_file(&project, &first, "")).unwrap();
    let again = night(&project, "2026-03-03");
    assert!(fitted(&again) && again.scores() == first, "the same rows give the same version");
    assert!(
        again.warnings.iter().any(|w| w.contains("cannot go on") && w.contains("is gone")),
        "{:?}",
        again.warnings
    );
    assert!(model_file(&project, &first, "artifact.json").exists());
}

#[test]
fn a_damaged_version_is_warned_of_and_fitted_anew() {
    let project = retraining("monthly", &USUAL);
    let first = night(&project, "2026-03-02").scores();
    let artifact = model_file(&project, &first, "artifact.json");
    let text = fs::read_to_string(&artifact).unwrap();
    fs::write(&artifact, &text[..text.len() / 2]).unwrap();
    let again = night(&project, "2026-04-02");
    assert!(fitted(&again) && again.scores() != first);
    assert!(
        again.warnings.iter().any(|w| w.contains("cannot go on") && w.contains("damaged")),
        "{:?}",
        again.warnings
    );
}

#[test]
fn a_lost_card_ends_no_night() {
    let project = retraining("monthly", &USUAL);
    let first = night(&project, "2026-03-02").scores();
    fs::remove_file(model_file(&project, &first, "card.md")).unwrap();
    assert_eq!(night(&project, "2026-03-03").scores(), first);
}

#[test]
fn a_version_that_cannot_read_its_column_any_more_is_fitted_anew() {
    let project = retraining("monthly", &USUAL);
    let first = night(&project, "2026-03-02").scores();
    project.edit("sql/features/customer_features.sql", "seats", "CAST(seats AS TEXT) AS seats");
    let again = night(&project, "2026-03-03");
    assert!(fitted(&again) && again.scores() != first);
    assert!(
        again.warnings.iter().any(|w| w.contains("cannot go on") && w.contains("`seats`")),
        "{:?}",
        again.warnings
    );
}

#[test]
fn a_model_of_noise_does_not_score() {
    let project = vendor(&Habits { noise: |_| true, ..USUAL });
    let first = night(&project, "2026-03-02");
    assert_eq!((first.version(), &first.model["status"]), (None, &json!("refused")));
    assert!(
        first.warnings.iter().any(|w| w.contains("gives no scores") && w.contains("holds 0.5")),
        "{:?}",
        first.warnings
    );
    let risks = published::rows(&project.warehouse(), "risks", "2026-03-02");
    assert!(risks.len() == 500 && risks.iter().all(|row| row["probability"].is_null()));
    let row = listed(&project);
    assert_eq!((&row["version"], &row["challenger"]), (&json!(null), &first.model["challenger"]));
    assert!(row["not_promoted"].as_str().unwrap().contains("holds 0.5"), "{row}");
    project.luopan(&["models", "show", MODEL]).with(2).says(&["no version of `complaint_risk` scores"]);
    // Somebody may know better.
    project.luopan(&["models", "promote", MODEL, row["challenger"].as_str().unwrap()]).done();
    assert_eq!(night(&project, "2026-03-03").version(), row["challenger"].as_str().map(str::to_owned));
}

#[test]
fn a_challenger_that_fails_its_gates_leaves_the_champion_scoring() {
    // From March on nobody knows who complains: the night in April measures on March.
    let project = vendor(&Habits { noise: |month| month >= FEBRUARY, ..USUAL });
    let champion = night(&project, "2026-03-02").scores();
    let next = night(&project, "2026-04-02");
    assert_eq!(next.scores(), champion);
    let warned = next.warnings.iter().find(|w| w.contains("is not promoted")).expect("a warning");
    assert!(warned.contains(&champion) && warned.contains("holds 0.5"), "{warned}");
    let risks = published::rows(&project.warehouse(), "risks", "2026-04-02");
    assert!(risks.iter().all(|row| !row["probability"].is_null()));
    let row = listed(&project);
    assert_eq!((&row["version"], &row["since"]), (&json!(champion), &json!("2026-03-02")));
    assert_eq!(row["challenger"], next.model["challenger"]);
    let text = project.luopan(&["models"]).done().out;
    assert!(text.contains("was not promoted: ") && text.contains("holds 0.5"), "{text}");
    let compared = project.luopan(&["models", "compare", MODEL, "--format", "json"]).done().json().remove(0);
    assert_eq!(
        (&compared["first"]["version"], &compared["second"]["version"]),
        (&json!(champion), &row["challenger"])
    );
    assert!(compared["on_the_same"].as_str().unwrap().contains("against the champion's"), "{compared}");
}
