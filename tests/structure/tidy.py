"""clang-tidy over the project's own sources, one test a file. What was clean is remembered in build/tidy under a hash of the
file, the headers of ours that it includes, its compile command and the configuration, so that only what changed is looked at
again.

usage: tidy.py TALLY_FILE [FOLDER...]   (only sources below these folders)
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ROOT / "build" / "release" / "compile_commands.json"
MEMORY = ROOT / "build" / "tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


# What clang must not see of GCC's commands: precompiled headers and warnings that only GCC knows. Without the precompiled
# headers a file that forgets an include is found here, too. (libtorch's are replaced: see libtorch_for_clang.h.)
LIBTORCH = re.compile(r"-include \S*melsweep_torch_pch\S*")
LIBTORCH_FOR_CLANG = ROOT / "tests" / "structure" / "libtorch_for_clang.h"
FOR_LIBTORCH = f"-include {LIBTORCH_FOR_CLANG}"
GCC_ONLY = re.compile(r"-Winvalid-pch|-include \S*cmake_pch\.hxx|-Wno-restrict|-Wno-maybe-uninitialized")


def write_commands():
    """The build's commands as clang understands them, in build/tidy; returns them by source, of the project's own."""
    commands = json.loads(COMMANDS.read_text(encoding="utf-8"))
    for command in commands:
        for_clang = LIBTORCH.sub(FOR_LIBTORCH, command["command"])
        command["command"] = GCC_ONLY.sub("", for_clang)
    (MEMORY / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    by_file = {pathlib.Path(command["file"]).resolve(): command["command"] for command in commands}
    programs = ("shared", "coordinator", "worker", "client")
    return {
        file: command
        for file, command in sorted(by_file.items())
        if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in programs
    }


def closure(file, seen):
    """The file and every header of ours below it."""
    if file in seen or not file.is_file():
        return seen
    seen.add(file)
    for target in INCLUDE.findall(file.read_text(encoding="utf-8")):
        closure(ROOT / target, seen)
    return seen


def fingerprint(file, command, configuration):
    """Changes with everything that clang-tidy's answer depends on, but for the system's headers."""
    digest = hashlib.sha256()
    for text in (command.encode(), configuration):
        digest.update(hashlib.sha256(text).digest())
    for part in sorted(closure(file, set())):
        digest.update(str(part).encode())
        digest.update(part.read_bytes())
    return digest.hexdigest()


def check(file, command):
    """Nothing where the file is clean, else what is wrong with it: a clang-tidy that dies has found nothing clean."""
    configuration = (ROOT / ".clang-tidy").read_bytes() + LIBTORCH_FOR_CLANG.read_bytes()
    mark = MEMORY / fingerprint(file, command, configuration)
    if mark.exists():
        return None
    run = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(MEMORY), str(file)], capture_output=True, text=True, cwd=ROOT
    )
    if run.returncode == 0:
        mark.touch()
        return None
    return f"{run.stdout}\n{run.stderr}\nclang-tidy ended with {run.returncode}"


def main(tally, folders):
    MEMORY.mkdir(parents=True, exist_ok=True)
    files = write_commands()
    if folders:
        chosen = [file for file in files if any(file.is_relative_to(ROOT / folder) for folder in folders)]
        files = {file: files[file] for file in chosen}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, problems in zip(files, pool.map(check, files.keys(), files.values())):
            if problems is not None:
                failed += 1
                print(f"FAILED  {file.relative_to(ROOT)}\n{problems}")
    print(f"{len(files) - failed} files clean, {failed} not")
    with open(tally, "a", encoding="utf-8") as file:
        file.write(f"{len(files) - failed} {failed} 0\n")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
