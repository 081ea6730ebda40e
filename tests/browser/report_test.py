"""A report in a browser: nothing is fetched, nothing complains, everything works and can be read; and its numbers are those of
the database. Standard library, Chromium, and the packages of package.json."""

import json
import os
import shutil
import unittest

from pages import CHROMIUM, PageTest, look, numbers, tables_of
from two_studies import made
from programs import rows


@unittest.skipUnless(CHROMIUM, "chromium is not installed (deploy/install-packages --tests)")
class ReportTest(PageTest, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = made().database
        cls.page = made().folder / "report.html"
        made().report(cls.page, '<b>grid</b> & "quotes"')
        cls.tables = tables_of(cls.page)
        cls.seen = look(cls.page)

    def test_charts_live_with_scripts_and_are_there_without(self):
        self.assertGreater(self.seen["live"], 4)
        self.assertGreater(self.seen["drawn"], 4)

    def test_a_table_sorts_by_its_heading(self):
        self.assertEqual(self.seen["sorted"], ["8", "7", "6", "5", "4", "3", "2", "1"])

    def test_a_table_of_fifteen_columns_is_among_those_that_fit_on_paper(self):
        self.assertEqual(len(self.tables["cells-1"][0]), 15)

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

    def test_the_time_of_the_trials_is_the_databases(self):
        stages = rows(
            self.database,
            "select sweep_id, stage, sum(seconds) as seconds, sum(made) as made, sum(found) as found from"
            " (select sweep_id, stage, max(seconds) as seconds, max(made) as made, max(found) as found"
            "  from stage_times where sweep_id <= 2 group by sweep_id, group_id, stage) group by sweep_id, stage",
        )
        expected = {(s["sweep_id"], s["stage"]): (s["seconds"], s["made"], s["found"]) for s in stages}
        self.assertLessEqual({(1, stage) for stage in ("spectrograms", "bottlenecks", "training")}, set(expected))
        shown = {}
        for sweep, _, stage, seconds, share, made, found in self.tables["timing-stages"][1:]:
            shown[(int(sweep[1]), stage[0])] = (float(seconds[1]), int(made[1]), int(found[1]))
            self.assertGreaterEqual(float(share[1]), 0)
        self.assertEqual(set(shown), set(expected))
        for key, (seconds, made, found) in expected.items():
            self.assertAlmostEqual(shown[key][0], seconds, places=9)
            self.assertEqual(shown[key][1:], (made, found))

    def test_what_the_caches_saved_is_what_was_found_at_the_time_of_what_was_made(self):
        for _, made, each, found, saved in self.tables["timing-caches"][1:]:
            if int(made[1]) > 0:
                self.assertAlmostEqual(float(saved[1]), float(each[1]) * int(found[1]), places=9)
            else:
                self.assertIsNone(saved[1])
        self.assertIn("bottlenecks", [row[0][0] for row in self.tables["timing-caches"][1:]])

    def test_mistakes_are_those_of_the_database(self):
        query = "select clip, true_class, predicted_class, predicted_probability as p from misclassified where sweep_id = 2"
        expected = {(row["clip"], row["true_class"], row["predicted_class"], row["p"]) for row in rows(self.database, query)}
        shown = self.tables.get("mistakes", [])[1:]
        self.assertEqual({(row[1][0], row[2][0], row[3][0], float(row[5][1])) for row in shown}, expected)


class WithoutTheDataTest(unittest.TestCase):
    """The database file and the artifact folder alone, neither where the coordinator had them."""

    @classmethod
    def setUpClass(cls):
        page = made().folder / "with-data.html"
        made().report(page, "2")
        cls.expected = tables_of(page)
        query = "select distinct clip from misclassified where sweep_id = 2 and split = 'test'"
        cls.mistakes = len(rows(made().database, query))

    def setUp(self):
        if self.mistakes == 0:
            self.skipTest("nothing was misclassified")
        away = made().folder / "away"
        made().artifacts.rename(away)
        self.addCleanup(away.rename, made().artifacts)
        self.moved = made().folder / "moved"
        self.moved.mkdir()
        self.addCleanup(shutil.rmtree, self.moved)
        shutil.copy(made().database, self.moved / "results.db")
        shutil.copytree(away, self.moved / "results.db.artifacts")
        checkpoint = rows(made().database, "select checkpoint from best_run where sweep_id = 2")[0]["checkpoint"]
        below = os.path.relpath(checkpoint, made().artifacts).replace(".safetensors", ".misclassified.tar")
        self.archive = self.moved / "results.db.artifacts" / below

    def written(self, *more):
        """The page that is made of them; its tables are whole whatever else."""
        page = self.moved / "report.html"
        made().report(page, "2", "--data", "/no/such/folder", *more, database=self.moved / "results.db")
        for key, table in self.expected.items():
            if key != "ingredients":  # the moment of making
                self.assertEqual(tables_of(page)[key], table)
        return page.read_text(encoding="utf-8")

    def test_mistakes_come_out_of_the_archive_with_pictures_and_sounds(self):
        page = self.written()
        self.assertIn("kept of its mistakes beside its model, " + str(self.archive), page)
        self.assertIn("the data set&#39;s folder /no/such/folder is not on this machine", page)
        self.assertEqual(page.count("<audio"), self.mistakes)
        self.assertEqual(page.count('aria-label="Spectrogram of'), self.mistakes)

    def test_a_damaged_picture_is_said_and_not_shown(self):
        content = bytearray(self.archive.read_bytes())
        content[content.index(b"IDAT") + 100] ^= 1
        self.archive.write_bytes(content)
        page = self.written()
        self.assertIn("s-1.png is not what its SHA-256 says", page)
        self.assertEqual(page.count('aria-label="Spectrogram of'), self.mistakes - 1)

    def test_an_archive_that_is_cut_off_is_said(self):
        os.truncate(self.archive, self.archive.stat().st_size // 2)
        page = self.written()
        self.assertIn("is damaged, or no tar archive", page)
        self.assertNotIn("<audio", page)

    def test_an_archive_that_is_not_there_is_said(self):
        self.archive.unlink()
        page = self.written()
        self.assertIn("there is no ", page)
        self.assertIn("--artifacts DIR names the artifact folder", page)

    def test_the_artifact_folder_may_be_elsewhere(self):
        other = self.moved / "other"
        (self.moved / "results.db.artifacts").rename(other)
        self.assertEqual(self.written("--artifacts", other).count("<audio"), self.mistakes)


if __name__ == "__main__":
    unittest.main()
