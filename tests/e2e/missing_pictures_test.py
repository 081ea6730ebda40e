"""A trainer that names an archive of misclassified clips which is not there."""

import unittest

from programs import melsweep, rows
from staged import StagedTest


class MissingPicturesTest(StagedTest):
    def test_the_result_counts_without_them_and_says_why(self):
        self.stage.direct(promises_pictures=True)
        with self.cluster() as cluster:
            self.start_worker(cluster, "one")
            self.submit(cluster, self.sweep_file(trials=2))
            self.watch(cluster)
        self.assert_recorded_once(cluster.database)
        best = rows(cluster.database, "select warnings, trials_finished from best_run")[0]
        self.assertEqual(best["trials_finished"], 2)
        for trial in (1, 2):
            self.assertRegex(best["warnings"], rf"trial {trial}: the archive of its misclassified clips could not be stored \(.*never-written.tar")
        self.assertIn("could not be stored", melsweep("best", "--db", cluster.database).stderr)


if __name__ == "__main__":
    unittest.main()
