"""Samples in memory to log-mel spectrograms, on one core."""

from frame.benchmark import Contest, Program

CLIPS = 200

NAME = "spectrogram"
WORK = f"{CLIPS} clips, 22,050 Hz samples in memory, to 128-band log-mel spectrograms (n_fft 2048, hop 512), one core"
TARGETS = ("bench_spectrogram",)
PEERS = ("librosa", "torch", "torchaudio")


def contests(setup):
    clips = setup.clip_list(CLIPS)
    ours = Program("SpectrogramMaker, double precision", (setup.program("bench_spectrogram"), clips))
    versions = setup.peer_versions
    librosa = Program("librosa.feature.melspectrogram + power_to_db", setup.peer("spectrogram_librosa.py", clips), versions=versions)
    torchaudio = Program("torchaudio MelSpectrogram + AmplitudeToDB", setup.peer("spectrogram_torchaudio.py", clips), versions=versions)
    yield Contest(name="spectrogram / librosa", ours=ours, peer=librosa, cores=1, floor=4, goal=6)
    yield Contest(name="spectrogram / torchaudio", ours=ours, peer=torchaudio, cores=1, floor=1.2, goal=2)
