//! A report as JSON, for programs: exact amounts are texts, days are half-open. Pure.

use domain::{
    Error,
    breakdown::Found,
    sheet::{Amount, Line, Sheet},
};
use serde_json::{Value, json};

/// What is shown, with what it means.
///
/// # Errors
/// When it can't be written.
pub(super) fn write(found: &Found, sheets: &[Sheet]) -> Result<String, Error> {
    let wanted = &found.wanted;
    let days =
        |period: domain::period::Period| json!({ "start": period.start(), "end": period.end() });
    let pieces: Vec<Value> = (found.report.pieces.iter().zip(&found.pieces))
        .map(|(piece, state)| {
            json!({
                "start": piece.start(),
                "end": piece.end(),
                "state": state.state,
                "restated": state.restated,
            })
        })
        .collect();
    let keys: Vec<String> = found
        .report
        .group_by
        .iter()
        .map(ToString::to_string)
        .collect();
    let tables: Vec<Value> = (sheets.iter())
        .map(|sheet| {
            let lines: Vec<Value> = sheet.lines.iter().map(line).collect();
            let beside = |(period, amount): (_, Amount)| {
                json!({ "period": days(period), "total": amount.exact() })
            };
            let beside: Vec<Value> = (sheet.beside.iter())
                .map(|one| one.map_or(Value::Null, beside))
                .collect();
            json!({
                "unit": sheet.unit,
                "lines": lines,
                "total": line(&sheet.sum),
                "beside": beside,
            })
        })
        .collect();
    let whole = json!({
        "period": days(wanted.period),
        "compared_with": found.compared.as_ref().map(|compared| days(compared.period)),
        "missing_to_compare": found.lacking.as_ref().map(|lacking| {
            lacking.missing.iter().copied().map(days).collect::<Vec<_>>()
        }),
        "metric": wanted.counted().slug(),
        "view": wanted.view.slug(),
        "group_by": keys,
        "filter": wanted.filter,
        "as_of": found.as_of,
        "pieces": pieces,
        "tables": tables,
    });
    serde_json::to_string_pretty(&whole).map_err(|_| Error::internal("json"))
}

fn line(line: &Line) -> Value {
    let exact = |amount: Option<Amount>| amount.map(Amount::exact);
    json!({
        "keys": line.keys,
        "name": line.name(),
        "groups": line.groups,
        "total": line.total.exact(),
        "before": exact(line.before),
        "difference": exact(line.change()),
        "values": line.values.iter().map(|value| value.exact()).collect::<Vec<_>>(),
    })
}
