//! A table as CSV: the lines in their order, the total last. Pure.

use csv::Writer;
use domain::{
    dimension::{Dimension, GroupKey},
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
    let mut head = Vec::new();
    for key in &sheet.keys {
        head.push(harmless(&key.label()));
        if is_account(key) {
            head.push(format!("{} number", key.label()));
        }
    }
    if head.is_empty() {
        head.push("Costs".to_owned());
    }
    head.push("Unit".to_owned());
    head.push("Total".to_owned());
    if sheet.compared.is_some() {
        head.push("Earlier total".to_owned());
        head.push("Difference".to_owned());
        head.push("Percent".to_owned());
    }
    if sheet.pieces.len() > 1 {
        head.extend(sheet.pieces.iter().map(|piece| piece.start().to_string()));
    }
    head
}

fn record(sheet: &Sheet, line: &Line) -> Vec<String> {
    let mut record = Vec::new();
    for (place, name) in line.names.iter().enumerate() {
        record.push(harmless(name));
        // The rest and the total have names, but no accounts.
        if let (Some(key), Some(value)) = (sheet.keys.get(place), line.keys.get(place))
            && is_account(key)
        {
            record.push(value.clone());
        }
    }
    record.resize(columns(sheet), String::new());
    record.push(sheet.unit.clone());
    record.push(line.total.exact());
    if sheet.compared.is_some() {
        record.push(line.before.map(Amount::exact).unwrap_or_default());
        record.push(line.change().map(Amount::exact).unwrap_or_default());
        record.push(line.per_mille().map(percent).unwrap_or_default());
    }
    if sheet.pieces.len() > 1 {
        let mut values: Vec<String> = line.values.iter().map(|value| value.exact()).collect();
        values.resize(sheet.pieces.len(), String::new());
        record.extend(values);
    }
    record
}

/// An account's number has a column of its own beside the name.
fn is_account(key: &GroupKey) -> bool {
    *key == GroupKey::Dimension(Dimension::LinkedAccount)
}

/// How many columns say what a line is about.
fn columns(sheet: &Sheet) -> usize {
    let accounts = sheet.keys.iter().filter(|key| is_account(key)).count();
    (sheet.keys.len() + accounts).max(1)
}

/// Thousandths as percent: `-12.3`.
fn percent(per_mille: i64) -> String {
    let (sign, size) = match per_mille {
        less @ ..0 => ("-", less.unsigned_abs()),
        more => ("", more.unsigned_abs()),
    };
    format!("{sign}{}.{}", size / 10, size % 10)
}

/// What the earlier period came to, beside each piece: the row below the total.
fn earlier(sheet: &Sheet) -> Option<Vec<String>> {
    let compared = sheet.compared.filter(|_| !sheet.beside.is_empty())?;
    let mut record = vec![compared.to_string()];
    record.resize(columns(sheet), String::new());
    record.push(sheet.unit.clone());
    record.push(sheet.sum.before.map(Amount::exact).unwrap_or_default());
    record.extend([String::new(), String::new(), String::new()]);
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

#[cfg(test)]
mod tests {
    use domain::{
        money::{Currency, Money, Nanos},
        period::Period,
        query::Step,
    };

    use super::*;

    fn money(units: i64) -> Amount {
        Amount::Money(Money::new(Nanos(units * 1_000_000_000), Currency::USD))
    }

    fn line(keys: &[&str], names: &[&str], total: i64, before: i64) -> Line {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Line {
            keys: owned(keys),
            names: owned(names),
            groups: 1,
            total: money(total),
            before: Some(money(before)),
            values: vec![money(total)],
        }
    }

    #[test]
    fn accounts_have_names_and_numbers_and_differences_a_percent() {
        let day = |text: &str| Period::day(text.parse().unwrap());
        let sheet = Sheet {
            unit: "USD".to_owned(),
            currency: Some(Currency::USD),
            keys: vec![Dimension::LinkedAccount.into(), Dimension::Region.into()],
            pieces: vec![day("2026-11-24")],
            states: Vec::new(),
            step: Step::Total,
            compared: Some(day("2026-10-24")),
            lines: vec![
                line(&["111111111111", "eu-west-1"], &["Shop", "eu-west-1"], 7, 8),
                line(&["222222222222", ""], &["222222222222", "No region"], 3, 0),
            ],
            sum: line(&[], &["Total"], 10, 8),
            beside: vec![Some((day("2026-10-24"), money(8)))],
        };
        let file = write(&[sheet]).unwrap();
        let rows: Vec<&str> = file.lines().collect();
        assert_eq!(
            rows,
            [
                "Account,Account number,Region,Unit,Total,Earlier total,Difference,Percent",
                "Shop,111111111111,eu-west-1,USD,7,8,-1,-12.5",
                "222222222222,222222222222,No region,USD,3,0,3,",
                "Total,,,USD,10,8,2,25.0",
                "24 Oct 2026,,,USD,8,,,"
            ]
        );
    }
}
