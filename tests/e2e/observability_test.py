"""A coordinator and a worker at a sweep, as Prometheus, probes and a reader of logs see them; held to the database."""

import json
import re
import signal
import unittest

from programs import ROOT, Daemon, melsweep, rows, wait_until
from promtool import promtool
from scrape import Page, expressions_of_rules, look, matchers_in, names_in
from staged import StagedTest

FOLDER = ROOT / "deploy" / "observability"
TABLE_ROW = re.compile(r"^\| `(\w+)` \| (gauge|counter|histogram) \|([^|]*)\| ", re.MULTILINE)
POISON = 0.7
LEASE_TTL_MS = 60_000  # no lease is lost on a machine that is busy with something else
REAL_STEPS = 40
REAL_SWEEP = f"""\
version: 1
name: {{name}}
dataset:
  format: urbansound8k
  path: {{data}}
  split: {{{{by: fold, validation: [9], test: [10]}}}}
model: {{{{weights: random}}}}
training: {{{{steps: {REAL_STEPS}, evaluate_every: 20, batch_size: 10}}}}
parameters:
  learning_rate: {{rates}}
"""
# Those that workers were given: not of results that were taken over.
ATTEMPTS = "(select attempts.* from attempts join trials on trials.id = trial_id where reused_from is null)"


def documented(part):
    """Of one part of the page: {metric: (type, names of labels)}."""
    page = (ROOT / "docs" / "observability.md").read_text()
    text = page.split(f"\n### {part}\n")[1].split("\n### ")[0].split("\n## ")[0]
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in TABLE_ROW.findall(text)}


def counts(database, query):
    """{first column: second} of a query."""
    return {tuple(row.values())[0]: tuple(row.values())[1] for row in rows(database, query)}


class ObservabilityTest(StagedTest):
    def cluster(self, **options):
        environment = {"MELSWEEP_COORDINATOR_METRICS_LISTEN": "127.0.0.1:0", "MELSWEEP_LOG_FORMAT": "json"}
        return super().cluster(environment=environment, **options)

    def start_watched_worker(self, cluster, name):
        more = ("--trainer", self.stage.trainer, "--metrics-listen", "127.0.0.1:0", "--log-format", "json")
        return cluster.start_worker(name, self.folder / name, *more)

    def monitor_of(self, daemon):
        """Its HOST:PORT, as its log has it."""
        found = wait_until(lambda: re.search(r"metrics and health on http://([\d.:]+)", daemon.log.read_text()), "the port")
        return found[1]

    def page(self, daemon):
        status, text = look(self.monitor_of(daemon), "/metrics")
        self.assertEqual(status, 200)
        return Page(text)

    def page_when(self, daemon, name, value):
        """A page on which the series has this value: what a worker knows of itself is a moment behind the database."""

        def with_value():
            page = self.page(daemon)
            return page if page.series.get((name, ())) == value else None

        return wait_until(with_value, f"{name} {value}")

    def run_sweeps(self, cluster, worker_name="only"):
        """One sweep to its end, half of its trials poison; and a second one, which takes over the results of two and whose first
        trial of its own is held in its middle."""
        worker = self.start_watched_worker(cluster, worker_name)
        self.stage.direct(poison=[POISON])
        mixed = self.sweep_file(trials=2, name="mixed", learning_rates=(0.5, POISON), max_attempts=2)
        self.watch(cluster, self.submit(cluster, mixed), expect=1)
        self.stage.hold()
        self.submit(cluster, self.sweep_file(trials=2, name="held", learning_rates=(0.5, 0.3)))
        self.wait_for_held(cluster, 1)
        return worker

    def assert_shows_the_database(self, page, database):
        by_state = counts(database, "select state, count(*) from trials group by state")
        self.assertEqual(by_state, {"finished": 2 + 2, "failed": 2, "running": 1, "pending": 1})
        for state in ("pending", "running", "finished", "failed", "cancelled"):
            self.assertEqual(page["melsweep_trials", "state", state], by_state.get(state, 0), state)
        sweeps = counts(database, "select state, count(*) from sweeps group by state")
        for state in ("waiting", "preparing", "running", "finished", "failed", "cancelled"):
            self.assertEqual(page["melsweep_sweeps", "state", state], sweeps.get(state, 0), state)
        attempts = counts(database, f"select state, count(*) from {ATTEMPTS} group by state")
        for outcome in ("finished", "failed", "lost", "released", "cancelled"):
            self.assertEqual(page["melsweep_attempts_ended_total", "outcome", outcome], attempts.get(outcome, 0), outcome)
        self.assertEqual(page["melsweep_leases_granted_total", "work", "trial"], sum(attempts.values()))
        self.assertEqual(page["melsweep_leases", "work", "trial"], attempts["running"])
        self.assertEqual(page["melsweep_trials_failed_total"], by_state["failed"])
        [reused] = rows(database, "select count(reused_from) as n from trials")
        self.assertEqual(page["melsweep_trials_reused_total"], reused["n"])
        [points] = rows(database, f"select count(*) as n from metrics join {ATTEMPTS} using (trial_id, epoch)")
        self.assertEqual(page["melsweep_metric_points_recorded_total"], points["n"])

    def assert_is_documented(self, page, part):
        expected = {**documented(part), **documented("Of both")}
        self.assertEqual({name: kind for name, (kind, _) in expected.items()}, page.types)
        self.assertEqual({name: labels for name, (_, labels) in expected.items()}, page.labels())

    def test_a_sweep_is_told_as_the_database_has_it(self):
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            worker = self.run_sweeps(cluster)
            coordinator_page = self.page(cluster.coordinator)
            self.assert_shows_the_database(coordinator_page, cluster.database)
            self.assertEqual(coordinator_page["melsweep_queue_depth"], 1)
            self.assertEqual(coordinator_page["melsweep_workers_connected"], 1)
            self.assertEqual(coordinator_page["melsweep_workers_busy"], 1)
            self.assertEqual(coordinator_page["melsweep_store_writable"], 1)
            self.assertEqual(coordinator_page["melsweep_database_size_bytes"], cluster.database.stat().st_size)
            self.assertGreater(coordinator_page["melsweep_artifact_received_bytes_total"], 0)
            registered = ("melsweep_rpc_calls_total", "code", "OK", "method", "WorkerService/Register")
            self.assertGreaterEqual(coordinator_page[registered], 1)
            commits = coordinator_page["melsweep_store_commit_duration_seconds_count"]
            self.assertEqual(commits, coordinator_page["melsweep_store_commit_writes_count"])
            self.assertGreater(commits, 0)

            page = self.page_when(worker, "melsweep_worker_unreported_points", 0)
            ended = counts(cluster.database, f"select state, count(*) from {ATTEMPTS} where state <> 'running' group by state")
            self.assertEqual(page["melsweep_worker_attempts_ended_total", "outcome", "finished"], ended["finished"])
            self.assertEqual(page["melsweep_worker_attempts_ended_total", "outcome", "failed"], ended["failed"])
            self.assertEqual(page["melsweep_worker_trainer_failures_total"], ended["failed"])
            self.assertEqual(page["melsweep_worker_files_stored_total"], ended["finished"])
            self.assertEqual((page["melsweep_worker_trials_running"], page["melsweep_worker_trials_held"]), (1, 1))
            self.assertEqual(page["melsweep_worker_connected"], 1)
            reached = f"select max(step) as n from metrics join {ATTEMPTS} using (trial_id, epoch) group by trial_id, epoch"
            [steps] = rows(cluster.database, f"select sum(n) as n from ({reached})")
            self.assertEqual(page["melsweep_worker_training_steps_total"], steps["n"])

            self.assert_is_documented(coordinator_page, "Of a coordinator")
            self.assert_is_documented(page, "Of a worker")
            for shown in (coordinator_page, page):
                self.assertEqual(promtool("check", "metrics", text=shown.text), "")
            self.assert_queries_are_answered([coordinator_page, page])
            self.assert_logs_name_their_subjects(cluster, worker)
            self.stage.let_go()

    def assert_queries_are_answered(self, pages):
        """Alerts and dashboard ask for nothing that nobody tells."""
        series = {name for page in pages for name, _ in page.series} | {"up"}
        values = {}
        for page in pages:
            for place, found in page.label_values().items():
                values.setdefault(place, set()).update(found)
        dashboard = json.loads((FOLDER / "dashboard.json").read_text())
        queries = expressions_of_rules((FOLDER / "alerts.yml").read_text())
        queries += [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(queries), 40)
        for query in queries:
            self.assertLessEqual(names_in(query), series, query)
            for name, label, value in matchers_in(query):
                if label not in ("job", "instance"):
                    self.assertIn(value, values[(name, label)], query)
        everything = {page.family(name) for page in pages for name, _ in page.series}
        asked = {page.family(name) for query in queries for name in names_in(query) for page in pages}
        left_out = everything - asked - {"melsweep_build_info", "process_start_time_seconds"}
        self.assertEqual({name for name in left_out if not name.startswith("melsweep_worker_")}, set(), "on no panel")

    def assert_logs_name_their_subjects(self, cluster, worker):
        told = [json.loads(line) for line in cluster.coordinator.log.read_text().splitlines()]
        failed = [entry for entry in told if "failed: " in entry["message"] and entry["message"].startswith("attempt ")]
        self.assertEqual(len(failed), 4)
        for entry in failed:
            self.assertTrue(entry["worker"].startswith("only-"), entry)
            self.assertIn(f"attempt {entry['attempt']} of trial {entry['trial']} on {entry['worker']}", entry["message"])
        of_worker = [json.loads(line) for line in worker.log.read_text().splitlines() if line.startswith("{")]
        self.assertEqual({entry.get("worker") for entry in of_worker} - {None}, {failed[0]["worker"]})
        given = [entry for entry in of_worker if entry["message"].startswith("given trial")]
        self.assertEqual(len(given), 2 + 4 + 1)
        for entry in given:
            self.assertEqual(entry["message"], f"given trial {entry['trial']}, attempt {entry['attempt']}")
        self.assertTrue(all("worker" in entry for entry in given))

    def test_a_worker_tells_of_its_feature_cache_and_its_steps(self):
        data = self.folder / "UrbanSound8K"
        melsweep("data", "synth", data, "--clips", "60", "--seed", "3")
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            worker = cluster.start_worker("only", self.folder / "worker", "--metrics-listen", "127.0.0.1:0")
            for sweep, rates in enumerate(((0.01, 0.05), (0.02, 0.03))):
                file = self.folder / f"real-{sweep}.yaml"
                file.write_text(REAL_SWEEP.format(name=f"real-{sweep}", data=data, rates=list(rates)))
                self.watch(cluster, self.submit(cluster, file))
            page = self.page_when(worker, "melsweep_worker_trials_held", 0)
        used = "select count(*) as n from clips where sweep_id = 1 and split <> 'test'"
        [clips] = rows(cluster.database, used)
        groups = "(select distinct sweep_id, request from attempts join trials on trials.id = trial_id)"
        [asked] = rows(cluster.database, f"select count(*) as n from {groups}")
        misses = page["melsweep_worker_feature_cache_misses_total", "features", "bottlenecks"]
        hits = page["melsweep_worker_feature_cache_hits_total", "features", "bottlenecks"]
        self.assertEqual(misses, clips["n"], "made once")
        self.assertEqual(hits, clips["n"] * (asked["n"] - 1), "and found by every other group of trials")
        self.assertEqual(page["melsweep_worker_training_steps_total"], 4 * REAL_STEPS)
        size = page["melsweep_worker_feature_cache_size_bytes", "features", "bottlenecks"]
        self.assertTrue(size == 0 or size >= clips["n"] * 2048 * 4, "of a minute ago")

    def test_probes_follow_the_life_of_both(self):
        with self.cluster() as cluster:
            worker = self.start_watched_worker(cluster, "only")
            at_coordinator, at_worker = self.monitor_of(cluster.coordinator), self.monitor_of(worker)
            for address in (at_coordinator, at_worker):
                wait_until(lambda: look(address, "/readyz") == (200, "ready\n"), f"{address} to be ready")
                self.assertEqual(look(address, "/healthz"), (200, "alive\n"))
                self.assertEqual(look(address, "/elsewhere")[0], 404)
            cluster.coordinator.stop(signal.SIGKILL)
            self.assertEqual(look(at_coordinator, "/healthz")[0], None)
            lost = (503, "not ready: this worker is not in contact with the coordinator\n")
            wait_until(lambda: look(at_worker, "/readyz") == lost, "the worker to miss its coordinator")
            self.assertEqual(look(at_worker, "/healthz")[0], 200)
            self.assertEqual(self.page(worker)["melsweep_worker_connected"], 0)
            cluster.start_coordinator(cluster.address)
            wait_until(lambda: look(at_worker, "/readyz")[0] == 200, "the worker to be ready again")

    def test_a_run_has_its_coordinator_seen(self):
        data = self.folder / "UrbanSound8K"
        melsweep("data", "synth", data, "--clips", "60", "--seed", "3")
        file = self.folder / "long.yaml"
        file.write_text(REAL_SWEEP.format(name="long", data=data, rates=[0.01]).replace(f"steps: {REAL_STEPS}", "steps: 10000000"))
        worker_dir = self.folder / "worker"
        options = ["--db", self.folder / "results.db", "--data-dir", worker_dir, "--metrics-listen", "127.0.0.1:0"]
        run = Daemon("melsweep", ["run", file, "--workers", "1", *options], self.folder / "run.log")
        try:
            log = worker_dir / "logs" / "coordinator.log"
            found = wait_until(lambda: log.exists() and re.search(r"metrics and health on http://([\d.:]+)", log.read_text()), "the port")
            wait_until(lambda: "melsweep_workers_busy 1" in look(found[1], "/metrics")[1], "the worker at work")
            self.assertEqual(run.stop(signal.SIGINT), 2)
        finally:
            run.process.kill()
            run.process.wait()
        self.assertIn("127.0.0.1:7070", melsweep("run", file, "--metrics-listen", "nowhere", expect=2).stderr)

    def test_nothing_is_served_beyond_this_machine_unless_it_is_said(self):
        options = ("--db", self.folder / "results.db", "--metrics-listen", "0.0.0.0:0")
        refused = melsweep(*options, program="melsweep-coordinator", expect=1)
        self.assertIn("--metrics-insecure", refused.stderr)
        self.assertFalse((self.folder / "results.db").exists())


if __name__ == "__main__":
    unittest.main()
