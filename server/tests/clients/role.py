"""Takes a role on by boto3 and asks all three services as that role."""

import json

import boto3
from operations import EXTERNAL_ID, MONTH, ROLE

given = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="stock", ExternalId=EXTERNAL_ID)
keys = given["Credentials"]
session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
costs = session.client("ce").get_cost_and_usage(TimePeriod=MONTH, Granularity="MONTHLY", Metrics=["UnblendedCost"])
print(
    json.dumps(
        {
            "arn": session.client("sts").get_caller_identity()["Arn"],
            "months": len(costs["ResultsByTime"]),
            "addresses": len(session.client("ec2").describe_addresses()["Addresses"]),
        }
    )
)
