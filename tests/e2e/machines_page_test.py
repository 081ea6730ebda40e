"""docs/machines.md and what docs/operations.md says of backups, as they are followed: on machines that know each other by ssh."""

import os
import pathlib
import shutil
import tempfile
import unittest

from machines import Network, install, what_is_missing
from pages import commands, script
from programs import BIN, ROOT, WEIGHTS, wait_until

SSH = ("dropbear", "dropbearkey", "ssh", "ssh-keygen", "rsync", "pgrep")
HOME = pathlib.Path(os.path.expanduser("~root"))
TRIALS = 9
# Half of what the coordinator has by itself: the page waits for leases to run out.
LEASES = {"MELSWEEP_LEASE_TTL_MS": 7500, "MELSWEEP_LEASE_GRACE_MS": 2500}


def missing():
    absent = [program for program in SSH if shutil.which(program) is None]
    return what_is_missing() or (f"there is no {', '.join(absent)}" if absent else "")


@unittest.skipIf(missing(), missing())
@unittest.skipUnless(WEIGHTS, "no pretrained weights (MELSWEEP_TEST_WEIGHTS)")
class MachinesPageTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-page-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)

    def join(self, *names):
        """Machines on which root's home is their own."""
        network = Network(self.folder, *names)
        network.__enter__()
        self.addCleanup(network.__exit__)
        for machine in network.machines:
            machine.run("mount", "--bind", "home", HOME)
        return network.machines

    def finish_quickstart(self, machine):
        """What ./deploy/quickstart leaves there, as far as the page needs it."""
        programs = (BIN, "home/melsweep/build/release/bin")
        weights = (pathlib.Path(WEIGHTS), "home/.local/share/melsweep/weights/inception_v3.safetensors")
        install(machine, programs, weights, *((ROOT / name, f"home/melsweep/{name}") for name in ("deploy", "sweeps")))

    def open_doors(self, head, hosts):
        """ssh from the head to the hosts."""
        private = HOME / ".ssh" / "id_ed25519"
        head.run("mkdir", "--mode=700", private.parent)
        head.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private)
        (head.files / "home" / ".ssh" / "config").write_text("StrictHostKeyChecking accept-new\n")
        for host in hosts:
            host.run("mkdir", "--mode=700", private.parent)
            install(host, (head.files / "home" / ".ssh" / "id_ed25519.pub", "home/.ssh/authorized_keys"))
            host.run("dropbearkey", "-t", "ed25519", "-f", "hostkey")
            server = ["dropbear", "-F", "-E", "-s", "-r", "hostkey", "-p", "22", "-P", "ssh.pid"]
            # These machines share processors: what computes on the hosts is not to keep the head from answering.
            host.start(self.folder / f"{host.name}-ssh.log", "nice", "-n", "19", *server)

    def type(self, machine, *blocks):
        return machine.run("bash", "-c", script("cd ~/melsweep", *blocks), HOME=HOME, **LEASES)

    def attempts(self, machine, database="home/results/results.db"):
        return {row["state"]: row["n"] for row in machine.rows(database, "select state, count(*) as n from attempts group by state")}

    def assert_stopped(self, *machines):
        for machine in machines:
            for program in ("melsweep-worker", "melsweep-coord"):
                wait_until(lambda: machine.run("pgrep", program, expect=None).returncode == 1, f"the end of {program} on {machine.name}")

    def test_one_machine(self):
        [head] = self.join("head")
        self.finish_quickstart(head)
        self.type(head, *commands("machines.md", "One machine"))
        self.assertEqual(self.attempts(head), {"finished": TRIALS})
        self.assertEqual(self.attempts(head, "home/first.db"), {"finished": TRIALS})
        self.assert_stopped(head)

    def test_machines_with_ssh_and_a_backup(self):
        head, *hosts = self.join("head", "node1", "node2")
        self.finish_quickstart(head)
        self.open_doors(head, hosts)
        *until_watched, stop = commands("machines.md", "Ten machines with ssh")
        [start] = [block for block in until_watched if "melsweep-coordinator" in block]
        back_up, restore = commands("operations.md", "Backups")
        longer = "--set dataset.path=$HOME/UrbanSound8K --set name=longer --set training.steps=100000 --set retry.max_attempts=20"
        self.type(
            head,
            *until_watched,
            f"melsweep submit sweeps/quickstart.yaml {longer}",
            "until melsweep trials longer -o csv | grep running; do sleep 0.2; done",
            back_up,
            stop,
            restore,
            start,
            "melsweep watch longer",
            "melsweep verify longer --db ~/results/results.db",
            stop,
        )
        self.assertEqual(self.attempts(head)["finished"], 2 * TRIALS)
        workers = {row["id"].rsplit("-", 1)[0] for row in head.rows("home/results/results.db", "select id from workers")}
        self.assertEqual(workers, {"node1", "node2"})
        self.assert_stopped(head, *hosts)


if __name__ == "__main__":
    unittest.main()
