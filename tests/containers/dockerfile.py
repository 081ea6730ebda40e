"""Dockerfiles and .dockerignore as far as the tests read them."""

import fnmatch
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "docker"
FILES = (FOLDER / "Dockerfile", FOLDER / "Dockerfile.cuda")


class Stage:
    """FROM to the next FROM: [(instruction, what follows it)]."""

    def __init__(self, base, name):
        self.base = base
        self.name = name
        self.instructions = []

    def all(self, instruction):
        return [text for each, text in self.instructions if each == instruction]


class Dockerfile:
    def __init__(self, text):
        self.arguments = {}  # those before the first FROM, with their values
        self.stages = {}
        stage = None
        for instruction, rest in instructions_of(text):
            if instruction == "FROM":
                base, name = re.fullmatch(r"(\S+) AS (\S+)", rest).groups()
                stage = self.stages[name] = Stage(self.fill_in(base), name)
            elif stage is None:
                name, _, value = rest.partition("=")
                self.arguments[name] = value
            else:
                stage.instructions.append((instruction, rest))

    def fill_in(self, text):
        return re.sub(r"\$\{(\w+)\}", lambda found: self.arguments[found[1]], text)

    def published(self):
        """The stages that are images: those that say what is run."""
        return {name: stage for name, stage in self.stages.items() if stage.all("ENTRYPOINT")}

    def lineage(self, stage):
        """The stage and those that it is made on, nearest first."""
        found = [stage]
        while found[-1].base in self.stages:
            found.append(self.stages[found[-1].base])
        return found


def instructions_of(text):
    """[(instruction, what follows it)], continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines()]


def dockerfiles():
    return {file.name: Dockerfile(file.read_text()) for file in FILES}


def shell_commands(run):
    return [command.strip() for command in run.split("&&")]


def installed_packages(stage):
    """Those that its RUN lines name to apt-get install."""
    found = set()
    for run in stage.all("RUN"):
        for command in shell_commands(run):
            if command.startswith("apt-get install"):
                found |= {word for word in command.split()[2:] if not word.startswith("-")}
    return found


def exec_form(text):
    """The words of ["...", ...]; None where it is not that."""
    try:
        words = json.loads(text)
    except ValueError:
        return None
    return words if isinstance(words, list) else None


def is_ignored(path):
    """Whether .dockerignore keeps a file from the build; the last pattern that fits it, or a folder of it, decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        parts = pathlib.PurePosixPath(path).parts
        above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if any(fnmatch.fnmatchcase(each, pattern.lstrip("!")) for each in above):
            ignored = not pattern.startswith("!")
    return ignored


def sources_of_copies(stage):
    """[path in the build's context]; what is copied from other stages is not among them."""
    found = []
    for text in stage.all("COPY"):
        words = text.split()
        if not any(word.startswith("--from=") for word in words):
            found += [word for word in words[:-1] if not word.startswith("--")]
    return found


def files_copied_from(stage, other):
    """[path in the other stage]"""
    found = []
    for text in stage.all("COPY"):
        words = text.split()
        if f"--from={other}" in words:
            found += [word for word in words[:-1] if not word.startswith("--")]
    return found
