"""The Debian packages in a clean root: they install, run a sweep, serve under systemd, and leave nothing when they are purged."""

import shutil
import unittest

from clean_root import CleanRoot, missing
from debian_packages import NAMES, build
from programs import WEIGHTS

# Of the quickstart's sweep one trial, short, on untrained weights, which need no download.
SETS = " ".join(
    f"--set {path}={value}"
    for path, value in (
        ("dataset.path", "/srv/data/UrbanSound8K"),
        ("model.weights", "random"),
        ("training.steps", 100),
        ("training.evaluate_every", 50),
        ("parameters.learning_rate", "[0.05]"),
        ("parameters.batch_size", "[50]"),
    )
)
SWEEP = f"/usr/share/melsweep/sweeps/quickstart.yaml {SETS}"
INSTALL = "apt-get -o Dpkg::Use-Pty=0 install -y -qq --no-install-recommends /srv/packages/*.deb"
PURGE = f"apt-get -o Dpkg::Use-Pty=0 purge -y -qq {' '.join(NAMES)}"


@unittest.skipIf(missing(), missing())
class CleanRootTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        packages = build()
        cls.root = cls.enterClassContext(CleanRoot())
        (cls.root.path / "srv/packages").mkdir(parents=True)
        for file in packages.values():
            shutil.copy(file, cls.root.path / "srv/packages")
        # Without systemd, as in a container.
        cls.root.run(INSTALL)
        cls.made_users = cls.root.run("getent passwd melsweep")
        if WEIGHTS:
            shutil.copy(WEIGHTS, cls.root.path / "srv/weights")
        cls.root.run("useradd --create-home someone")
        cls.root.run("melsweep data synth /srv/data/UrbanSound8K --clips 40 && chmod -R a+rX /srv/data")
        cls.root.run("apt-get -o Dpkg::Use-Pty=0 install -y -qq --no-install-recommends systemd man-db")
        cls.root.run(PURGE)
        cls.without = cls.root.files()
        cls.root.run(INSTALL)

    def test_purged_they_leave_nothing(self):
        self.assertEqual([file for file in sorted(self.without) if "melsweep" in file], [])

    def test_the_services_user_is_made_without_systemd_too(self):
        self.assertIn("/var/lib/melsweep:/usr/sbin/nologin", self.made_users)

    def test_a_user_runs_a_sweep(self):
        said = self.root.run(
            f"""
            su someone -c 'cd && melsweep run {SWEEP} --workers 1 && melsweep best --db ~/.local/share/melsweep/results.db -o csv' 2>&1
            """
        )
        self.assertIn("finished after", said)
        self.assertIn("1 of 1 trials finished, 0 failed", said)

    def test_coordinator_and_worker_run_apart(self):
        said = self.root.run(
            f"""
            cd /tmp
            melsweep-coordinator --listen 127.0.0.1:0 --db /tmp/results.db --port-file /tmp/address &
            until [ -s /tmp/address ]; do sleep 0.1; done
            melsweep-worker --coordinator $(cat /tmp/address) --data-dir /tmp/worker --gpus none &
            melsweep submit {SWEEP} --coordinator $(cat /tmp/address) --wait 2>&1
            kill %2; wait %2; kill %1; wait %1
            rm -r /tmp/*
            """
        )
        self.assertIn("1 of 1 trials finished, 0 failed", said)

    def test_man_finds_every_page(self):
        pages = self.root.run("dpkg -L melsweep melsweep-coordinator melsweep-worker | sed -n 's|.*/man/man[0-9]/\\(.*\\)\\.gz|\\1|p'").split()
        self.assertIn("melsweep-run.1", pages)
        for page in pages:
            name, section = page.rsplit(".", 1)
            self.assertIn(page, self.root.run(f"man --where {section} {name}"))

    def test_bash_completes(self):
        said = self.root.run(
            """
            source /usr/share/bash-completion/completions/melsweep
            COMP_WORDS=(melsweep lead) COMP_CWORD=1
            _melsweep
            echo "${COMPREPLY[@]}"
            """
        )
        self.assertEqual(said.strip(), "leaderboard")

    def test_the_services_work_as_hardened(self):
        answers, log = self.root.boot(
            f"""
            systemctl start melsweep-coordinator melsweep-worker@none
            if [ -e /srv/weights ]; then
              install -D -m 644 /srv/weights /var/lib/melsweep-worker/weights/inception_v3.safetensors
              melsweep submit {SWEEP} --set model.weights=inception_v3.safetensors --wait && answer weights found
            fi
            melsweep submit {SWEEP} --wait && answer sweep finished
            answer results "$(stat -c '%U %a' /var/lib/melsweep/results.db)"
            answer confined "$(grep -h ^Seccomp: /proc/$(systemctl show -P MainPID melsweep-worker@none)/status)"

            kill -KILL $(systemctl show -P MainPID melsweep-worker@none)
            eventually bash -c '[ $(systemctl show -P NRestarts melsweep-worker@none) = 1 ]' && answer killed "comes again"

            eventually bash -c 'log_of melsweep-worker@none | grep -q "registered with"'
            id=$(log_of melsweep-worker@none | sed -n 's/.* worker \\([^ ]*\\) of the coordinator.*/\\1/p')
            melsweep drain --wait $id
            eventually bash -c '[ $(systemctl is-active melsweep-worker@none) = inactive ]' && answer drained "stays away"
            answer "drained with" "$(systemctl show -P ExecMainStatus melsweep-worker@none)"

            systemctl start melsweep-worker@none
            systemctl stop melsweep-worker@none melsweep-coordinator
            answer stopped "$(systemctl show -P Result melsweep-worker@none) $(systemctl show -P Result melsweep-coordinator)"
            """
        )
        self.assertEqual(answers.get("sweep"), "finished", log)
        self.assertEqual(answers.get("weights"), "found" if WEIGHTS else None, log)
        self.assertEqual(answers.get("results"), "melsweep 640", log)
        self.assertEqual(answers.get("confined"), "Seccomp:\t2", log)
        self.assertEqual(answers.get("killed"), "comes again", log)
        self.assertEqual(answers.get("drained"), "stays away", log)
        self.assertEqual(answers.get("drained with"), "0", log)
        self.assertEqual(answers.get("stopped"), "success success", log)

    def test_services_take_credentials_from_systemd_and_a_refused_worker_stays_away(self):
        answers, log = self.root.boot(
            f"""
            melsweep certs init certs --host 127.0.0.1
            for part in coordinator worker; do
              install -d -m 700 /etc/melsweep/$part
              install -m 600 certs/$part/* /etc/melsweep/$part
              [ $part = worker ] && unit=melsweep-worker@ || unit=melsweep-coordinator
              install -D -m 644 /usr/share/melsweep/systemd/$part-credentials.conf /etc/systemd/system/$unit.service.d/credentials.conf
            done
            systemctl daemon-reload
            systemctl start melsweep-coordinator melsweep-worker@none
            export MELSWEEP_CREDENTIALS=$PWD/certs/client
            melsweep submit {SWEEP} --wait --fresh && answer sweep finished

            systemctl stop melsweep-worker@none
            tr 0-9a-f 1-9a-f0 <certs/worker/token >/etc/melsweep/worker/token
            systemctl start melsweep-worker@none
            eventually systemctl is-failed --quiet melsweep-worker@none
            answer refused "$(systemctl show -P ExecMainStatus melsweep-worker@none)"
            answer restarts "$(systemctl show -P NRestarts melsweep-worker@none)"
            log_of melsweep-worker@none

            systemctl stop melsweep-coordinator
            rm -r certs /etc/melsweep/coordinator /etc/melsweep/worker /etc/systemd/system/melsweep-*.d
            """
        )
        self.assertEqual(answers.get("sweep"), "finished", log)
        self.assertEqual(answers.get("refused"), "1", log)
        self.assertEqual(answers.get("restarts"), "0", log)

    def test_running_services_are_stopped_and_purged_with_all_that_they_kept(self):
        self.addCleanup(self.root.run, INSTALL)
        answers, log = self.root.boot(
            f"""
            systemctl enable --now melsweep-coordinator melsweep-worker@none
            melsweep submit {SWEEP} --wait --fresh && answer sweep finished
            {INSTALL} --reinstall
            answer upgraded "$(systemctl is-active melsweep-coordinator) $(systemctl is-active melsweep-worker@none)"
            apt-get -o Dpkg::Use-Pty=0 remove -y -qq {" ".join(NAMES)}
            answer "left by removal" "$(ls /var/lib/melsweep/results.db /etc/melsweep/worker.env | wc -l)"
            {PURGE} && answer purged yes
            answer running "$(cat /proc/[0-9]*/comm | grep -c ^melsweep)"
            """
        )
        self.assertEqual(answers.get("sweep"), "finished", log)
        self.assertEqual(answers.get("upgraded"), "active active", log)
        self.assertEqual(answers.get("left by removal"), "2", log)
        self.assertEqual(answers.get("purged"), "yes", log)
        self.assertEqual(answers.get("running"), "0", log)
        self.assertEqual(sorted(self.root.files() - self.without), [], log)


if __name__ == "__main__":
    unittest.main()
