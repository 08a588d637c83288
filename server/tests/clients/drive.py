"""Drives every operation by boto3 or by the aws command, and says one line of JSON for each:
how many pages and things came, and everything that is wrong with the shape of the answers.

    python drive.py boto3|cli
"""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

import boto3
import jmespath
from botocore.config import Config
from botocore.validate import ParamValidator
from operations import OPERATIONS

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})
PAGES_AT_MOST = 200


def snake(name):
    """GetCostAndUsage -> get_cost_and_usage"""
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def in_json(value, shape, path="$"):
    """Members and words that the shape doesn't have: clients drop them in silence."""
    kind = shape.type_name
    if value is None:
        return [f"{path}: null"]
    if kind == "structure":
        wrong = [f"{path}.{name}: not a member" for name in value if name not in shape.members]
        for name, member in shape.members.items():
            if name in value:
                wrong += in_json(value[name], member, f"{path}.{name}")
        return wrong
    if kind == "list":
        return [text for item in value for text in in_json(item, shape.member, f"{path}[]")]
    if kind == "map":
        return [text for key, item in value.items() for text in in_json(item, shape.value, f"{path}.{key}")]
    return in_words(value, shape, path)


def in_words(value, shape, path):
    words = getattr(shape, "enum", None)
    return [f"{path}: {value!r} is none of AWS's words"] if words and value not in words else []


def in_xml(element, shape, path):
    kind = shape.type_name
    if kind == "structure":
        known = {}
        for name, member in shape.members.items():
            known[member.serialization.get("name", name)] = member
        wrong = []
        for child in element:
            name = child.tag.split("}")[-1]
            if name in known:
                wrong += in_xml(child, known[name], f"{path}.{name}")
            else:
                wrong.append(f"{path}.{name}: not an element")
        return wrong
    if kind == "list":
        return [text for item in element for text in in_xml(item, shape.member, f"{path}[]")]
    # Empty elements occur at AWS, too.
    return in_words(element.text, shape, path) if element.text else []


class Shapes:
    """What is wrong with the answers that one client gets."""

    def __init__(self, client):
        self.wrong = []
        client.meta.events.register("after-call", self.check)

    def check(self, http_response, parsed, model, **_):
        if http_response.status_code != 200 or model.output_shape is None:
            return
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        report = ParamValidator().validate(answer, model.output_shape)
        if report.has_errors():
            self.wrong.append(report.generate_report())
        body = http_response.content
        if model.service_model.protocol == "json":
            self.wrong += in_json(json.loads(body), model.output_shape)
            return
        answer = ElementTree.fromstring(body)
        wrapper = model.output_shape.serialization.get("resultWrapper")
        if wrapper:
            answer = next(child for child in answer if child.tag.endswith("}" + wrapper))
        surplus = in_xml(answer, model.output_shape, "$")
        self.wrong += [text for text in surplus if text != "$.requestId: not an element"]


def by_boto3(operation):
    client = boto3.client(operation.service, config=ONCE)
    shapes = Shapes(client)
    ask = getattr(client, snake(operation.name))
    return ask, shapes


def by_cli(operation):
    def ask(**parameters):
        command = [sys.executable, "-m", "awscli", operation.service, snake(operation.name).replace("_", "-")]
        command += ["--output", "json", "--no-paginate", "--cli-input-json", json.dumps(parameters)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout)

    return ask, None


def drive(operation, driver):
    said = {"service": operation.service, "operation": operation.name}
    ask, shapes = driver(operation)
    parameters, items, pages = dict(operation.parameters), 0, 0
    try:
        while True:
            answer = ask(**parameters)
            pages += 1
            if operation.items:
                items += len(jmespath.search(operation.items, answer) or [])
            token = answer.get(operation.token) if operation.token else None
            if not token or pages == PAGES_AT_MOST:
                break
            parameters[operation.token] = token
    except Exception as error:  # Whatever it is, it goes into the report.
        return {**said, "error": f"{type(error).__name__}: {error}"}
    wrong = shapes.wrong if shapes else []
    if operation.pages and pages < 2:
        wrong.append("everything came on one page")
    return {**said, "pages": pages, "items": items, "wrong": sorted(set(wrong))[:20]}


def main():
    driver = {"boto3": by_boto3, "cli": by_cli}[sys.argv[1]]
    with ThreadPoolExecutor(2) as threads:
        for said in threads.map(lambda operation: drive(operation, driver), OPERATIONS):
            print(json.dumps(said), flush=True)


main()
