"""deploy/kubernetes without a cluster: it renders, its objects hold to Kubernetes' schemas, and what they say of each other and of the
programs is true."""

import pathlib
import re
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import manifests  # noqa: E402
from manifests import FOLDER, ROOT, containers, find, objects, option, pods_containers, title, workloads  # noqa: E402
from programs_options import image_name, unknown_options, unknown_variables  # noqa: E402

PAGE = ROOT / "docs" / "kubernetes.md"
OVERLAYS = {"cpu", "mig", "nvidia"}
MISSING = manifests.what_is_missing()
# What kustomize 2.0 reads, which is in Debian 12's kubectl.
OLD_FIELDS = {"apiVersion", "kind", "namespace", "resources", "bases", "patchesStrategicMerge", "images"}


def labels_of(pod_maker):
    return pod_maker["spec"]["template"]["metadata"]["labels"]


def is_selected(selector, labels):
    return selector["matchLabels"].items() <= labels.items()


@unittest.skipIf(MISSING, MISSING)
class RenderingTest(unittest.TestCase):
    def test_every_object_is_valid(self):
        for name, found in manifests.rendered().items():
            self.assertTrue(found, name)
            for each, problems in found:
                self.assertEqual(problems, [], f"{name}: {title(each)}")

    def test_the_schemas_notice_what_is_wrong(self):
        good = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      terminationGracePeriodSeconds: 30
      containers: [{name: c, image: d, ports: [{containerPort: 1}]}]
"""
        wrong = {
            "apps/v1": "apps/v2",
            "terminationGracePeriodSeconds": "terminationGracePeriodSecond",
            "Seconds: 30": "Seconds: soon",
            "name: c, ": "",
            "containerPort: 1": "containerPort: 1, protocol: HTTP",
        }
        self.assertEqual(manifests.parse(good, "--kubernetes")[0][1], [])
        for old, new in wrong.items():
            self.assertTrue(manifests.parse(good.replace(old, new), "--kubernetes")[0][1], new)

    def test_the_kubectl_of_debian_12_reads_them(self):
        for file in FOLDER.glob("**/kustomization.yaml"):
            kustomization = manifests.parse(file.read_text())[0][0]
            self.assertLessEqual(kustomization.keys(), OLD_FIELDS, file)
            for resource in [*kustomization.get("resources", []), *kustomization.get("patchesStrategicMerge", [])]:
                self.assertTrue((file.parent / resource).is_file(), f"{file}: {resource}")

    def test_the_page_tells_of_every_folder_and_of_no_others(self):
        page = PAGE.read_text()
        told = set(re.findall(r"^\| `([\w./]+)` \|", page, re.MULTILINE))
        folders = {str(folder.relative_to(FOLDER)) for folder in manifests.kustomizations().values()}
        self.assertEqual(told, folders | set(manifests.PLAIN_FILES))
        for path in re.findall(r"deploy/kubernetes/[\w/.]+\w", page):
            self.assertTrue((ROOT / path).exists(), path)

    def test_everything_is_in_one_namespace(self):
        for each in objects():
            if each["kind"] != "Namespace":
                self.assertEqual(each["metadata"]["namespace"], find("Namespace", "melsweep")["metadata"]["name"], title(each))


@unittest.skipIf(MISSING, MISSING)
class WiringTest(unittest.TestCase):
    def test_every_overlay_has_a_coordinator_and_workers(self):
        self.assertLessEqual(OVERLAYS, manifests.kustomizations().keys())
        for overlay in OVERLAYS:
            found = {title(each) for each in objects(overlay)}
            self.assertLessEqual({"StatefulSet melsweep-coordinator", "Service melsweep-coordinator", "Deployment melsweep-worker"}, found)

    def test_each_overlays_workers_have_what_it_is_named_after(self):
        wanted = {"cpu": None, "nvidia": "nvidia.com/gpu", "mig": "nvidia.com/mig-"}
        for overlay, resource in wanted.items():
            (worker,) = find("Deployment", "melsweep-worker", overlay)["spec"]["template"]["spec"]["containers"]
            devices = {name: count for name, count in worker["resources"]["limits"].items() if "/" in name}
            self.assertEqual(image_name(worker["image"]), "worker-cuda" if resource else "worker", overlay)
            self.assertEqual([name.startswith(resource or "-") for name in devices], [True] if resource else [], devices)
            self.assertEqual(set(devices.values()), {1} if resource else set(), "a trainer computes on one")

    def test_probes_ask_where_the_program_answers(self):
        for what, _, container in pods_containers():
            ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
            served = {name: int(option(container, name).rsplit(":", 1)[1]) for name in ("listen", "metrics-listen") if option(container, name)}
            self.assertEqual(set(ports.values()), set(served.values()), what)
            probes = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
            if "metrics-listen" not in served:
                self.assertEqual(probes, {}, what)
                continue
            self.assertEqual(ports["metrics"], served["metrics-listen"], what)
            wanted = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
            self.assertEqual({name: probe["path"] for name, probe in probes.items()}, wanted, what)
            self.assertEqual({ports[probe["port"]] for probe in probes.values()}, {served["metrics-listen"]}, what)

    def test_prometheus_is_told_the_same_port(self):
        for each in workloads():
            annotations = each["spec"]["template"]["metadata"].get("annotations", {})
            if "prometheus.io/scrape" not in annotations:
                continue
            (container,) = each["spec"]["template"]["spec"]["containers"]
            self.assertEqual(annotations["prometheus.io/port"], option(container, "metrics-listen").rsplit(":", 1)[1], title(each))

    def test_every_mount_has_its_volume_and_every_volume_its_mount(self):
        for each in workloads():
            pod = each["spec"]["template"]["spec"]
            volumes = [volume["name"] for volume in pod.get("volumes", [])]
            volumes += [claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", [])]
            mounts = {mount["name"] for container in containers(pod) for mount in container.get("volumeMounts", [])}
            self.assertEqual(set(volumes), mounts, title(each))
            self.assertEqual(len(volumes), len(mounts), title(each))

    def test_what_programs_write_and_read_is_mounted(self):
        for what, pod, container in pods_containers():
            mounts = {mount["mountPath"]: mount for mount in container.get("volumeMounts", [])}
            volumes = {volume["name"]: volume for volume in pod["volumes"]}
            for name in ("db", "data-dir"):
                if path := option(container, name):
                    (mount,) = [mount for at, mount in mounts.items() if path == at or path.startswith(f"{at}/")]
                    self.assertFalse(mount.get("readOnly"), f"{what}: {path}")
            if path := option(container, "credentials"):
                self.assertIn("secret", volumes[mounts[path]["name"]], what)
                self.assertNotIn("subPath", mounts[path], f"{what}: a renewed Secret would not come through")
            if "MELSWEEP_WEIGHTS_DIR" in str(container):
                self.assertIn("persistentVolumeClaim", volumes[mounts["/data"]["name"]], what)

    def test_what_is_referred_to_is_there_or_told_how_to_make(self):
        made_by_hand = dict(re.findall(r"create secret generic (\S+) --from-file=certs/(\w+)", PAGE.read_text()))
        for each in workloads():
            pod = each["spec"]["template"]["spec"]
            account = pod.get("serviceAccountName")
            if account is not None:
                find("ServiceAccount", account)
            for volume in pod.get("volumes", []):
                if "persistentVolumeClaim" in volume:
                    find("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
                if "secret" in volume:
                    program = image_name(pod["containers"][0]["image"])
                    role = {"worker-cuda": "worker", "quickstart": "client"}.get(program, program)
                    self.assertEqual(made_by_hand[volume["secret"]["secretName"]], role, title(each))
                self.assertNotIn("configMap", volume)
        for binding in [each for each in objects() if each["kind"] == "RoleBinding"]:
            find("Role", binding["roleRef"]["name"])
            for subject in binding["subjects"]:
                account = find(subject["kind"], subject["name"])
                self.assertEqual(account["metadata"]["namespace"], subject["namespace"])

    def test_selectors_find_their_pods(self):
        pods = [labels_of(each) for each in workloads()]
        for each in objects():
            spec = each.get("spec", {})
            if each["kind"] in ("Deployment", "StatefulSet"):
                self.assertTrue(is_selected(spec["selector"], labels_of(each)), title(each))
            elif each["kind"] == "Service":
                self.assertTrue(any(is_selected({"matchLabels": spec["selector"]}, labels) for labels in pods), title(each))
            elif each["kind"] == "PodDisruptionBudget":
                self.assertTrue(any(is_selected(spec["selector"], labels) for labels in pods), title(each))
            elif each["kind"] == "NetworkPolicy":
                rules = [*spec.get("ingress", []), *spec.get("egress", [])]
                peers = [peer for rule in rules for peer in [*rule.get("from", []), *rule.get("to", [])]]
                selectors = [spec["podSelector"], *(peer["podSelector"] for peer in peers if "podSelector" in peer)]
                for selector in selectors:
                    self.assertTrue(any(is_selected(selector, labels) for labels in pods), f"{title(each)}: {selector}")

    def test_every_pod_that_stays_has_a_network_policy(self):
        policies = [each["spec"]["podSelector"] for each in objects() if each["kind"] == "NetworkPolicy"]
        for each in workloads():
            covered = any(is_selected(selector, labels_of(each)) for selector in policies)
            self.assertEqual(covered, each["metadata"]["name"] not in ("melsweep-quickstart", "melsweep-loader"), title(each))

    def test_callers_are_let_in_at_the_coordinators_port(self):
        service = find("Service", "melsweep-coordinator", "cpu")
        coordinator = find("StatefulSet", "melsweep-coordinator", "cpu")
        (container,) = coordinator["spec"]["template"]["spec"]["containers"]
        (port,) = service["spec"]["ports"]
        self.assertIn(port["targetPort"], [each["name"] for each in container["ports"]])
        address = f"{service['metadata']['name']}:{port['port']}"
        callers = [(each, option(c, "coordinator")) for each in workloads() for c in containers(each["spec"]["template"]["spec"])]
        callers = [(each, called) for each, called in callers if called is not None]
        self.assertGreaterEqual(len(callers), 4)
        ingress = find("NetworkPolicy", "melsweep-coordinator", "cpu")["spec"]["ingress"][0]
        self.assertEqual([each["port"] for each in ingress["ports"]], [int(option(container, "listen").rsplit(":", 1)[1])])
        for each, called in callers:
            self.assertEqual(called, address, title(each))
            self.assertTrue(is_selected(ingress["from"][0]["podSelector"], labels_of(each)), title(each))

    def test_a_jobs_worker_is_the_deployments_but_for_its_end(self):
        deployment = find("Deployment", "melsweep-worker", "cpu")["spec"]["template"]["spec"]
        job = find("Job", "melsweep-batch-worker")["spec"]["template"]["spec"]
        (theirs,), (ours,) = deployment["containers"], job["containers"]
        ends_by_itself = [arg for arg in ours["args"] if arg not in theirs["args"]]
        self.assertEqual([arg.split("=")[0] for arg in ends_by_itself], ["--idle-timeout-s"])
        own = {"args", "resources"}
        self.assertEqual({k: v for k, v in ours.items() if k not in own}, {k: v for k, v in theirs.items() if k not in own})
        own = {"containers", "restartPolicy"}
        self.assertEqual({k: v for k, v in job.items() if k not in own}, {k: v for k, v in deployment.items() if k not in own})


@unittest.skipIf(MISSING, MISSING)
class ContainmentTest(unittest.TestCase):
    def test_nothing_runs_as_root_or_may_become_it(self):
        for what, pod, container in pods_containers():
            context = {**pod["securityContext"], **container["securityContext"]}
            self.assertTrue(context["runAsNonRoot"], what)
            self.assertGreater(context["runAsUser"], 0, what)
            self.assertGreater(context["runAsGroup"], 0, what)
            self.assertFalse(context["allowPrivilegeEscalation"], what)
            self.assertFalse(context.get("privileged", False), what)
            self.assertEqual(context["capabilities"], {"drop": ["ALL"]}, what)
            self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"}, what)

    def test_nothing_can_change_its_image_and_nothing_is_the_nodes(self):
        for what, pod, container in pods_containers():
            self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"], what)
            self.assertEqual({"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), set(), what)
            kinds = {kind for volume in pod["volumes"] for kind in volume} - {"name"}
            self.assertLessEqual(kinds, {"secret", "emptyDir", "persistentVolumeClaim"}, what)

    def test_only_the_autoscaler_may_speak_to_kubernetes(self):
        for each in workloads():
            pod = each["spec"]["template"]["spec"]
            self.assertEqual(pod["automountServiceAccountToken"], each["metadata"]["name"] == "melsweep-autoscaler", title(each))
            self.assertEqual("serviceAccountName" in pod, each["metadata"]["name"] == "melsweep-autoscaler", title(each))

    def test_a_mounted_key_is_as_the_programs_want_it(self):
        """Root's, and with the pod's fsGroup as the only others who may read: shared/net/secrecy.h, and pods_test.py with real files."""
        for each in workloads():
            pod = each["spec"]["template"]["spec"]
            for volume in [volume for volume in pod["volumes"] if "secret" in volume]:
                self.assertEqual(volume["secret"]["defaultMode"], 0o440, title(each))
                self.assertEqual(pod["securityContext"]["fsGroup"], pod["securityContext"]["runAsGroup"], title(each))

    def test_resources_are_asked_for_and_bounded(self):
        for what, _, container in pods_containers():
            self.assertLessEqual({"cpu", "memory"}, container["resources"]["requests"].keys(), what)
            self.assertIn("memory", container["resources"]["limits"], what)


@unittest.skipIf(MISSING, MISSING)
class ProgramsTest(unittest.TestCase):
    def test_every_option_and_variable_is_one_of_the_programs(self):
        for what, _, container in pods_containers():
            if "command" not in container:
                self.assertEqual(unknown_options(container["image"], container["args"]), set(), what)
            self.assertEqual(unknown_variables(container["image"], [each["name"] for each in container.get("env", [])]), set(), what)

    def test_images_are_of_this_version(self):
        version = re.search(r"project\(melsweep VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        for what, _, container in pods_containers():
            self.assertEqual(container["image"].split(":")[1:], [version], what)

    def test_a_worker_has_the_time_that_it_takes_to_leave(self):
        stop = re.search(r"milliseconds stop\{([\d']+)\}", (ROOT / "worker/agent/trainer_supervisor.h").read_text())[1]
        release = re.search(r"milliseconds release\{([\d']+)\}", (ROOT / "worker/agent/agent.h").read_text())[1]
        leaves_after_s = (int(stop.replace("'", "")) + int(release.replace("'", ""))) / 1000
        for each in workloads():
            if labels_of(each).get("app.kubernetes.io/component") == "worker":
                self.assertGreaterEqual(each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], 2 * leaves_after_s, title(each))


@unittest.skipIf(MISSING, MISSING)
class ScalingTest(unittest.TestCase):
    def setUp(self):
        self.fleet = (ROOT / "client/scaling/kubernetes_fleet.cc").read_text()
        header = (ROOT / "client/scaling/kubernetes_fleet.h").read_text()
        self.name = re.search(r'deployment = "([^"]+)"', header)[1]

    def test_the_fleet_is_the_deployment_and_no_other_pods(self):
        self.assertIn("--selector=app.kubernetes.io/name=", self.fleet)
        for overlay in OVERLAYS:
            self.assertEqual(labels_of(find("Deployment", self.name, overlay))["app.kubernetes.io/name"], self.name)
        others = [each for each in workloads() if each["metadata"]["name"] != self.name]
        self.assertNotIn(self.name, [labels_of(each)["app.kubernetes.io/name"] for each in others])

    def test_applying_again_does_not_change_how_many_there_are(self):
        for overlay in OVERLAYS:
            self.assertNotIn("replicas", find("Deployment", self.name, overlay)["spec"])

    def test_the_autoscaler_may_do_what_the_fleet_asks_of_kubectl(self):
        needs = {
            "get": {("", "pods", "list")},
            "annotate": {("", "pods", "get"), ("", "pods", "patch")},
            "scale": {("apps", "deployments", "get"), ("apps", "deployments/scale", "get"), ("apps", "deployments/scale", "patch"),
                      ("apps", "deployments/scale", "update")},
        }  # fmt: skip
        asked = set(re.findall(r'kubectl\(\{"(\w+)"', self.fleet))
        self.assertEqual(asked, needs.keys())
        role = find("Role", "melsweep-autoscaler")
        allowed = {(group, resource, verb) for rule in role["rules"] for group in rule["apiGroups"] for resource in rule["resources"]
                   for verb in rule["verbs"]}  # fmt: skip
        self.assertEqual(allowed, set().union(*needs.values()))
        for rule in role["rules"]:
            if rule["apiGroups"] == ["apps"]:
                self.assertEqual(rule["resourceNames"], [self.name])


if __name__ == "__main__":
    unittest.main()
