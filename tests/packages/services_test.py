"""The systemd units as systemd-analyze reads them: whole, and hardened."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from installed_tree import UNITS, install, output_of

# systemd's exposure from 0 (none) to 10: at most so much. What is left is what the services are for: the network, and for the worker
# GPUs, code that oneDNN writes, and sound files below /home.
MOST_EXPOSURE = {"melsweep-coordinator.service": 1.5, "melsweep-worker@.service": 2.0}


@unittest.skipIf(shutil.which("systemd-analyze") is None, "no systemd-analyze")
class ServicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-services-")
        cls.addClassCleanup(shelf.cleanup)
        cls.tree = pathlib.Path(shelf.name)
        install(cls.tree)
        cls.units = cls.tree / "lib/systemd/system"

    def verify(self):
        environment = {**os.environ, "MANPATH": str(self.tree / "share/man")}
        units = [self.units / unit for unit in UNITS]
        return subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, env=environment)

    def add_drop_in(self, unit, text):
        folder = self.units / f"{unit}.d"
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        (folder / "more.conf").write_text(text)

    def test_systemd_finds_nothing_wrong(self):
        run = self.verify()
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_systemd_would_find_what_is_wrong(self):
        self.add_drop_in(UNITS[0], "[Service]\nRestrtNamespaces=yes\n")
        self.assertIn("RestrtNamespaces", self.verify().stderr)

    def test_credentials_can_be_handed_over(self):
        for unit, part in zip(UNITS, ("coordinator", "worker"), strict=True):
            self.add_drop_in(unit, (self.tree / f"share/melsweep/systemd/{part}-credentials.conf").read_text())
        run = self.verify()
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_what_a_service_could_do_is_bounded(self):
        for unit, most in MOST_EXPOSURE.items():
            told = output_of("systemd-analyze", "security", "--offline=true", "--no-pager", self.units / unit)
            exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", told)[1])
            print(f"{unit}: exposure {exposure}")
            self.assertLessEqual(exposure, most, told)

    def test_a_unit_starts_the_program_that_was_installed_with_it(self):
        for unit in UNITS:
            program = re.search(r"^ExecStart=(\S+)", (self.units / unit).read_text(), re.MULTILINE)[1]
            self.assertTrue(os.access(program, os.X_OK), program)
            self.assertTrue(program.startswith(str(self.tree)))

    def test_what_an_environment_file_names_there_is(self):
        for part, program in (("coordinator", "melsweep-coordinator"), ("worker", "melsweep-worker")):
            text = (self.tree / f"etc/melsweep/{part}.env").read_text()
            known = output_of(self.tree / "bin" / program, "--help")
            names = re.findall(r"^#(MELSWEEP_\w+)=", text, re.MULTILINE)
            self.assertTrue(names)
            for name in names:
                self.assertIn(f"Env:{name})", known)


if __name__ == "__main__":
    unittest.main()
