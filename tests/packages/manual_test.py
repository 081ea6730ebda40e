"""The manual pages: each verb has one, each option of --help is on it, and roff's checkers find nothing."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from installed_tree import PROGRAMS, install, output_of

# Lines of --help begin with two spaces and an option's names; and with two spaces and a verb below "Subcommands:".
OPTIONS = re.compile(r"^  ((?:-\w,)?--[\w-]+)", re.MULTILINE)
VERBS = re.compile(r"^  ([a-z]\w*) ", re.MULTILINE)


class ManualTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-manual-")
        cls.addClassCleanup(shelf.cleanup)
        cls.tree = pathlib.Path(shelf.name)
        install(cls.tree)
        cls.pages = sorted((cls.tree / "share/man").rglob("*.[15]"))

    def help_of(self, program, *verbs):
        return output_of(self.tree / "bin" / program, *verbs, "--help")

    def verbs_of(self, program, *verbs):
        return VERBS.findall(self.help_of(program, *verbs).partition("Subcommands:")[2])

    def page(self, name):
        """A page without roff's marks."""
        text = (self.tree / "share/man/man1" / f"{name}.1").read_text()
        return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-")

    def assert_page_has_options(self, page, program, *verbs):
        options = [name for names in OPTIONS.findall(self.help_of(program, *verbs)) for name in names.split(",")]
        self.assertIn("--help", options)
        for option in options:
            self.assertRegex(page, rf"(?m)^(-\w, )?{re.escape(option)}\b", f"{option} of {program} {' '.join(verbs)}")

    def assert_verbs_are_on(self, page, program, *verbs):
        """Those of the program's verb, and what is below them."""
        self.assert_page_has_options(page, program, *verbs)
        for verb in self.verbs_of(program, *verbs):
            self.assertIn(f'.SS "{" ".join((program, *verbs, verb))}"', page)
            self.assert_verbs_are_on(page, program, *verbs, verb)

    def test_each_verb_of_melsweep_has_a_page_with_all_of_its_options(self):
        overview = self.page("melsweep")
        verbs = self.verbs_of("melsweep")
        self.assertIn("run", verbs)
        for verb in verbs:
            self.assertIn(f"\nmelsweep-{verb}(1)\n", overview)
            page = self.page(f"melsweep-{verb}")
            # The trainer's own verbs are on its page.
            if verb in ("data", "weights"):
                self.assertIn("melsweep-trainer(1)", page)
            else:
                self.assert_verbs_are_on(page, "melsweep", verb)

    def test_the_other_programs_have_all_on_one_page(self):
        for program in PROGRAMS[1:]:
            self.assert_verbs_are_on(self.page(program), program)

    def test_nothing_of_the_builder_is_on_a_page(self):
        home = os.path.expanduser("~")
        for page in self.pages:
            self.assertNotIn(f"{home}/.", page.read_text(), page.name)

    def test_groff_and_mandoc_find_nothing(self):
        self.assertGreater(len(self.pages), 25)
        for page in self.pages:
            groff = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True)
            self.assertEqual((groff.returncode, groff.stderr), (0, ""), page.name)
        if shutil.which("mandoc") is None:
            self.skipTest("no mandoc")
        mandoc = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *self.pages], capture_output=True, text=True)
        self.assertEqual((mandoc.returncode, mandoc.stdout), (0, ""))

    def test_man_finds_and_shows_them(self):
        if shutil.which("man") is None:
            self.skipTest("no man")
        environment = {"PATH": "/usr/bin:/bin", "MANPATH": str(self.tree / "share/man"), "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
        shown = output_of("man", "--warnings", "melsweep-run", env=environment)
        self.assertIn("--set PATH=VALUE", shown)
        self.assertIn("MELSWEEP-SWEEP(5)", output_of("man", "5", "melsweep-sweep", env=environment))


if __name__ == "__main__":
    unittest.main()
