//! Machines, functions and the network between them.

use super::Pair;
use crate::books::stem::{Kind, Place, Rhythm, Stem};

const EC2: Pair = ("Amazon Elastic Compute Cloud - Compute", "AmazonEC2");
const EC2_OTHER: Pair = ("EC2 - Other", "AmazonEC2");
const LAMBDA: Pair = ("AWS Lambda", "AWSLambda");
const CLOUDFRONT: Pair = ("Amazon CloudFront", "AmazonCloudFront");
const ROUTE53: Pair = ("Amazon Route 53", "AmazonRoute53");
const VPC: Pair = ("Amazon Virtual Private Cloud", "AmazonVPC");
const ELB: Pair = ("Amazon Elastic Load Balancing", "AWSELB");
const ECS: Pair = ("Amazon Elastic Container Service", "AmazonECS");
const EKS: Pair = (
    "Amazon Elastic Container Service for Kubernetes",
    "AmazonEKS",
);

pub(super) const STEMS: &[Stem] = &[
    Stem::new(
        EC2,
        ("BoxUsage:m5.large", "RunInstances"),
        "Hrs",
        960_000_000,
        11_400,
    )
    .on("m5.large", "m5", 4),
    Stem::new(
        EC2,
        ("BoxUsage:c6i.xlarge", "RunInstances"),
        "Hrs",
        1_700_000_000,
        9_800,
    )
    .on("c6i.xlarge", "c6i", 8),
    Stem::new(
        EC2,
        ("BoxUsage:r6g.xlarge", "RunInstances"),
        "Hrs",
        2_016_000_000,
        6_900,
    )
    .steady()
    .on("r6g.xlarge", "r6g", 8),
    Stem::new(
        EC2,
        ("BoxUsage:t3.medium", "RunInstances"),
        "Hrs",
        416_000_000,
        2_600,
    )
    .on("t3.medium", "t3", 2),
    Stem::new(
        EC2,
        ("SpotUsage:c6i.xlarge", "RunInstances:SV001"),
        "Hrs",
        683_500_000,
        3_300,
    )
    .on("c6i.xlarge", "c6i", 8)
    .spot(),
    Stem::new(
        EC2,
        ("BoxUsage:m6i.xlarge", "RunInstances"),
        "Hrs",
        1_920_000_000,
        15_200,
    )
    .on("m6i.xlarge", "m6i", 8)
    .rhythm(Rhythm::Committed)
    .kind(Kind::PlanCovered),
    Stem::new(
        EC2,
        ("BoxUsage:p3.8xlarge", "RunInstances"),
        "Hrs",
        122_400_000_000,
        58_752,
    )
    .on("p3.8xlarge", "p3", 64)
    .rhythm(Rhythm::Spike)
    .at(Place::Spike)
    .untagged(),
    Stem::new(
        EC2,
        ("DataTransfer-Out-Bytes", "RunInstances"),
        "GB",
        900_000_000,
        4_100,
    ),
    Stem::new(
        EC2_OTHER,
        ("EBS:VolumeUsage.gp3", "CreateVolume-Gp3"),
        "GB-Mo",
        800_000_000,
        7_400,
    )
    .steady(),
    Stem::new(
        EC2_OTHER,
        ("EBS:SnapshotUsage", "CreateSnapshot"),
        "GB-Mo",
        500_000_000,
        2_300,
    )
    .steady(),
    Stem::new(
        EC2_OTHER,
        ("NatGateway-Hours", "NatGateway"),
        "Hrs",
        450_000_000,
        1_500,
    )
    .steady(),
    Stem::new(
        EC2_OTHER,
        ("NatGateway-Bytes", "NatGateway"),
        "GB",
        450_000_000,
        3_700,
    ),
    Stem::new(
        EC2_OTHER,
        ("DataTransfer-Regional-Bytes", "PublicIP-In"),
        "GB",
        100_000_000,
        1_300,
    ),
    Stem::new(
        LAMBDA,
        ("Lambda-GB-Second", "Invoke"),
        "Lambda-GB-Second",
        166_667,
        2_700,
    )
    .growing(9_000),
    Stem::new(LAMBDA, ("Request", "Invoke"), "Lambda Requests", 2_000, 700),
    Stem::new(
        CLOUDFRONT,
        ("US-DataTransfer-Out-Bytes", "GET"),
        "GB",
        850_000_000,
        3_400,
    )
    .at(Place::Global),
    Stem::new(
        CLOUDFRONT,
        ("EU-Requests-Tier2-HTTPS", "GET"),
        "Requests",
        12_000,
        1_100,
    )
    .at(Place::Global),
    Stem::new(
        ROUTE53,
        ("HostedZone", "HostedZone"),
        "HostedZone",
        5_000_000_000,
        2_400,
    )
    .at(Place::Global)
    .rhythm(Rhythm::MonthStart),
    Stem::new(ROUTE53, ("DNS-Queries", "A"), "Queries", 4_000, 260).at(Place::Global),
    Stem::new(
        VPC,
        ("PublicIPv4:InUseAddress", "RunInstances"),
        "Hrs",
        50_000_000,
        900,
    )
    .steady(),
    Stem::new(
        VPC,
        ("VpcEndpoint-Hours", "VpcEndpoint"),
        "Hrs",
        100_000_000,
        700,
    )
    .steady(),
    Stem::new(
        ELB,
        ("LoadBalancerUsage", "LoadBalancing:Application"),
        "Hrs",
        225_000_000,
        1_400,
    )
    .steady(),
    Stem::new(
        ELB,
        ("LCUUsage", "LoadBalancing:Application"),
        "LCU-Hrs",
        80_000_000,
        1_000,
    ),
    Stem::new(
        ECS,
        ("Fargate-vCPU-Hours:perCPU", "FargateTask"),
        "hours",
        404_800_000,
        3_800,
    ),
    Stem::new(
        ECS,
        ("Fargate-GB-Hours", "FargateTask"),
        "hours",
        44_450_000,
        1_100,
    ),
    Stem::new(
        EKS,
        ("AmazonEKS-Hours:perCluster", "CreateOperation"),
        "Hours",
        1_000_000_000,
        960,
    )
    .steady()
    .at(Place::Home),
    Stem::new(
        ("Amazon EC2 Container Registry (ECR)", "AmazonECR"),
        ("TimedStorage-ByteHrs", "TimedStorage"),
        "GB-Mo",
        1_000_000_000,
        240,
    )
    .steady(),
];
