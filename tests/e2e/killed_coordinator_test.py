"""The coordinator is killed before, within and after writes, syncs and truncations of its database, by a seed. Whatever it had
acknowledged is there afterwards, once. tests/run --soak: 200 such deaths, and one at every change that makes a new database."""

import collections
import dataclasses
import math
import os
import random
import re
import signal
import sqlite3
import unittest

from preloads import build_preload, needs_c_compiler
from programs import Cluster, Daemon, melsweep, rows, wait_until
from staged import StagedTest

SOAK = os.environ.get("MELSWEEP_SOAK") == "1"

STAGES = ("before", "within", "after")
WORKERS = 4
TRIALS = 150
DEATHS = 200 if SOAK else 16

# Nothing is lost by time: what runs again does so because the coordinator forgot it.
LONG_LEASE_MS = 3_600_000


@dataclasses.dataclass(frozen=True)
class Death:
    """At the count-th change of these files (a suffix of the database's path; '*': all that begin with it)."""

    files: str
    count: int
    stage: str

    def environment(self, library, database):
        return {
            "LD_PRELOAD": library,
            "KILL_AT_FILES": f"{database}{self.files}",
            "KILL_AT_COUNT": str(self.count),
            "KILL_AT_STAGE": self.stage,
        }


def draw_death(generator):
    """Most within the commits, which go to the log; some while the log is folded into the database; some at the start."""
    files, largest = generator.choices([("-wal", 600), ("", 40), ("*", 30)], weights=[6, 3, 1])[0]
    count = round(math.exp(generator.uniform(0, math.log(largest))))
    return Death(files, count, generator.choice(STAGES))


class Submissions:
    """Sweeps given to a coordinator that may be dead or die meanwhile."""

    def __init__(self, test, cluster):
        self.test = test
        self.cluster = cluster
        self.daemons = []

    def keep_enough_work(self):
        """Another sweep where few trials are open and none is being submitted."""
        if self.daemons and self.daemons[-1].running():
            return
        try:
            open_trials = rows(self.cluster.database, "select count(*) as n from trials where state in ('pending', 'running')")
        except sqlite3.OperationalError:
            return  # its owner has just died: the next one recovers it
        if open_trials[0]["n"] < TRIALS // 3:
            name = f"sweep-{len(self.daemons)}"
            arguments = ["submit", self.test.sweep_file(TRIALS, name=name), "--fresh", "--coordinator", self.cluster.address]
            self.daemons.append(Daemon("melsweep", arguments, self.test.folder / f"{name}.log"))

    def acknowledged(self):
        """The numbers of the sweeps, as the client was told them."""
        outcomes = [(daemon.process.wait(60), daemon.log.read_text()) for daemon in self.daemons]
        # A client that meets nobody at first gives up before it has asked for anything.
        failures = [output for code, output in outcomes if code != 0 and "no coordinator answers" not in output]
        self.test.assertEqual(failures, [])
        return [int(output.splitlines()[-1]) for code, output in outcomes if code == 0]


def acknowledged_results(log):
    """(trial, attempt) of every result that the coordinator confirmed to this worker: it asks for more work only then."""
    given_or_done = re.findall(r"(given|done:|no longer ours|takes no report).*?(?:trial (\d+), attempt (\d+))?$", log, re.MULTILINE)
    for (what, *attempt), (then, *_) in zip(given_or_done, given_or_done[1:]):
        if what == "done:" and then == "given" and attempt[0]:
            yield tuple(map(int, attempt))


@needs_c_compiler
class KilledCoordinatorTest(StagedTest):
    def setUp(self):
        super().setUp()
        self.library = build_preload("kill_at_write", self.folder)

    def start(self, cluster, death):
        """True once it serves, False where it died before."""
        try:
            cluster.start_coordinator(cluster.address, death.environment(self.library, cluster.database))
            return True
        except AssertionError:
            self.assertEqual(cluster.coordinator.process.wait(), -9, cluster.coordinator.tail())
            return False

    def test_what_was_acknowledged_before_it_was_killed_is_there_once(self):
        generator = random.Random(1)
        died_at = collections.Counter()
        with self.cluster(lease_ttl_ms=LONG_LEASE_MS) as cluster:
            workers = [self.start_worker(cluster, f"worker-{number}") for number in range(WORKERS)]
            submissions = Submissions(self, cluster)
            submissions.keep_enough_work()
            cluster.coordinator.stop()
            for _ in range(DEATHS):
                death = draw_death(generator)
                died_at[death.files, death.stage] += 1
                if self.start(cluster, death):
                    wait_until(lambda: submissions.keep_enough_work() or not cluster.coordinator.running(), f"{death}")
                    self.assertEqual(cluster.coordinator.process.wait(), -9, cluster.coordinator.tail())
            cluster.start_coordinator(cluster.address)
            acknowledged = submissions.acknowledged()
            for sweep in acknowledged:
                self.watch(cluster, sweep)
            self.check(cluster, workers, acknowledged)
        places = ", ".join(f"{stage} {files or 'database'}: {times}" for (files, stage), times in sorted(died_at.items()))
        print(f"{DEATHS} deaths, {len(acknowledged) * TRIALS} trials ({places})")

    def check(self, cluster, workers, acknowledged_sweeps):
        sweeps = [row["id"] for row in rows(cluster.database, "select id from sweeps order by id")]
        self.assertEqual(sorted(acknowledged_sweeps), sweeps)
        finished = {tuple(row.values()) for row in rows(cluster.database, "select trial_id, epoch from attempts where state = 'finished'")}
        self.assertEqual(len(finished), len(sweeps) * TRIALS)
        acknowledged = [result for worker in workers for result in acknowledged_results(worker.log.read_text())]
        self.assertEqual(len(set(acknowledged)), len(acknowledged), "a result was confirmed twice")
        self.assertEqual(set(acknowledged) - finished, set(), "confirmed and lost")
        # All but the last of each worker, and those whose confirmation died with the coordinator.
        self.assertGreaterEqual(len(acknowledged), len(finished) - WORKERS * (1 + DEATHS))
        started = collections.Counter((line["sweep"], line["trial"]) for line in self.stage.journal("started"))
        self.assertEqual({trial: times for trial, times in started.items() if times > 1}, {}, "trials that ran again")
        self.assert_recorded_once(cluster.database)

    def test_a_database_whose_making_was_cut_short_is_made_by_the_next_start(self):
        generator = random.Random(2)
        # Far fewer than a hundred changes make a database: the walk over all ends at a start that survives.
        counts = range(1, 1000) if SOAK else sorted(generator.sample(range(1, 60), 6))
        died = 0
        for count in counts:
            outcomes = [self.makes_a_database_after(Death("*", count, stage)) for stage in STAGES]
            died += sum(outcomes)
            if not any(outcomes):
                break
        self.assertGreater(died, 6)
        print(f"{died} deaths while a database was made")

    def makes_a_database_after(self, death):
        """Whether a first start dies so; the next one serves a whole database in any case."""
        folder = self.folder / f"new-{death.count}-{death.stage}"
        folder.mkdir()
        cluster = Cluster(folder)
        cluster.address = "127.0.0.1:0"
        try:
            serves = self.start(cluster, death)
            cluster.coordinator.stop(signal.SIGKILL)
            cluster.start_coordinator("127.0.0.1:0")
            melsweep("submit", self.sweep_file(1), "--coordinator", cluster.address)
            melsweep("db", "check", "--db", cluster.database)
        finally:
            cluster.__exit__()
        return not serves


if __name__ == "__main__":
    unittest.main()
