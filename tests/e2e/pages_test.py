"""What the pages name is there: verbs and options of the programs, files, headings."""

import functools
import re
import unittest

from programs import ROOT, melsweep

PROGRAMS = ("melsweep", "melsweep-coordinator", "melsweep-worker", "melsweep-trainer")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# Of other programs, where a page names them by themselves.
OTHERS = {"--soak", "--component", "--gres", "--cpus-per-task", "--time", "--signal", "--isolation", "--stop-timeout", "--user", "--userns"}
# What is a program of ours on their lines is the name of an image, a pod or a secret.
OTHER_PROGRAMS = ("docker", "podman", "buildah", "kubectl", "kustomize")

FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?![a-z]+:)([^)\s]+)\)")
COMMENT = re.compile(r"(^|\s)#.*$")
PROGRAM = re.compile(r"^(?:.*/)?(melsweep(?:-coordinator|-worker|-trainer)?)$")
OPTION = re.compile(r"^\[?(--[a-z][a-z-]*)")
VERB = re.compile(r"^[a-z]+$")
# What ends a command, or is not its own any more.
ENDS = re.compile(r"[|;&<>()]")


@functools.cache
def usage(*command):
    """(verbs, options) of a program, or of a verb of it."""
    program, *verbs = command
    text = melsweep(*verbs, "--help", program=program).stdout
    listed = text.partition("Subcommands:\n")[2]
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text.partition("Subcommands:\n")[0]))
    return set(re.findall(r"^  ([a-z]+)\b", listed, re.MULTILINE)), options


@functools.cache
def every_option():
    found = set(OTHERS)
    waiting = [(program,) for program in PROGRAMS]
    for command in waiting:
        verbs, options = usage(*command)
        found |= options
        waiting += [(*command, verb) for verb in sorted(verbs)]
    return found


def snippets(page):
    """The lines of code of a page, lines that go on joined, comments left out."""
    blocks = FENCED.findall(page)
    prose = FENCED.sub("", page)
    lines = "\n".join([*blocks, *INDENTED.findall(prose)]).replace("\\\n", " ").splitlines()
    return [*(COMMENT.sub("", line) for line in lines), *SPAN.findall(prose)]


def problems_of_command(program, words):
    """`words`: what follows the program on its line."""
    command = [program]
    for word in words:
        option = OPTION.match(word)
        if ENDS.search(word):
            return
        if word == "--":
            yield from problems_of_command("melsweep-worker", words[words.index("--") + 1 :])
            return
        verbs, _ = usage(*command)
        if option and not any(option[1] in usage(*command[:length])[1] for length in range(1, len(command) + 1)):
            yield f"{' '.join(command)} has no option {option[1]}"
        elif verbs and VERB.match(word):
            if word not in verbs:
                yield f"{' '.join(command)} has no verb {word}"
                return
            command.append(word)


def problems(page):
    for line in snippets(page):
        words = line.split()
        alone = OPTION.match(line)
        if alone and alone[1] not in every_option():
            yield f"no program has the option {alone[1]}"
        for place, word in enumerate([] if line.startswith(OTHER_PROGRAMS) else words):
            program = PROGRAM.match(word.strip("\"'$("))
            if program:
                yield from problems_of_command(program[1], [word.strip("\"'`") for word in words[place + 1 :]])


def anchors(page):
    """Of its headings, as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(file):
    for link in LINK.findall(SPAN.sub("", FENCED.sub("", file.read_text()))):
        path, _, anchor = link.partition("#")
        target = (file.parent / path) if path else file
        if not target.exists():
            yield f"{link}: there is no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
            yield f"{link}: there is no such heading"


class PagesTest(unittest.TestCase):
    def test_links_lead_somewhere(self):
        links = sum(len(LINK.findall(page.read_text())) for page in PAGES)
        self.assertGreater(links, 50)
        for page in PAGES:
            with self.subTest(page=page.name):
                self.assertEqual(list(broken_links(page)), [])

    def test_pages_name_what_there_is(self):
        for page in PAGES:
            with self.subTest(page=page.name):
                self.assertEqual(list(problems(page.read_text())), [])

    def test_what_there_is_not_is_found(self):
        page = "`melsweep runn x`, `melsweep run --worker 2`, `--no-such`\n```\nmelsweep scale 2 \\\n  --on local -- --lable x\nx | melsweep db chek\n```\n"
        self.assertEqual(
            sorted(problems(page)),
            ["melsweep db has no verb chek", "melsweep has no verb runn", "melsweep run has no option --worker",
             "melsweep-worker has no option --lable", "no program has the option --no-such"],
        )


if __name__ == "__main__":
    unittest.main()
