"""What boto3 reads from refusals: for each case of the command line (a JSON list of a name, a
service, a method, its parameters, and the client's own settings), one line of JSON with AWS's
code, text and status."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})

for name, service, method, parameters, settings in json.loads(sys.argv[1]):
    client = boto3.client(service, config=ONCE, **settings)
    said = {"name": name, "code": None, "message": None, "status": 200}
    try:
        getattr(client, method)(**parameters)
    except ClientError as error:
        refusal = error.response
        said["code"] = refusal["Error"]["Code"]
        said["message"] = refusal["Error"]["Message"]
        said["status"] = refusal["ResponseMetadata"]["HTTPStatusCode"]
    print(json.dumps(said))
