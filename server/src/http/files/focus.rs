//! Charges as a file of FOCUS 1.2: its columns, in its words. Pure.

use chrono::NaiveDate;
use csv::Writer;
use domain::{
    account::Connection,
    focus::{Charge, category, frequency, service_category},
    period::Period,
    spreadsheet::harmless,
};

/// The columns; `x_ChargeType` is ours, as the specification names such.
const COLUMNS: [&str; 25] = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "SubAccountId",
    "SubAccountName",
    "x_ChargeType",
];

/// One line for each charge.
///
/// # Errors
/// Never, in memory; the writer can't know.
pub(super) fn write(account: &Connection, charges: &[Charge]) -> Result<String, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let number = account.aws_account.to_string();
    let name = harmless(&account.name);
    for charge in charges {
        let month = Period::month_of(charge.day);
        let day = Period::day(charge.day);
        let service = harmless(&charge.service);
        let description = format!("{}: {}", charge.service, charge.kind);
        writer.write_record([
            charge.net_unblended.to_string(),
            number.clone(),
            name.clone(),
            charge.currency.code().to_owned(),
            midnight(month.end()),
            midnight(month.start()),
            category(&charge.kind).to_owned(),
            String::new(),
            harmless(&description),
            frequency(&charge.kind).to_owned(),
            midnight(day.end()),
            midnight(day.start()),
            charge.net_unblended.to_string(),
            charge.net_amortized.to_string(),
            "Amazon Web Services".to_owned(),
            charge.unblended.to_string(),
            String::new(),
            String::new(),
            "AWS".to_owned(),
            "Amazon Web Services".to_owned(),
            service_category(&charge.service).to_owned(),
            service,
            String::new(),
            String::new(),
            harmless(&charge.kind),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn midnight(day: NaiveDate) -> String {
    format!("{day}T00:00:00Z")
}
