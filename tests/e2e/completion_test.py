"""Completion as the shells themselves ask for it: what they would offer for a line."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from programs import BIN, melsweep

# Each prints what the shell offers, a word a line, for the words of a command line, the last of them unfinished.
BASH = """\
source {script}
COMP_WORDS=(melsweep "$@"); COMP_CWORD=$#
compopt() {{ echo "(files)"; }}
_melsweep
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """\
compdef() {{ :; }}
source {script}
_describe() {{ local entry; for entry in "${{(@P)2}}"; do print -r -- "${{entry%%:*}}"; done }}
_files() {{ print "(files)"; }}
words=(melsweep "$@"); CURRENT=$#words
_melsweep
true
"""
FISH = """\
source {script}
complete -C "melsweep $argv" | string replace -r '\\t.*' ''
true
"""


class CompletionTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-completion-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)

    def offered(self, shell, program, *words):
        if shutil.which(shell) is None:
            self.skipTest(f"no {shell}")
        script = self.folder / f"melsweep.{shell}"
        script.write_text(melsweep("completion", shell).stdout)
        asking = self.folder / f"ask.{shell}"
        asking.write_text(program.format(script=script))
        line = [" ".join(words)] if shell == "fish" else words
        environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(self.folder)}
        run = subprocess.run([shell, asking, *line], env=environment, cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(run.stderr, "")
        return [line for line in run.stdout.splitlines() if line]

    def assert_completes(self, shell, program):
        self.assertEqual(self.offered(shell, program, "lead"), ["leaderboard"])
        self.assertEqual(self.offered(shell, program, "db", ""), ["check", "backup"] if shell != "fish" else ["backup", "check"])
        self.assertEqual(self.offered(shell, program, "status", "-o", "j"), ["json"])
        self.assertEqual(self.offered(shell, program, "validate", "--he"), ["--help"])
        (self.folder / "sweep.yaml").touch()
        self.assertEqual(self.offered(shell, program, "validate", "sw"), ["sweep.yaml"] if shell == "fish" else ["(files)"])

    def test_bash(self):
        self.assert_completes("bash", BASH)

    def test_zsh(self):
        self.assert_completes("zsh", ZSH)

    def test_fish(self):
        self.assert_completes("fish", FISH)


if __name__ == "__main__":
    unittest.main()
