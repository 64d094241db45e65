//! Files that others write, that nobody finished, and that are no table at all.

use std::{fs, path::Path};

use arrow::{
    array::{RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
};

use super::{
    Dirt, DirtKind,
    edit::{as_type, column, month_file, months, read, shown, unfit, with, with_texts, write},
};
use crate::problem::Result;

fn dirt(table: &'static str, kind: DirtKind, count: usize, place: String) -> Dirt {
    Dirt { table, kind, count: count as u64, place, customers: Default::default() }
}

/// What a run reads as it is meant: columns that come and go, wider types, a month without a file.
pub fn changed(lake: &Path) -> Result<Vec<Dirt>> {
    let tickets = "support/tickets";
    let missing = month_file(lake, tickets, 7)?;
    let missing = missing.parent().unwrap_or(&missing);
    fs::remove_dir_all(missing).map_err(|e| unfit(missing)(&e))?;
    let halfway: Vec<_> = months(lake, tickets)?.into_iter().rev().take(6).collect();
    let mut files = 0;
    for month in halfway.iter().flat_map(|folder| ["part-00000", "part-00001"].map(|name| (folder, name))) {
        let path = month.0.join(format!("{}.parquet", month.1));
        if path.is_file() {
            let rows = as_type(&read(&path)?, "severity", &DataType::Int64)?;
            let rows = as_type(&rows, "handling_minutes", &DataType::Int64)?;
            let channel = StringArray::from(vec!["portal"; rows.num_rows()]);
            write(&path, &with(&rows, "channel", std::sync::Arc::new(channel))?)?;
            files += 1;
        }
    }
    let from = halfway.last().map_or_else(String::new, |folder| shown(lake, folder));
    let survey = lake.join("crm/surveys/part-00002.parquet");
    write(&survey, &without(&read(&survey)?, "csat")?)?;
    let payments = month_file(lake, "erp/payments", 0)?;
    write(&payments, &as_type(&read(&payments)?, "amount", &DataType::Decimal128(28, 2))?)?;
    let empty = month_file(lake, "erp/payments", 3)?.with_file_name("part-00001.parquet");
    write(&empty, &read(&payments)?.slice(0, 0))?;
    Ok(vec![
        dirt(tickets, DirtKind::MissingMonth, 1, shown(lake, missing)),
        dirt(tickets, DirtKind::AddedColumn, files, format!("{from} and later")),
        dirt(tickets, DirtKind::WiderType, files, format!("{from} and later")),
        dirt("crm/surveys", DirtKind::LackingColumn, 1, shown(lake, &survey)),
        dirt("erp/payments", DirtKind::WiderType, 1, shown(lake, &payments)),
        dirt("erp/payments", DirtKind::NoRows, 1, shown(lake, &empty)),
    ])
}

/// Files on which a run stops.
pub fn bad(lake: &Path) -> Result<Vec<Dirt>> {
    let beside = |table, back| Ok(month_file(lake, table, back)?.with_file_name("part-00009.parquet"));
    let mut found = Vec::new();
    let mut put = |table, kind, path: &Path, bytes: &[u8]| {
        found.push(dirt(table, kind, 1, shown(lake, path)));
        fs::write(path, bytes).map_err(|e| unfit(path)(&e))
    };
    put("erp/payments", DirtKind::EmptyFile, &beside("erp/payments", 1)?, b"")?;
    let whole = month_file(lake, "erp/invoices", 3)?;
    let bytes = fs::read(&whole).map_err(|e| unfit(&whole)(&e))?;
    put("erp/invoices", DirtKind::CutFile, &beside("erp/invoices", 3)?, &bytes[..bytes.len() / 2])?;
    let text = b"ticket_id,support_org_id,opened_at\nT1,S000001,2026-01-01\n";
    put("support/tickets", DirtKind::NoParquet, &beside("support/tickets", 1)?, text)?;
    let path = beside("erp/invoices", 1)?;
    let rows = some_rows(&month_file(lake, "erp/invoices", 1)?, "invoice_id")?;
    write(&path, &as_type(&rows, "amount", &DataType::Float64)?)?;
    found.push(dirt("erp/invoices", DirtKind::OtherType, 1, shown(lake, &path)));
    let path = lake.join("crm/engagements/part-00009.parquet");
    let rows = some_rows(&lake.join("crm/engagements/part-00002.parquet"), "engagement_id")?;
    let renamed = with(&rows, "held_on", column(&rows, "held_at")?.clone())?;
    write(&path, &without(&renamed, "held_at")?)?;
    found.push(dirt("crm/engagements", DirtKind::RenamedColumn, 1, shown(lake, &path)));
    Ok(found)
}

/// Three rows of a file under ids of their own.
fn some_rows(path: &Path, id: &str) -> Result<RecordBatch> {
    let rows = read(path)?;
    let rows = rows.slice(0, rows.num_rows().min(3));
    let ids = (0..rows.num_rows()).map(|n| format!("BAD{:06}", n + 1)).collect();
    with_texts(&rows, id, ids)
}

fn without(rows: &RecordBatch, name: &str) -> Result<RecordBatch> {
    let (fields, columns): (Vec<Field>, Vec<_>) = rows
        .schema()
        .fields()
        .iter()
        .zip(rows.columns())
        .filter(|(field, _)| field.name() != name)
        .map(|(field, values)| (field.as_ref().clone(), values.clone()))
        .unzip();
    RecordBatch::try_new(std::sync::Arc::new(Schema::new(fields)), columns)
        .map_err(|e| crate::problem::Problem::failed(format!("cannot take out column {name}: {e}")))
}
