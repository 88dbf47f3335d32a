"""schemas.py ECSGATE: holds the files of policies/ and examples/policies/ against schemas/policy.json.

Editors check policies by this schema, so it must take all that the program takes, and refuse the mistakes that
one makes. Files are read by the program itself (`eval --input`), which knows CloudFormation's tags; the documents
below that must be refused are read by it too. The last line is "N files, M mistakes".
"""
import json
import os
import subprocess
import sys

import jsonschema

ECSGATE = sys.argv[1]
HEAD = "id: ACME-TAG-001\nname: tagged\ntitle: It is tagged\nseverity: high\nmatch: container\n"
CASE = "cases:\n- name: a\n  resources: {}\n  expect: pass\n"

# What an editor must underline.
MISTAKES = [
    HEAD,  # neither assert nor checks
    HEAD + "assert: 'true'\nchecks: [{name: a, assert: 'true'}]\n",
    HEAD + "asert: 'true'\n",
    HEAD + "assert: 'true'\nseverty: low\n",
    HEAD + "assert: ['true']\n",
    HEAD + "assert: 'true'\nlet: {1a: '1'}\n",
    HEAD + "assert: 'true'\neach: {a: '[1]', b: '[2]'}\n",
    HEAD + "assert: 'true'\nparams: {days: {type: integer, default: 1}}\n",
    HEAD + "assert: 'true'\nparams: {days: {type: int}}\n",
    HEAD + "assert: 'true'\nreferences: [{title: x}]\n",
    HEAD + "assert: 'true'\nprofiles: [Strict]\n",
    HEAD + "checks: []\n",
    HEAD + "checks: [{name: A, assert: 'true'}]\n",
    HEAD.replace("ACME-TAG-001", "acme-1") + "assert: 'true'\n",
    HEAD.replace("ACME-TAG-001", "ACME") + "assert: 'true'\n",
    HEAD.replace("name: tagged", "name: Tagged Ones") + "assert: 'true'\n",
    HEAD.replace("high", "hihg") + "assert: 'true'\n",
    HEAD.replace("container", "contaner") + "assert: 'true'\n",
    HEAD.replace("container", "AWS:S3:Bucket") + "assert: 'true'\n",
    "profile: acme\n",
    "profile: ACME\ntitle: x\n",
    "profile: acme\ntitle: x\nrules: {ACME-OWN-001: high}\n",
    "profile: acme\ntitle: x\nrules: {ACME-OWN-001: {severty: high}}\n",
    "profile: acme\ntitle: x\nrules: {not_a_rule: true}\n",
    "sections: [{prefix: acme, title: x}]\n",
    "sections: [{prefix: ACME, titel: x}]\n",
    "rules: []\nrule: []\n",
    "include: [1]\n",
    CASE + "  expct: pass\n",
    CASE.replace("expect: pass", "expect: passes"),
    CASE.replace("expect: pass", "expect: {Task: {verdict: fail, count: 0}}"),
    CASE.replace("expect: pass", "expect: {Task: {verdict: fail, chek: a}}"),
    CASE.replace("name", "nmae"),
    CASE.replace("  expect: pass\n", ""),
]


def read(text_or_path, is_text=False):
    path = "-" if is_text else text_or_path
    done = subprocess.run([ECSGATE, "eval", "--input", path, "input"], capture_output=True, check=False, text=True,
                          input=text_or_path if is_text else None)
    if done.returncode != 0:
        sys.exit(f"{text_or_path}: {done.stderr}")
    return json.loads(done.stdout)


def policy_files():
    for folder in ("policies", "examples/policies"):
        for path, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                # The form of the compliance document has no schema.
                if name.endswith(".yaml") and name != "report.yaml":
                    yield os.path.join(path, name)


def check_kinds(schema):
    """The kinds that editors offer for `match` are those of the model."""
    offered = schema["definitions"]["rule"]["properties"]["match"]["anyOf"][0]["enum"]
    with open("schemas/model.json", encoding="utf-8") as file:
        types = json.load(file)["types"]
    assert offered == sorted(name for name, kind in types.items() if kind.get("kind")), offered


def check_strict(schema, path=""):
    """Every object says what keys it may have, or is a map of the user's own."""
    if isinstance(schema, dict):
        if "properties" in schema:
            assert schema.get("additionalProperties") is False, path
            for name, inner in schema["properties"].items():
                assert "$ref" in inner or inner.get("description"), f"{path}/{name} has no description"
        for name, inner in schema.items():
            check_strict(inner, f"{path}/{name}")
    elif isinstance(schema, list):
        for inner in schema:
            check_strict(inner, path)


def main():
    with open("schemas/policy.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    check_kinds(schema)
    check_strict(schema)
    validator = jsonschema.Draft7Validator(schema)
    files = 0
    for path in policy_files():
        for error in validator.iter_errors(read(path)):
            sys.exit(f"{path}: {error.json_path}: {error.message[:400]}")
        files += 1
    for text in MISTAKES:
        if validator.is_valid(read(text, True)):
            sys.exit(f"is taken:\n{text}")
    print(f"{files} files, {len(MISTAKES)} mistakes")


main()
