//! Charges in the words of FOCUS 1.2, the FinOps Open Cost and Usage Specification
//! (<https://focus.finops.org/focus-specification/v1-2/>). Cost Explorer tells less than a
//! bill's lines: what it doesn't tell stays empty, and docs/explorer.md says which. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    charge::Step,
    money::{Currency, Nanos},
};

/// What one service's charges of one kind came to on one day.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// The UTC day.
    pub day: NaiveDate,
    /// The service, as AWS writes it.
    pub service: String,
    /// The kind of charge, as AWS writes it.
    pub kind: String,
    /// Of the costs.
    pub currency: Currency,
    /// As on the bill, before discounts.
    pub unblended: Nanos,
    /// As on the bill, after discounts.
    pub net_unblended: Nanos,
    /// Fees spread over the days they pay for, after discounts.
    pub net_amortized: Nanos,
}

/// `ChargeCategory`: what kind of charge it is.
#[must_use]
pub fn category(kind: &str) -> &'static str {
    let is_fee = kind.to_lowercase().contains("fee");
    match Step::of(kind) {
        Step::Usage => "Usage",
        Step::Commitments if is_fee => "Purchase",
        Step::Commitments | Step::Discounts | Step::Refunds | Step::Other => "Adjustment",
        Step::Credits => "Credit",
        Step::Tax => "Tax",
        Step::SupportAndFees => "Purchase",
    }
}

/// `ChargeFrequency`: how often such a charge comes.
#[must_use]
pub fn frequency(kind: &str) -> &'static str {
    match category(kind) {
        "Usage" => "Usage-Based",
        "Purchase" if kind.to_lowercase().contains("upfront") => "One-Time",
        "Purchase" | "Tax" => "Recurring",
        _ => "One-Time",
    }
}

/// `ServiceCategory`: what a service is for. Source of the names: the specification's list of
/// allowed values; of what belongs where: what AWS says a service does.
#[must_use]
pub fn service_category(service: &str) -> &'static str {
    const CATEGORIES: [(&str, &[&str]); 14] = [
        (
            "Compute",
            &[
                "Elastic Compute Cloud",
                "EC2 - Other",
                "Lambda",
                "Lightsail",
                "Batch",
                "Container Service",
                "Kubernetes",
                "Fargate",
                "Elastic Beanstalk",
                "App Runner",
            ],
        ),
        (
            "Storage",
            &[
                "Simple Storage Service",
                "Elastic File System",
                "Glacier",
                "FSx",
                "Backup",
                "Storage Gateway",
            ],
        ),
        (
            "Databases",
            &[
                "Relational Database",
                "DynamoDB",
                "ElastiCache",
                "Redshift",
                "Neptune",
                "DocumentDB",
                "MemoryDB",
                "Timestream",
                "Keyspaces",
            ],
        ),
        (
            "Networking",
            &[
                "Virtual Private Cloud",
                "Load Balancing",
                "CloudFront",
                "Route 53",
                "Direct Connect",
                "Transit Gateway",
                "Global Accelerator",
                "API Gateway",
                "VPN",
            ],
        ),
        (
            "AI and Machine Learning",
            &[
                "SageMaker",
                "Bedrock",
                "Comprehend",
                "Rekognition",
                "Textract",
                "Polly",
                "Transcribe",
                "Translate",
                "Lex",
                "Personalize",
                "Q Business",
                "Q Developer",
            ],
        ),
        (
            "Analytics",
            &[
                "Athena",
                "Glue",
                "Elastic MapReduce",
                "Kinesis",
                "QuickSight",
                "OpenSearch",
                "Elasticsearch",
                "Lake Formation",
                "DataZone",
            ],
        ),
        (
            "Security",
            &[
                "Key Management",
                "GuardDuty",
                "WAF",
                "Shield",
                "Secrets Manager",
                "Inspector",
                "Macie",
                "Security Hub",
                "Detective",
                "Firewall",
                "CloudHSM",
                "Certificate Manager",
            ],
        ),
        ("Identity", &["Cognito", "Directory Service", "Identity"]),
        (
            "Management and Governance",
            &[
                "CloudWatch",
                "CloudTrail",
                "Config",
                "Systems Manager",
                "CloudFormation",
                "Support",
                "Cost Explorer",
                "Control Tower",
                "Service Catalog",
                "Organizations",
                "Trusted Advisor",
            ],
        ),
        (
            "Integration",
            &[
                "Simple Queue",
                "Simple Notification",
                "EventBridge",
                "Step Functions",
                "AmazonMQ",
                "Amazon MQ",
                "AppFlow",
                "AppSync",
            ],
        ),
        (
            "Developer Tools",
            &[
                "CodeBuild",
                "CodePipeline",
                "CodeCommit",
                "CodeDeploy",
                "CodeArtifact",
                "X-Ray",
                "Cloud9",
            ],
        ),
        ("Internet of Things", &["IoT", "FreeRTOS"]),
        (
            "Migration",
            &[
                "Database Migration",
                "DataSync",
                "Snowball",
                "Transfer Family",
                "Application Migration",
            ],
        ),
        (
            "Business Applications",
            &[
                "WorkSpaces",
                "WorkMail",
                "Connect",
                "Chime",
                "Simple Email",
                "Pinpoint",
            ],
        ),
    ];
    (CATEGORIES.iter())
        .find(|(_, words)| words.iter().any(|word| service.contains(word)))
        .map_or("Other", |(category, _)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_charges_have_their_category() {
        let told = |kind| (category(kind), frequency(kind));
        assert_eq!(told("Usage"), ("Usage", "Usage-Based"));
        assert_eq!(told("Credit"), ("Credit", "One-Time"));
        assert_eq!(told("Tax"), ("Tax", "Recurring"));
        assert_eq!(told("Refund"), ("Adjustment", "One-Time"));
        assert_eq!(told("SavingsPlanRecurringFee"), ("Purchase", "Recurring"));
        assert_eq!(told("SavingsPlanUpfrontFee"), ("Purchase", "One-Time"));
        assert_eq!(told("SavingsPlanNegation"), ("Adjustment", "One-Time"));
        assert_eq!(told("Something new"), ("Adjustment", "One-Time"));
    }

    #[test]
    fn services_have_a_category_of_the_specification() {
        assert_eq!(
            service_category("Amazon Elastic Compute Cloud - Compute"),
            "Compute"
        );
        assert_eq!(service_category("Amazon Simple Storage Service"), "Storage");
        assert_eq!(
            service_category("AmazonCloudWatch"),
            "Management and Governance"
        );
        assert_eq!(
            service_category("AWS Database Migration Service"),
            "Migration"
        );
        assert_eq!(service_category("Something new"), "Other");
    }
}
