//! Sizes as people write them: `8GB`, `512MB`.

use crate::problem::{Problem, Result};

/// Bytes of `512MB`, `8GB`, `8GiB` (K, M, G, T are powers of 1024 in both).
pub fn parse_memory(written: &str) -> Result<usize> {
    let wrong = || {
        Problem::setup(format!("cannot read the memory limit `{written}`"))
            .help("write a number and a unit: 512MB, 8GB")
    };
    let text = written.trim().to_ascii_uppercase();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or_else(wrong)?;
    let number: f64 = text[..digits].parse().map_err(|_| wrong())?;
    let shift = match text[digits..].trim() {
        "KB" | "KIB" | "K" => 10,
        "MB" | "MIB" | "M" => 20,
        "GB" | "GIB" | "G" => 30,
        "TB" | "TIB" | "T" => 40,
        _ => return Err(wrong()),
    };
    let bytes = number * (1u64 << shift) as f64;
    const LEAST: f64 = 64.0 * 1024.0 * 1024.0;
    if !(LEAST..=1e15).contains(&bytes) {
        return Err(wrong().help("at least 64MB: less holds no query"));
    }
    Ok(bytes as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_nonsense_is_not() {
        assert_eq!(parse_memory("8GB").unwrap(), 8 << 30);
        assert_eq!(parse_memory(" 1.5 gib").unwrap(), 3 << 29);
        for wrong in ["8", "GB", "8XB", "-1GB", "1KB", "", "1e9GB"] {
            assert!(parse_memory(wrong).is_err(), "{wrong}");
        }
    }
}
