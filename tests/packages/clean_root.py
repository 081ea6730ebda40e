"""A Debian root with nothing in it but what is installed by a test: entered by chroot, or booted with a systemd of its own."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

RELEASE = "bookworm"
# Minutes of downloads, on a slow line.
PATIENCE_S = 3600

# What changes by itself, and what belongs to nobody's package by design.
VOLATILE = re.compile(r"/(proc|sys|dev|run|tmp|srv|root|home|var/(log|tmp|cache/(apt|debconf|ldconfig|man)|lib/(apt|dpkg|systemd)))(/|$)")

BOOTED = """\
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/srv/booted
ExecStopPost=/bin/systemctl poweroff --no-block
StandardOutput=file:/srv/booted.log
StandardError=inherit
TimeoutStartSec=10min
[Install]
WantedBy=multi-user.target
"""

# For what runs booted: `answer NAME VALUE`; `eventually COMMAND...`, which tries for a minute; `log_of UNIT`, as it runs now.
ANSWERING = """\
#!/bin/bash
export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
cd /root
answer() { printf '%s\\t%s\\n' "$1" "$2" >>/srv/answers; }
eventually() {
  { set +x; } 2>/dev/null
  local ended=1
  for _ in $(seq 300); do
    if "$@"; then ended=0 && break; fi
    sleep 0.2
  done
  [ "$ended" = 0 ] || echo "in vain: $*"
  set -x
  return "$ended"
}
log_of() { journalctl -o cat "_SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID "$1")"; }
export -f log_of
set -x
"""


def debian_sources():
    """The files that tell this machine's apt of the release, and the first address in them."""
    for file in [*pathlib.Path("/etc/apt/sources.list.d").glob("*.sources"), *pathlib.Path("/etc/apt").glob("sources.list")]:
        text = file.read_text()
        address = re.search(rf"^(?:URIs:|deb(?: \[.*?\])?) *(\S+)(?:\s+{RELEASE}\b|(?:\n(?!\n).*)*?\nSuites:.*\b{RELEASE}\b)", text, re.MULTILINE)
        if address:
            return file, address[1]
    return None, None


def what_is_missing():
    if os.environ.get("MELSWEEP_SOAK") != "1":
        return "only with tests/run --soak: it downloads 300 MB"
    if os.geteuid() != 0:
        return "only root can make a root"
    for program in ("debootstrap", "systemd-nspawn"):
        if shutil.which(program) is None:
            return f"no {program}"
    if debian_sources()[1] is None:
        return f"this machine's apt knows no Debian {RELEASE}"
    return None


class CleanRoot:
    """Removed at the end of the with block."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="melsweep-root-", dir="/var/tmp"))
        self.path = self.folder / "root"

    def __enter__(self):
        sources, address = debian_sources()
        try:
            self._call("debootstrap", "--variant=minbase", RELEASE, self.path, address)
            (self.path / "etc/apt/sources.list").unlink(missing_ok=True)
            place = self.path / "etc/apt" / sources.relative_to("/etc/apt")
            shutil.copy(sources, place)
            # How this machine reaches its mirror.
            dumped = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
            reaching = [line for line in dumped.splitlines() if line.startswith("Acquire::") and "::Changelogs" not in line]
            (self.path / "etc/apt/apt.conf.d/90reaching").write_text("\n".join(reaching) + "\n")
            shutil.copy("/etc/resolv.conf", self.path / "etc/resolv.conf")
            self.run("apt-get update -q")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["rm", "--recursive", "--force", "--one-file-system", self.folder], check=True)

    def _call(self, *command, timeout=PATIENCE_S, **options):
        run = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, **options)
        if run.returncode != 0:
            raise AssertionError(f"{command}\nexit code {run.returncode}\n{run.stdout[-6000:]}")
        return run.stdout

    def run(self, script):
        """A script of bash in the root, which ends at its first error; returns what it printed. It leaves no process behind."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.path}/proc", "chroot", self.path]
        return self._call(*apart, "bash", "-euo", "pipefail", "-c", script, env=environment)

    def boot(self, script):
        """Boots the root's systemd, in a network of its own, for the time of a script; returns what it answered, and its log."""
        (self.path / "srv/booted").write_text(ANSWERING + script)
        (self.path / "srv/booted").chmod(0o755)
        (self.path / "srv/answers").write_text("")
        (self.path / "etc/systemd/system/booted.service").write_text(BOOTED)
        self.run("systemctl enable booted.service")
        nspawn = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--console=pipe"]
        self._call(*nspawn, f"--directory={self.path}", "--boot", stdin=subprocess.DEVNULL, timeout=900)
        self.run("systemctl disable booted.service; rm /etc/systemd/system/booted.service")
        lines = (self.path / "srv/answers").read_text().splitlines()
        return dict(line.split("\t", 1) for line in lines), (self.path / "srv/booted.log").read_text(errors="replace")

    def files(self):
        """All files and folders, but for what changes by itself."""
        found = set()
        for folder, folders, names in os.walk(self.path):
            below = "/" + os.path.relpath(folder, self.path) if folder != str(self.path) else ""
            folders[:] = [name for name in folders if not VOLATILE.match(f"{below}/{name}")]
            found.update(f"{below}/{name}" for name in (*folders, *names))
        return found


@functools.cache
def missing():
    return what_is_missing()
