"""tutorial.py ECSGATE PAGE: does in an empty folder what the tutorial of PAGE says, word by word.

A block ```yaml whose first line is a comment with a path is that file; "add to PATH" in it appends to the file.
A block ```console holds commands behind "$ " and under each one all that it prints; a line "..." stands for lines
that are left out. The last line is "N commands".
"""
import os
import re
import subprocess
import sys
import tempfile


def blocks(page):
    """The fenced blocks of the tutorial as (language, lines)."""
    inside = None
    for line in page.split("\n"):
        if inside is None and line.startswith("## Ten minutes"):
            inside = False
        elif inside is False and line.startswith("## "):
            return
        elif inside is False and line.startswith("```"):
            inside, language = [], line[3:]
        elif isinstance(inside, list) and line == "```":
            yield language, inside
            inside = False
        elif isinstance(inside, list):
            inside.append(line)


def write(lines):
    named = re.match(r"# (add to )?([\w./-]+)$", lines[0])
    if named is None:
        sys.exit(f"the block does not say its file: {lines[0]}")
    path = named[2]
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "a" if named[1] else "w", encoding="utf-8") as file:
        file.write("\n".join(lines[1:] if named[1] else lines) + "\n")


def matches(shown, actual):
    """Line by line, "..." being any number of lines."""
    if not shown:
        return not actual
    if shown[0] == "...":
        return any(matches(shown[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and shown[0] == actual[0] and matches(shown[1:], actual[1:])


def lines_of(text):
    """Without the empty lines around."""
    return text.strip("\n").split("\n") if text.strip("\n") else []


def run(lines):
    count = 0
    while lines:
        command = lines.pop(0).removeprefix("$ ")
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        done = subprocess.run(command, shell=True, check=False, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if not matches(lines_of("\n".join(shown)), lines_of(done.stdout)):
            sys.exit(f"$ {command}\n-- shown\n" + "\n".join(shown) + "\n-- printed\n" + done.stdout)
        count += 1
    return count


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        page = file.read()
    os.environ["PATH"] = os.path.dirname(os.path.abspath(sys.argv[1])) + os.pathsep + os.environ["PATH"]
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for language, lines in blocks(page):
            if language == "console":
                count += run(lines)
            elif language == "yaml":
                write(lines)
    print(f"{count} commands")


main()
