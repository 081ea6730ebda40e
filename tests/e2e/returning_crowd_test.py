"""Five hundred workers lose their coordinator and come back to it together."""

import collections
import csv
import signal
import time
import unittest

from programs import Daemon, wait_until
from staged import StagedTest

MEMBERS = 500
LEASE_TTL_MS = 15_000  # the default
# Each of them has had about so many heartbeats since it came back.
HEARTBEATS_EACH = 2
HEARTBEAT_MS = LEASE_TTL_MS / 5
WINDOW_MS = 100


def now_ms():
    return time.monotonic() * 1000


class ReturningCrowdTest(StagedTest):
    def start_coordinator(self, cluster, listen):
        """On every address of this machine: the members have one each, so that each has its own connection."""
        cluster.start_coordinator(listen, {"MELSWEEP_INSECURE": "1"})
        self.listen = cluster.address
        self.port = self.listen.rsplit(":", 1)[1]
        cluster.address = f"127.0.0.1:{self.port}"

    def test_it_comes_back_spread_out_and_is_answered_in_time(self):
        cluster = self.cluster(lease_ttl_ms=LEASE_TTL_MS)
        self.addCleanup(cluster.__exit__)
        self.start_coordinator(cluster, "0.0.0.0:0")
        crowd = Daemon("../tests/agent_crowd", ["--port", self.port, "--members", MEMBERS], self.folder / "crowd.csv")
        cluster.workers.append(crowd)
        self.submit(cluster, self.sweep_file(trials=MEMBERS))
        wait_until(lambda: self.attempts(cluster).get("running") == MEMBERS, "as many running trials as members")

        cluster.coordinator.stop(signal.SIGKILL)
        # Until the last has found nobody: all come back, and none had a reason to stay away.
        away_until = now_ms() + HEARTBEAT_MS
        wait_until(lambda: now_ms() > away_until, "a heartbeat of each")
        self.start_coordinator(cluster, self.listen)
        back = now_ms()
        seen_until = back + HEARTBEAT_MS * (HEARTBEATS_EACH + 1)
        wait_until(lambda: now_ms() > seen_until, "some heartbeats of each")
        self.assertEqual(self.attempts(cluster), {"running": MEMBERS}, "a lease ran out")
        self.assertEqual(crowd.stop(), 0)
        self.check([beat for beat in self.heartbeats(crowd) if beat["started_ms"] + beat["took_ms"] >= back], back)

    def heartbeats(self, crowd):
        lines = crowd.log.read_text()
        reader = csv.DictReader(lines[lines.index("member,") :].splitlines())
        return [{name: int(value) for name, value in row.items()} for row in reader]

    def check(self, heartbeats, back):
        answered = [beat for beat in heartbeats if beat["outcome"] == 0]
        times = sorted(beat["took_ms"] for beat in heartbeats)
        p99 = times[int(0.99 * len(times))]
        first = {}
        for beat in sorted(answered, key=lambda beat: beat["started_ms"]):
            first.setdefault(beat["member"], beat["started_ms"] + beat["took_ms"] - back)
        windows = collections.Counter(int(after // WINDOW_MS) for after in first.values())
        print(
            f"{MEMBERS} workers back {max(first.values()) / 1000:.1f} s after the coordinator, at most {max(windows.values())}"
            f" in {WINDOW_MS} ms; {len(heartbeats)} heartbeats, {len(heartbeats) - len(answered)} unanswered,"
            f" p50 {times[len(times) // 2]} ms, p99 {p99} ms, longest {times[-1]} ms"
        )
        self.assertEqual(len(first), MEMBERS)
        self.assertGreaterEqual(len(answered), MEMBERS * HEARTBEATS_EACH)
        self.assertLess(p99, LEASE_TTL_MS / 3)
        self.assertLess(max(windows.values()), MEMBERS / 2, "they come all at once")


if __name__ == "__main__":
    unittest.main()
