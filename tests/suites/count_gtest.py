"""Prints "passed failed skipped" of one GoogleTest JSON report; "0 1 0" where there is none (the program died). What was not
run, DISABLED_ tests for one, counts as skipped."""

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
    passed = sum(1 for test in tests if test["result"] == "COMPLETED" and not test.get("failures"))
    return passed, failed, len(tests) - passed - failed


print(*count(sys.argv[1]))
