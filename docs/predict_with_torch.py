"""Uses a model that `melsweep export` made, without Melsweep: python predict_with_torch.py MODEL_DIR SOUND..."""
import functools, json, pathlib, struct, sys
import librosa, numpy, torch, torchvision

folder = pathlib.Path(sys.argv[1])
model = json.loads((folder / "model.json").read_text())
labels, features = model["labels"], model["settings"]["features"]
keras = model["network"]["melsweep.dialect"] == "keras"
assert features["image"] == "gray", "other colours need their colour map"

# safetensors: the header's length, the header as JSON, the numbers (the package of that name reads it as well).
data = (folder / "model.safetensors").read_bytes()
start = 8 + struct.unpack("<Q", data[:8])[0]
weights = {
    name: torch.from_numpy(numpy.frombuffer(data[start:][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy())
    for name, entry in json.loads(data[8:start]).items() if name != "__metadata__"
}
if keras:  # its average pools do not count their padding
    torch.nn.functional.avg_pool2d = functools.partial(torch.nn.functional.avg_pool2d, count_include_pad=False)
network = torchvision.models.inception_v3(weights=None, init_weights=False, aux_logits=False, num_classes=len(labels))
missing, unknown = network.load_state_dict(weights, strict=False)
assert not unknown and all(name.endswith(".num_batches_tracked") for name in missing), (missing, unknown)
network.eval()

def picture(file):
    samples, rate = librosa.load(file, sr=features["sample_rate"], mono=True)
    lengths = dict(n_fft=features["n_fft"], hop_length=features["hop_length"], win_length=features["win_length"] or None)
    power = numpy.abs(librosa.stft(samples, **lengths)) ** 2
    if features["representation"] == "mel":
        bands = dict(n_mels=features["n_mels"], fmin=features["fmin"], fmax=features["fmax"] or None)
        power = librosa.feature.melspectrogram(S=power, sr=rate, n_fft=features["n_fft"], **bands)
    amplitude = features["representation"] == "mel" and features["decibels"] == "amplitude"
    to_db = librosa.amplitude_to_db if amplitude else librosa.power_to_db
    decibels = to_db(power, ref=numpy.max, top_db=features["top_db"])
    gray = torch.tensor(decibels[::-1].copy() / features["top_db"] + 1).float()[None, None]
    image = torch.nn.functional.interpolate(gray, (299, 299), mode="bilinear", align_corners=False).expand(-1, 3, -1, -1)
    return image * 2 - 1 if model["network"]["melsweep.input_range"] == "[-1,1]" else image

with torch.no_grad():
    for file in sys.argv[2:]:
        probabilities = torch.softmax(network(picture(file)), dim=1)[0].tolist()
        print(json.dumps({"file": file, "probabilities": dict(zip(labels, probabilities))}))
