"""deploy/kubernetes as `kubectl kustomize` renders it, and what Kubernetes' schemas say of it; the YAML of deploy/docker."""

import functools
import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "deploy" / "kubernetes"
PACKAGES = ROOT / "build" / "containers"
# The namespace, and the claim that everything mounts: applied by hand, once.
PLAIN_FILES = ("namespace.yaml", "data.yaml")


def what_is_missing():
    """Words for a skipped test, or None."""
    for command, package in (("kubectl", "kubernetes-client"), ("npm", "npm")):
        if shutil.which(command) is None:
            return f"there is no {command}: Debian's package {package} has it (deploy/install-packages --tests)"
    return None


@functools.cache
def fetch_packages():
    """Of package-lock.json, those that are not there yet."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "objects.mjs"):
        shutil.copy(HERE / name, PACKAGES / name)
    lock = (HERE / "package-lock.json").read_text()
    fetched = PACKAGES / "fetched"
    if fetched.exists() and fetched.read_text() == lock:
        return
    environment = {"NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt", **os.environ}
    fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(fetch, cwd=PACKAGES, check=True, env=environment, timeout=300)
    fetched.write_text(lock)


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def parse(text, *options):
    """[(object, what is wrong with it)] of YAML documents; wrong with --kubernetes alone."""
    fetch_packages()
    parsed = json.loads(run(["node", "objects.mjs", *options], cwd=PACKAGES, input=text))
    return [(each["object"], each["problems"]) for each in parsed]


def kustomizations():
    """The folders that are applied: all but the base, by name."""
    folders = sorted(file.parent for file in FOLDER.glob("**/kustomization.yaml"))
    return {folder.name: folder for folder in folders if folder.name != "base"}


@functools.cache
def rendered():
    """{name of an applied folder or file: [(object, problems)]}"""
    texts = {name: run(["kubectl", "kustomize", folder]) for name, folder in kustomizations().items()}
    texts |= {name: (FOLDER / name).read_text() for name in PLAIN_FILES}
    return {name: parse(text, "--kubernetes") for name, text in texts.items()}


def objects(*names):
    """The objects of these applied folders and files; of all, each once, where none is named."""
    found = {}
    for name in names or rendered():
        for each, _ in rendered()[name]:
            found.setdefault(json.dumps(each, sort_keys=True), each)
    return list(found.values())


def title(each):
    return f"{each['kind']} {each['metadata']['name']}"


def find(kind, name, *names):
    return next(each for each in objects(*names) if title(each) == f"{kind} {name}")


def workloads(*names):
    """Objects that make pods, and pods as if something made them."""
    found = [each for each in objects(*names) if "template" in each.get("spec", {})]
    pods = [each for each in objects(*names) if each["kind"] == "Pod"]
    return found + [{**each, "spec": {"template": {"metadata": each["metadata"], "spec": each["spec"]}}} for each in pods]


def containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


def pods_containers(*names):
    """[(what it is, pod's spec, container)]"""
    found = []
    for each in workloads(*names):
        pod = each["spec"]["template"]["spec"]
        found += [(f"{title(each)}: {container['name']}", pod, container) for container in containers(pod)]
    return found


def option(container, name):
    """The value of --name in its arguments, or None."""
    values = [arg.split("=", 1)[1] for arg in container.get("args", []) if arg.startswith(f"--{name}=")]
    return values[0] if values else None
