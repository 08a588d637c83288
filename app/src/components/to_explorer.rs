//! The way from anywhere to the costs of some days, broken down.

use chrono::Days;
use domain::{
    dimension::Dimension,
    period::Period,
    wish::{FilterWish, Wish},
};

use super::explore::address::Explored;

/// A week before shows what it was like.
const BEFORE: u64 = 7;

/// A service's usage types, day by day, from a week before these days until their end.
#[must_use]
pub fn explorer_link(connection: &str, service: &str, period: Period) -> String {
    let from = period.start().checked_sub_days(Days::new(BEFORE));
    let explored = Explored {
        connection: connection.to_owned(),
        wish: Wish {
            period: "days".to_owned(),
            from: from.unwrap_or(period.start()).to_string(),
            to: period.last_day().to_string(),
            step: "daily".to_owned(),
            by: Dimension::UsageType.aws_name().to_owned(),
            filters: vec![FilterWish {
                only: Dimension::Service.aws_name().to_owned(),
                how: String::new(),
                values: service.to_owned(),
            }],
            ..Wish::default()
        },
        ..Explored::default()
    };
    explored.path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_to_the_service_and_its_days() {
        let period = Period::day("2026-10-07".parse().unwrap());
        let link = explorer_link("1", "Amazon S3", period);
        let said = "/costs?connection=1&period=days&from=2026-09-30&to=2026-10-07&step=daily\
                    &by=USAGE_TYPE&only=SERVICE&values=Amazon%20S3";
        assert!(link.starts_with(said), "{link}");
    }
}
