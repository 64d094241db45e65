//! The rows that a page's filters work on, packed: all customers of the map, and all rows of the lists.

use std::{collections::HashMap, io::Write};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value as Json, json};

use super::{
    figure::As,
    table::{Cell, Table},
    value::Value,
};
use crate::{
    problem::{Problem, Result},
    project::language::Language,
};

/// Base64 of gzipped JSON: `customers` column by column, where the cuts are, and `lists` with their rows' customers.
pub fn packed(map: &Table, cuts: Option<&Table>, lists: &[&Table], language: Language) -> Result<String> {
    let places = places(map);
    let columns: Vec<Json> = (0..map.figure.columns.len()).map(|i| column(map, i, language)).collect();
    let cut = |name: &str| cuts.and_then(|cuts| cuts.cell(0, name)?.value.number());
    let lists: serde_json::Map<String, Json> =
        lists.iter().map(|list| (list.figure.id.clone(), rows_of(list, &places))).collect();
    let all = json!({
        "customers": { "rows": map.rows.len(), "columns": columns },
        "cuts": { "x": cut("x_cut"), "y": cut("y_cut") },
        "lists": lists,
    });
    let failed =
        |e: &dyn std::fmt::Display| Problem::failed(format!("the page's rows cannot be packed: {e}"));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(all.to_string().as_bytes()).map_err(|e| failed(&e))?;
    Ok(BASE64_STANDARD.encode(gzip.finish().map_err(|e| failed(&e))?))
}

/// customer_id → row of the map.
fn places(map: &Table) -> HashMap<String, usize> {
    let ids = (0..map.rows.len()).filter_map(|row| Some((map.cell(row, "customer_id")?.text.clone(), row)));
    ids.collect()
}

/// Words as codes with their names, each once; numbers with the digits that are looked at.
fn column(map: &Table, place: usize, language: Language) -> Json {
    let Some((name, column)) = map.figure.columns.get_index(place) else { return Json::Null };
    let label = column.label();
    let mut packed = json!({ "key": name, "label": label.in_language(language), "as": column.shown.name() });
    let cells = map.rows.iter().filter_map(|row| row.get(place));
    if column.shown == As::Word || repeats(map, place) {
        packed["as"] = json!(As::Word.name());
        let (mut codes, mut names, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
        let mut index = |cell: &Cell| {
            let code = cell.value.text()?.to_owned();
            Some(*seen.entry(code.clone()).or_insert_with(|| {
                codes.push(code);
                names.push(cell.text.clone());
                codes.len() - 1
            }))
        };
        packed["values"] = cells.map(&mut index).collect();
        packed["codes"] = json!(codes);
        packed["names"] = json!(names);
    } else {
        let digits = digits(column.shown);
        packed["values"] = cells.map(|cell| plain(cell, digits)).collect();
    }
    packed
}

/// Whether a text column says the same over and over, as what to do next does.
fn repeats(map: &Table, place: usize) -> bool {
    let texts = map.rows.iter().filter_map(|row| row.get(place)?.value.text());
    let different: std::collections::HashSet<&str> = texts.clone().collect();
    let count = texts.count();
    count > 0 && different.len() * 4 <= count
}

/// Digits after the point that anybody looks at.
fn digits(form: As) -> i32 {
    match form {
        As::Percent | As::Points | As::Change => 4,
        As::Money | As::Count | As::Days => 0,
        _ => 2,
    }
}

fn plain(cell: &Cell, digits: i32) -> Json {
    match &cell.value {
        Value::Unknown => Json::Null,
        Value::Number(number) => {
            let unit = 10f64.powi(digits);
            let rounded = (number * unit).round() / unit;
            // Whole numbers without `.0`: a fifth of the page.
            if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
                json!(rounded as i64)
            } else {
                json!(rounded)
            }
        }
        Value::Flag(flag) => json!(flag),
        Value::Text(_) => json!(cell.text),
        Value::Day(day) => json!(day.to_string()),
    }
}

fn rows_of(list: &Table, places: &HashMap<String, usize>) -> Json {
    let customer = |row: usize| list.cell(row, "customer_id").and_then(|cell| places.get(&cell.text));
    // Numbers as they are: the page writes them as the server does, and sorts by them.
    let cell = |cell: &Cell, form: As| match &cell.value {
        Value::Number(_) | Value::Unknown if form.is_number() => plain(cell, digits(form)),
        _ => json!(cell.text),
    };
    let cells = |row: &Vec<Cell>| -> Vec<Json> {
        list.seen().filter_map(|(i, _, column)| Some(cell(row.get(i)?, column.shown))).collect()
    };
    let customers: Vec<Option<&usize>> = (0..list.rows.len()).map(customer).collect();
    json!({ "customer": customers, "cells": list.rows.iter().map(cells).collect::<Vec<_>>() })
}
