"""deploy/docker without a container engine: what hadolint would ask for, and what no linter knows: that lists of libraries, folders and
users are those of the programs, of the sources and of deploy/kubernetes."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import dockerfile  # noqa: E402
import manifests  # noqa: E402
from dockerfile import ROOT, dockerfiles, exec_form, installed_packages, shell_commands  # noqa: E402
from programs import BIN  # noqa: E402
from programs_options import PROGRAMS, unknown_variables  # noqa: E402

CLEAN_UP = "rm -rf /var/lib/apt/lists/*"
# In every image of Debian.
ESSENTIAL = {"libc6", "libgcc-s1", "libstdc++6"}
# Of Debian's libtorch; a libtorch of one's own brings them.
TORCH = {"libtorch1.13", "libopenblas0-pthread"}
# Programs that are started, and the library that libblas.so.3, which is a choice of the machine's, should be.
STARTED = {
    "coordinator": {"tini"},
    "worker": {"tini", "libopenblas0-pthread"},
    "client": {"tini", "kubernetes-client"},
    "quickstart": {"tini", "kubernetes-client"},
    "worker-cuda": {"tini"},
}
KEEPERS = {"coordinator": 9464, "worker": 9465, "worker-cuda": 9465}


def stages():
    return [(f"{name}: {stage.name}", stage) for name, file in dockerfiles().items() for stage in file.stages.values()]


def published():
    """[(what it is, its Dockerfile, stage)]"""
    return [(f"{name}: {stage.name}", file, stage) for name, file in dockerfiles().items() for stage in file.published().values()]


def all_of(file, stage, instruction):
    """Of the stage and those that it is made on, in the order of the file."""
    return [text for each in reversed(file.lineage(stage)) for text in each.all(instruction)]


def variables(file, stage):
    return dict(re.findall(r"(\w+)=(\S+)", " ".join(all_of(file, stage, "ENV"))))


def linked_packages(program):
    """The Debian packages of the libraries that a program names itself; what these need comes along."""
    headers = subprocess.run(["objdump", "-p", BIN / program], capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"^\s+NEEDED\s+(\S+)", headers, re.MULTILINE))
    resolved = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
    places = {name: path for name, path in re.findall(r"^\s+(\S+) => (/\S+)", resolved, re.MULTILINE) if name in named}
    files = sorted({os.path.realpath(path) for path in places.values()})
    # dpkg knows a file by the path that its package has it under: /usr/lib is /lib, too.
    search = ["dpkg-query", "--search", *files, *(file.removeprefix("/usr") for file in files)]
    owners = subprocess.run(search, capture_output=True, text=True).stdout
    found = {line.split(": ")[1].removeprefix("/usr"): line.split(":")[0] for line in owners.splitlines()}
    return {found[file.removeprefix("/usr")] for file in files}


class RulesTest(unittest.TestCase):
    """Of hadolint (its number is beside each)."""

    def test_images_are_built_on_one_that_is_named_exactly(self):  # DL3006, DL3007
        for name, file in dockerfiles().items():
            for stage in file.stages.values():
                if stage.base not in file.stages:
                    self.assertRegex(stage.base, r"^debian:12\.\d+-slim$", name)

    def test_apt_installs_what_is_named_and_leaves_no_lists(self):  # DL3009, DL3014, DL3015, DL3027
        installing = 0
        for what, stage in stages():
            for run in stage.all("RUN"):
                commands = shell_commands(run)
                installs = [each for each in commands if each.startswith("apt-get install")]
                for install in installs:
                    self.assertIn("apt-get update", commands, what)
                    self.assertLessEqual({"-y", "--no-install-recommends"}, set(install.split()), what)
                if installs or "deploy/install-packages" in commands:
                    installing += 1
                    self.assertIn(CLEAN_UP, commands, what)
                self.assertNotRegex(run, r"\b(apt|sudo|apt-get upgrade|apt-get dist-upgrade) ", what)
        self.assertGreater(installing, 6)

    def test_files_are_copied_and_not_added(self):  # DL3020
        for what, stage in stages():
            self.assertEqual(stage.all("ADD"), [], what)

    def test_folders_are_absolute(self):  # DL3000, DL3003
        for what, stage in stages():
            for folder in stage.all("WORKDIR"):
                self.assertTrue(folder.startswith("/"), what)
            for run in stage.all("RUN"):
                self.assertFalse(any(command.startswith("cd ") for command in shell_commands(run)), what)

    def test_programs_are_started_without_a_shell_by_tini(self):  # DL3025
        for what, _, stage in published():
            (entry,) = stage.all("ENTRYPOINT")
            program = PROGRAMS[stage.name]
            self.assertEqual(exec_form(entry), ["tini", "--", program], what)

    def test_nothing_runs_as_root(self):  # DL3002
        for what, _, stage in published():
            self.assertEqual(stage.all("USER")[-1:], ["10001:10001"], what)

    def test_daemons_have_one_health_check(self):  # DL3012
        for what, file, stage in published():
            checks = all_of(file, stage, "HEALTHCHECK")
            self.assertEqual(len(checks), 1 if stage.name in KEEPERS else 0, what)
            for check in checks:
                self.assertEqual(exec_form(check.partition("CMD ")[2]), ["healthy", str(KEEPERS[stage.name])], what)

    def test_images_say_what_they_are(self):
        for what, file, stage in published():
            labels = re.findall(r"(org\.opencontainers\.image\.\w+)=", " ".join(all_of(file, stage, "LABEL")))
            self.assertEqual([label.rsplit(".", 1)[1] for label in labels], ["title", "description", "version", "licenses"], what)

    def test_every_pipe_can_fail(self):  # DL4006
        for what, stage in stages():
            for run in stage.all("RUN"):
                self.assertNotIn("|", run, what)


class ContentsTest(unittest.TestCase):
    def test_what_is_copied_is_there_and_not_ignored(self):
        for what, stage in stages():
            for source in dockerfile.sources_of_copies(stage):
                self.assertTrue((ROOT / source).exists(), f"{what}: {source}")
                self.assertTrue(source == "." or not dockerfile.is_ignored(source), f"{what}: {source}")

    def test_a_build_sees_every_source_and_nothing_else(self):
        seen = {name for name in os.listdir(ROOT) if not dockerfile.is_ignored(name)}
        built = set(re.findall(r"^add_subdirectory\((\w+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)) - {"tests"}
        self.assertEqual(seen, built - {"bench"} | {"CMakeLists.txt", "CMakePresets.json", "cmake", "sweeps"})
        for path in ("bench/programs/main.cc", "bench/dispatch/main.cc", "deploy/packages.txt", "deploy/fetch-weights"):
            self.assertFalse(dockerfile.is_ignored(path), path)
        for path in ("build/release/bin/melsweep", ".git/config", "certs/worker/token", "results.db", "deploy/kubernetes/data.yaml"):
            self.assertTrue(dockerfile.is_ignored(path), path)

    def test_what_a_build_needs_is_what_quickstart_installs(self):
        self.assertIn("\ndeploy/install-packages\n", (ROOT / "deploy" / "quickstart").read_text())
        for name, file in dockerfiles().items():
            commands = [shell_commands(run) for run in file.stages["build"].all("RUN")]
            self.assertEqual(commands[0], ["deploy/install-packages", CLEAN_UP], name)

    def test_what_is_copied_from_another_stage_is_made_there(self):
        for name, file in dockerfiles().items():
            build = " ".join(file.stages["build"].all("RUN"))
            for stage in file.stages.values():
                for path in dockerfile.files_copied_from(stage, "build"):
                    self.assertRegex(path, "^/src/build/release/bin/", name)
                    self.assertIn(f" {path.rsplit('/', 1)[1]}", build, f"{name}: {path}")

    def test_an_image_has_the_libraries_that_its_programs_link(self):
        for what, file, stage in published():
            programs = {path.rsplit("/", 1)[1] for each in file.lineage(stage) for path in dockerfile.files_copied_from(each, "build")}
            self.assertIn(PROGRAMS[stage.name], programs, what)
            wanted = set().union(*(linked_packages(program) for program in programs)) - ESSENTIAL | STARTED[stage.name]
            if stage.name == "worker-cuda":
                wanted -= TORCH
            installed = set().union(*(installed_packages(each) for each in file.lineage(stage)))
            self.assertEqual(installed, wanted, what)

    def test_images_variables_are_the_programs(self):
        for what, file, stage in published():
            names = set(variables(file, stage))
            self.assertEqual(unknown_variables(stage.name, names), set(), what)
            if stage.name in KEEPERS:
                (listen,) = [value for name, value in variables(file, stage).items() if name.endswith("METRICS_LISTEN")]
                self.assertEqual(listen, f"127.0.0.1:{KEEPERS[stage.name]}", what)

    def test_a_cuda_worker_is_a_worker(self):
        cpu, cuda = (dockerfiles()[name] for name in ("Dockerfile", "Dockerfile.cuda"))
        ours, theirs = cuda.stages["worker-cuda"], cpu.stages["worker"]
        for instruction in ("ENTRYPOINT", "HEALTHCHECK", "USER", "WORKDIR"):
            self.assertEqual(ours.all(instruction), theirs.all(instruction))
        self.assertLessEqual(variables(cpu, theirs).items(), variables(cuda, ours).items())
        self.assertEqual(cuda.arguments, cpu.arguments)

    def test_images_are_of_this_version(self):
        version = re.search(r"project\(melsweep VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        for what, file, stage in published():
            self.assertIn(f"VERSION={version}", all_of(file, stage, "ARG"), what)


@unittest.skipIf(manifests.what_is_missing(), manifests.what_is_missing())
class UsesTest(unittest.TestCase):
    """Of the images: by deploy/kubernetes and by compose.yaml."""

    @classmethod
    def setUpClass(cls):
        cls.compose = manifests.parse((ROOT / "deploy/docker/compose.yaml").read_text())[0][0]
        cls.services = cls.compose["services"]
        cls.images = {stage.name: (file, stage) for _, file, stage in published()}

    def test_kubernetes_runs_images_that_are_built_as_their_user(self):
        used = {container["image"].split("/")[1].split(":")[0] for _, _, container in manifests.pods_containers()}
        self.assertEqual(used, self.images.keys())
        for what, pod, _ in manifests.pods_containers():
            user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
            self.assertEqual(user, "10001:10001", what)

    def test_compose_builds_what_it_runs(self):
        built = {}
        for name, service in self.services.items():
            if "build" in service:
                context = (ROOT / "deploy/docker" / service["build"]["context"]).resolve()
                self.assertEqual(context, ROOT, name)
                self.assertEqual(service["build"]["dockerfile"], "deploy/docker/Dockerfile", name)
                self.assertIn(service["build"]["target"], self.images, name)
                built[service["image"]] = service["build"]["target"]
        version = re.search(r"project\(melsweep VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertEqual(built, {f"melsweep/{target}:{version}": target for target in built.values()})
        self.assertEqual({service["image"] for service in self.services.values()}, built.keys())

    def test_composes_programs_have_its_options(self):
        from programs_options import unknown_options

        for name, service in self.services.items():
            if "entrypoint" not in service:
                self.assertEqual(unknown_options(service["image"], service["command"]), set(), name)

    def test_composes_services_are_contained(self):
        for name, service in self.services.items():
            self.assertTrue(service["read_only"], name)
            self.assertEqual(service["cap_drop"], ["ALL"], name)
            self.assertEqual(service["security_opt"], ["no-new-privileges:true"], name)
            self.assertNotIn("user", service, "the image's own")
            self.assertNotIn("ports", service, "nothing is open to the outside")

    def test_composes_volumes_are_folders_of_the_images_user(self):
        """Docker gives a new volume the owner of the folder that it is mounted at."""
        mounted = set()
        for name, service in self.services.items():
            file, stage = self.images[service["image"].split("/")[1].split(":")[0]]
            made = " ".join(all_of(file, stage, "RUN"))
            for volume in service.get("volumes", []):
                if isinstance(volume, str):
                    source, target, *_ = volume.split(":")
                    self.assertRegex(made, rf"install --directory --owner=melsweep[^&]* {target}\b", name)
                else:
                    source = volume["source"]
                    self.assertTrue(volume["read_only"], name)
                    self.assertIn(volume["volume"]["subpath"], ("coordinator", "worker", "client"), name)
                mounted.add(source)
        self.assertEqual(mounted, self.compose["volumes"].keys())

    def test_composes_order_can_come_true(self):
        for name, service in self.services.items():
            for other, wanted in service.get("depends_on", {}).items():
                file, stage = self.images[self.services[other]["image"].split("/")[1].split(":")[0]]
                if wanted["condition"] == "service_healthy":
                    self.assertTrue(all_of(file, stage, "HEALTHCHECK"), f"{name}: {other}")
                else:
                    self.assertEqual(wanted["condition"], "service_completed_successfully", name)
                    self.assertNotIn("restart", self.services[other], f"{name}: {other} ends")

    def test_the_coordinators_name_is_in_its_certificate(self):
        (called,) = {word.split("=")[1] for service in self.services.values() for word in service.get("command", []) if word.startswith("--coordinator=")}
        self.assertIn(f"--host {called.split(':')[0]}", self.services["certificates"]["entrypoint"][-1])


if __name__ == "__main__":
    unittest.main()
