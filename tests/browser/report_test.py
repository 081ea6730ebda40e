"""A report in a browser: nothing is fetched, nothing complains, everything works and can be read; and its numbers are those of
the database. Standard library, Chromium, and the packages of package.json."""

import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from programs import melsweep, rows  # noqa: E402

HERE = ROOT / "tests" / "browser"
CHROMIUM = shutil.which("chromium")

SWEEP = """\
version: 1
name: <b>grid</b> & "quotes"
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
model: {{weights: random}}
training: {{steps: 40, evaluate_every: 10}}
parameters: {{learning_rate: [0.005, 0.05], batch_size: [5, 10]}}
final: {{steps: 40}}
"""


class Tables(html.parser.HTMLParser):
    """The tables of a page by their id: rows of (text, data-value or None)."""

    def __init__(self):
        super().__init__()
        self.tables = {}
        self.rows = None
        self.value = None
        self.text = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.rows = self.tables.setdefault(attributes["id"], [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.text, self.value = "", attributes.get("data-value")

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append((self.text, self.value))
            self.text = None


def numbers(row):
    return [float(value) for _, value in row if value is not None]


@unittest.skipUnless(CHROMIUM, "chromium is not installed (deploy/install-packages --tests)")
class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-browser-")
        cls.addClassCleanup(cls.shelf.cleanup)
        cls.folder = pathlib.Path(cls.shelf.name)
        data = cls.folder / "UrbanSound8K"
        melsweep("data", "synth", data, "--clips", "60", "--seed", "3")
        sweep = cls.folder / "sweep.yaml"
        sweep.write_text(SWEEP.format(data=data))
        cls.database = cls.folder / "results.db"
        melsweep("run", sweep, "--db", cls.database, "--data-dir", cls.folder / "worker")
        cls.page = cls.folder / "report.html"
        cache = {"MELSWEEP_DATA_DIR": str(cls.folder / "cache")}
        melsweep("report", "last", "--db", cls.database, "-o", cls.page, environment=cache)
        parser = Tables()
        parser.feed(cls.page.read_text(encoding="utf-8"))
        cls.tables = parser.tables
        cls.seen = cls.look()

    @classmethod
    def look(cls):
        packages = ROOT / "build" / "browser"
        packages.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", "look.mjs"):
            shutil.copy(HERE / name, packages / name)
        authorities = "/etc/ssl/certs/ca-certificates.crt"
        environment = {"NODE_EXTRA_CA_CERTS": authorities, **os.environ, "CHROMIUM": CHROMIUM}
        if not (packages / "node_modules" / "axe-core").exists():
            fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(fetch, cwd=packages, check=True, env=environment, timeout=300)
        look = ["node", "look.mjs", str(cls.page), *filter(None, [os.environ.get("MELSWEEP_SCREENSHOTS")])]
        run = subprocess.run(look, cwd=packages, capture_output=True, text=True, env=environment, timeout=600)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return json.loads(run.stdout)

    def test_nothing_complains_and_nothing_is_fetched(self):
        self.assertEqual(self.seen["console"], [])
        self.assertEqual(self.seen["requests"], [])

    def test_axe_finds_nothing(self):
        self.assertEqual(self.seen["axe"], [])

    def test_it_fits_windows_of_every_width(self):
        self.assertEqual(self.seen["wide"], [])

    def test_charts_live_with_scripts_and_are_there_without(self):
        self.assertGreater(self.seen["live"], 4)
        self.assertGreater(self.seen["drawn"], 4)

    def test_a_table_sorts_by_its_heading(self):
        self.assertEqual(self.seen["sorted"], ["4", "3", "2", "1"])

    def test_sounds_play(self):
        if not self.seen["sounds"]:
            self.skipTest("the trainer of this build makes no sounds, or nothing was misclassified")
        self.assertTrue(all(length > 0 for length in self.seen["sounds"]), self.seen["sounds"])

    def test_settings_are_those_of_the_database(self):
        expected = rows(self.database, "select * from cells where sweep_id = 1 order by rank")
        shown = self.tables["cells-1"][1:]
        self.assertEqual(len(shown), len(expected))
        for row, cell in zip(shown, expected):
            settings = json.loads(cell["parameters_json"])
            begin = [cell["rank"], settings["learning_rate"], settings["batch_size"], cell["objective_mean"]]
            self.assertEqual(numbers(row)[:4], begin)

    def test_curves_are_those_of_the_database(self):
        best = rows(self.database, "select trial_id from best_run where sweep_id = 1")[0]["trial_id"]
        points = rows(
            self.database,
            f"select step, value from trial_metrics where trial_id = {best} and metric = 'validation/accuracy' order by step",
        )
        shown = [numbers(row)[:2] for row in self.tables["curves-accuracy-1"][1:]]
        self.assertEqual(shown, [[point["step"], point["value"]] for point in points])

    def test_classes_and_confusion_are_those_of_the_database(self):
        classes = rows(self.database, "select * from class_metrics where sweep_id = 2 and split = 'test' order by class_index")
        shown = [numbers(row) for row in self.tables["classes-2"][1:]]
        self.assertEqual(shown, [[c["precision"], c["recall"], c["f1"], c["support"]] for c in classes])
        pairs = rows(self.database, "select * from confusion where sweep_id = 2 order by true_index, predicted_index")
        clips = [value for row in self.tables["confusion-2"][1:] for value in numbers(row)]
        self.assertEqual(clips, [pair["clips"] for pair in pairs])

    def test_mistakes_are_those_of_the_database(self):
        query = "select clip, true_class, predicted_class, predicted_probability as p from misclassified where sweep_id = 2"
        expected = {(row["clip"], row["true_class"], row["predicted_class"], row["p"]) for row in rows(self.database, query)}
        shown = self.tables.get("mistakes", [])[1:]
        self.assertEqual({(row[1][0], row[2][0], row[3][0], float(row[5][1])) for row in shown}, expected)

    def test_a_hostile_name_is_text(self):
        self.assertIn("&lt;b&gt;grid&lt;/b&gt; &amp; &quot;quotes&quot;", self.page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
