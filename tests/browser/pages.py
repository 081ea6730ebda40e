"""Reports as pages: what is in their tables, and what Chromium finds when it opens them."""

import html.parser
import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = shutil.which("chromium")


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


def tables_of(page):
    parser = Tables()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.tables


def look(page):
    """What look.mjs says of the page."""
    packages = ROOT / "build" / "browser"
    packages.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "look.mjs"):
        shutil.copy(HERE / name, packages / name)
    authorities = "/etc/ssl/certs/ca-certificates.crt"
    environment = {"NODE_EXTRA_CA_CERTS": authorities, **os.environ, "CHROMIUM": CHROMIUM}
    if not (packages / "node_modules" / "axe-core").exists():
        fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(fetch, cwd=packages, check=True, env=environment, timeout=300)
    command = ["node", "look.mjs", str(page)]
    if folder := os.environ.get("MELSWEEP_SCREENSHOTS"):
        shots = pathlib.Path(folder) / page.stem
        shots.mkdir(parents=True, exist_ok=True)
        command.append(str(shots))
    run = subprocess.run(command, cwd=packages, capture_output=True, text=True, env=environment, timeout=600)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return json.loads(run.stdout)


class PageTest:
    """What holds for every page; a test case that inherits it has `seen`, what look() said of its page."""

    def test_nothing_complains_and_nothing_is_fetched(self):
        self.assertEqual(self.seen["console"], [])
        self.assertEqual(self.seen["requests"], [])

    def test_axe_finds_nothing(self):
        self.assertEqual(self.seen["axe"], [])

    def test_it_fits_windows_of_every_width(self):
        self.assertEqual(self.seen["wide"], [])

    def test_its_tables_fit_on_paper(self):
        self.assertEqual(self.seen["paper"], [])

    def test_sounds_play(self):
        if not self.seen["sounds"]:
            self.skipTest("the trainer of this build makes no sounds, or nothing was misclassified")
        self.assertTrue(all(length > 0 for length in self.seen["sounds"]), self.seen["sounds"])

    def test_a_hostile_name_is_text(self):
        self.assertIn("&lt;b&gt;grid&lt;/b&gt; &amp; &quot;quotes&quot;", self.page.read_text(encoding="utf-8"))
