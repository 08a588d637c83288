//! Cost categories: what a company sorts its lines into by rules of its own.

use super::company::Role;
use super::line::Line;

/// The names of the cost categories.
pub const COST_CATEGORIES: [&str; 2] = ["Department", "Workload"];

impl Line {
    /// The value of a cost category; `None` where no rule takes the line, or there is no such
    /// category.
    pub fn cost_category(&self, name: &str) -> Option<&'static str> {
        match name {
            "Department" => self.department(),
            "Workload" => self.workload(),
            _ => None,
        }
    }

    /// Rules over accounts, after those over what everybody shares.
    fn department(&self) -> Option<&'static str> {
        match (self.record_type, self.role) {
            ("Tax" | "Support", _) => Some("Overhead"),
            (_, Role::Production) => Some("Product"),
            (_, Role::Staging) => Some("Engineering"),
            (_, Role::Data) => Some("Analytics"),
            (_, Role::Payer) => None,
        }
    }

    /// Rules over services.
    fn workload(&self) -> Option<&'static str> {
        match self.service_code {
            "AmazonEC2" | "AWSLambda" | "AmazonECS" | "AmazonEKS" | "ComputeSavingsPlans" => {
                Some("Compute")
            }
            "AmazonRDS" | "AmazonDynamoDB" | "AmazonElastiCache" | "AmazonES"
            | "AmazonRedshift" => Some("Databases"),
            "AmazonS3" | "AmazonEFS" | "AWSBackup" | "AmazonECR" => Some("Storage"),
            "AmazonBedrock" | "AmazonSageMaker" => Some("Machine learning"),
            _ => None,
        }
    }
}
