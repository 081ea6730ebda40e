"""An agent that is suspended (a laptop's lid, a paused machine) for longer than its lease."""

import signal
import unittest

from programs import wait_until
from staged import StagedTest, record


class SuspendedAgentTest(StagedTest):
    def test_its_late_attempt_is_refused_and_writes_nothing(self):
        self.stage.hold("sleeper")
        with self.cluster(lease_ttl_ms=2000, lease_grace_ms=1000) as cluster:
            sleeper = self.start_worker(cluster, "sleeper")
            self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            sleeper.process.send_signal(signal.SIGSTOP)
            survivor = self.start_worker(cluster, "survivor")
            self.watch(cluster)
            self.assertEqual(self.attempts(cluster), {"lost": 1, "finished": 1})
            before = record(cluster.database)

            # Its trainer has not slept: the result is there when the agent wakes.
            self.stage.let_go("sleeper")
            wait_until(lambda: len(self.stage.journal("finished")) == 2, "the sleeper's result")
            sleeper.process.send_signal(signal.SIGCONT)
            wait_until(lambda: "no longer ours" in sleeper.log.read_text(), "the refusal")
            self.assertEqual(record(cluster.database), before)

            self.assertEqual(survivor.stop(), 0)
            self.submit(cluster, self.sweep_file(trials=1, name="next"))
            self.watch(cluster)
            self.assertEqual(self.stage.journal("finished")[-1]["worker"], "sleeper")
            self.assert_recorded_once(cluster.database)


if __name__ == "__main__":
    unittest.main()
