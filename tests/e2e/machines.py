"""Machines of their own: namespaces on one switch, each with its processes, its host's name and its own disk, so that nothing but
the network is shared. They end with the process that made them, however that ends. Only root can make them."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from programs import Daemon, melsweep, wait_until

PROGRAMS = ("ip", "unshare", "nsenter", "setpriv", "hostname", "mount", "sqlite3")
DISK_SIZE = "1g"
WIRE = pathlib.Path(__file__).resolve().parent / "wire.py"

# The first process of a machine, with which all others die: it has its name and its disk when it says so, and then buries the dead.
BOOT = 'set -eu; hostname "$1"; mount -t tmpfs -o size="$2" "$1" "$3"; mkdir "$3/home" "$3/tmp"; echo ready; sleep infinity & wait'
NAMESPACES = ("--net", "--mount", "--uts", "--pid")


def what_is_missing():
    """Why there can be no machines here; empty: there can."""
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"there is no {', '.join(missing)}"
    tried = subprocess.run(["unshare", *NAMESPACES, "--fork", "true"], capture_output=True, text=True, check=False)
    return f"namespaces cannot be made here: {tried.stderr.strip()}" if tried.returncode else ""


def dies_with_us(*command):
    """The command line of a program that is killed when this process dies."""
    return ["setpriv", "--pdeathsig", "KILL", *map(str, command)]


class Machine:
    """One of them. `disk` is a path that means another disk on each; from outside its files are below `files`."""

    def __init__(self, name, address, disk):
        self.name = name
        self.address = address
        self.disk = pathlib.Path(disk)
        first = ["sh", "-c", BOOT, "sh", name, DISK_SIZE, disk]
        boot = dies_with_us("unshare", *NAMESPACES, "--fork", "--kill-child", "--mount-proc", *first)
        self.power = subprocess.Popen(boot, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        if self.power.stdout.readline() != "ready\n":
            raise AssertionError(f"{name} does not boot: {self.power.communicate()[1]}")
        self.first_process = int(pathlib.Path(f"/proc/{self.power.pid}/task/{self.power.pid}/children").read_text())
        self.files = pathlib.Path(f"/proc/{self.first_process}/root{disk}")
        self.daemons = []

    def switch_off(self):
        """Every process of it is killed."""
        self.power.kill()
        self.power.communicate()
        for daemon in self.daemons:
            daemon.process.wait()

    def line(self, *command, **environment):
        """The command line of a program on this machine, in its disk's folder."""
        own = {"HOME": self.disk / "home", "TMPDIR": self.disk / "tmp", **environment}
        variables = [f"{name}={value}" for name, value in own.items()]
        unset = ["--unset=XDG_CACHE_HOME", "--unset=XDG_DATA_HOME"]
        inside = ["nsenter", f"--target={self.first_process}", *NAMESPACES]
        return [*inside, "env", f"--chdir={self.disk}", *unset, *variables, *map(str, command)]

    def run(self, *command, expect=0, **environment):
        """Runs a program on this machine to its end and returns it."""
        program, *arguments = self.line(*command, **environment)
        return melsweep(*arguments, program=shutil.which(program), expect=expect)

    def start(self, log, *command):
        """Starts a program on this machine; its log lies with the test."""
        program, *arguments = self.line(*command)
        self.daemons.append(Daemon(shutil.which(program), arguments, log))
        return self.daemons[-1]

    def rows(self, database, query):
        """A query's rows as dictionaries, read on this machine."""
        return json.loads(self.run("sqlite3", "-readonly", "-json", database, query).stdout or "[]")


def address_of(number):
    return f"10.77.0.{number}"


class Network:
    """Machines of these names at 10.77.0.1, 10.77.0.2, ..., each plugged into a port of one switch. They know each other by name."""

    def __init__(self, folder, *names):
        self.folder = pathlib.Path(folder)
        self.names = names
        self.machines = []
        self.switch = None
        self.taps = []

    def __enter__(self):
        disk = self.folder / "disk"
        disk.mkdir()
        try:
            self.switch = Machine("switch", None, disk)
            self._on_switch("link", "add", "switch", "type", "bridge")
            self._on_switch("link", "set", "switch", "up")
            for number, name in enumerate(self.names, start=1):
                self._plug_in(number, name, disk)
        except AssertionError as failed:
            self.__exit__()
            raise unittest.SkipTest(f"machines cannot be joined here: {failed}") from None
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for machine in [*self.machines, self.switch]:
            if machine is not None:
                machine.switch_off()
        for tap in self.taps:
            tap.communicate()

    def _on_switch(self, *arguments):
        # Its network alone: machines are named by process numbers as they are out here.
        melsweep(f"--target={self.switch.first_process}", "--net", "ip", *arguments, program=shutil.which("nsenter"))

    def _plug_in(self, number, name, disk):
        machine = Machine(name, address_of(number), disk)
        self.machines.append(machine)
        names = [f"{address_of(other)} {called}\n" for other, called in enumerate(self.names, start=1)]
        (machine.files / "hosts").write_text("127.0.0.1 localhost\n" + "".join(names))
        machine.run("mount", "--bind", "hosts", "/etc/hosts")
        port = f"port{number}"
        self._on_switch("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", machine.first_process)
        self._on_switch("link", "set", port, "master", "switch", "up")
        machine.run("ip", "address", "add", f"{machine.address}/24", "dev", "eth0")
        machine.run("ip", "link", "set", "eth0", "up")
        machine.run("ip", "link", "set", "lo", "up")

    def cut(self, machine):
        """From now on the switch forwards nothing from and to this machine. Its own end of the cable sees no change, and nobody a
        refusal: what is sent is lost."""
        self._on_switch("link", "set", f"port{self.machines.index(machine) + 1}", "nomaster")

    def heal(self, machine):
        self._on_switch("link", "set", f"port{self.machines.index(machine) + 1}", "master", "switch")

    def tap(self, file):
        """From now on every frame that passes the switch is appended to the file."""
        listener = self.switch.line("python3", WIRE, file)
        self.taps.append(subprocess.Popen(listener, stdout=subprocess.PIPE, text=True))
        if self.taps[-1].stdout.readline() != "listening\n":
            raise AssertionError("nothing listens on the switch")


def install(machine, *copies):
    """Files and folders onto the machine's disk: (from, to) with `to` relative to it."""
    for source, target in copies:
        there = machine.files / target
        there.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, there)


def wait_for_file(machine, name):
    return wait_until(lambda: (machine.files / name).exists(), f"{name} on {machine.name}", 60)
