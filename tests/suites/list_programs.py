"""Reads what `ctest --show-only=json-v1` prints and prints each test's program, one a line."""

import json
import sys

for test in json.load(sys.stdin)["tests"]:
    print(test["command"][0])
