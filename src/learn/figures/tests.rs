use super::*;

fn in_words(value: f64, unit: Unit) -> [String; 2] {
    Language::ALL.map(|language| {
        let mut out = String::new();
        push_number(&mut out, value, unit, language);
        out
    })
}

#[test]
fn every_unit_has_its_words_in_both_languages() {
    for (unit, value, english, chinese) in [
        (Unit::Change, -0.62, "fell 62 %", "下降 62%"),
        (Unit::Change, 5.3, "rose 530 %", "上升 530%"),
        (Unit::Change, 0.0, "unchanged", "持平"),
        (Unit::Change, -0.0004, "unchanged", "持平"),
        (Unit::Change, 0.0123, "rose 1.2 %", "上升 1.2%"),
        (Unit::Difference, -3.0, "fell by 3", "减少 3"),
        (Unit::Difference, 1.5, "rose by 1.5", "增加 1.5"),
        (Unit::Difference, 0.0, "unchanged", "持平"),
        (Unit::Share, 0.34, "34 %", "34%"),
        (Unit::Share, 0.004, "0.4 %", "0.4%"),
        (Unit::Share, 14.286, "1,429 %", "1,429%"),
        (Unit::Days, 210.0, "210 days", "210 天"),
        (Unit::Days, 1.0, "1 day", "1 天"),
        (Unit::Days, 0.0, "0 days", "0 天"),
        (Unit::Days, -12.0, "-12 days", "-12 天"),
        (Unit::Days, 730.0, "730 days", "730 天"),
        (Unit::Days, 1485.0, "4.1 years", "4.1 年"),
        (Unit::Months, 14.0, "14 months", "14 个月"),
        (Unit::Months, 30.0, "2.5 years", "2.5 年"),
        (Unit::Hours, 52.35, "52.4 hours", "52.4 小时"),
        (Unit::Money, 56_000.0, "56,000", "5.6 万"),
        (Unit::Money, 97_250_000.4, "97,250,000", "9,725 万"),
        (Unit::Money, 123_400_000.0, "123,400,000", "1.23 亿"),
        (Unit::Money, -1_234.5, "-1,235", "-1,235"),
        (Unit::Flag, 1.0, "yes", "是"),
        (Unit::Flag, 0.0, "no", "否"),
        (Unit::Number, 4_099.0, "4,099", "4,099"),
        (Unit::Text, 2.5, "2.5", "2.5"),
        (Unit::Money, f64::NAN, "unknown", "未知"),
    ] {
        assert_eq!(in_words(value, unit), [english, chinese], "{unit:?} {value}");
    }
}

#[test]
fn contributions_have_a_sign_and_two_decimals() {
    for (value, text) in [(0.815, "+0.82"), (-0.3, "-0.30"), (12.0, "+12.00"), (0.005, "+0.01")] {
        let mut out = String::new();
        push_signed(&mut out, value);
        assert_eq!(out, text);
    }
}

#[test]
fn figures_are_as_many_as_a_person_needs() {
    for (value, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (12_345.6, "12,346"),
        (1_000_000.0, "1,000,000"),
        (999.5, "1,000"),
        (999.4, "999"),
        (100.0, "100"),
        (12.3, "12.3"),
        (-2.5, "-2.5"),
        (3.0, "3"),
        (1.05, "1.05"),
        (0.999_9, "1"),
        (0.123_4, "0.12"),
        (0.012_34, "0.012"),
        (0.1, "0.1"),
        (1e-13, "0"),
        (-1e-13, "0"),
        (1.5e300, "1.50e300"),
        (f64::MIN_POSITIVE, "0"),
    ] {
        assert_eq!(in_words(value, Unit::Number)[0], text, "{value}");
    }
}
