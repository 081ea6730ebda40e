"""The files of deploy/observability by themselves: what Prometheus' own tool says of them."""

import json
import pathlib
import re
import shutil
import tempfile
import unittest

from programs import ROOT
from promtool import promtool
from scrape import expressions_of_rules, names_in

FOLDER = ROOT / "deploy" / "observability"


class AlertsTest(unittest.TestCase):
    def test_the_rules_are_rules(self):
        self.assertIn("13 rules found", promtool("check", "rules", "alerts.yml", cwd=FOLDER))

    def test_the_scrape_file_is_one(self):
        self.assertIn("is valid", promtool("check", "config", "prometheus.yml", cwd=FOLDER))

    def test_every_alert_is_raised_by_what_it_is_for_and_by_nothing_else(self):
        self.assertIn("SUCCESS", promtool("test", "rules", "alerts_test.yml", cwd=FOLDER))

    def test_every_alert_is_tried(self):
        alerts = re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text())
        tests = (FOLDER / "alerts_test.yml").read_text()
        raised = set(re.findall(r"alertname: (\w+)\n +exp_alerts:\n +-", tests))
        silent = set(re.findall(r"alertname: (\w+), exp_alerts: \[\]", tests))
        self.assertEqual(set(alerts) - raised, set(), "never raised in alerts_test.yml")
        self.assertEqual(set(alerts) - silent, set(), "never silent in alerts_test.yml")

    def test_a_rule_that_never_fires_is_found_out(self):
        with tempfile.TemporaryDirectory() as shelf:
            folder = pathlib.Path(shelf)
            shutil.copy(FOLDER / "alerts_test.yml", folder)
            rules = (FOLDER / "alerts.yml").read_text()
            (folder / "alerts.yml").write_text(rules.replace("melsweep_store_writable == 0", "melsweep_store_writable == 2"))
            promtool("check", "rules", "alerts.yml", cwd=folder)
            with self.assertRaisesRegex(AssertionError, "MelsweepStoreNotWritable"):
                promtool("test", "rules", "alerts_test.yml", cwd=folder)

    def test_the_page_names_every_alert(self):
        page = (ROOT / "docs" / "observability.md").read_text()
        alerts = re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text())
        self.assertEqual(re.findall(r"^\| `(Melsweep\w+)` \|", page, re.MULTILINE), alerts)


class QueriesTest(unittest.TestCase):
    """The reader of queries, on which other tests rely."""

    def test_metrics_are_told_from_functions_labels_and_words(self):
        query = 'sum by (le, code) (rate(melsweep_a_bucket{code!="OK",x=~"y|z"}[5m])) > 0.1 * sum without (w) (b_total) and up'
        self.assertEqual(names_in(query), {"melsweep_a_bucket", "b_total", "up"})

    def test_rules_may_be_folded(self):
        text = "- alert: A\n  expr: one == 0\n- alert: B\n  expr: >-\n    two\n    > three\n  for: 1m\n"
        self.assertEqual(expressions_of_rules(text), ["one == 0", "two > three"])


class DashboardTest(unittest.TestCase):
    dashboard = json.loads((FOLDER / "dashboard.json").read_text())

    def test_every_panel_asks_something_of_the_data_source_that_is_chosen(self):
        panels = [panel for panel in self.dashboard["panels"] if panel["type"] != "row"]
        self.assertGreater(len(panels), 20)
        for panel in panels:
            self.assertEqual(panel["datasource"]["uid"], "${datasource}", panel["title"])
            self.assertTrue(panel["targets"], panel["title"])
            for target in panel["targets"]:
                self.assertTrue(names_in(target["expr"]), target["expr"])

    def test_panels_have_places_of_their_own(self):
        ids = [panel["id"] for panel in self.dashboard["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        taken = set()
        for panel in self.dashboard["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertLessEqual(place["x"] + place["w"], 24)
            self.assertFalse(taken & cells, panel["title"])
            taken |= cells

    def test_prometheus_understands_every_query(self):
        queries = [target["expr"] for panel in self.dashboard["panels"] for target in panel.get("targets", [])]
        rules = [
            f"      - record: query:number{number}\n        expr: {json.dumps(query.replace('$__rate_interval', '5m'))}"
            for number, query in enumerate(queries)
        ]
        with tempfile.TemporaryDirectory() as shelf:
            file = pathlib.Path(shelf) / "queries.yml"
            file.write_text("groups:\n  - name: dashboard\n    rules:\n" + "\n".join(rules) + "\n")
            self.assertIn(f"{len(queries)} rules found", promtool("check", "rules", str(file)))


if __name__ == "__main__":
    unittest.main()
