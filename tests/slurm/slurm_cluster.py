"""A real Slurm on this machine: munge, a controller, and a daemon for each node, all in one folder and on free ports."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from programs import wait_until  # noqa: E402

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
PATIENCE_S = 60

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
ReturnToService=2
SlurmdTimeout=8
KillWait=10
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmdParameters=config_overrides
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
"""


def what_is_missing():
    """Why Slurm cannot run here; empty: it can."""
    if os.geteuid() != 0:
        return "only root can start Slurm's daemons"
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    return f"there is no {', '.join(missing)}" if missing else ""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class SlurmCluster:
    """Nodes node1, node2, ... of one processor each."""

    def __init__(self, folder, nodes):
        self.folder = pathlib.Path(folder)
        self.nodes = [f"node{number}" for number in range(1, nodes + 1)]
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        self.daemons = {}

    def __enter__(self):
        try:
            self._configure()
            self._start_munge()
            self._start("slurmctld", "slurmctld", "-D", "-c")
            for node in self.nodes:
                self.start_node(node)
            self.wait_until(lambda: self.ask("sinfo", "--noheader", "--format", "%T %D", "--states", "idle").startswith("idle"), "idle nodes")
        except AssertionError as failed:
            self.__exit__()
            raise unittest.SkipTest(f"Slurm's daemons do not start on this machine: {failed}") from None
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["scancel", "--full", "--signal=KILL", "--user=root"], env=self.environment, check=False, capture_output=True)
        for name in reversed(list(self.daemons)):
            self._stop(name)

    def _configure(self):
        host = socket.gethostname().split(".")[0]
        controller_port, *ports = free_ports(1 + len(self.nodes))
        lines = [
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 State=UNKNOWN"
            for node, port in zip(self.nodes, ports)
        ]
        for part in ("state", *(f"spool/{node}" for node in self.nodes)):
            (self.folder / part).mkdir(parents=True)
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(host=host, controller_port=controller_port, folder=self.folder, nodes="\n".join(lines))
        )

    def _start_munge(self):
        folder = self.folder / "munge"
        folder.mkdir(mode=0o700)
        key = folder / "key"
        key.write_bytes(os.urandom(32))
        key.chmod(0o400)
        options = [f"--{option}={folder / name}" for option, name in
                   (("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"), ("seed-file", "seed"))]
        self._start("munged", "munged", "--foreground", "--force", *options)
        self.wait_until((folder / "socket").exists, "munge")

    def _start(self, name, *command):
        with open(self.folder / f"{name}.output", "ab") as log:
            self.daemons[name] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def _stop(self, name):
        daemon = self.daemons.pop(name)
        daemon.terminate()
        try:
            daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def start_node(self, node):
        self._start(node, "slurmd", "-D", "-N", node)

    def lose_node(self, node, job):
        """As if its power were cut: its daemon and every process of this job of its are gone."""
        script = self.batch_process(job)
        steps = subprocess.run(["pgrep", "-f", f"slurmstepd: .{self.raw_id(job)}[.]"], check=False, capture_output=True, text=True)
        daemon = self.daemons.pop(node)
        daemon.kill()
        daemon.wait()
        for pid in (*map(int, steps.stdout.split()), *family_of(script)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def ask(self, *command):
        """What a command of Slurm's prints."""
        run = subprocess.run(command, env=self.environment, check=False, capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: {run.stderr}{self.logs()}")
        return run.stdout.strip()

    def submit(self, *options, environment=None):
        """The job's number."""
        run = subprocess.run(["sbatch", "--parsable", *map(str, options)], env={**self.environment, **(environment or {})}, cwd=self.folder,
                             check=False, capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return run.stdout.strip()

    def jobs(self):
        """(name of job, state, node) of all that have not ended."""
        listed = self.ask("squeue", "--noheader", "--array", "--format", "%i %T %N")
        return [tuple((line + " ").split(" ")[:3]) for line in listed.splitlines()]

    def field(self, job, name):
        shown = self.ask("scontrol", "show", "job", job).split()
        return next(part.partition("=")[2] for part in shown if part.startswith(f"{name}="))

    def raw_id(self, job):
        return self.field(job, "JobId")

    def batch_process(self, job):
        """The process of the job's script."""
        listed = self.ask("scontrol", "listpids", self.raw_id(job), self.field(job, "NodeList"))
        return min(int(line.split()[0]) for line in listed.splitlines()[1:] if line.split()[0] != "-1")

    def begin_at_once(self, job):
        """A job that was queued again would wait for two minutes."""
        self.ask("scontrol", "update", f"JobId={job}", "StartTime=now")

    def wait_until(self, condition, what, timeout=PATIENCE_S):
        try:
            return wait_until(condition, what, timeout)
        except AssertionError as failed:
            raise AssertionError(f"{failed}\n{self.logs()}") from None

    def logs(self):
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in sorted(self.folder.glob("*.log")))


def family_of(process):
    """The process, and all that it and those have started."""
    family = [process]
    for pid in family:
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
            family += map(int, task.read_text().split())
    return family
