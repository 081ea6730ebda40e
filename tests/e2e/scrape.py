"""A page of metrics as Prometheus would read it, and what its queries name. Standard library only."""

import re
import urllib.error
import urllib.request

SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
HISTOGRAM = ("_bucket", "_sum", "_count")


class Page:
    """What one look at /metrics shows."""

    def __init__(self, text):
        self.text = text
        self.types = {}  # of each family
        self.series = {}  # (name, ((label, value), ...)) -> number
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                self.types[name] = kind
            elif not line.startswith("#"):
                name, labels, value = SERIES.match(line).groups()
                self.series[(name, tuple(sorted(LABEL.findall(labels or ""))))] = float(value)

    def __getitem__(self, query):
        """page["melsweep_trials", "state", "running"]: the number of one series."""
        name, *labels = (query,) if isinstance(query, str) else query
        return self.series[(name, tuple(sorted(zip(labels[::2], labels[1::2]))))]

    def family(self, name):
        """The family of a series' name; a histogram has three kinds."""
        for ending in HISTOGRAM:
            if name.endswith(ending) and self.types.get(name[: -len(ending)]) == "histogram":
                return name[: -len(ending)]
        return name

    def labels(self):
        """The names of each family's labels, `le` left out."""
        found = {name: set() for name in self.types}
        for name, labels in self.series:
            found[self.family(name)] |= {label for label, _ in labels} - {"le"}
        return found

    def label_values(self):
        """{(family, label): values}"""
        found = {}
        for name, labels in self.series:
            for label, value in labels:
                found.setdefault((self.family(name), label), set()).add(value)
        return found


def look(address, path):
    """(status, text) of http://address/path; the status is None where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return None, ""


# --- queries

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
RANGE = re.compile(r"\[[^\]]*\]")
MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NAME = re.compile(r"\b[a-zA-Z_:][\w:]*\b(?!\s*\()")  # not a function's
WORDS = {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "sum", "min", "max"}


def names_in(query):
    """The metrics that a query names."""
    text = RANGE.sub("", STRING.sub('""', query))
    text = re.sub(r"\{[^}]*\}", "", GROUPING.sub("", text))
    return set(NAME.findall(text)) - WORDS


def matchers_in(query):
    """(metric, label, value) for each label that a query wants to have one exact value."""
    found = set()
    for name, inner in MATCHERS.findall(query):
        found |= {(name, label, value) for label, value in re.findall(r'(\w+)="([^"$]*)"', inner)}
    return found


def expressions_of_rules(text):
    """The `expr` of every rule of a rule file, whether on one line or folded over several."""
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        match = re.match(r"( *)(?:- )?expr: *(.*)", line)
        if not match:
            continue
        if match[2] not in (">-", "|", ">"):
            found.append(match[2])
            continue
        indent = len(match[1])
        folded = []
        for later in lines[number + 1 :]:
            if later.strip() and len(later) - len(later.lstrip()) <= indent:
                break
            folded.append(later.strip())
        found.append(" ".join(folded))
    return found
