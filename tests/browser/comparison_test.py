"""Two studies side by side in a browser, and as Markdown; the numbers are those of the database."""

import re
import subprocess
import unittest

from pages import CHROMIUM, PageTest, look, numbers, tables_of
from two_studies import made
from programs import BIN, rows

GRID = '<b>grid</b> & "quotes"'


def misclassified(sweep):
    return {row["clip"] for row in rows(made().database, f"select clip from misclassified where sweep_id = {sweep} and split = 'test'")}


@unittest.skipUnless(CHROMIUM, "chromium is not installed (deploy/install-packages --tests)")
class ComparisonTest(PageTest, unittest.TestCase):
    """The final trainings of both, which were evaluated on the same test clips."""

    @classmethod
    def setUpClass(cls):
        cls.page = made().folder / "comparison.html"
        made().report(cls.page, "--compare", GRID, "hertz")
        cls.tables = tables_of(cls.page)
        cls.seen = look(cls.page)
        cls.text = cls.page.read_text(encoding="utf-8")

    def test_charts_live_with_scripts_and_are_there_without(self):
        self.assertGreaterEqual(self.seen["live"], 2)
        self.assertGreaterEqual(self.seen["drawn"], 2)

    def test_a_table_sorts_by_its_heading(self):
        self.assertEqual(self.seen["sorted"], ["B", "A"])

    def test_it_opens_with_what_was_found(self):
        finding = re.search(r'<p class="finding">(.*?)</p>', self.text).group(1)
        accuracy = {row[0][0]: row for row in self.tables["same-clips"][1:]}["accuracy"]
        for cell in accuracy[1:3]:
            self.assertIn(cell[0], finding)
        self.assertRegex(finding, "is better than|cannot be told apart")

    def test_accuracies_and_counts_are_those_of_the_database(self):
        same = {row[0][0]: numbers(row) for row in self.tables["same-clips"][1:]}
        objectives = [row["objective"] for row in rows(made().database, "select objective from best_run where sweep_id in (2, 4) order by sweep_id")]
        for shown, objective in zip(same["accuracy"], objectives):
            self.assertAlmostEqual(shown, objective, places=6)
        self.assertAlmostEqual(same["accuracy"][2], objectives[1] - objectives[0], places=6)
        of_a, of_b = misclassified(2), misclassified(4)
        self.assertEqual(same["clips that it alone is right about"], [len(of_b - of_a), len(of_a - of_b)])
        self.assertEqual(same["clips that neither is right about"], [len(of_a & of_b)] * 2)

    def test_each_list_has_the_clips_that_it_alone_is_right_about(self):
        of_a, of_b = misclassified(2), misclassified(4)
        for key, expected in (("only-A", of_b - of_a), ("only-B", of_a - of_b)):
            self.assertEqual({row[0][0] for row in self.tables.get(key, [])[1:]}, expected)

    def test_each_clip_has_a_picture_as_each_has_it_and_a_sound(self):
        contrasted = len(misclassified(2) ^ misclassified(4))
        self.assertEqual(self.text.count("<audio"), contrasted)
        self.assertEqual(self.text.count('aria-label="Spectrogram of'), 2 * contrasted)

    def test_classes_are_those_of_the_database(self):
        def of(sweep):
            query = f"select * from class_metrics where sweep_id = {sweep} and split = 'test' order by class_index"
            return rows(made().database, query)

        shown = self.tables["class-contrasts"][1:]
        self.assertEqual(len(shown), len(of(2)))
        for row, a, b in zip(shown, of(2), of(4)):
            f1_a, f1_b, gain, *rest = numbers(row)
            self.assertEqual((f1_a, f1_b), (a["f1"], b["f1"]))
            self.assertAlmostEqual(gain, b["f1"] - a["f1"], places=6)
            self.assertEqual(rest, [side[what] for what in ("precision", "recall", "support") for side in (a, b)])

    def test_what_differs_is_named(self):
        differences = {row[0][0]: (row[1][0], row[2][0]) for row in self.tables["differences"][1:]}
        self.assertEqual(differences["features.representation"], ("mel", "hertz"))
        self.assertEqual(differences["training.steps"], ("40", "30"))
        self.assertNotIn("data (SHA-256)", differences)

    def test_curves_are_those_of_the_database(self):
        header, *shown = self.tables["overlay-accuracy"]
        for column, (name, _) in enumerate(header[1:], start=1):
            sweep = 2 if name.startswith("A") else 4
            metric = "train/accuracy" if name.endswith("training") else "validation/accuracy"
            points = rows(
                made().database,
                f"select step, value from trial_metrics where sweep_id = {sweep} and metric = '{metric}' order by step",
            )
            values = [(float(row[0][1]), float(row[column][1])) for row in shown if row[column][1] is not None]
            self.assertEqual(values, [(point["step"], point["value"]) for point in points])


class ComparedAsTextTest(unittest.TestCase):
    def test_markdown_has_the_same_tables_with_pictures_beside_it(self):
        file = made().folder / "comparison.md"
        made().report(file, "--compare", "1", "3")
        text = file.read_text(encoding="utf-8")
        self.assertIn("## Which is better", text)
        for picture in re.findall(r"\]\((comparison_files/[^)]*)\)", text):
            self.assertTrue((made().folder / picture).is_file(), picture)

    def refused(self, *words):
        run = subprocess.run(
            [BIN / "melsweep", "report", *words, "--db", made().database, "-o", made().folder / "refused.html"], capture_output=True, text=True
        )
        self.assertNotEqual(run.returncode, 0)
        self.assertFalse((made().folder / "refused.html").exists())
        return run.stderr

    def test_a_sweep_is_not_compared_with_itself(self):
        self.assertIn("come down to the same sweep 3", self.refused("--compare", "3", "3"))

    def test_two_are_wanted(self):
        self.assertIn("--compare", self.refused("--compare", "3"))
        self.assertIn("SWEEP", self.refused("1", "--compare", "1", "3"))

    def test_what_is_not_there_is_named(self):
        self.assertIn("there is no sweep 'mel'", self.refused("--compare", "mel", "hertz"))


if __name__ == "__main__":
    unittest.main()
