"""docs/slurm.md as it is followed, on a Slurm of this machine."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from pages import commands, script  # noqa: E402
from programs import BIN, PATIENCE_S, ROOT, WEIGHTS, rows  # noqa: E402
from slurm_cluster import SlurmCluster, free_ports, what_is_missing  # noqa: E402

MISSING = what_is_missing()
TRIALS = 9


@unittest.skipIf(MISSING, MISSING)
@unittest.skipUnless(WEIGHTS, "no pretrained weights (MELSWEEP_TEST_WEIGHTS)")
class SlurmPageTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-page-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)

    def finish_quickstart(self):
        """What ./deploy/quickstart leaves, as far as the page needs it: the clone, and a home with weights."""
        clone = self.folder / "melsweep"
        weights = self.folder / "home" / ".local" / "share" / "melsweep" / "weights"
        for target, source in ((clone / "build" / "release" / "bin", BIN), (clone / "deploy", ROOT / "deploy"),
                               (clone / "sweeps", ROOT / "sweeps"), (weights / "inception_v3.safetensors", pathlib.Path(WEIGHTS))):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)
        return clone

    def type(self, clone, slurm, *blocks):
        outside = {name: value for name, value in slurm.environment.items() if not name.startswith(("MELSWEEP_", "XDG_"))}
        run = subprocess.run(["bash", "-c", script(*blocks)], cwd=clone, env={**outside, "HOME": str(self.folder / "home")},
                             capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 0, f"{run.stdout[-2000:]}\n{run.stderr[-4000:]}\n{slurm.logs()}")

    def test_from_nothing_to_a_sweep_and_away(self):
        clone = self.finish_quickstart()
        results = self.folder / "results"
        [port] = free_ports(1)
        blocks = commands("slurm.md", "From nothing", {"head": "127.0.0.1", "results": results, "port": port})
        folder = self.folder / "slurm"
        folder.mkdir()
        with SlurmCluster(folder, nodes=2) as slurm:
            try:
                self.type(clone, slurm, *blocks)
            except BaseException:
                subprocess.run(["bash", "-c", f"kill $(cat {results}/coordinator.pid)"], check=False, capture_output=True)
                raise
            self.assertEqual(slurm.jobs(), [])
        database = results / "results.db"
        self.assertEqual(rows(database, "select state, count(*) as n from attempts group by state"), [{"state": "finished", "n": TRIALS}])
        self.assertGreaterEqual(rows(database, "select count(*) as n from workers where id like 'slurm-%'")[0]["n"], 2)


if __name__ == "__main__":
    unittest.main()
