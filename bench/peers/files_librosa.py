"""Sound files to log-mel spectrograms by librosa. usage: files_librosa.py LIST"""

import sys
import time

import clips
import librosa
import numpy


def spectrogram(path):
    samples, _ = librosa.load(path, sr=clips.SAMPLE_RATE)
    power = librosa.feature.melspectrogram(y=samples, sr=clips.SAMPLE_RATE, n_mels=128)
    return librosa.power_to_db(power, ref=numpy.max)


def main():
    paths = clips.read_list(sys.argv[1])
    for path in paths[:10]:
        spectrogram(path)
    began = time.perf_counter()
    mean = sum(float(spectrogram(path).mean()) for path in paths) / len(paths)
    clips.tell(time.perf_counter() - began, clips=len(paths), mean_db=mean)


main()
