"""Pictures to bottlenecks: Inception v3's trunk, on all cores."""

from frame.benchmark import Contest, Program

PICTURES = 32

NAME = "trunk"
WORK = f"{PICTURES} pictures of 299 x 299 to pooled 2,048 by Inception v3's trunk, float32, all cores"
TARGETS = ("bench_trunk",)
PEERS = ("torch", "torchvision")


def contests(setup):
    weights = setup.weights()
    ours = Program("TrunkEmbedder", (setup.program("bench_trunk"), weights, str(PICTURES)))
    peer = Program("torchvision's inception_v3, eager", setup.peer("trunk_pytorch.py", weights, str(PICTURES)), versions=setup.peer_versions)
    yield Contest(name="trunk / PyTorch eager", ours=ours, peer=peer, cores=0, floor=1.5, goal=2.5)
