"""Parts of figures that several tests read or draw."""

from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import FeatureStore
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.variational_autoencoder import VariationalAutoencoder

FEATURES = {
    "logmel": {"class": "logmel.LogMel", "n_mels": 64},
    "matlab": {"class": "logmel.LogMel", "n_mels": 128, "mel_scale": "htk", "scale": 1.0},
    "magnitude": {"class": "spectrum.Magnitude"},
    "complex": {"class": "spectrum.ComplexStft"},
    "ims": {"class": "ims.Ims"},
    "samples": {"class": "samples.Samples"},
}
#: Of the tone that the clips of the fixture `stores` hold.
TONE_HZ = 3000
UNIT = Unit("slider", "-6dB", "00")
SYSTEMS = {
    "ae": ("dense_autoencoder.DenseAutoencoder", DenseAutoencoder, {"hidden": [16, 4, 16]}),
    "vae": (
        "variational_autoencoder.VariationalAutoencoder",
        VariationalAutoencoder,
        {"hidden": [16], "latent": 3},
    ),
}


def store_part(stores, name, read_from="", **changes):
    """A part of clips of a feature, of its own store or of another one."""
    path = str(stores / f"{read_from or name}.h5")
    return {"title": "fan 00", "store": path, "features": [FEATURES[name]]} | changes


def fitted(name, frames):
    """A system, fitted on `frames` (clip, frame, bin) for a few steps."""
    _, system_class, options = SYSTEMS[name]
    return system_class(**options, epochs=3, batch_size=32, seed=1).fit(frames)


def stored(path, clip):
    """The frames of a clip in a store."""
    with FeatureStore(path) as store:
        return store.read(clip)
