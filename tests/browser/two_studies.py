"""A database with two small studies on the same clips, each with its final training: made once, for all tests of pages."""

import atexit
import functools
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from programs import melsweep  # noqa: E402

# Sweeps 1 and 2, the latter its final training. With three parameters the table of settings has fifteen columns.
FIRST = """\
version: 1
name: <b>grid</b> & "quotes"
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
model: {{weights: random}}
training: {{steps: 40, evaluate_every: 10}}
parameters: {{learning_rate: [0.005, 0.05], batch_size: [5, 10], optimizer: [sgd, adam]}}
final: {{steps: 40}}
"""

# Sweeps 3 and 4: other pictures.
SECOND = """\
version: 1
name: hertz
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
features: {{representation: hertz}}
model: {{weights: random}}
training: {{steps: 30, evaluate_every: 10}}
parameters: {{learning_rate: [0.005, 0.05], batch_size: [5, 10]}}
final: {{steps: 30}}
"""


class Made:
    def __init__(self, folder):
        self.folder = folder
        self.database = folder / "results.db"
        self.artifacts = folder / "results.db.artifacts"
        self.data = folder / "UrbanSound8K"

    def report(self, page, *arguments, database=None):
        """Writes the page; what was said on standard error."""
        cache = {"MELSWEEP_DATA_DIR": str(self.folder / "cache")}
        return melsweep("report", *arguments, "--db", database or self.database, "-o", page, environment=cache).stderr


@functools.cache
def made():
    shelf = tempfile.TemporaryDirectory(prefix="melsweep-browser-")
    atexit.register(shelf.cleanup)
    studies = Made(pathlib.Path(shelf.name))
    melsweep("data", "synth", studies.data, "--clips", "60", "--seed", "3")
    for name, text in (("first", FIRST), ("second", SECOND)):
        sweep = studies.folder / f"{name}.yaml"
        sweep.write_text(text.format(data=studies.data))
        melsweep("run", sweep, "--db", studies.database, "--data-dir", studies.folder / "worker")
    return studies
