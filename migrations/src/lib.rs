//! The database's schema, step by step. A step is never changed after a release:
//! its names are frozen, and it knows nothing of the server's entities.

use sea_orm_migration::prelude::*;

mod m0001_foundation;
mod m0002_connections;
mod m0003_spending;
mod m0004_costs;
mod m0005_jobs;
mod m0006_forecasts;
mod m0007_inventory;
mod m0008_findings;
mod m0009_anomalies;
mod m0010_commitments;
mod m0011_saved_views;
mod m0012_findings_in_order;
mod m0014_aws_anomaly_marks;

pub use sea_orm_migration::MigratorTrait;

/// All steps, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Step),
            Box::new(m0002_connections::Step),
            Box::new(m0003_spending::Step),
            Box::new(m0004_costs::Step),
            Box::new(m0005_jobs::Step),
            Box::new(m0006_forecasts::Step),
            Box::new(m0007_inventory::Step),
            Box::new(m0008_findings::Step),
            Box::new(m0009_anomalies::Step),
            Box::new(m0010_commitments::Step),
            Box::new(m0011_saved_views::Step),
            Box::new(m0012_findings_in_order::Step),
            Box::new(m0014_aws_anomaly_marks::Step),
        ]
    }
}
