"""Twenty workers that are cut off and healed at random while a sweep runs. tests/run --soak: ten seeds."""

import collections
import os
import random
import time
import unittest

from network_proxy import Network, Way
from programs import Cluster, rows
from staged import StagedTest

SEEDS = range(1, 11) if os.environ.get("MELSWEEP_SOAK") == "1" else range(1, 2)
WORKERS = 20
TRIALS = 30
# A trial takes 6 s, longer than a worker is waited for: where its trainer went on, another would join it.
PACE_S = 1.5
LEASE_TTL_MS = 1000
LEASE_GRACE_MS = 1500
# Longest with the network, and without: from a moment to more than a lease and its grace.
LONGEST_S = {"healed": 20, "cut": 8, "silent": 8, "mute": 8, "deaf": 8}
GIVEN_UP_AFTER_S = 120


class Weather:
    """One worker's network: a state and when it changes next."""

    def __init__(self, proxy, generator):
        self.proxy = proxy
        self.generator = generator
        self.seen = collections.Counter()
        self.state = "healed"
        self.changes_at = time.monotonic() + generator.uniform(0, LONGEST_S["healed"])

    def pass_on(self):
        if time.monotonic() < self.changes_at:
            return
        troubles = [state for state in LONGEST_S if state != "healed"]
        self.state = self.generator.choice(troubles) if self.state == "healed" else "healed"
        self.changes_at = time.monotonic() + self.generator.uniform(0, LONGEST_S[self.state])
        self.seen[self.state] += 1
        change = {
            "healed": self.proxy.heal,
            "cut": self.proxy.cut,
            "silent": self.proxy.hold_back,
            "mute": lambda: self.proxy.hold_back(Way.TO_COORDINATOR),
            "deaf": lambda: self.proxy.hold_back(Way.TO_WORKER),
        }
        change[self.state]()


class HealingNetworkTest(StagedTest):
    def test_every_trial_finishes_once(self):
        self.stage.direct(pace_s=PACE_S)
        for seed in SEEDS:
            folder = self.folder / f"seed-{seed}"
            folder.mkdir()
            with self.subTest(seed=seed), Network() as network, self.cluster(folder) as cluster:
                self.run_through(cluster, network, random.Random(seed))

    def cluster(self, folder):
        return Cluster(folder, lease_ttl_ms=LEASE_TTL_MS, lease_grace_ms=LEASE_GRACE_MS)

    def run_through(self, cluster, network, generator):
        proxies = [network.proxy(cluster.address) for _ in range(WORKERS)]
        for number, proxy in enumerate(proxies):
            self.start_worker(cluster, f"worker-{number}", coordinator=proxy.address)
        self.submit(cluster, self.sweep_file(TRIALS, max_attempts=100))
        began = time.monotonic()
        weathers = [Weather(proxy, random.Random(generator.random())) for proxy in proxies]
        while self.is_running(cluster) and time.monotonic() < began + GIVEN_UP_AFTER_S:
            for weather in weathers:
                weather.pass_on()
            time.sleep(0.02)
        for proxy in proxies:
            proxy.heal()
        self.watch(cluster)
        attempts = self.attempts(cluster)
        seen = sum((weather.seen for weather in weathers), collections.Counter())
        print(f"{time.monotonic() - began:.0f} s, {sum(seen.values()) - seen['healed']} partitions, attempts {attempts}")
        self.assertEqual(attempts["finished"], TRIALS)
        self.assertGreater(attempts.get("lost", 0), 0, "nothing was put to the test")
        self.assert_one_trainer_a_trial()
        self.assert_recorded_once(cluster.database)

    def is_running(self, cluster):
        return rows(cluster.database, "select state from sweeps")[0]["state"] in ("preparing", "running")


if __name__ == "__main__":
    unittest.main()
