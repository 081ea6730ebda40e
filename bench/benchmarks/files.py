"""Sound files to log-mel spectrograms, decoding and resampling included, on one core."""

from frame.benchmark import Contest, Program

CLIPS = 200

NAME = "files"
WORK = f"{CLIPS} sound files, decoded, resampled to 22,050 Hz, to 128-band log-mel spectrograms, one core"
TARGETS = ("bench_files",)
PEERS = ("librosa",)


def contests(setup):
    clips = setup.clip_list(CLIPS)
    ours = Program("decode + SpectrogramMaker", (setup.program("bench_files"), clips))
    peer = Program("librosa.load + melspectrogram + power_to_db", setup.peer("files_librosa.py", clips), versions=setup.peer_versions)
    yield Contest(name="files / librosa", ours=ours, peer=peer, cores=1, floor=4, goal=8)
