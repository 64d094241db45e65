//! What is too little to learn from, in words: what was found, and what is needed.

use chrono::NaiveDate;

use super::{measure::Ground, rows::CutoffRows, sentence::Sentence, spec::LearnedSpec};

/// Rows, and events among them.
pub fn count(rows: &[&CutoffRows]) -> (usize, usize) {
    let labels = || rows.iter().flat_map(|rows| rows.label.iter().flatten());
    (labels().count(), labels().filter(|v| **v > 0.0).count())
}

pub fn too_short(spec: &LearnedSpec, horizon_days: i64, days: &[NaiveDate]) -> Sentence {
    let label = &spec.label;
    let (found, found_zh) = match days.is_empty() {
        true => ("none is".to_owned(), "目前没有".to_owned()),
        false => (format!("there are {}", in_words(days)), format!("现有 {}", in_chinese(days))),
    };
    Sentence::new(
        format!(
            "a cutoff with labels `{label}` is needed to measure on, and an older one, by at least the horizon of \
             {horizon_days} days, to fit on; {found}"
        ),
        format!(
            "需要一个有标签 `{label}` 的截止日用于测评，并需要一个比它至少早 {horizon_days} 天（预测期）的截止日用于训练；\
             {found_zh}"
        ),
    )
}

pub fn too_few(spec: &LearnedSpec, known: &[&CutoffRows]) -> Option<Sentence> {
    let (rows, events) = count(known);
    // Two classes at least, whatever the spec asks for.
    let needed = spec.min_events.max(1);
    let others = rows - events;
    let mut days: Vec<NaiveDate> = known.iter().map(|rows| rows.cutoff).collect();
    days.dedup();
    (events.min(others) < needed).then(|| {
        Sentence::new(
            format!(
                "{events} customers with {} and {others} without at {}; at least {needed} of each are needed (min_events)",
                spec.event(),
                in_words(&days)
            ),
            format!(
                "{} 共有 {events} 位客户 {}，{others} 位不是；两类至少各需 {needed} 位（min_events）",
                in_chinese(&days),
                spec.event_zh()
            ),
        )
    })
}

pub fn one_class(spec: &LearnedSpec, ground: &Ground) -> Option<Sentence> {
    let day = ground.test_cutoff?;
    let Ground { rows, events, .. } = ground;
    (*events == 0 || events == rows).then(|| {
        Sentence::new(
            format!(
                "{events} of {rows} customers at {day} have {}: the model cannot be measured there",
                spec.event()
            ),
            format!("{day} 的 {rows} 位客户中有 {events} 位 {}：无法据此测评模型", spec.event_zh()),
        )
    })
}

pub fn in_words(days: &[NaiveDate]) -> String {
    days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ")
}

fn in_chinese(days: &[NaiveDate]) -> String {
    days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join("、")
}
