//! Reads what lies behind a change: every usage type's cost and usage in both periods.

use std::collections::BTreeMap;

use domain::{
    Result,
    breakdown::Reasons,
    dimension::Dimension,
    money::{Currency, Nanos},
    period::Period,
    query::{ReportQuery, Step},
    why::{UsedLine, Why},
};

use super::{
    super::{
        internal,
        usage::{CostAndUsage, cost_and_usage},
    },
    BreakdownService,
    earlier::lacking,
};

/// A service and a usage type.
type Pair = [String; 2];

/// What a usage type comes to in both periods.
#[derive(Default)]
struct Pieces {
    cost: BTreeMap<Currency, [Nanos; 2]>,
    used: BTreeMap<String, [f64; 2]>,
}

/// Why costs differ between two periods, under the filter and metric of `query`.
pub(super) async fn reasons(
    service: &BreakdownService,
    query: &ReportQuery,
    periods: [Period; 2],
) -> Result<Reasons> {
    let mut pairs: BTreeMap<Pair, Pieces> = BTreeMap::new();
    let mut stored = Vec::with_capacity(periods.len());
    for (place, period) in periods.into_iter().enumerate() {
        let query = ReportQuery {
            period,
            step: Step::Total,
            group_by: vec![Dimension::Service.into(), Dimension::UsageType.into()],
            top: None,
            ..query.clone()
        };
        let both = cost_and_usage(&service.store, &query).await;
        let both = both.map_err(|error| internal("making a report", &error))?;
        let Some(both) = both else {
            return Ok(Reasons::NotTold);
        };
        let days = service.all_slices(&query.connections, &both.cube, period);
        stored.push(days.await?);
        add(&mut pairs, place, both);
    }
    // Usage types may have come later than what is compared, or never.
    if let ([before, after], [earlier, later]) = (periods, &stored[..])
        && let Some(days) = lacking(service.clock.today(), (before, earlier), (after, later))
    {
        return Ok(Reasons::DaysMissing(days));
    }
    let currencies: Vec<Currency> = {
        let mut all: Vec<_> = (pairs.values())
            .flat_map(|pieces| pieces.cost.keys().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let why = currencies.into_iter().map(|currency| {
        let lines = pairs.iter().filter_map(|(pair, pieces)| {
            let cost = *pieces.cost.get(&currency)?;
            Some(line(pair, cost, pieces))
        });
        let why = Why::of(lines.collect());
        Ok((
            currency,
            why.map_err(|error| internal("explaining a change", &error))?,
        ))
    });
    Ok(Reasons::Known(why.collect::<Result<_>>()?))
}

fn line([service, usage_type]: &Pair, cost: [Nanos; 2], pieces: &Pieces) -> UsedLine {
    // Hours and gigabytes don't add up: with several units, or costs in several currencies,
    // there is no rate.
    let mut used = pieces.used.iter();
    let (unit, used) = match (used.next(), used.next(), pieces.cost.len()) {
        (Some((unit, used)), None, 1) if unit != "N/A" => (unit.clone(), *used),
        _ => (String::new(), [0.0; 2]),
    };
    UsedLine {
        service: service.clone(),
        usage_type: usage_type.clone(),
        unit,
        cost,
        used,
    }
}

fn add(pairs: &mut BTreeMap<Pair, Pieces>, place: usize, both: CostAndUsage) {
    let pair = |keys: Vec<String>| Pair::try_from(keys).unwrap_or_default();
    for table in both.cost {
        for group in table.groups {
            let pieces = pairs.entry(pair(group.keys)).or_default();
            pieces.cost.entry(table.unit).or_default()[place] = group.total;
        }
    }
    for table in both.usage {
        let used = table.groups.into_iter().filter(|group| group.total != 0.0);
        for group in used {
            let pieces = pairs.entry(pair(group.keys)).or_default();
            pieces.used.entry(table.unit.clone()).or_default()[place] = group.total;
        }
    }
}
