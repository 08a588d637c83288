//! A table as CSV: the lines in their order, the total last. Pure.

use csv::Writer;
use domain::{
    sheet::{Amount, Line, Sheet},
    spreadsheet::harmless,
};

/// All sheets, one below the other: what can't be added up has a unit of its own.
///
/// # Errors
/// Never, in memory; the writer can't know.
pub(super) fn write(sheets: &[Sheet]) -> Result<String, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    for (place, sheet) in sheets.iter().enumerate() {
        if place == 0 {
            writer.write_record(head(sheet))?;
        }
        for line in &sheet.lines {
            writer.write_record(record(sheet, line))?;
        }
        writer.write_record(record(sheet, &sheet.sum))?;
        if let Some(earlier) = earlier(sheet) {
            writer.write_record(earlier)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn head(sheet: &Sheet) -> Vec<String> {
    let mut head: Vec<String> = sheet
        .keys
        .iter()
        .map(|key| harmless(&key.label()))
        .collect();
    if head.is_empty() {
        head.push("Costs".to_owned());
    }
    head.push("Unit".to_owned());
    head.push("Total".to_owned());
    if sheet.compared.is_some() {
        head.push("Earlier total".to_owned());
        head.push("Difference".to_owned());
    }
    if sheet.pieces.len() > 1 {
        head.extend(sheet.pieces.iter().map(|piece| piece.start().to_string()));
    }
    head
}

fn record(sheet: &Sheet, line: &Line) -> Vec<String> {
    let keys = sheet.keys.len().max(1);
    let mut record: Vec<String> = line.names.iter().map(|name| harmless(name)).collect();
    record.resize(keys, String::new());
    record.push(sheet.unit.clone());
    record.push(line.total.exact());
    if sheet.compared.is_some() {
        record.push(line.before.map(Amount::exact).unwrap_or_default());
        record.push(line.change().map(Amount::exact).unwrap_or_default());
    }
    if sheet.pieces.len() > 1 {
        let mut values: Vec<String> = line.values.iter().map(|value| value.exact()).collect();
        values.resize(sheet.pieces.len(), String::new());
        record.extend(values);
    }
    record
}

/// What the earlier period came to, beside each piece: the row below the total.
fn earlier(sheet: &Sheet) -> Option<Vec<String>> {
    let compared = sheet.compared.filter(|_| !sheet.beside.is_empty())?;
    let mut record = vec![compared.to_string()];
    record.resize(sheet.keys.len().max(1), String::new());
    record.push(sheet.unit.clone());
    record.push(sheet.sum.before.map(Amount::exact).unwrap_or_default());
    record.extend([String::new(), String::new()]);
    if sheet.pieces.len() > 1 {
        let value = |one: &Option<(_, Amount)>| one.map(|(_, amount)| amount.exact());
        record.extend(
            sheet
                .beside
                .iter()
                .map(|one| value(one).unwrap_or_default()),
        );
    }
    Some(record)
}
