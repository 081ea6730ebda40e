"""Prints "passed failed skipped" of one GoogleTest JSON report; "0 1 0" where there is none (the program died)."""

import json
import sys


def count(path):
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    except (OSError, ValueError):
        return 0, 1, 0
    tests = [test for suite in report["testsuites"] for test in suite["testsuite"]]
    failed = sum(1 for test in tests if test.get("failures"))
    skipped = sum(1 for test in tests if test["result"] == "SKIPPED")
    return len(tests) - failed - skipped, failed, skipped


print(*count(sys.argv[1]))
