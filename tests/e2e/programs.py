"""The real programs as a test uses them: started, watched, stopped. Standard library only."""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / os.environ.get("MELSWEEP_TEST_BUILD", "build/release") / "bin"
ESC10 = ROOT.parent / "shared" / "data" / "ESC-10"
WEIGHTS = os.environ.get("MELSWEEP_TEST_WEIGHTS", "")

# Long enough for a slow machine under load; a test that waits this long has failed.
PATIENCE_S = 300


def melsweep(*arguments, program="melsweep", expect=0, cwd=ROOT, environment=None, timeout=PATIENCE_S):
    """Runs a program to its end and returns it; any other exit code than `expect` is an error (None: any will do)."""
    command = [str(BIN / program), *map(str, arguments)]
    run = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=timeout, env={**os.environ, **(environment or {})}
    )
    if expect is not None and run.returncode != expect:
        raise AssertionError(
            f"{' '.join(command)}\nexit code {run.returncode}, expected {expect}\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}"
        )
    return run


def as_json(*arguments, **options):
    return json.loads(melsweep(*arguments, "-o", "json", **options).stdout)


def rows(database, query):
    """A query's rows as dictionaries, read-only."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def wait_until(condition, what, timeout=PATIENCE_S):
    """Polls until the condition gives something true, and returns it."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout} s in vain for {what}")


class Daemon:
    """A program that runs until it is stopped. Its log is kept beside the test's files."""

    def __init__(self, program, arguments, log, cwd=ROOT, environment=None):
        self.log = pathlib.Path(log)
        command = [str(BIN / program), *map(str, arguments)]
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=cwd, env={**os.environ, **(environment or {})}
            )

    def stop(self, sent=signal.SIGTERM, timeout=60):
        """Sends the signal and returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.process.args[0]} did not end after signal {sent}\n{self.tail()}") from None

    def running(self):
        return self.process.poll() is None

    def tail(self):
        return self.log.read_text(errors="replace")[-3000:]


class Cluster:
    """A coordinator and workers on a free port, torn down at the end of the with block."""

    def __init__(self, folder, lease_ttl_ms=3000, lease_grace_ms=5000, credentials=None, environment=None):
        """`environment`: of the coordinator's first start."""
        self.folder = pathlib.Path(folder)
        self.database = self.folder / "results.db"
        self.lease_ttl_ms = lease_ttl_ms
        self.lease_grace_ms = lease_grace_ms
        self.credentials = credentials
        self.environment = environment
        self.workers = []
        self.coordinator = None
        self.address = None

    def __enter__(self):
        self.start_coordinator("127.0.0.1:0", self.environment)
        return self

    def __exit__(self, *_):
        daemons = [daemon for daemon in [*self.workers, self.coordinator] if daemon is not None]
        for daemon in daemons:
            if daemon.running():
                daemon.process.kill()
                daemon.process.wait()
        # UndefinedBehaviorSanitizer's words, in a build with it: the other sanitizers' reports go to files.
        broken = [daemon.tail() for daemon in daemons if "runtime error: " in daemon.tail()]
        if broken:
            raise AssertionError("\n".join(broken))

    def start_coordinator(self, listen, environment=None):
        port_file = self.folder / "address"
        port_file.unlink(missing_ok=True)
        arguments = ["--listen", listen, "--db", self.database, "--port-file", port_file]
        arguments += ["--lease-ttl-ms", self.lease_ttl_ms, "--lease-grace-ms", self.lease_grace_ms]
        if self.credentials is not None:
            arguments += ["--credentials", self.credentials]
        log = self.folder / "coordinator.log"
        self.coordinator = Daemon("melsweep-coordinator", arguments, log, environment=environment)

        def address():
            if not self.coordinator.running():
                raise AssertionError(self.coordinator.tail())
            return port_file.exists() and port_file.read_text().strip()

        self.address = wait_until(address, "the coordinator's address", 60)

    def start_worker(self, name, data_dir, *more, coordinator=None):
        """`coordinator`: the HOST:PORT it is told, where that is not the coordinator's own."""
        arguments = ["--coordinator", coordinator or self.address, "--name", name, "--data-dir", data_dir, *more]
        self.workers.append(Daemon("melsweep-worker", arguments, self.folder / f"{name}.log"))
        return self.workers[-1]

    def logs(self):
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in self.folder.glob("*.log"))
