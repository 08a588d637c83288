//! Databases, storage and what works on data.

use super::{Pair, USD};
use crate::books::stem::{Kind, Place, Rhythm, Stem};

const RDS: Pair = ("Amazon Relational Database Service", "AmazonRDS");
const S3: Pair = ("Amazon Simple Storage Service", "AmazonS3");
const DYNAMO: Pair = ("Amazon DynamoDB", "AmazonDynamoDB");
const CACHE: Pair = ("Amazon ElastiCache", "AmazonElastiCache");
const SEARCH: Pair = ("Amazon OpenSearch Service", "AmazonES");

pub(super) const STEMS: &[Stem] = &[
    Stem::new(
        RDS,
        ("InstanceUsage:db.r6g.large", "CreateDBInstance:0014"),
        "Hrs",
        2_250_000_000,
        6_200,
    )
    .steady()
    .on("db.r6g.large", "r6g", 4)
    .engine("PostgreSQL", "Single-AZ"),
    Stem::new(
        RDS,
        ("Multi-AZUsage:db.r6g.xlarge", "CreateDBInstance:0014"),
        "Hrs",
        8_990_000_000,
        8_700,
    )
    .steady()
    .on("db.r6g.xlarge", "r6g", 16)
    .engine("PostgreSQL", "Multi-AZ"),
    Stem::new(
        RDS,
        ("InstanceUsage:db.m6g.xlarge", "CreateDBInstance:0002"),
        "Hrs",
        3_200_000_000,
        2_976,
    )
    .rhythm(Rhythm::Committed)
    .on("db.m6g.xlarge", "m6g", 8)
    .engine("MySQL", "Single-AZ")
    .kind(Kind::ReservedUsage)
    .at(Place::Production),
    Stem::new(
        RDS,
        ("RDS:GP3-Storage", "CreateDBInstance:0014"),
        "GB-Mo",
        1_150_000_000,
        2_900,
    )
    .steady()
    .engine("PostgreSQL", "Single-AZ"),
    Stem::new(
        RDS,
        ("RDS:ChargedBackupUsage", "CreateDBInstance"),
        "GB-Mo",
        950_000_000,
        800,
    )
    .steady(),
    Stem::new(
        S3,
        ("TimedStorage-ByteHrs", "StandardStorage"),
        "GB-Mo",
        230_000_000,
        6_100,
    )
    .steady()
    .growing(6_000),
    Stem::new(
        S3,
        ("Requests-Tier1", "PutObject"),
        "Requests",
        50_000,
        1_400,
    ),
    Stem::new(S3, ("Requests-Tier2", "GetObject"), "Requests", 4_000, 900),
    Stem::new(
        S3,
        ("DataTransfer-Out-Bytes", "GetObject"),
        "GB",
        900_000_000,
        2_200,
    ),
    Stem::new(
        DYNAMO,
        ("WriteRequestUnits", "PayPerRequestThroughput"),
        "WriteRequestUnits",
        12_500,
        1_900,
    ),
    Stem::new(
        DYNAMO,
        ("ReadRequestUnits", "PayPerRequestThroughput"),
        "ReadRequestUnits",
        2_500,
        1_200,
    ),
    Stem::new(
        DYNAMO,
        ("TimedStorage-ByteHrs", "StandardStorage"),
        "GB-Mo",
        2_500_000_000,
        600,
    )
    .steady(),
    Stem::new(
        CACHE,
        ("NodeUsage:cache.r6g.large", "CreateCacheCluster:0002"),
        "Hrs",
        2_060_000_000,
        3_300,
    )
    .steady()
    .on("cache.r6g.large", "r6g", 4)
    .cache("Redis"),
    Stem::new(
        SEARCH,
        ("ESInstance:r6g.large", "ESDomain"),
        "Hrs",
        1_670_000_000,
        2_800,
    )
    .steady()
    .on("r6g.large.search", "r6g", 4)
    .at(Place::Home),
    Stem::new(
        SEARCH,
        ("ES:GP3-Storage", "ESDomain"),
        "GB-Mo",
        1_220_000_000,
        500,
    )
    .steady()
    .at(Place::Home),
    Stem::new(
        ("AWS Glue", "AWSGlue"),
        ("ETL-DPU-Hour", "Jobrun"),
        "DPU-Hour",
        4_400_000_000,
        1_700,
    )
    .at(Place::Data),
    Stem::new(
        ("Amazon Athena", "AmazonAthena"),
        ("DataScannedInTB", "StartQueryExecution"),
        "Terabytes",
        5 * USD,
        640,
    )
    .at(Place::Data),
    Stem::new(
        ("Amazon Redshift", "AmazonRedshift"),
        ("Node:ra3.xlplus", "RunComputeNode:0001"),
        "Hrs",
        10_860_000_000,
        5_213,
    )
    .steady()
    .on("ra3.xlplus", "ra3", 0)
    .at(Place::Data),
    Stem::new(
        ("Amazon Kinesis", "AmazonKinesis"),
        ("Storage-ShardHour", "shardHourStorage"),
        "ShardHour",
        150_000_000,
        430,
    )
    .steady()
    .at(Place::Data),
    Stem::new(
        ("Amazon Managed Streaming for Apache Kafka", "AmazonMSK"),
        ("Kafka.m5.large", "RunBroker"),
        "Hrs",
        2_100_000_000,
        1_512,
    )
    .steady()
    .on("kafka.m5.large", "m5", 0)
    .at(Place::Data),
    Stem::new(
        ("Amazon Elastic File System", "AmazonEFS"),
        ("TimedStorage-ByteHrs", "Storage"),
        "GB-Mo",
        3_000_000_000,
        480,
    )
    .steady()
    .at(Place::Home),
    Stem::new(
        ("AWS Backup", "AWSBackup"),
        ("WarmStorage-ByteHrs-EBS", "Storage"),
        "GB-Mo",
        500_000_000,
        690,
    )
    .steady(),
];
