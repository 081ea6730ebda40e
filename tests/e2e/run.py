"""Runs every end-to-end test and writes the tally. usage: run.py TALLY_FILE"""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main(tally):
    sys.path.insert(0, str(HERE))
    suite = unittest.defaultTestLoader.discover(str(HERE), pattern="*_test.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    with open(tally, "a", encoding="utf-8") as file:
        file.write(f"{result.testsRun - failed - skipped} {failed} {skipped}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
