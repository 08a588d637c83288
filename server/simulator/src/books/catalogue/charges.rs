//! What is not usage: plans, reservations, support, fees, credits, refunds, tax. Priced by the
//! piece, with a quantity of one.

use super::{CENT, PLAN_UPFRONT, Pair, RESERVATION_MONTH, USD};
use crate::books::stem::{Kind, Place, Rhythm, Stem};

const EC2: Pair = ("Amazon Elastic Compute Cloud - Compute", "AmazonEC2");
const RDS: Pair = ("Amazon Relational Database Service", "AmazonRDS");
const S3: Pair = ("Amazon Simple Storage Service", "AmazonS3");
const BEDROCK: Pair = ("Amazon Bedrock", "AmazonBedrock");
const PLANS: Pair = ("Savings Plans for AWS Compute usage", "ComputeSavingsPlans");

pub(super) const STEMS: &[Stem] = &[
    Stem::new(
        RDS,
        ("HeavyUsage:db.m6g.xlarge", "CreateDBInstance:0002"),
        "Hrs",
        RESERVATION_MONTH,
        15_330,
    )
    .rhythm(Rhythm::MonthStart)
    .on("db.m6g.xlarge", "m6g", 8)
    .engine("MySQL", "Single-AZ")
    .kind(Kind::ReservedFee)
    .at(Place::Production)
    .untagged(),
    Stem::new(S3, ("Refund", "None"), "", -37 * USD - 42 * CENT, 3_742)
        .kind(Kind::Refund)
        .rhythm(Rhythm::Quarter)
        .at(Place::Production),
    Stem::new(S3, ("Refund-Rounding", "None"), "", -2_000, 1)
        .kind(Kind::Refund)
        .rhythm(Rhythm::Quarter)
        .at(Place::Data)
        .untagged(),
    Stem::new(BEDROCK, ("Credit", "None"), "", -6 * USD - 25 * CENT, 625)
        .kind(Kind::Credit)
        .rhythm(Rhythm::Committed)
        .at(Place::Production)
        .untagged(),
    Stem::new(PLANS, ("ComputeSP:1yrPartialUpfront", "None"), "Hrs", 0, 0)
        .kind(Kind::PlanFee)
        .rhythm(Rhythm::Committed)
        .at(Place::Payer)
        .untagged(),
    Stem::new(
        PLANS,
        ("ComputeSP:1yrPartialUpfront-Upfront", "None"),
        "",
        PLAN_UPFRONT,
        73_000,
    )
    .kind(Kind::PlanUpfront)
    .rhythm(Rhythm::YearDay)
    .at(Place::Payer)
    .untagged(),
    Stem::new(
        ("AWS Support (Business)", "AWSSupportBusiness"),
        ("Dollar", "None"),
        "",
        1_240 * USD,
        124_000,
    )
    .kind(Kind::Support)
    .rhythm(Rhythm::MonthStart)
    .at(Place::Payer)
    .untagged(),
    Stem::new(
        ("Amazon Registrar", "AmazonRegistrar"),
        ("RenewDomain-com", "None"),
        "",
        15 * USD,
        1_500,
    )
    .kind(Kind::Fee)
    .rhythm(Rhythm::Quarter)
    .at(Place::Payer)
    .untagged(),
    Stem::new(EC2, ("Credit", "None"), "", -250 * USD, 25_000)
        .kind(Kind::Credit)
        .rhythm(Rhythm::MonthStart)
        .at(Place::Data)
        .untagged(),
    Stem::new(("Tax", "Tax"), ("Tax", "None"), "", 0, 0)
        .kind(Kind::Tax)
        .rhythm(Rhythm::MonthStart)
        .at(Place::Global)
        .untagged(),
];
