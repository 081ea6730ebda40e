"""Reads what `ctest --show-only=json-v1` prints and prints each test's program, one a line. Programs that were not built have no
command there."""

import json
import sys

for test in json.load(sys.stdin)["tests"]:
    if "command" in test:
        print(test["command"][0])
