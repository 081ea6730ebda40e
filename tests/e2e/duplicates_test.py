"""One sound under two names, on both sides of a split: told before a sweep, in its results, and by explain."""

import math
import pathlib
import random
import struct
import tempfile
import unittest
import wave

from programs import as_json, melsweep, rows

RATE = 8000  # Hz

SWEEP = """\
version: 1
name: duplicates
dataset: {{format: csv, path: {manifest}, split: {{by: fold, validation: [1]}}}}
model: {{weights: random}}
training: {{steps: 2}}
"""


def melody(seed, gain):
    """Four seconds of three tones at once, other ones every 0.15 s, as 16-bit samples."""
    chance = random.Random(seed)
    note = int(0.15 * RATE)
    phases = [0.0, 0.0, 0.0]
    samples = []
    for i in range(4 * RATE):
        if i % note == 0:
            tones = [110 * 2 ** (chance.randrange(60) / 12) for _ in phases]
        phases = [phase + 2 * math.pi * hz / RATE for phase, hz in zip(phases, tones)]
        samples.append(round(gain * 8000 * sum(map(math.sin, phases))))
    return struct.pack(f"<{len(samples)}h", *samples)


def write_sound(path, seed, gain=1.0):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(melody(seed, gain))


class DuplicatesTest(unittest.TestCase):
    def test_are_named_with_their_sides(self):
        with tempfile.TemporaryDirectory(prefix="melsweep-e2e-") as shelf:
            folder = pathlib.Path(shelf)
            manifest = folder / "pets.csv"
            manifest.write_text("path,label,fold\ncat1.wav,cat,1\ncat2.wav,cat,2\ndog1.wav,dog,1\ndog2.wav,dog,2\n")
            for seed, name in enumerate(("cat1", "cat2", "dog1")):
                write_sound(folder / f"{name}.wav", seed)
            write_sound(folder / "dog2.wav", seed=2, gain=0.4)  # dog1, quieter
            sweep = folder / "sweep.yaml"
            sweep.write_text(SWEEP.format(manifest=manifest))

            pairs = as_json("data", "inspect", manifest)["sound_the_same"]["pairs"]
            self.assertEqual([pair["clips"] for pair in pairs], [["dog1.wav", "dog2.wav"]])

            database = folder / "results.db"
            melsweep("run", sweep, "--db", database, "--data-dir", folder / "worker")
            (warning,) = rows(database, "select message from warnings")
            self.assertIn("dog1.wav in validation ~ dog2.wav in train", warning["message"])
            (found,) = as_json("explain", "--db", database)["duplicates_across_splits"]
            self.assertEqual("leakage: " + found["found"], warning["message"])


if __name__ == "__main__":
    unittest.main()
