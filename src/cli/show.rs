//! Figures and tables as people read them.

use std::fmt::Write;

/// 1,234,567
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// 12.3 M, 4,567
pub fn money(amount: f64) -> String {
    let size = amount.abs();
    match () {
        () if size >= 1e9 => format!("{:.2} bn", amount / 1e9),
        () if size >= 1e6 => format!("{:.1} M", amount / 1e6),
        () => count(amount.round() as i64),
    }
}

/// 0.4 s, 2 min 5 s
pub fn seconds(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!("{} min {} s", (seconds / 60.0) as u64, (seconds % 60.0) as u64)
}

/// 1.2 MB
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// Columns padded to the widest cell; the first to the left, the rest to the right.
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |i: usize| {
        rows.iter().map(|r| r[i].chars().count()).chain([heads[i].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    let mut line = |cells: Vec<&str>| {
        let mut text = String::from(" ");
        for (i, cell) in cells.iter().enumerate() {
            let space = " ".repeat(widths[i].saturating_sub(cell.chars().count()));
            if i == 0 {
                let _ = write!(text, " {cell}{space}");
            } else {
                let _ = write!(text, "  {space}{cell}");
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(heads.to_vec());
    rows.iter().for_each(|row| line(row.iter().map(String::as_str).collect()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!((count(0), count(-1234567)), ("0".into(), "-1,234,567".into()));
        assert_eq!((money(1_250_000.0), money(999.5)), ("1.2 M".into(), "1,000".into()));
        assert_eq!((seconds(3.12), seconds(125.0)), ("3.1 s".into(), "2 min 5 s".into()));
    }
}
