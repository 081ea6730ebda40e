"""Holds the source tree to docs/architecture.md: includes point downwards, no folder depends on a sibling program, heavy
libraries stay where they belong, and nothing has a vague name. One test a rule and folder.

usage: layers_test.py TALLY_FILE
"""

import pathlib
import re
import sys

from source_files import ROOT, source_files

# Each folder with the folders of ours that it may include, beside itself. "generated" is protobuf's and gRPC's code.
MODEL = {"shared/model"}
ARTIFACTS = MODEL | {"shared/files", "shared/artifacts"}
SPEC = MODEL | {"shared/files", "shared/time", "shared/spec"}
EDGE = SPEC | {"shared/results", "shared/wire", "shared/net", "shared/log"}
TRAINER_BASE = SPEC | {"worker/trainer/protocol", "worker/trainer/arrays", "worker/trainer/random"}
AUDIO = TRAINER_BASE | {"worker/trainer/vorbis", "worker/trainer/audio"}
VARIANTS = AUDIO | {"worker/trainer/variants"}
DATASET = AUDIO | {"worker/trainer/dataset"}
RENDERING = DATASET | {"worker/trainer/rendering"}
FEATURES = RENDERING | VARIANTS | {"worker/trainer/features"}
INCEPTION = FEATURES | {"worker/trainer/inception"}
TRAINING = INCEPTION | {"worker/trainer/training"}
MODELS = TRAINING | {"worker/trainer/models"}
STORE = SPEC | {"shared/results", "coordinator/search", "coordinator/store"}
CORE = STORE | ARTIFACTS | {"coordinator/core"}
ENGINE = CORE | {"coordinator/engine"}
MONITORING = {"shared/monitoring"}
MANUAL = {"shared/manual"}

ALLOWED = {
    "shared/model": MODEL,
    "shared/files": {"shared/files"},
    "shared/artifacts": ARTIFACTS,
    "shared/time": {"shared/time"},
    "shared/log": {"shared/log"},
    "shared/manual": {"shared/files", "shared/manual"},
    "shared/spec": SPEC,
    "shared/results": SPEC | {"shared/results"},
    "shared/wire": SPEC | {"shared/results", "shared/wire", "generated"},
    "shared/net": EDGE | {"generated"},
    "shared/monitoring": {"shared/files", "shared/net", "shared/monitoring"},
    "coordinator/search": SPEC | {"coordinator/search"},
    "coordinator/store": STORE,
    "coordinator/artifacts": ARTIFACTS | {"coordinator/artifacts"},
    "coordinator/core": CORE,
    "coordinator/engine": ENGINE,
    "coordinator/rpc": ENGINE | EDGE | ARTIFACTS | {"coordinator/artifacts", "coordinator/rpc", "generated"},
    "coordinator/metrics": ENGINE | EDGE | MONITORING | {"coordinator/rpc", "coordinator/metrics"},
    "coordinator": CORE | EDGE | MONITORING | MANUAL | {"coordinator/rpc", "coordinator/metrics"},
    "worker/trainer/protocol": SPEC | {"worker/trainer/protocol"},
    "worker/trainer/arrays": {"shared/files", "worker/trainer/arrays"},
    "worker/trainer/random": {"worker/trainer/random"},
    "worker/trainer/vorbis": {"shared/files", "worker/trainer/vorbis"},
    "worker/trainer/audio": AUDIO,
    "worker/trainer/variants": VARIANTS,
    "worker/trainer/dataset": DATASET,
    "worker/trainer/dataset/synth": DATASET | {"worker/trainer/dataset/synth"},
    "worker/trainer/rendering": RENDERING,
    "worker/trainer/features": FEATURES,
    "worker/trainer/inception": INCEPTION,
    "worker/trainer/training": TRAINING,
    "worker/trainer/models": MODELS,
    "worker/trainer/commands": MODELS | {"worker/trainer/dataset/synth", "worker/trainer/commands"},
    "worker/trainer": MODELS | MANUAL | {"worker/trainer/commands"},
    "worker/agent": EDGE | ARTIFACTS | MONITORING | MANUAL | {"worker/trainer/protocol", "worker/agent", "generated"},
    "client/output": EDGE | {"client/output"},
    "client/remote": EDGE | {"client/remote", "generated"},
    "client/certs": EDGE | {"client/certs"},
    "client/local": EDGE | {"client/output", "client/local"},
    "client/exports": EDGE | {"client/output", "client/exports", "generated"},
    "client/completion": {"client/completion"},
    "client/report": EDGE | ARTIFACTS | {"client/output", "client/local", "client/report"},
    "client/scaling": EDGE | {"client/local", "client/scaling"},
    "client/commands": EDGE
    | MANUAL
    | {
        "client/certs",
        "client/completion",
        "client/exports",
        "client/output",
        "client/remote",
        "client/local",
        "client/report",
        "client/scaling",
        "client/commands",
    },
    "client": EDGE | MANUAL | {"client/output", "client/commands"},
}

# Libraries that may be seen from these folders only.
CONFINED = {
    "torch/": {
        "worker/trainer/inception",
        "worker/trainer/training",
        "worker/trainer/models",
        "worker/trainer/commands",
    },
    "dnnl": {"worker/trainer/inception"},
    "grpcpp/": {"shared/wire", "shared/net", "coordinator/rpc", "worker/agent", "client/remote"},
    "SQLiteCpp/": {"shared/results", "coordinator/store"},
    "sqlite3.h": {"shared/results", "coordinator/store"},
    "sndfile": {"worker/trainer/audio", "worker/trainer/dataset/synth"},
    "png.h": {"worker/trainer/rendering"},
    "fftw3.h": {"worker/trainer/audio"},
    "libav": {"worker/trainer/vorbis"},
    "soxr.h": {"worker/trainer/audio"},
    "chromaprint.h": {"worker/trainer/audio"},
    "yaml-cpp/": {"shared/spec"},
    "CLI/": {"shared/manual", "coordinator", "worker/agent", "worker/trainer", "worker/trainer/commands", "client", "client/commands", "client/completion"},
    "duktape.h": {"client/report"},
    "prometheus/": {"shared/monitoring", "coordinator/metrics"},
    "civetweb.h": {"shared/monitoring"},
}

VAGUE = re.compile(r"(^|[/_])(util|utils|helper|helpers|common|misc|manager)([/_.]|$)", re.IGNORECASE)
CLOCK = re.compile(r"_clock::now\(")
CLOCK_FILE = "shared/time/system_clock.cc"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def included_folder(path):
    if path.startswith("melsweep/v1/"):
        return "generated"
    folder = str(pathlib.PurePosixPath(path).parent)
    top = path.split("/")[0]
    return folder if top in ("shared", "coordinator", "worker", "client") else None


def upward_includes(file, text):
    folder = str(file.parent)
    for _, target in INCLUDE.findall(text):
        if folder == "shared/model" and ("/" in target or "." in target) and not target.startswith("shared/model/"):
            yield f"{file}: includes {target}; shared/model is made of the standard library only"
        included = included_folder(target)
        if included and included not in ALLOWED[folder]:
            yield f"{file}: includes {target}, which {folder} may not see"
        for library, folders in CONFINED.items():
            if target.startswith(library) and folder not in folders:
                yield f"{file}: includes {target}, which only {', '.join(sorted(folders))} may"


def problems_by_folder(files):
    problems = {}
    for file in files:
        if file.suffix not in (".cc", ".h") or file.parts[0] not in ("shared", "coordinator", "worker", "client"):
            continue
        folder = str(file.parent)
        found = problems.setdefault(folder, [])
        if folder not in ALLOWED:
            found.append(f"{file}: folder {folder} has no place in tests/structure/layers_test.py and docs/architecture.md")
            continue
        text = (ROOT / file).read_text(encoding="utf-8")
        found.extend(upward_includes(file, text))
        if CLOCK.search(text) and str(file) != CLOCK_FILE:
            found.append(f"{file}: reads a clock; time is an argument, or a Clock& (shared/time/clock.h)")
    return problems


def self_test():
    """The rules find what they are there to find."""
    planted = pathlib.PurePosixPath("coordinator/core/planted.cc")
    found = list(upward_includes(planted, '#include "coordinator/rpc/server.h"\n#include <grpcpp/grpcpp.h>\n#include <vector>\n'))
    return [] if len(found) == 2 else [f"layers_test.py: two planted violations, found {found}"]


def main(tally):
    files = source_files()
    results = {"the rules find planted violations": self_test()}
    results["there are sources"] = [] if any(file.suffix == ".cc" for file in files) else ["no .cc file was found"]
    results["names say something"] = [f"{file}: vague name" for file in files if VAGUE.search(str(file))]
    results.update({f"includes of {folder}": found for folder, found in sorted(problems_by_folder(files).items())})
    failed = 0
    for name, found in results.items():
        print(f"{'FAILED' if found else 'ok    '}  {name}")
        for problem in found:
            print(f"        {problem}")
        failed += bool(found)
    with open(tally, "a", encoding="utf-8") as file:
        file.write(f"{len(results) - failed} {failed} 0\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
