"""The study's grid of learning rates and batch sizes, on features in memory."""

from frame.benchmark import Contest, Program

STEPS = 3000

NAME = "heads"
WORK = (
    f"8,732 x 2,048 features, 10 classes, learning rate {{0.005, 0.01, 0.05}} x batch size {{50, 100, 200}}, plain SGD, "
    f"{STEPS:,} steps (of 30,000) each and one evaluation"
)
TARGETS = ("bench_heads",)
PEERS = ("torch", "optuna")


def contests(setup):
    ours = Program("a group of 9 trials", (setup.program("bench_heads"), str(STEPS), "0"))
    peer = Program("Optuna and PyTorch eager", setup.peer("heads_pytorch.py", str(STEPS)), versions=setup.peer_versions)
    yield Contest(name="heads / Optuna, PyTorch eager", ours=ours, peer=peer, cores=0, floor=15, goal=30)
