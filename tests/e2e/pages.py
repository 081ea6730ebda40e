"""The commands of the pages in docs/ (blocks marked as sh), for somebody who types them from top to bottom."""

import re

from programs import ROOT

SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(page, section, own=None):
    """The blocks of commands in a section of a page, in order. `own`: variables to which the reader gives another value."""
    _, *parts = SECTION.split((ROOT / "docs" / page).read_text())
    sections = dict(zip(parts[::2], parts[1::2]))
    blocks = BLOCK.findall(sections[section])
    for name, value in (own or {}).items():
        given = re.compile(rf"^{name}=\S+", re.MULTILINE)
        if not any(given.search(block) for block in blocks):
            raise AssertionError(f"docs/{page} sets no {name}")
        blocks = [given.sub(f"{name}={value}", block) for block in blocks]
    return blocks


def script(*parts):
    """Of blocks, and of lines between them: one that ends at the first command that fails, and says which it was."""
    # At its end something that bash does itself: a program there would take the shell's place, and not know of what it started.
    return "\n".join(["set -euxo pipefail", *parts, "set +x"])
