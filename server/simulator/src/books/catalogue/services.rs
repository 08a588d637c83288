//! All other services.

use super::{CENT, Pair, USD};
use crate::books::stem::{Place, Stem};

const CLOUDWATCH: Pair = ("AmazonCloudWatch", "AmazonCloudWatch");
const BEDROCK: Pair = ("Amazon Bedrock", "AmazonBedrock");
const KMS: Pair = ("AWS Key Management Service", "awskms");
const WAF: Pair = ("AWS WAF", "awswaf");

pub(super) const STEMS: &[Stem] = &[
    Stem::new(
        CLOUDWATCH,
        ("CW:Requests", "GetMetricData"),
        "Requests",
        100_000,
        1_200,
    ),
    Stem::new(
        CLOUDWATCH,
        ("DataProcessing-Bytes", "PutLogEvents"),
        "GB",
        5_000_000_000,
        3_900,
    ),
    Stem::new(
        CLOUDWATCH,
        ("CW:MetricMonitorUsage", "MetricStorage"),
        "Metrics",
        3_000_000_000,
        1_500,
    )
    .steady(),
    Stem::new(
        ("Amazon Simple Queue Service", "AWSQueueService"),
        ("Requests-Tier1", "Requests"),
        "Requests",
        4_000,
        420,
    ),
    Stem::new(
        ("Amazon Simple Notification Service", "AmazonSNS"),
        ("DeliveryAttempts-HTTP", "Publish"),
        "Notifications",
        6_000,
        130,
    ),
    Stem::new(KMS, ("KMS-Requests", "Decrypt"), "Requests", 30_000, 310),
    Stem::new(KMS, ("KMS-Keys", "KMS-Keys"), "Keys", USD, 180).steady(),
    Stem::new(
        ("AWS Secrets Manager", "AWSSecretsManager"),
        ("AWSSecretsManager-Secrets", "SecretStorage"),
        "Secrets",
        4_000_000_000,
        210,
    )
    .steady(),
    Stem::new(
        ("Amazon API Gateway", "AmazonApiGateway"),
        ("ApiGatewayRequest", "ApiGatewayRequest"),
        "Requests",
        35_000,
        730,
    ),
    Stem::new(
        ("AWS CloudTrail", "AWSCloudTrail"),
        ("PaidEventsRecorded", "None"),
        "Events",
        200_000,
        150,
    )
    .untagged(),
    Stem::new(
        ("AWS Config", "AWSConfig"),
        ("ConfigurationItemRecorded", "None"),
        "ConfigurationItemRecorded",
        30_000_000,
        320,
    )
    .untagged(),
    Stem::new(
        ("Amazon GuardDuty", "AmazonGuardDuty"),
        ("PaidEventsAnalyzed", "CloudTrailEvents"),
        "Events",
        40_000,
        510,
    )
    .untagged(),
    Stem::new(WAF, ("WebACLV2", "CreateWebACL"), "Month", 5 * USD, 90)
        .steady()
        .at(Place::Global),
    Stem::new(WAF, ("RequestV2-Tier1", "Request"), "Request", 6_000, 280).at(Place::Global),
    Stem::new(
        ("AWS Step Functions", "AmazonStates"),
        ("StateTransition", "StateTransition"),
        "StateTransitions",
        250_000,
        190,
    )
    .at(Place::Home),
    Stem::new(
        ("Amazon SageMaker", "AmazonSageMaker"),
        ("Host:ml.m5.xlarge", "RunInstance"),
        "Hrs",
        2_300_000_000,
        2_208,
    )
    .steady()
    .on("ml.m5.xlarge", "m5", 0)
    .at(Place::Data),
    Stem::new(
        BEDROCK,
        ("Claude-InputTokenCount", "InvokeModelInference"),
        "1K tokens",
        30_000_000,
        2_400,
    )
    .growing(45_000)
    .at(Place::Home),
    Stem::new(
        ("Amazon Simple Email Service", "AmazonSES"),
        ("Recipients", "Send"),
        "Count",
        1_000_000,
        340,
    )
    .at(Place::Home),
    Stem::new(
        ("AWS Systems Manager", "AWSSystemsManager"),
        ("PS-Advanced-Param-Tier1", "None"),
        "Parameter",
        500_000_000,
        60,
    )
    .steady()
    .at(Place::Home),
    Stem::new(
        ("AWS Cost Explorer", "AWSCostExplorer"),
        ("APIRequest", "GetCostAndUsage"),
        "Requests",
        CENT,
        96,
    )
    .at(Place::Payer)
    .untagged(),
];
