//! Sections as text for a terminal: Chinese characters are two columns wide.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{sections::Section, table::Table};
use crate::project::language::Language;

/// All sections; tables that are wider than `width` lose the ends of their longest texts.
pub fn sections(sections: &[Section], language: Language, width: usize) -> String {
    let mut out = String::new();
    for section in sections {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(section.title.in_language(language));
        out.push('\n');
        section.lead.iter().for_each(|sentence| out.push_str(&wrapped(sentence, width)));
        section.tables.iter().for_each(|table| out.push_str(&figure(table, section, language, width)));
    }
    out
}

fn figure(table: &Table, section: &Section, language: Language, width: usize) -> String {
    let mut out = String::new();
    let title = table.figure.title.as_ref().map(|title| title.in_language(language));
    if let Some(title) = title.filter(|title| *title != section.title.in_language(language)) {
        out.push_str(&format!("\n  {title}\n"));
    }
    if let Some(note) = &table.figure.note {
        out.push_str(&wrapped(note.in_language(language), width));
    }
    if table.rows.is_empty() {
        let empty = table
            .figure
            .empty
            .as_ref()
            .map_or(language.say("Nothing to show.", "暂无数据。"), |e| e.in_language(language));
        return out + &wrapped(empty, width);
    }
    out + &grid(table, language, width)
}

const GAP: usize = 2;
const INDENT: usize = 2;
/// A text column is not cut to less.
const NARROWEST: usize = 12;

/// Numbers to the right, texts to the left; texts that are too long go on in the next line.
fn grid(table: &Table, language: Language, width: usize) -> String {
    let seen: Vec<_> = table.seen().collect();
    let heads: Vec<String> =
        seen.iter().map(|(_, _, column)| column.label().in_language(language).to_owned()).collect();
    let rows: Vec<Vec<&str>> = table
        .rows
        .iter()
        .take(table.shown_rows())
        .map(|row| seen.iter().map(|(i, ..)| row.get(*i).map_or("", |cell| cell.text.as_str())).collect())
        .collect();
    let widest =
        |i: usize| rows.iter().filter_map(|row| row.get(i)).map(|text| text.width()).max().unwrap_or(0);
    let mut widths: Vec<usize> =
        heads.iter().enumerate().map(|(i, head)| head.width().max(widest(i))).collect();
    // The widest text gives way first.
    while INDENT + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) > width {
        let texts = widths.iter_mut().zip(&seen).filter(|(_, (_, _, column))| !column.shown.is_number());
        match texts.map(|(width, _)| width).max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    let numeric: Vec<bool> = seen.iter().map(|(_, _, column)| column.shown.is_number()).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = line(&heads, &widths, &numeric);
    rows.iter().for_each(|row| out.push_str(&line(row, &widths, &numeric)));
    out
}

/// One row, in as many lines as its longest text needs.
fn line(cells: &[&str], widths: &[usize], numeric: &[bool]) -> String {
    let cells: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| pieces(cell, *width)).collect();
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = String::new();
    for n in 0..lines {
        let mut text = " ".repeat(INDENT);
        for ((cell, width), numeric) in cells.iter().zip(widths).zip(numeric) {
            let piece = cell.get(n).map_or("", String::as_str);
            let space = " ".repeat(width.saturating_sub(piece.width()));
            match numeric {
                true => text.extend([space.as_str(), piece]),
                false => text.extend([piece, space.as_str()]),
            }
            text.push_str(&" ".repeat(GAP));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// A paragraph, indented.
fn wrapped(text: &str, width: usize) -> String {
    let lines = pieces(text, width.saturating_sub(INDENT));
    lines.iter().map(|line| format!("{}{line}\n", " ".repeat(INDENT))).collect()
}

/// A text in lines of a width: broken at spaces, or within a word that is too long (as Chinese text is).
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end().width();
        if used > 0 && used + bare > width && bare <= width {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let size = c.width().unwrap_or(0);
            if used + size > width && c != ' ' && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
                used += size;
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words_and_within_chinese() {
        assert_eq!(pieces("one two three", 7), ["one two", "three"]);
        assert_eq!(pieces("无法拆分的长句", 6), ["无法拆", "分的长", "句"]);
        assert_eq!(pieces("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(pieces("", 5), [""]);
    }

    #[test]
    fn wide_characters_align() {
        let rows = line(&["客户", "12"], &[6, 4], &[false, true]);
        assert_eq!(rows, "  客户      12\n");
        assert_eq!(line(&["a b c d", "1"], &[3, 2], &[false, true]), "  a b   1\n  c d\n");
    }
}
