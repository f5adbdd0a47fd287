"""What a recording says of itself: channels, rate and length, by its header alone."""

from typing import BinaryIO, NamedTuple

from mimii_bench.util.errors import UserError

#: How files begin that libsndfile is given: of its many decoders those of no other are reached.
_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"fLaC")


class Form(NamedTuple):
    """Channels, rate in Hz, and length of a recording in samples of each channel."""

    channels: int
    sample_rate: int
    samples: int


def is_recording(beginning: bytes) -> bool:
    """Tell whether a file that begins so claims to be a recording that is read."""
    return beginning[:4] in _MAGIC


def form_of(file: BinaryIO, name: str) -> Form:
    """Return the form of a recording; raises UserError that calls it `name` where it is none."""
    # What needs no header, as listing clips, does not wait for the library.
    import soundfile

    begins = file.read(4)
    file.seek(0)
    if not is_recording(begins):
        raise UserError(
            f"{name}: not a readable recording (neither WAV nor FLAC); convert it, or leave it out"
        )
    try:
        with soundfile.SoundFile(file) as sound:
            found = Form(sound.channels, sound.samplerate, sound.frames)
    except soundfile.LibsndfileError as error:
        raise UserError(
            f"{name}: not a readable recording ({error.error_string}); fetch the file again"
        ) from error
    if not found.samples:
        raise UserError(f"{name}: no samples; fetch the file again, or leave it out")
    return found
