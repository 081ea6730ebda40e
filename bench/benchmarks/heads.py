"""The study's grid of learning rates and batch sizes, on features in memory."""

from frame.benchmark import Contest, Program

STEPS = 3000

NAME = "heads"
WORK = (
    f"8,732 x 2,048 features, 10 classes, learning rate {{0.005, 0.01, 0.05}} x batch size {{50, 100, 200}}, plain SGD, "
    f"{STEPS:,} steps (of 30,000) each and one evaluation; the peer in float32 beside either precision of ours"
)
TARGETS = ("bench_heads",)
PEERS = ("torch", "optuna")


def contests(setup):
    peer = Program("Optuna and PyTorch eager, float32", setup.peer("heads_pytorch.py", str(STEPS)), versions=setup.peer_versions)
    for precision, name in (("float32", "heads"), ("bfloat16", "heads in bfloat16")):
        ours = Program(f"a group of 9 trials, {precision}", (setup.program("bench_heads"), str(STEPS), "0", precision))
        yield Contest(name=f"{name} / Optuna, PyTorch eager", ours=ours, peer=peer, cores=0, floor=15, goal=30)
