"""The Debian packages as Debian's own tools look at them."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from debian_packages import NAMES, build
from installed_tree import output_of


class DebianPackagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.packages = build()

    def field(self, package, name):
        return output_of("dpkg-deb", "--field", self.packages[package], name).strip()

    def files(self, package):
        listed = output_of("dpkg-deb", "--contents", self.packages[package]).splitlines()
        return {line.split()[5][1:] for line in listed if not line.endswith("/")}

    def test_there_is_one_for_each_part_and_no_file_is_in_two(self):
        self.assertEqual(sorted(self.packages), sorted(NAMES))
        files = [file for name in NAMES for file in self.files(name)]
        self.assertEqual(len(files), len(set(files)))

    def test_each_has_its_program_and_its_page(self):
        for name in NAMES:
            files = self.files(name)
            self.assertIn(f"/usr/bin/{name}", files)
            self.assertIn(f"/usr/share/man/man1/{name}.1.gz", files)

    def test_services_and_their_environments_are_in_debians_places(self):
        self.assertIn("/lib/systemd/system/melsweep-coordinator.service", self.files("melsweep-coordinator"))
        self.assertIn("/lib/systemd/system/melsweep-worker@.service", self.files("melsweep-worker"))
        for part in ("coordinator", "worker"):
            environment = f"/etc/melsweep/{part}.env"
            self.assertIn(environment, self.files(f"melsweep-{part}"))
            with tempfile.TemporaryDirectory() as folder:
                output_of("dpkg-deb", "--control", self.packages[f"melsweep-{part}"], folder)
                self.assertEqual((pathlib.Path(folder) / "conffiles").read_text().split(), [environment])

    def test_a_service_starts_the_program_in_usr_bin(self):
        with tempfile.TemporaryDirectory() as folder:
            output_of("dpkg-deb", "--extract", self.packages["melsweep-worker"], folder)
            unit = (pathlib.Path(folder) / "lib/systemd/system/melsweep-worker@.service").read_text()
        self.assertIn("\nExecStart=/usr/bin/melsweep-worker\n", unit)
        self.assertIn("\nEnvironmentFile=-/etc/melsweep/worker.env\n", unit)

    def test_each_needs_the_libraries_of_its_programs_and_no_others(self):
        self.assertIn("libtorch", self.field("melsweep-worker", "Depends"))
        for name in ("melsweep", "melsweep-coordinator"):
            self.assertIn("libgrpc++", self.field(name, "Depends"))
            self.assertNotRegex(self.field(name, "Depends"), "libtorch|libsndfile")

    def test_the_client_brings_what_a_sweep_on_one_machine_needs(self):
        self.assertEqual(self.field("melsweep", "Recommends"), "melsweep-coordinator, melsweep-worker")

    def test_lintian_finds_neither_errors_nor_warnings(self):
        if shutil.which("lintian") is None:
            self.skipTest("no lintian")
        run = subprocess.run(["lintian", "--allow-root", *self.packages.values()], capture_output=True, text=True)
        self.assertEqual(re.findall(r"^[EW]: .*", run.stdout, re.MULTILINE), [])
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    unittest.main()
