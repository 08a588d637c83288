"""boto3's own paginators over EC2's listings, in several regions: says how many things there are
in each, one line of JSON for each region."""

import json
import sys

import boto3

for region in sys.argv[1:]:
    client = boto3.client("ec2", region_name=region)
    count = {}
    for name, of, parameters in [
        ("describe_instances", "Reservations[].Instances[]", {}),
        ("describe_volumes", "Volumes[]", {}),
        ("describe_snapshots", "Snapshots[]", {"OwnerIds": ["self"]}),
    ]:
        pages = client.get_paginator(name).paginate(PaginationConfig={"PageSize": 5}, **parameters)
        count[name] = len(list(pages.search(of)))
    count["describe_addresses"] = len(client.describe_addresses()["Addresses"])
    print(json.dumps({"region": region, **count}))
