"""What the stock clients ask the simulator: every operation once, with what its answer lists."""

from dataclasses import dataclass, field

MONTH = {"Start": "2026-10-01", "End": "2026-11-01"}
TWO_DAYS = {"Start": "2026-10-01", "End": "2026-10-03"}
# The simulator plays 2026-11-24.
AHEAD = {"Start": "2026-11-24", "End": "2027-01-01"}
DATABASES = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Relational Database Service"]}}
EXTERNAL_ID = "simulator-external-id"
ROLE = "arn:aws:iam::123456789012:role/CostReader"


@dataclass(frozen=True)
class Operation:
    service: str
    name: str
    parameters: dict = field(default_factory=dict)
    # A JMESPath to the list that pages add to.
    items: str = ""
    # The page token's name, in the question and in the answer.
    token: str = ""
    # Whether the simulator has more of it than fits on one page.
    pages: bool = False


def explorer(name, parameters, items="", token="NextPageToken", pages=False):
    return Operation("ce", name, parameters, items, token, pages)


def grouped(*definitions, granularity="MONTHLY", pages=False, **more):
    by = [{"Type": kind, "Key": key} for kind, key in definitions]
    parameters = {
        "TimePeriod": MONTH if granularity == "MONTHLY" else TWO_DAYS,
        "Granularity": granularity,
        "Metrics": ["UnblendedCost", "UsageQuantity"],
        "GroupBy": by,
        **more,
    }
    return explorer("GetCostAndUsage", parameters, "ResultsByTime[].Groups[]", pages=pages)


OPERATIONS = [
    Operation("sts", "GetCallerIdentity"),
    Operation(
        "sts",
        "AssumeRole",
        {"RoleArn": ROLE, "RoleSessionName": "stock-client", "ExternalId": EXTERNAL_ID},
    ),
    Operation("ec2", "DescribeRegions", {"AllRegions": True}, "Regions[]"),
    Operation("ec2", "DescribeAddresses", {}, "Addresses[]"),
    Operation("ec2", "DescribeInstances", {"MaxResults": 5}, "Reservations[].Instances[]", "NextToken", True),
    Operation("ec2", "DescribeVolumes", {"MaxResults": 15}, "Volumes[]", "NextToken", True),
    Operation("ec2", "DescribeSnapshots", {"MaxResults": 15, "OwnerIds": ["self"]}, "Snapshots[]", "NextToken", True),
    grouped(("DIMENSION", "SERVICE"), pages=True),
    grouped(granularity="DAILY"),
    grouped(
        ("DIMENSION", "REGION"),
        ("TAG", "Team"),
        granularity="DAILY",
        pages=True,
        Filter={"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}},
    ),
    grouped(("COST_CATEGORY", "Department"), granularity="DAILY"),
    explorer(
        "GetCostForecast",
        {"TimePeriod": AHEAD, "Granularity": "MONTHLY", "Metric": "UNBLENDED_COST", "PredictionIntervalLevel": 80},
        "ForecastResultsByTime[]",
        "",
    ),
    explorer(
        "GetCostForecast",
        {"TimePeriod": AHEAD, "Granularity": "DAILY", "Metric": "NET_AMORTIZED_COST"},
        "ForecastResultsByTime[]",
        "",
    ),
    explorer(
        "GetUsageForecast",
        {
            "TimePeriod": AHEAD,
            "Granularity": "MONTHLY",
            "Metric": "USAGE_QUANTITY",
            "Filter": {"Dimensions": {"Key": "USAGE_TYPE_GROUP", "Values": ["EC2: Running Hours"]}},
        },
        "ForecastResultsByTime[]",
        "",
    ),
    explorer(
        "GetReservationUtilization",
        {"TimePeriod": MONTH, "Granularity": "DAILY", "Filter": DATABASES},
        "UtilizationsByTime[]",
        pages=True,
    ),
    # Without a filter these are about EC2, of which the company has no reservation.
    explorer("GetReservationUtilization", {"TimePeriod": MONTH}, "UtilizationsByTime[]"),
    explorer(
        "GetReservationCoverage",
        {"TimePeriod": MONTH, "Granularity": "DAILY", "Filter": DATABASES},
        "CoveragesByTime[]",
        pages=True,
    ),
    explorer(
        "GetReservationCoverage",
        {"TimePeriod": MONTH, "GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}]},
        "CoveragesByTime[].Groups[]",
    ),
    explorer(
        "GetSavingsPlansUtilization", {"TimePeriod": MONTH, "Granularity": "DAILY"}, "SavingsPlansUtilizationsByTime[]", ""
    ),
    explorer(
        "GetSavingsPlansCoverage",
        {"TimePeriod": MONTH, "Granularity": "DAILY", "MaxResults": 10},
        "SavingsPlansCoverages[]",
        "NextToken",
        pages=True,
    ),
    explorer("GetAnomalies", {"DateInterval": {"StartDate": "2026-09-01", "EndDate": "2026-11-23"}}, "Anomalies[]"),
    explorer("GetAnomalyMonitors", {}, "AnomalyMonitors[]"),
    explorer("GetDimensionValues", {"TimePeriod": MONTH, "Dimension": "SERVICE"}, "DimensionValues[]", pages=True),
    explorer("GetTags", {"TimePeriod": MONTH, "TagKey": "Team"}, "Tags[]"),
    explorer("GetCostCategories", {"TimePeriod": MONTH}, "CostCategoryNames[]"),
]
