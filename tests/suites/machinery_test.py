"""What failed, died or was not there does not count as passed."""

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import count_unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "structure"))

import source_files  # noqa: E402
import tidy  # noqa: E402


class InAFolder(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-machinery-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)

    def plant(self, path, text=""):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


class SourceFilesTest(InAFolder):
    def test_the_tree_is_walked_without_git_and_without_what_is_built(self):
        for path in ("a.cc", "client/b.h", "client/build/c.cc", "build/d.cc", ".git/e.cc", ".cache/f.cc"):
            self.plant(path)
        found = source_files.source_files(self.folder, {".cc", ".h"})
        self.assertEqual([str(file) for file in found], ["a.cc", "client/b.h", "client/build/c.cc"])


class FormatSuiteTest(InAFolder):
    def format(self):
        for path in ("tests/suites/format", "tests/structure/source_files.py", ".clang-format"):
            target = self.plant(path)
            shutil.copy(ROOT / path, target)
        tally = self.folder / "tally"
        run = subprocess.run([self.folder / "tests/suites/format", tally], capture_output=True)
        return run.returncode, tally.read_text()

    def test_nothing_found_is_a_failure(self):
        self.assertEqual(self.format(), (1, "0 0 0\n"))

    def test_files_outside_of_git_are_looked_at(self):
        self.plant("client/good.cc", "int good = 1;\n")
        self.plant("client/bad.cc", "int   bad=1 ;\n")
        self.assertEqual(self.format(), (1, "1 1 0\n"))


class TidyTest(InAFolder):
    def check(self, script, command="c++ a.cc"):
        """check() with this program as clang-tidy."""
        program = self.plant("bin/clang-tidy", f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        memory = self.folder / "memory"
        memory.mkdir(exist_ok=True)
        path = f"{program.parent}:{os.environ['PATH']}"
        with mock.patch.object(tidy, "MEMORY", memory), mock.patch.dict(os.environ, PATH=path):
            return tidy.check(self.plant("a.cc", "int a;\n"), command)

    def test_a_silent_death_is_not_clean(self):
        self.assertIn("ended with -11", self.check("kill -SEGV $$"))

    def test_what_was_clean_is_not_looked_at_again(self):
        self.assertIsNone(self.check("exit 0"))
        self.assertIsNone(self.check("echo looked again; exit 1"))

    def test_another_compile_command_is_looked_at_again(self):
        self.assertIsNone(self.check("exit 0"))
        self.assertIn("looked again", self.check("echo looked again; exit 1", command="c++ -DOTHER a.cc"))


class UnitSuiteTest(InAFolder):
    """The suite on a build with the programs test_a and test_b."""

    def setUp(self):
        super().setUp()
        for name in ("test_a", "test_b"):
            report = json.dumps({"testsuites": [{"testsuite": [{"name": name, "result": "COMPLETED"}]}]})
            program = self.plant(name, f"#!/bin/sh\nfor word; do case $word in --gtest_output=json:*) echo '{report}' >${{word#*:}} ;; esac; done\n")
            program.chmod(0o755)
        tests = "".join(f'add_test({name} "{self.folder / name}")\n' for name in ("test_a", "test_b"))
        self.plant("CTestTestfile.cmake", tests)

    def unit(self, *programs):
        tally = self.folder / "tally"
        command = [ROOT / "tests/suites/unit", tally, self.folder, *programs]
        run = subprocess.run(command, capture_output=True, text=True)
        return run.returncode, tally.read_text() if tally.exists() else ""

    def test_all_programs_of_the_build_are_run(self):
        self.assertEqual(self.unit(), (0, "1 0 0\n" * 2))

    def test_only_the_named_ones_are_run(self):
        self.assertEqual(self.unit("test_b"), (0, "1 0 0\n"))

    def test_a_named_one_that_the_build_does_not_know_is_a_failure(self):
        self.assertEqual(self.unit("test_b", "test_c"), (1, "1 0 0\n"))


class RunUnittestTest(InAFolder):
    def run_files(self, *files):
        for name in ("a", "b"):
            self.plant(f"{name}_test.py", "import unittest\nclass T(unittest.TestCase):\n    def test_passes(self): pass\n")
        tally = self.folder / "tally"
        command = [sys.executable, ROOT / "tests/suites/count_unittest.py", self.folder, tally, *files]
        run = subprocess.run(command, capture_output=True, text=True)
        return run.returncode, tally.read_text() if tally.exists() else run.stderr

    def test_all_files_of_the_folder_are_run(self):
        self.assertEqual(self.run_files(), (0, "2 0 0\n"))

    def test_only_the_named_ones_are_run(self):
        self.assertEqual(self.run_files("b_test.py"), (0, "1 0 0\n"))

    def test_a_named_one_that_is_not_there_is_a_failure(self):
        self.assertEqual(self.run_files("c_test.py"), (1, "0 1 0\n"))


class CountUnittestTest(unittest.TestCase):
    def tally(self, case):
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
        return count_unittest.run(unittest.TestSuite([suite]), io.StringIO())

    def test_a_class_that_cannot_be_set_up_is_one_failure(self):
        class Broken(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise RuntimeError("broken")

            def test_never_run(self):
                pass

        self.assertEqual(self.tally(Broken), (0, 1, 0))

    def test_an_unexpected_success_is_a_failure(self):
        class Mixed(unittest.TestCase):
            @unittest.expectedFailure
            def test_unexpected(self):
                pass

            @unittest.skip("not here")
            def test_skipped(self):
                pass

            def test_passes(self):
                pass

        self.assertEqual(self.tally(Mixed), (1, 1, 1))


class CountGtestTest(InAFolder):
    def count(self, report):
        return subprocess.run(
            [sys.executable, ROOT / "tests/suites/count_gtest.py", report], capture_output=True, text=True, check=True
        ).stdout

    def test_disabled_tests_are_skipped_and_not_passed(self):
        tests = [
            {"name": "A", "status": "RUN", "result": "COMPLETED"},
            {"name": "B", "status": "RUN", "result": "COMPLETED", "failures": [{"failure": "no"}]},
            {"name": "C", "status": "RUN", "result": "SKIPPED"},
            {"name": "DISABLED_D", "status": "NOTRUN", "result": "SUPPRESSED"},
        ]
        report = self.plant("report.json", json.dumps({"testsuites": [{"testsuite": tests}]}))
        self.assertEqual(self.count(report), "1 1 2\n")

    def test_no_report_is_a_failure(self):
        self.assertEqual(self.count(self.folder / "none.json"), "0 1 0\n")


class ListProgramsTest(unittest.TestCase):
    def test_only_what_the_build_knows_and_has_built(self):
        known = {"tests": [{"name": "test_a", "command": ["/build/tests/test_a"]}, {"name": "test_b"}]}
        run = subprocess.run(
            [sys.executable, ROOT / "tests/suites/list_programs.py"], input=json.dumps(known), capture_output=True, text=True
        )
        self.assertEqual(run.stdout, "/build/tests/test_a\n")


if __name__ == "__main__":
    unittest.main()
