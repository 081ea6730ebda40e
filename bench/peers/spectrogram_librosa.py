"""Log-mel spectrograms by librosa. usage: spectrogram_librosa.py LIST"""

import sys
import time

import clips
import librosa
import numpy


def spectrogram(samples):
    power = librosa.feature.melspectrogram(y=samples, sr=clips.SAMPLE_RATE, n_mels=128)
    return librosa.power_to_db(power, ref=numpy.max)


def main():
    sounds = [librosa.load(path, sr=clips.SAMPLE_RATE)[0] for path in clips.read_list(sys.argv[1])]
    for samples in sounds[:10]:
        spectrogram(samples)
    began = time.perf_counter()
    mean = sum(float(spectrogram(samples).mean()) for samples in sounds) / len(sounds)
    clips.tell(time.perf_counter() - began, clips=len(sounds), mean_db=mean)


main()
