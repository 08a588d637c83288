//! The earlier period in the chart: a dashed line over the pieces. Pure. Floating point is for
//! pixels only.

use domain::sheet::Sheet;
use serde_json::{Value, json};

use super::chart::earlier_name;
use crate::components::chart::Theme;

/// What the earlier period came to beside each piece; for pixels only.
#[must_use]
pub fn near(sheet: &Sheet, place: usize) -> Option<f64> {
    let (_, amount) = sheet.beside.get(place).copied().flatten()?;
    Some(amount.near())
}

/// The line, for ECharts.
#[must_use]
pub fn series(sheet: &Sheet, theme: Theme) -> Option<Value> {
    let name = earlier_name(sheet)?;
    // Nothing is drawn where nothing is known.
    let data = (0..sheet.pieces.len())
        .map(|place| near(sheet, place).map_or(json!("-"), |value| json!(value)));
    Some(json!({
        "type": "line",
        "id": name,
        "name": name,
        "data": data.collect::<Vec<_>>(),
        "showSymbol": sheet.pieces.len() < 40,
        "symbolSize": 5,
        "silent": true,
        "z": 3,
        "lineStyle": { "color": theme.text, "width": 2, "type": "dashed" },
        "itemStyle": { "color": theme.text },
    }))
}

/// What stands beside a piece, as the pointer tells it.
#[must_use]
pub fn told(sheet: &Sheet, place: usize) -> Option<String> {
    let (period, amount) = sheet.beside.get(place).copied().flatten()?;
    Some(format!("{} in {period}", amount.text()))
}
