//! Numbers and dates as people write them, in English and in Chinese.

use chrono::{Datelike, NaiveDate};

use super::{figure::As, value::Value};
use crate::project::language::Language;

/// Stands where nothing is known.
pub const UNKNOWN: &str = "–";

/// A value in the form that its column asks for; codes and customers are named elsewhere.
pub fn shown(value: &Value, form: As, language: Language) -> String {
    match value {
        Value::Unknown => UNKNOWN.to_owned(),
        Value::Text(text) => text.clone(),
        Value::Flag(flag) => {
            let (yes, no) = (language.say("yes", "是"), language.say("no", "否"));
            if *flag { yes } else { no }.to_owned()
        }
        Value::Day(day) if form == As::Month => month(*day, language),
        Value::Day(day) => date(*day, language),
        Value::Number(number) => figure(*number, form, language),
    }
}

fn figure(number: f64, form: As, language: Language) -> String {
    match form {
        As::Money => money(number, language),
        As::Percent => percent(number, language),
        As::Points => signed(100.0 * number, 1),
        As::Change => {
            signed(100.0 * number, if number.abs() < 0.0995 { 1 } else { 0 }) + language.say(NARROW, "%")
        }
        As::Delta if number.fract() == 0.0 => signed(number, 0),
        As::Delta => signed(number, if number.abs() < 10.0 { 2 } else { 1 }),
        As::Score => fixed(number, 1),
        As::Exact => fixed(number, 2),
        As::Count | As::Days => fixed(number, 0),
        _ if number.fract() == 0.0 => fixed(number, 0),
        _ if number.abs() < 10.0 => fixed(number, 2),
        _ => fixed(number, 1),
    }
}

/// A sign that stays with its number.
const NARROW: &str = "\u{a0}%";

/// 41 %, 2.9 %: shares below a tenth keep a digit, for there it matters.
fn percent(share: f64, language: Language) -> String {
    let size = share.abs();
    let digits = match () {
        () if size == 0.0 || size >= 0.0995 => 0,
        () if size >= 0.001 => 1,
        () => 2,
    };
    fixed(100.0 * share, digits) + language.say(NARROW, "%")
}

/// 706,573 and 126.5M; in Chinese 70.7万 and 1.27亿.
pub fn money(amount: f64, language: Language) -> String {
    let size = amount.abs();
    match language {
        Language::English if size >= 999_950_000.0 => format!("{}B", fixed(amount / 1e9, 1)),
        Language::English if size >= 999_999.5 => format!("{}M", fixed(amount / 1e6, 1)),
        Language::Chinese if size >= 99_995_000.0 => format!("{}亿", fixed(amount / 1e8, 2)),
        Language::Chinese if size >= 9_999.5 => format!("{}万", fixed(amount / 1e4, 1)),
        _ => fixed(amount, 0),
    }
}

/// 1 April 2026; 2026年4月1日
pub fn date(day: NaiveDate, language: Language) -> String {
    match language {
        Language::English => day.format("%-d %b %Y").to_string(),
        Language::Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
    }
}

fn month(day: NaiveDate, language: Language) -> String {
    match language {
        Language::English => day.format("%b %Y").to_string(),
        Language::Chinese => format!("{}年{}月", day.year(), day.month()),
    }
}

fn signed(number: f64, digits: usize) -> String {
    let text = fixed(number, digits);
    // What rounds to nothing has no sign.
    let is_nothing = text.chars().all(|c| matches!(c, '0' | '.'));
    if number > 0.0 && !is_nothing { format!("+{text}") } else { text }
}

/// Grouped by thousands, with a true minus sign.
fn fixed(number: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", number.abs());
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_nothing = text.chars().all(|c| matches!(c, '0' | '.'));
    let minus = if number < 0.0 && !is_nothing { "−" } else { "" };
    format!("{minus}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

    fn both(value: f64, form: As) -> (String, String) {
        let value = Value::Number(value);
        (shown(&value, form, English), shown(&value, form, Chinese))
    }

    fn are(en: &str, zh: &str) -> (String, String) {
        (en.to_owned(), zh.to_owned())
    }

    #[test]
    fn money_is_told_in_the_units_of_its_language() {
        assert_eq!(both(706_573.4, As::Money), are("706,573", "70.7万"));
        assert_eq!(both(126_524_000.0, As::Money), are("126.5M", "1.27亿"));
        assert_eq!(both(3_414_113.11, As::Money), are("3.4M", "341.4万"));
        assert_eq!(both(-2_500_000_000.0, As::Money), are("−2.5B", "−25.00亿"));
        assert_eq!(both(9_999.4, As::Money), are("9,999", "9,999"));
        // What rounds up to the next unit is told in it.
        assert_eq!(both(999_999.9, As::Money), are("1.0M", "100.0万"));
        assert_eq!(both(99_999_000.0, As::Money), are("100.0M", "1.00亿"));
        assert_eq!(both(0.0, As::Money), are("0", "0"));
    }

    #[test]
    fn shares_changes_and_counts_read_well() {
        assert_eq!(both(0.4075, As::Percent), are("41\u{a0}%", "41%"));
        assert_eq!(both(0.0294, As::Percent).0, "2.9\u{a0}%");
        assert_eq!(both(-0.0004, As::Change).0, "0.0\u{a0}%");
        assert_eq!(both(0.123, As::Change), are("+12\u{a0}%", "+12%"));
        assert_eq!(both(-0.02, As::Points), are("−2.0", "−2.0"));
        assert_eq!(both(1443.0, As::Count).0, "1,443");
        assert_eq!(both(-3.0, As::Delta).0, "−3");
        assert_eq!(both(86.1372, As::Score).0, "86.1");
        assert_eq!((both(2.345, As::Number).0, both(23.45, As::Number).0), are("2.35", "23.4"));
    }

    #[test]
    fn days_and_unknowns() {
        let day = Value::Day(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default());
        assert_eq!(shown(&day, As::Date, English), "1 Apr 2026");
        assert_eq!(shown(&day, As::Date, Chinese), "2026年4月1日");
        assert_eq!(
            (shown(&day, As::Month, English), shown(&day, As::Month, Chinese)),
            are("Apr 2026", "2026年4月")
        );
        assert_eq!(shown(&Value::Unknown, As::Money, English), "–");
        assert_eq!(shown(&Value::Flag(true), As::Flag, Chinese), "是");
    }
}
