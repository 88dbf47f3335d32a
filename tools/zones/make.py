#!/usr/bin/env python3
"""Writes src/cel/zones.txt: the time zones that timestamps may be asked for by name.

    pip download --no-deps tzdata==2026.6
    python3 tools/zones/make.py tzdata-*.whl

The facts are those of the tz database (public domain), in the compiled form (RFC 9636) that the
package tzdata carries. What isn't needed is left out: abbreviations, and whether a time is daylight
saving time. The form of the file is described in src/cel/zone.c, which reads it.
"""

import re
import struct
import sys
import zipfile
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[2] / "src" / "cel" / "zones.txt"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
QUARTER = 900  # seconds: most transitions lie whole quarters of an hour apart


def read_zone(data):
    """The offset before all transitions, the transitions as (time, offset), and the rule behind
    them as a TZ string, of a compiled zone."""
    assert data[:4] == b"TZif" and data[4:5] >= b"2"
    counts = struct.unpack(">6l", data[20:44])
    isutc, isstd, leap, times, types, characters = counts
    second = 44 + times * 5 + types * 6 + characters + leap * 8 + isstd + isutc
    isutc, isstd, leap, times, types, characters = struct.unpack(
        ">6l", data[second + 20 : second + 44]
    )
    at = second + 44
    moments = struct.unpack(f">{times}q", data[at : at + times * 8])
    at += times * 8
    indices = data[at : at + times]
    at += times
    offsets = [struct.unpack(">lBB", data[at + i * 6 : at + i * 6 + 6])[0] for i in range(types)]
    at += types * 6 + characters + leap * 12 + isstd + isutc
    transitions = []
    before = offsets[0]
    for moment, index in zip(moments, indices):
        # The last one stays in any case: up to it the rule doesn't hold.
        if moment == moments[-1] or offsets[index] != (transitions or [(0, before)])[-1][1]:
            transitions.append((moment, offsets[index]))
    return before, transitions, data[at:].strip(b"\n").decode()


def seconds(text, sign=1):
    """'5', '-3:30', '167': hours, minutes and seconds."""
    if text.startswith(("-", "+")):
        sign = -sign if text[0] == "-" else sign
        text = text[1:]
    parts = [int(part) for part in text.split(":")] + [0, 0]
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])


TIME = r"[-+]?\d+(?::\d+(?::\d+)?)?"
NAME = r"(?:[A-Za-z]{3,}|<[-+A-Za-z0-9]+>)"
RULE = re.compile(
    rf"{NAME}({TIME})(?:{NAME}({TIME})?,M(\d+)\.(\d)\.(\d)(?:/({TIME}))?"
    rf",M(\d+)\.(\d)\.(\d)(?:/({TIME}))?)?"
)


def write_rule(text):
    """'EST5EDT,M3.2.0,M11.1.0' as '-18000 -14400 3.2.0.7200 11.1.0.7200': the offsets, and when
    the second and the first begin, each by the clock before. One offset alone: it never changes."""
    match = RULE.fullmatch(text)
    assert match, text
    standard = seconds(match[1], -1)
    if match[3] is None:
        return str(standard)
    summer = standard + 3600 if match[2] is None else seconds(match[2], -1)
    assert 2 <= int(match[3]) <= 11 and 2 <= int(match[7]) <= 11, text  # never about New Year
    days = [
        ".".join(match[i + j] for j in range(3))
        + f".{seconds(match[i + 3]) if match[i + 3] else 7200}"
        for i in (3, 7)
    ]
    return f"{standard} {summer} {days[0]} {days[1]}"


def write_number(number):
    """Six bits a character, the least first; the topmost bit says that another one follows."""
    text = ""
    while number >= 32:
        text += DIGITS[number % 32 + 32]
        number //= 32
    return text + DIGITS[number]


def write_zone(data):
    before, transitions, rule = read_zone(data)
    offsets = [before]
    text = ""
    last = 0
    for moment, offset in transitions:
        if offset not in offsets:
            offsets.append(offset)
        step = moment - last
        last = moment
        if not text:
            text += str(moment) + ":"
        elif step % QUARTER == 0:
            text += write_number(step // QUARTER * 2)
        else:
            text += write_number(step * 2 + 1)
        text += write_number(offsets.index(offset))
    return f"{','.join(map(str, offsets))} {text or '-'} {write_rule(rule)}"


def main():
    [package] = sys.argv[1:]
    zones = {}
    with zipfile.ZipFile(package) as archive:
        prefix = "tzdata/zoneinfo/"
        version = re.search(
            r'IANA_VERSION = "(\w+)"', archive.read("tzdata/__init__.py").decode()
        )[1]
        for name in archive.namelist():
            if name.startswith(prefix) and archive.read(name)[:4] == b"TZif":
                zones[name[len(prefix) :]] = write_zone(archive.read(name))
    lines = []
    first = {}
    for name in sorted(zones):
        if zones[name] in first:
            lines.append(f"{name} ={first[zones[name]]}")
        else:
            first[zones[name]] = name
            lines.append(f"{name} {zones[name]}")
    # '!' sorts before every name.
    OUTPUT.write_text(f"!tzdata {version}\n" + "\n".join(lines) + "\n")


main()
