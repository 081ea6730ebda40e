"""Runs a folder's unittest files (*_test.py) and appends "passed failed skipped" to the tally.

usage: count_unittest.py FOLDER TALLY_FILE [FILE...]   only these of the folder, where any are named
"""

import pathlib
import sys
import unittest


class CountingResult(unittest.TextTestResult):
    """Counts what passed: testsRun knows nothing of a class whose setUpClass failed."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def tally(self):
        """passed, failed, skipped; a test that was expected to fail and does not is a failure."""
        failed = len(self.failures) + len(self.errors) + len(self.unexpectedSuccesses)
        return self.passed, failed, len(self.skipped) + len(self.expectedFailures)


def run(suite, stream):
    return unittest.TextTestRunner(stream=stream, verbosity=2, resultclass=CountingResult).run(suite).tally()


def load(folder, files):
    loader = unittest.defaultTestLoader
    if not files:
        return loader.discover(folder, pattern="*_test.py")
    return loader.loadTestsFromNames([pathlib.Path(file).stem for file in files])


def main(folder, tally, *files):
    sys.path.insert(0, str(pathlib.Path(folder).resolve()))
    passed, failed, skipped = run(load(folder, files), sys.stdout)
    with open(tally, "a", encoding="utf-8") as file:
        file.write(f"{passed} {failed} {skipped}\n")
    return 1 if failed or passed + skipped == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
