"""Workers and the coordinator that cannot hear each other, for a while, in both directions or in one. Messages doubled or reordered
are the simulation's: TCP does neither."""

import time
import unittest

from network_proxy import Network, Way
from programs import rows, wait_until
from staged import StagedTest, record

LONG_LEASE_MS = 3_600_000


class PartitionTest(StagedTest):
    def setUp(self):
        super().setUp()
        network = Network()
        network.__enter__()
        self.addCleanup(network.__exit__)
        self.network = network

    def start_behind_proxy(self, cluster, name):
        """A worker and the proxy that is its only way to the coordinator."""
        proxy = self.network.proxy(cluster.address)
        return self.start_worker(cluster, name, coordinator=proxy.address), proxy

    def test_one_shorter_than_the_grace_runs_nothing_twice(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=15_000, lease_grace_ms=20_000) as cluster:
            workers, proxies = zip(*(self.start_behind_proxy(cluster, name) for name in ("cut", "silent", "deaf")))
            self.submit(cluster, self.sweep_file(trials=3))
            self.wait_for_held(cluster, 3)
            began = time.monotonic()
            proxies[0].cut()
            proxies[1].hold_back()
            proxies[2].hold_back(Way.TO_WORKER)
            wait_until(lambda: all("cannot reach" in worker.log.read_text() for worker in workers), "the partition to be felt")
            for proxy in proxies:
                proxy.heal()
            print(f"three workers were cut off for {time.monotonic() - began:.1f} s of a grace of 20 s")
            self.stage.let_go()
            self.watch(cluster)
            self.assertEqual(self.attempts(cluster), {"finished": 3})
            self.assertEqual(len(self.stage.journal("started")), 3)
            self.assert_recorded_once(cluster.database)

    def test_in_a_longer_one_the_trainer_ends_before_another_begins(self):
        cut_off = ("cut", "mute", "deaf")
        for name in cut_off:
            self.stage.hold(name)
        with self.cluster(lease_ttl_ms=2000, lease_grace_ms=2000) as cluster:
            workers, proxies = zip(*(self.start_behind_proxy(cluster, name) for name in cut_off))
            self.submit(cluster, self.sweep_file(trials=3))
            self.wait_for_held(cluster, 3)
            proxies[0].cut()
            proxies[1].hold_back(Way.TO_COORDINATOR)
            proxies[2].hold_back(Way.TO_WORKER)
            self.start_worker(cluster, "other")
            self.watch(cluster)
            self.assert_one_trainer_a_trial()
            # The one that is not heard is given up; the one that hears nothing gives its trial back, and is heard.
            self.assertEqual(self.attempts(cluster), {"lost": 2, "released": 1, "finished": 3})
            before = record(cluster.database)
            for proxy in proxies:
                proxy.heal()
            wait_until(lambda: all("no longer ours" in worker.log.read_text() for worker in workers[:2]), "the refusals")
            self.assertEqual(record(cluster.database), before)
            self.assertTrue(all("no word from the coordinator" in worker.log.read_text() for worker in workers))
            self.assertEqual({line["worker"] for line in self.stage.journal("finished")}, {"other"})
            self.assert_recorded_once(cluster.database)

    def test_a_report_that_was_longer_on_its_way_than_its_lease_writes_nothing(self):
        self.stage.hold("slow")
        with self.cluster(lease_ttl_ms=2000, lease_grace_ms=1000) as cluster:
            worker, proxy = self.start_behind_proxy(cluster, "slow")
            self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            proxy.hold_back(Way.TO_COORDINATOR)
            self.stage.let_go("slow")
            wait_until(lambda: self.stage.journal("finished"), "the result that is reported")
            self.start_worker(cluster, "other")
            self.watch(cluster)
            before = record(cluster.database)
            proxy.heal()
            wait_until(lambda: "no longer ours" in worker.log.read_text(), "the refusal")
            self.assertEqual(record(cluster.database), before)
            self.assertEqual(self.attempts(cluster), {"lost": 1, "finished": 1})
            self.assert_recorded_once(cluster.database)

    def test_a_report_whose_answer_was_lost_is_made_again_and_counts_once(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LONG_LEASE_MS) as cluster:
            worker, proxy = self.start_behind_proxy(cluster, "deaf")
            self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            points = self.points(cluster)
            proxy.hold_back(Way.TO_WORKER)
            self.stage.let_go()
            wait_until(lambda: self.points(cluster) > points, "the report's arrival")
            proxy.cut()
            proxy.heal()
            self.watch(cluster)
            self.assertIn("cannot reach", worker.log.read_text())
            self.assertEqual(self.attempts(cluster), {"finished": 1})
            self.assert_recorded_once(cluster.database)

    def points(self, cluster):
        return rows(cluster.database, "select count(*) as n from metrics")[0]["n"]

    def test_delays_change_nothing(self):
        with self.cluster(lease_ttl_ms=LONG_LEASE_MS) as cluster:
            for number in range(4):
                _, proxy = self.start_behind_proxy(cluster, f"worker-{number}")
                proxy.delay(longest_s=0.15, seed=number)
            self.submit(cluster, self.sweep_file(trials=40))
            self.watch(cluster)
            self.assertEqual(self.attempts(cluster), {"finished": 40})
            self.assertEqual(len(self.stage.journal("started")), 40)
            self.assert_recorded_once(cluster.database)


if __name__ == "__main__":
    unittest.main()
