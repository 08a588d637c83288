//! Cost Explorer's dimensions: their names, which of them GetCostAndUsage groups and filters by,
//! and a line's value of each.

use super::line::Line;

macro_rules! dimensions {
    ($($variant:ident $name:literal)*) => {
        /// A dimension of Cost Explorer that GetCostAndUsage knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is AWS's own word")]
        pub enum Dimension { $($variant),* }

        impl Dimension {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

dimensions! {
    Az "AZ"
    InstanceType "INSTANCE_TYPE"
    LinkedAccount "LINKED_ACCOUNT"
    LinkedAccountName "LINKED_ACCOUNT_NAME"
    PayerAccount "PAYER_ACCOUNT"
    Operation "OPERATION"
    PurchaseType "PURCHASE_TYPE"
    Region "REGION"
    Service "SERVICE"
    ServiceCode "SERVICE_CODE"
    UsageType "USAGE_TYPE"
    UsageTypeGroup "USAGE_TYPE_GROUP"
    RecordType "RECORD_TYPE"
    OperatingSystem "OPERATING_SYSTEM"
    Tenancy "TENANCY"
    Scope "SCOPE"
    Platform "PLATFORM"
    SubscriptionId "SUBSCRIPTION_ID"
    LegalEntityName "LEGAL_ENTITY_NAME"
    DeploymentOption "DEPLOYMENT_OPTION"
    DatabaseEngine "DATABASE_ENGINE"
    CacheEngine "CACHE_ENGINE"
    InstanceTypeFamily "INSTANCE_TYPE_FAMILY"
    BillingEntity "BILLING_ENTITY"
    InvoicingEntity "INVOICING_ENTITY"
    ReservationId "RESERVATION_ID"
    SavingsPlansType "SAVINGS_PLANS_TYPE"
    SavingsPlanArn "SAVINGS_PLAN_ARN"
}

/// Dimensions that exist in Cost Explorer's model but not in GetCostAndUsage.
pub(crate) const NOT_ALLOWED: &[&str] = &[
    "RESOURCE_ID",
    "RIGHTSIZING_TYPE",
    "PAYMENT_OPTION",
    "AGREEMENT_END_DATE_TIME_AFTER",
    "AGREEMENT_END_DATE_TIME_BEFORE",
    "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
    "ANOMALY_TOTAL_IMPACT_PERCENTAGE",
];

impl Dimension {
    /// What GetCostAndUsage groups by, in the order of AWS's own list.
    pub const GROUPS: &[Self] = &[
        Self::Az,
        Self::InstanceType,
        Self::LinkedAccount,
        Self::Operation,
        Self::PurchaseType,
        Self::Service,
        Self::UsageType,
        Self::Platform,
        Self::Tenancy,
        Self::RecordType,
        Self::LegalEntityName,
        Self::InvoicingEntity,
        Self::DeploymentOption,
        Self::DatabaseEngine,
        Self::CacheEngine,
        Self::InstanceTypeFamily,
        Self::Region,
        Self::BillingEntity,
    ];

    /// The dimension of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|dimension| dimension.name() == name)
    }

    /// A line's value. Every line has one: what doesn't apply is called so, as in `NoAZ`.
    pub fn value(self, line: &Line) -> &str {
        match self {
            Self::Az => &line.az,
            Self::InstanceType => line.instance_type,
            Self::LinkedAccount => line.linked_account,
            Self::LinkedAccountName => line.linked_account_name,
            Self::PayerAccount => line.payer_account,
            Self::Operation => line.operation,
            Self::PurchaseType => line.purchase_type,
            Self::Region => line.region,
            Self::Service => line.service,
            Self::ServiceCode => line.service_code,
            Self::UsageType => &line.usage_type,
            Self::UsageTypeGroup => usage_type_group(line),
            Self::RecordType => line.record_type,
            Self::OperatingSystem if line.platform == "Linux/UNIX" => "Linux",
            Self::OperatingSystem => "NoOperatingSystem",
            Self::Tenancy if line.platform == "Linux/UNIX" => "Shared",
            Self::Tenancy => "NoTenancy",
            Self::Scope => "NoScope",
            Self::Platform => line.platform,
            Self::SubscriptionId => "NoSubscriptionId",
            Self::LegalEntityName | Self::InvoicingEntity => "Amazon Web Services, Inc.",
            Self::DeploymentOption => line.deployment_option,
            Self::DatabaseEngine => line.database_engine,
            Self::CacheEngine => line.cache_engine,
            Self::InstanceTypeFamily => line.instance_family,
            Self::BillingEntity => "AWS",
            Self::ReservationId => "NoReservationId",
            Self::SavingsPlansType if line.record_type.starts_with("SavingsPlan") => {
                "ComputeSavingsPlans"
            }
            Self::SavingsPlansType => "NoSavingsPlansType",
            Self::SavingsPlanArn => "NoSavingsPlanArn",
        }
    }
}

fn usage_type_group(line: &Line) -> &'static str {
    let usage = line.usage_type.as_str();
    match line.service_code {
        "AmazonEC2" if usage.contains("BoxUsage") || usage.contains("SpotUsage") => {
            "EC2: Running Hours"
        }
        "AmazonEC2" if usage.contains("VolumeUsage.gp2") => "EC2: EBS - SSD(gp2)",
        "AmazonEC2" if usage.contains("VolumeUsage.gp3") => "EC2: EBS - SSD(gp3)",
        "AmazonEC2" if usage.contains("VolumeUsage.piops") => "EC2: EBS - SSD(io1)",
        "AmazonEC2" if usage.contains("VolumeUsage.io2") => "EC2: EBS - SSD(io2)",
        "AmazonEC2" if usage.contains("VolumeUsage.st1") => "EC2: EBS - HDD(st1)",
        "AmazonEC2" if usage.contains("VolumeUsage.sc1") => "EC2: EBS - HDD(sc1)",
        "AmazonEC2" if usage.contains("VolumeUsage") => "EC2: EBS - Magnetic",
        "AmazonEC2" if usage.contains("VolumeP-") => "EC2: EBS - I/O Requests",
        "AmazonEC2" if usage.contains("Snapshot") => "EC2: EBS - Snapshots",
        "AmazonEC2" if usage.contains("NatGateway") => "EC2: NAT Gateway",
        "AmazonEC2" => "EC2: Data Transfer - Internet (Out)",
        "AmazonS3" if usage.contains("TimedStorage") => "S3: Storage - Standard",
        "AmazonS3" if usage.contains("Requests") => "S3: API Requests - Standard",
        "AmazonRDS" if line.instance_type != "NoInstanceType" => "RDS: Running Hours",
        _ => "NoUsageTypeGroup",
    }
}
