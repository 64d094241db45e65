//! Paragraphs, tables and figures as Markdown.

/// Characters of a line, as in the repository's other documents.
const WIDTH: usize = 120;

/// A paragraph after an empty line, broken between words.
pub fn paragraph(text: &str) -> String {
    let mut out = String::from("\n");
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        // At the head of a line these would begin a list or a quotation.
        let kept = matches!(word, "-" | "+" | "*" | ">" | "#");
        if width > 0 && (kept || width + 1 + length <= WIDTH) {
            out.push(' ');
            width += 1;
        } else if width > 0 {
            out.push('\n');
            width = 0;
        }
        out.push_str(word);
        width += length;
    }
    out + "\n"
}

/// A table after an empty line. Cells may hold any text.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let mut out = format!("\n{}{}", line(&heads), line(&["---"; N]));
    for row in rows {
        let cells = row.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|"));
        out.push_str(&line(&cells.each_ref().map(String::as_str)));
    }
    out
}

/// Text that somebody could type.
pub fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

/// 0.1 → 10 %
pub fn percent(share: f64) -> String {
    // The fourth digit after the point is more than anybody writes: what comes after is the binary number's.
    format!("{} %", (share * 1e6).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_one_cell_and_one_paragraph() {
        let shown = table(["a"], [["x |\n y".to_owned()]]);
        assert_eq!(shown, "\n| a |\n| --- |\n| x \\| y |\n");
        let words = "word ".repeat(23) + "+ more";
        assert_eq!(paragraph(&words), format!("\n{}word +\nmore\n", "word ".repeat(22)));
        assert_eq!((percent(0.07), code("a`b")), ("7 %".into(), "`` a`b ``".into()));
    }
}
