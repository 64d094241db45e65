//! A number of a table in words: as a salesperson would say it, in English or Chinese.

#[cfg(test)]
mod tests;

use crate::project::column_note::Unit;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// One of two wordings.
    pub fn of<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// A move below half a tenth of a per cent is none.
const LEAST_PER_CENT: f64 = 0.05;
/// From here on, days and months are years to people.
const YEARS_FROM: f64 = 2.0;
const DAYS_PER_YEAR: f64 = 365.25;
const MONTHS_PER_YEAR: f64 = 12.0;

/// Appends `value` to `out`; NaN is unknown.
pub fn push_number(out: &mut String, value: f64, unit: Unit, language: Language) {
    if value.is_nan() {
        return out.push_str(language.of("unknown", "未知"));
    }
    match unit {
        Unit::Number | Unit::Text => push_figures(out, value, 3),
        Unit::Share => push_per_cent(out, 100.0 * value, language),
        Unit::Change if 100.0 * value.abs() < LEAST_PER_CENT => push_unmoved(out, language),
        Unit::Change => {
            let (fell, rose) = language.of(("fell ", "rose "), ("下降 ", "上升 "));
            out.push_str(if value < 0.0 { fell } else { rose });
            push_per_cent(out, 100.0 * value.abs(), language);
        }
        Unit::Difference if value == 0.0 => push_unmoved(out, language),
        Unit::Difference => {
            let (fell, rose) = language.of(("fell by ", "rose by "), ("减少 ", "增加 "));
            out.push_str(if value < 0.0 { fell } else { rose });
            push_figures(out, value.abs(), 3);
        }
        Unit::Hours => push_counted(out, value, 3, language.of("hour", "小时"), language),
        Unit::Days => match value / DAYS_PER_YEAR {
            years if years.abs() >= YEARS_FROM => push_years(out, years, language),
            _ => push_counted(out, value, 3, language.of("day", "天"), language),
        },
        Unit::Months => match value / MONTHS_PER_YEAR {
            years if years.abs() >= YEARS_FROM => push_years(out, years, language),
            _ => push_counted(out, value, 3, language.of("month", "个月"), language),
        },
        Unit::Money => push_money(out, value, language),
        Unit::Flag => {
            let (no, yes) = language.of(("no", "yes"), ("否", "是"));
            out.push_str(if value == 0.0 { no } else { yes });
        }
    }
}

/// Two decimals and always a sign: `+0.82`.
pub fn push_signed(out: &mut String, value: f64) {
    let hundredths = (value.abs() * 100.0).round() as u64;
    out.push(if value < 0.0 { '-' } else { '+' });
    push_whole(out, hundredths / 100);
    out.push('.');
    push_digit(out, hundredths / 10 % 10);
    push_digit(out, hundredths % 10);
}

/// `percent` is 34 for `34 %`.
pub fn push_per_cent(out: &mut String, percent: f64, language: Language) {
    push_figures(out, percent, 2);
    out.push_str(language.of(" %", "%"));
}

fn push_unmoved(out: &mut String, language: Language) {
    out.push_str(language.of("unchanged", "持平"));
}

fn push_years(out: &mut String, years: f64, language: Language) {
    push_counted(out, years, 2, language.of("year", "年"), language);
}

fn push_counted(out: &mut String, value: f64, figures: usize, what: &str, language: Language) {
    let start = out.len();
    push_figures(out, value, figures);
    let plural = language == Language::English && &out[start..] != "1";
    out.push(' ');
    out.push_str(what);
    if plural {
        out.push('s');
    }
}

/// Chinese counts money in 万 (10,000) and 亿 (100,000,000).
fn push_money(out: &mut String, value: f64, language: Language) {
    let (unit, name) = match (language, value.abs()) {
        (Language::Chinese, size) if size >= 1e8 => (1e8, " 亿"),
        (Language::Chinese, size) if size >= 1e4 => (1e4, " 万"),
        _ => (1.0, ""),
    };
    push_figures(out, value / unit, 3);
    out.push_str(name);
}

const POWERS_OF_TEN: [u64; 13] = {
    let mut powers = [1; 13];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = 10 * powers[exponent - 1];
        exponent += 1;
    }
    powers
};

/// At least `figures` figures, below 1 one fewer, without trailing zeros, thousands separated: for three, 12345.6 is
/// `12,346`, 1.234 is `1.23`, 0.1234 is `0.12`.
///
/// By hand, because a report has tens of millions of figures, and the formatter of the standard library is exact to the
/// last digit, which nobody sees here, at several times the cost.
fn push_figures(out: &mut String, value: f64, figures: usize) {
    let size = value.abs();
    if size >= 1e15 {
        return out.push_str(&format!("{value:.2e}"));
    }
    // Of three figures: 0 from 100 on, 2 for 1.23 and 0.12, 3 for 0.012.
    let mut decimals = figures - 1;
    let mut next = 10.0;
    while decimals > 0 && size >= next {
        decimals -= 1;
        next *= 10.0;
    }
    let mut least = 0.1;
    while decimals + 1 < POWERS_OF_TEN.len() && size < least {
        decimals += 1;
        least /= 10.0;
    }
    let power = POWERS_OF_TEN[decimals];
    let rounded = (size * power as f64).round() as u64;
    if value < 0.0 && rounded > 0 {
        out.push('-');
    }
    push_whole(out, rounded / power);
    let mut rest = rounded % power;
    if rest > 0 {
        out.push('.');
        for place in (0..decimals).rev() {
            push_digit(out, rest / POWERS_OF_TEN[place]);
            rest %= POWERS_OF_TEN[place];
            if rest == 0 {
                break;
            }
        }
    }
}

fn push_whole(out: &mut String, value: u64) {
    if value < 1000 {
        for power in [100, 10, 1] {
            if value >= power || power == 1 {
                push_digit(out, value / power % 10);
            }
        }
        return;
    }
    push_whole(out, value / 1000);
    out.push(',');
    [100, 10, 1].into_iter().for_each(|power| push_digit(out, value / power % 10));
}

/// `digit` is 0 to 9.
fn push_digit(out: &mut String, digit: u64) {
    out.push(char::from(b'0' + digit as u8));
}
