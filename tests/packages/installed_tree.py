"""What cmake --install gives, in a folder of a test's."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from programs import BIN, ROOT  # noqa: E402

BUILD = BIN.parent
PROGRAMS = ("melsweep", "melsweep-coordinator", "melsweep-worker", "melsweep-trainer")
UNITS = ("melsweep-coordinator.service", "melsweep-worker@.service")


def output_of(*command, **options):
    """Standard output; any other exit code than 0 is an error that shows both."""
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, **options)
    if run.returncode != 0:
        raise AssertionError(f"{command}\nexit code {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}")
    return run.stdout


def install(prefix, component=None):
    """Installs into the prefix and returns what is there then, by paths below it."""
    output_of("cmake", "--install", BUILD, "--prefix", prefix, *(("--component", component) if component else ()))
    return {str(path.relative_to(prefix)) for path in pathlib.Path(prefix).rglob("*") if not path.is_dir()}
