"""The coordinator is killed and started again while fifty trials run."""

import signal
import time
import unittest

from programs import melsweep, wait_until
from staged import StagedTest

WORKERS = 50
SERVES_AGAIN_WITHIN_S = 5
# Long enough that no worker gives up while the coordinator is away, on a busy machine too.
LEASE_TTL_MS = 15_000


def is_back(worker):
    """Whether the last that it says of its contact is that it has one again."""
    talk = worker.log.read_text()
    return talk.rfind("in contact with the coordinator") > talk.rfind("cannot reach the coordinator") > 0


class RestartedCoordinatorTest(StagedTest):
    def test_fifty_running_trials_go_on_in_their_trainers(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            workers = [self.start_worker(cluster, f"worker-{number}") for number in range(WORKERS)]
            self.submit(cluster, self.sweep_file(trials=WORKERS))
            self.wait_for_held(cluster, WORKERS)
            started = self.stage.journal("started")

            away_s = self.restart(cluster, until=lambda: True)
            print(f"serves again {away_s:.2f} s after SIGKILL with {WORKERS} trials running")
            self.assertLess(away_s, SERVES_AGAIN_WITHIN_S)
            self.restart(cluster, until=lambda: all("cannot reach" in worker.log.read_text() for worker in workers))
            wait_until(lambda: all(is_back(worker) for worker in workers), "the workers' return")
            self.assertEqual(self.attempts(cluster), {"running": WORKERS})
            self.stage.let_go()
            self.watch(cluster)
            self.assertEqual(self.attempts(cluster), {"finished": WORKERS})
            self.assert_recorded_once(cluster.database)
            self.assert_same_processes(started)

    def restart(self, cluster, until):
        """Kills the coordinator and starts another once `until` holds; returns the seconds without an answer."""
        killed = time.monotonic()
        cluster.coordinator.stop(signal.SIGKILL)
        wait_until(until, "the moment to start it again")
        cluster.start_coordinator(cluster.address)
        melsweep("workers", "--coordinator", cluster.address)
        return time.monotonic() - killed

    def assert_same_processes(self, started):
        """Each trial ended in the process that it began in."""
        places = [
            sorted((line["trial"], line["worker"], line["pid"]) for line in lines)
            for lines in (started, self.stage.journal("finished"))
        ]
        self.assertEqual(places[0], places[1])


if __name__ == "__main__":
    unittest.main()
