"""validate.py FOLDER: holds the outputs in FOLDER against schemas and readers; see validate.sh."""

import csv
import glob
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree

SCHEMAS = "test/report/schemas/"
folder = sys.argv[1]
passed = failed = 0


def outputs(pattern):
    names = sorted(glob.glob(os.path.join(folder, pattern)))
    assert names, "no output " + pattern
    return names


def check(name, what, test):
    """Runs TEST, which raises or returns an error's text."""
    global passed, failed
    try:
        error = test()
    except Exception as exception:  # whatever a reader says is a failure of the output
        error = f"{type(exception).__name__}: {exception}"
    if error:
        failed += 1
        print(f"FAILED: {os.path.basename(name)}: {what}: {str(error)[:500]}")
    else:
        passed += 1


def read(name):
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()


def load(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def schema_error(validator, value):
    errors = sorted(validator.iter_errors(value), key=lambda error: list(error.path))
    return "; ".join(f"{list(error.path)}: {error.message[:200]}" for error in errors[:3])


def check_json_schemas():
    try:
        import jsonschema
    except ImportError:
        print("skipped: no python3-jsonschema")
        return
    result = load("schemas/result.json")
    jsonschema.Draft202012Validator.check_schema(result)
    kinds = [
        ("*.json", jsonschema.Draft202012Validator(result)),
        ("*.sarif", jsonschema.Draft7Validator(load(SCHEMAS + "sarif-2.1.0-rtm.5.json"))),
        ("*.gitlab.json", jsonschema.Draft202012Validator(load(SCHEMAS + "gitlab-code-quality.json"))),
    ]
    for pattern, validator in kinds:
        for name in outputs(pattern):
            if pattern == "*.json" and name.endswith(".gitlab.json"):
                continue
            check(name, "schema", lambda: schema_error(validator, load(name)))
    lines = jsonschema.Draft202012Validator({"$ref": "#/$defs/result", "$defs": result["$defs"]})
    for name in outputs("*.ndjson"):
        records = [json.loads(line) for line in read(name).splitlines()]
        for record in records:
            if record["kind"] == "result":
                check(name, "schema", lambda: schema_error(lines, record["result"]))


def check_sarif_rules():
    """What the schema doesn't say: results point to their rules, lines are there."""
    for name in outputs("*.sarif"):
        run = load(name)["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            check(name, "rule", lambda: rules[result["ruleIndex"]]["id"] != result["ruleId"])


def check_junit():
    for name in outputs("*.xml"):
        root = xml.etree.ElementTree.parse(name).getroot()
        for suite in root:
            cases = list(suite)
            counts = {
                "tests": len(cases),
                "failures": sum(case.find("failure") is not None for case in cases),
                "errors": sum(case.find("error") is not None for case in cases),
                "skipped": sum(case.find("skipped") is not None for case in cases),
            }
            for key, count in counts.items():
                check(name, key, lambda: count != int(suite.get(key)))
        if shutil.which("xmllint") is None:
            print("skipped: no xmllint")
            continue
        command = ["xmllint", "--noout", "--nonet", "--schema", SCHEMAS + "junit-10.xsd", name]
        run = subprocess.run(command, capture_output=True, text=True)
        check(name, "schema", lambda: run.returncode and run.stderr)


def check_csv():
    for name in outputs("*.csv"):
        with open(name, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        check(name, "columns", lambda: {len(row) for row in rows} != {19})
        check(name, "formulas", lambda: [cell for row in rows[1:] for cell in row if cell[:1] in "=+-@" and cell])


def check_markdown():
    """GitHub's own renderer, its extensions on (bare addresses become links) and no HTML left out."""
    if shutil.which("cmark-gfm") is None:
        print("skipped: no cmark-gfm")
        return
    extensions = [word for name in ("autolink", "table", "strikethrough", "tasklist") for word in ("-e", name)]
    for name in outputs("*.md"):
        command = ["cmark-gfm", "--unsafe", *extensions]
        text = subprocess.run(command, input=read(name), capture_output=True, text=True, check=True).stdout
        for bad in ["<script", "<img", 'href="javascript', "evil.example\"", "<em>it", "<strong>bold"]:
            check(name, bad, lambda: bad in text and text[text.index(bad) - 200 : text.index(bad) + 100])


check_json_schemas()
check_sarif_rules()
check_junit()
check_csv()
check_markdown()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
