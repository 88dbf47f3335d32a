"""model.py FILE: holds what `ecsgate model` printed against schemas/model.json.

Every kind and field is one that the schema has, every value is of the field's type or one of the forms for what
isn't known, and every link leads to an object that is there. The last line is "N objects".
"""
import json
import re
import sys

with open("schemas/model.json", encoding="utf-8") as schema_file:
    TYPES = json.load(schema_file)["types"]
with open(sys.argv[1], encoding="utf-8") as model_file:
    MODEL = json.load(model_file)
PLACE = {"id": str, "file": str, "line": int, "column": int}
# What stands for a value: why it isn't known, a resource, text with holes, a condition's two ways, a link.
FORMS = {"$unknown", "$ref", "$partial", "$choice", "$object"}
IDS = {item["id"] for items in MODEL.values() for item in items}


def check(value, wanted, where):
    """A value of the type WANTED, as the schema writes it."""
    if isinstance(value, dict) and FORMS & set(value):
        if "$object" in value:
            assert value["$object"] in IDS, f"{where}: no object {value['$object']}"
        return
    if value in ("(secret)", None) or wanted == "any":
        return
    part = re.fullmatch(r"(list|map)\((.+)\)", wanted)
    if part is not None:
        inner = value.items() if part[1] == "map" else enumerate(value)
        for key, item in inner:
            check(item, part[2], f"{where}[{key}]")
    elif wanted in TYPES:
        check_fields(value, wanted, where)
    else:
        python = {"string": str, "bool": bool, "int": int, "double": (int, float)}[wanted]
        assert isinstance(value, python), f"{where}: {value!r} is no {wanted}"


def check_fields(value, name, where):
    assert isinstance(value, dict), f"{where}: {value!r} is no {name}"
    for field, inner in value.items():
        if TYPES[name].get("kind") and field in PLACE and field not in TYPES[name]["fields"]:
            assert isinstance(inner, PLACE[field]), f"{where}.{field}: {inner!r}"
        else:
            assert field in TYPES[name]["fields"], f"{where}: {name} has no field {field}"
            check(inner, TYPES[name]["fields"][field]["type"], f"{where}.{field}")


COUNT = 0
for kind, objects in MODEL.items():
    assert TYPES[kind].get("kind"), kind
    for number, item in enumerate(objects):
        assert PLACE.keys() <= item.keys(), f"{kind}[{number}] has no place"
        check_fields(item, kind, f"{kind}[{number}]")
        COUNT += 1
print(f"{COUNT} objects")
