"""Real sound and real weights: the study's finding that the larger learning rate wins, on ESC-10's official folds."""

import pathlib
import tempfile
import unittest

from programs import ESC10, ROOT, WEIGHTS, as_json, melsweep


@unittest.skipUnless(ESC10.is_dir(), "ESC-10 is not beside this repository")
@unittest.skipUnless(WEIGHTS, "no pretrained weights (MELSWEEP_TEST_WEIGHTS)")
class Esc10Test(unittest.TestCase):
    def test_learning_rate_0_05_beats_0_005_as_in_the_study(self):
        with tempfile.TemporaryDirectory(prefix="melsweep-esc10-") as shelf:
            folder = pathlib.Path(shelf)
            settings = (f"dataset.path={ESC10}", f"model.weights={WEIGHTS}", "parameters.batch_size=[50]")
            overrides = [word for setting in settings for word in ("--set", setting)]
            sweep = ROOT / "sweeps" / "esc10-lr-batch-grid.yaml"
            melsweep("run", sweep, *overrides, "--db", folder / "results.db", "--data-dir", folder / "worker")
            board = as_json("leaderboard", "--db", folder / "results.db")
        accuracy = {row["learning_rate"]: row["validation_accuracy"] for row in board}
        self.assertEqual(set(accuracy), {0.005, 0.01, 0.05})
        self.assertGreaterEqual(accuracy[0.05], 0.87)
        self.assertGreaterEqual(accuracy[0.05], accuracy[0.005] + 0.10)


if __name__ == "__main__":
    unittest.main()
