//! From AWS's answers to the words of the field, and from our questions to AWS's. Pure.
//! Refuses whatever it doesn't understand: a missing amount is never taken for zero.

mod addresses;
mod anomalies;
mod costs;
mod error;
mod forecasts;
mod gather;
mod instances;
mod member;
mod monitors;
pub(super) mod question;
mod regions;
mod reservation_coverage;
mod reservation_use;
mod savings_plans_coverage;
mod savings_plans_use;
mod snapshots;
mod told;
mod values;
mod volumes;

pub(super) use self::{
    addresses::Addresses,
    anomalies::Anomalies,
    costs::Costs,
    forecasts::{CostForecasts, UsageForecasts},
    gather::Gather,
    instances::Instances,
    monitors::Monitors,
    regions::Regions,
    reservation_coverage::ReservationCoverage,
    reservation_use::ReservationUses,
    savings_plans_coverage::SavingsPlansCoverage,
    savings_plans_use::SavingsPlansUses,
    snapshots::Snapshots,
    told::{Listener, Told},
    values::{Values, ValuesPage},
    volumes::Volumes,
};
pub use error::ConvertError;
