"""Fills moto's EC2 with a few things of each kind, by boto3, in one region, and says what it made."""

import json
import sys

import boto3

ec2 = boto3.client("ec2", region_name=sys.argv[1])
image = ec2.describe_images()["Images"][0]["ImageId"]
zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
tags = [{"Key": "Name", "Value": "R&D <old>"}]

running, stopped = (
    instance["InstanceId"]
    for instance in ec2.run_instances(
        ImageId=image,
        MinCount=2,
        MaxCount=2,
        InstanceType="m4.large",
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )["Instances"]
)
ec2.stop_instances(InstanceIds=[stopped])
free = ec2.create_volume(AvailabilityZone=zone, Size=40, VolumeType="gp2")["VolumeId"]
held = ec2.create_volume(AvailabilityZone=zone, Size=60, VolumeType="gp3")["VolumeId"]
ec2.attach_volume(VolumeId=held, InstanceId=stopped, Device="/dev/sdf")
snapshot = ec2.create_snapshot(VolumeId=free, Description="before & after")["SnapshotId"]
idle = ec2.allocate_address(Domain="vpc")["AllocationId"]
used = ec2.allocate_address(Domain="vpc")["AllocationId"]
ec2.associate_address(AllocationId=used, InstanceId=running)
print(
    json.dumps(
        {
            "running": running,
            "stopped": stopped,
            "free": free,
            "held": held,
            "snapshot": snapshot,
            "idle": idle,
            "used": used,
        }
    )
)
