"""The figures of all benchmarks that have been measured, as Markdown."""

import json

from frame.benchmark import ORDER

HEAD = ("bench", "peer", "ours", "peer's", "ratio", "floor / goal", "peak memory", "of the machine's limit")

# A register holds half as many doubles as floats.
RATES = {"gflops": ("GFLOP/s", 1.0), "f64_gflops": ("GFLOP/s in double precision", 0.5)}


def read(folder):
    """What bench/run wrote to that folder, in the order in which the benchmarks run."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    known = {name: place for place, name in enumerate(ORDER)}
    return sorted(documents, key=lambda document: known.get(document["benchmark"], len(ORDER)))


def seconds(value):
    """Three digits that count, in the unit that suits: 1.45 s, 98.2 ms, 365 us."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= size or unit == "us":
            scaled = value / size
            return f"{scaled:,.0f} {unit}" if scaled >= 100 else f"{scaled:.3g} {unit}"
    return ""


def factor(value):
    return f"{value:.0f}x" if value >= 100 else f"{value:.3g}x"


def share_of_limit(contest, limits):
    """How near ours comes to the multiply-adds that the same processors do at best; empty where that is no measure of it."""
    threads = "one_thread" if contest["cores"] == 1 else "all_threads"
    for figure, (unit, part) in RATES.items():
        rate = contest["ours"]["figures"].get(figure)
        if rate is not None:
            best = part * limits[f"f32_gflops_{threads}"]
            return f"{rate:.0f} of {best:.0f} {unit}: {100 * rate / best:.0f} %"
    return ""


def circumstances(document):
    runs = max(len(contest["ours"]["seconds"]) for contest in document["contests"])
    return f"median of {runs}, {document['measured_at'][:10]}, commit {document['commit']}, load at the start {document['machine']['load_at_start']}"


def row(document, contest):
    ours, peer = contest["ours"], contest["peer"]
    return (
        document["benchmark"],
        peer["label"],
        seconds(ours["median_s"]),
        seconds(peer["median_s"]),
        f"**{factor(contest['ratio'])}**",
        f"{factor(contest['floor'])} / {factor(contest['goal'])}",
        f"{ours['peak_mib']:,.0f} / {peer['peak_mib']:,.0f} MiB",
        share_of_limit(contest, document["machine"]["limits"]),
    )


def markdown(folder):
    """The table, and below it what the work of each was, when and on what it was measured."""
    documents = read(folder)
    rows = [row(document, contest) for document in documents for contest in document["contests"]]
    table = "".join(f"| {' | '.join(line)} |\n" for line in (HEAD, tuple("---" for _ in HEAD), *rows))
    works = "".join(f"- **{document['benchmark']}**: {document['work']} ({circumstances(document)})\n" for document in documents)
    return f"{table}\n{works}"
