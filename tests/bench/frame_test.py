"""The frame of the benchmarks: who is measured how, and what is made of it."""

import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from frame import benchmark, measure, table  # noqa: E402
from frame.benchmark import BenchmarkError, Contest, Program  # noqa: E402


def python(text, **options):
    return Program("a program", (sys.executable, "-c", text), **options)


def says(seconds):
    return python(f'print(\'{{"seconds": {seconds}, "figures": {{"clips": 3}}}}\')')


def contest(ours, peer, cores=1):
    return Contest(name="a contest", ours=ours, peer=peer, cores=cores, floor=2, goal=4)


class MeasureTest(unittest.TestCase):
    def test_the_last_line_of_a_program_says_what_counts(self):
        run = measure.run_program(python('print("talk"); print(\'{"seconds": 0.25, "figures": {"clips": 3}}\')'), cores=1, timeout_s=60)
        self.assertEqual(run.seconds, 0.25)
        self.assertEqual(run.figures, {"clips": 3})

    def test_without_it_the_whole_run_counts(self):
        run = measure.run_program(python("print(1)"), cores=1, timeout_s=60)
        self.assertGreater(run.seconds, 0)
        self.assertEqual(run.figures, {})

    def test_a_program_sees_as_many_processors_and_threads_as_the_contest_has(self):
        text = 'import os, json; print(json.dumps({"figures": {"seen": len(os.sched_getaffinity(0)), "told": os.environ["OMP_NUM_THREADS"]}}))'
        self.assertEqual(measure.run_program(python(text), cores=1, timeout_s=60).figures, {"seen": 1, "told": "1"})

    def test_memory_is_that_of_the_program_and_its_children(self):
        child = "x = bytearray(200 << 20); import time; time.sleep(0.5)"
        text = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
        self.assertGreater(measure.run_program(python(text), cores=0, timeout_s=60).peak_mib, 200)

    def test_a_failure_is_told_in_the_programs_own_words(self):
        with self.assertRaisesRegex(BenchmarkError, "no such clip"):
            measure.run_program(python("import sys; sys.exit('no such clip')"), cores=1, timeout_s=60)

    def test_what_does_not_end_is_ended(self):
        with self.assertRaisesRegex(BenchmarkError, "longer than"):
            measure.run_program(python("import time; time.sleep(600)"), cores=1, timeout_s=0.2)

    def test_medians_make_the_ratio_and_the_ratio_the_verdict(self):
        for peer, verdict in ((1.5, "below the floor"), (3.0, "floor"), (4.0, "goal")):
            result = measure.run_contest(contest(says(1.0), says(peer)), rounds=1)
            self.assertEqual((result.ratio, result.verdict), (peer, verdict))

    def test_each_side_begins_every_other_round(self):
        with tempfile.TemporaryDirectory() as folder:
            order = pathlib.Path(folder) / "order"
            ours, peer = (python(f"open({str(order)!r}, 'a').write('{side}')") for side in "op")
            measure.run_contest(contest(ours, peer), rounds=3)
            self.assertEqual(order.read_text(encoding="utf-8"), "oppoop")


def document(name="heads", **ours):
    side = {"label": "a tool", "median_s": 10.0, "seconds": [10.0, 10.0], "peak_mib": 2000.0, "figures": {}}
    return {
        "benchmark": name,
        "work": "nine trials",
        "measured_at": "2026-01-02T03:04:05+00:00",
        "commit": "abc",
        "machine": {"load_at_start": 0.1, "limits": {"f32_gflops_one_thread": 100.0, "f32_gflops_all_threads": 200.0}},
        "contests": [{"cores": 0, "floor": 2, "goal": 4, "ratio": 5.0, "ours": {**side, "median_s": 2.0, **ours}, "peer": side}],
    }


class TableTest(unittest.TestCase):
    def table_of(self, *documents):
        with tempfile.TemporaryDirectory() as folder:
            for one in documents:
                (pathlib.Path(folder) / f"{one['benchmark']}.json").write_text(json.dumps(one), encoding="utf-8")
            return table.markdown(pathlib.Path(folder))

    def test_a_row_says_both_sides_the_ratio_and_what_was_to_be_reached(self):
        self.assertIn("| heads | a tool | 2 s | 10 s | **5x** | 2x / 4x | 2,000 / 2,000 MiB |  |", self.table_of(document()))

    def test_the_distance_to_the_machines_limit_is_that_of_the_processors_used(self):
        self.assertIn("150 of 200 GFLOP/s: 75 %", self.table_of(document(figures={"gflops": 150.0})))
        one_core = document(figures={"f64_gflops": 20.0})
        one_core["contests"][0]["cores"] = 1
        self.assertIn("20 of 50 GFLOP/s in double precision: 40 %", self.table_of(one_core))

    def test_rows_stand_in_the_order_in_which_the_benchmarks_run(self):
        text = self.table_of(document("study"), document("files"))
        self.assertLess(text.index("| files |"), text.index("| study |"))

    def test_times_have_three_digits_and_a_unit_that_suits(self):
        shown = [table.seconds(value) for value in (123.4, 1.448, 0.0982, 0.000365)]
        self.assertEqual(shown, ["123 s", "1.45 s", "98.2 ms", "365 us"])


class BenchmarksTest(unittest.TestCase):
    def test_each_says_what_it_needs(self):
        found = benchmark.find_all()
        self.assertEqual(list(found), list(benchmark.ORDER))
        for name, module in found.items():
            self.assertEqual(module.NAME, name)
            self.assertTrue(module.WORK and module.TARGETS and callable(module.contests))


if __name__ == "__main__":
    unittest.main()
