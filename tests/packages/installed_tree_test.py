"""cmake --install: a tree that can be moved, and runs where it then is."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from installed_tree import BUILD, PROGRAMS, install, output_of

TINY = (
    ("parameters.learning_rate", "[0.05]"),
    ("parameters.batch_size", "[10]"),
    ("training.steps", "20"),
    ("training.evaluate_every", "10"),
    ("model.weights", "random"),
)


class InstalledTreeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-installed-")
        cls.addClassCleanup(shelf.cleanup)
        folder = pathlib.Path(shelf.name)
        cls.files = install(folder / "first")
        (folder / "first").rename(folder / "moved")
        cls.folder = folder
        cls.tree = folder / "moved"

    def run_program(self, name, *arguments):
        """As a user would who has nothing but the tree."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder / "home")}
        (self.folder / "home").mkdir(exist_ok=True)
        return output_of(self.tree / "bin" / name, *arguments, env=environment)

    def test_a_sweep_runs_from_where_the_tree_was_moved(self):
        data = self.folder / "UrbanSound8K"
        self.run_program("melsweep", "data", "synth", data, "--clips", 20)
        sets = [word for path, value in (*TINY, ("dataset.path", data)) for word in ("--set", f"{path}={value}")]
        database = ("--db", self.folder / "results.db")
        self.run_program("melsweep", "run", self.tree / "share/melsweep/sweeps/quickstart.yaml", "--workers", 1, *database, *sets)
        best = json.loads(self.run_program("melsweep", "best", "-o", "json", *database))
        self.assertEqual([run["trial"] for run in best], [1])

    def test_every_ready_sweep_is_well_formed(self):
        sweeps = sorted((self.tree / "share/melsweep/sweeps").glob("*.yaml"))
        self.assertIn("quickstart.yaml", [sweep.name for sweep in sweeps])
        for sweep in sweeps:
            self.run_program("melsweep", "validate", sweep)
            schema = sweep.read_text().splitlines()[0].partition("$schema=")[2]
            self.assertTrue((sweep.parent / schema).is_file(), f"{sweep.name}: {schema}")

    def test_the_slurm_script_is_where_scale_looks_for_it(self):
        script = self.tree / "share/melsweep/slurm/worker.sbatch"
        self.assertTrue(os.access(script, os.X_OK))

    def test_no_program_looks_for_libraries_in_the_build(self):
        for program in PROGRAMS:
            dynamic = output_of("readelf", "--dynamic", self.tree / "bin" / program)
            self.assertNotIn(str(BUILD), dynamic)

    def test_each_component_is_apart(self):
        parts = {component: install(self.folder / component, component) for component in ("client", "coordinator", "worker")}
        self.assertEqual(set.union(*parts.values()), self.files)
        self.assertEqual(sum(len(part) for part in parts.values()), len(self.files))
        programs = {component: sorted(file for file in part if file.startswith("bin/")) for component, part in parts.items()}
        self.assertEqual(programs["client"], ["bin/melsweep"])
        self.assertEqual(programs["coordinator"], ["bin/melsweep-coordinator"])
        self.assertEqual(programs["worker"], ["bin/melsweep-trainer", "bin/melsweep-worker"])

    def test_completions_are_in_each_shells_place(self):
        places = {
            "bash": "share/bash-completion/completions/melsweep",
            "zsh": "share/zsh/site-functions/_melsweep",
            "fish": "share/fish/vendor_completions.d/melsweep.fish",
        }
        for shell, place in places.items():
            script = (self.tree / place).read_text()
            self.assertEqual(script, self.run_program("melsweep", "completion", shell))

    def test_bash_completes_by_the_installed_script(self):
        script = self.tree / "share/bash-completion/completions/melsweep"
        asked = f"source {script}; COMP_WORDS=(melsweep lead); COMP_CWORD=1; _melsweep; echo ${{COMPREPLY[@]}}"
        environment = {"PATH": f"{self.tree}/bin:/usr/bin:/bin"}
        run = subprocess.run(["bash", "-c", asked], env=environment, capture_output=True, text=True, check=True)
        self.assertEqual(run.stdout.strip(), "leaderboard")


if __name__ == "__main__":
    unittest.main()
