"""Names, counts and checksums of the MIMII data set (public 1.0, Zenodo record 3384388).

Purohit et al., "MIMII Dataset: Sound Dataset for Malfunctioning Industrial Machine Investigation
and Inspection", DCASE 2019. CC BY-SA 4.0.
"""

from mimii_bench.corpus.base import ANY, Corpus

MACHINES = ("fan", "pump", "slider", "valve")
SNRS = ("-6dB", "0dB", "6dB")
IDS = ("00", "02", "04", "06")

SAMPLE_RATE = 16_000
CHANNELS = 8
SAMPLES = 160_000

RECORD_URL = "https://zenodo.org/records/3384388/files"

#: (machine, id) -> (normal clips, abnormal clips), the same at every SNR.
COUNTS = {
    ("fan", "00"): (1011, 407),
    ("fan", "02"): (1016, 359),
    ("fan", "04"): (1033, 348),
    ("fan", "06"): (1015, 361),
    ("pump", "00"): (1006, 143),
    ("pump", "02"): (1005, 111),
    ("pump", "04"): (702, 100),
    ("pump", "06"): (1036, 102),
    ("slider", "00"): (1068, 356),
    ("slider", "02"): (1068, 267),
    ("slider", "04"): (534, 178),
    ("slider", "06"): (534, 89),
    ("valve", "00"): (991, 119),
    ("valve", "02"): (708, 120),
    ("valve", "04"): (1000, 120),
    ("valve", "06"): (992, 120),
}

#: archive name -> MD5 of the published zip.
MD5 = {
    "-6_dB_fan.zip": "f02ae808a58d84b6815b7ec38ff30879",
    "-6_dB_pump.zip": "d20b783a0ff9c93d58f452f98c37b112",
    "-6_dB_slider.zip": "49913eda7d37f182cbf8ed5c984140e0",
    "-6_dB_valve.zip": "fdfaf185fea61b21e11952a070a4ada7",
    "0_dB_fan.zip": "6354d1cc2165c52168f9ef1bcd9c7c52",
    "0_dB_pump.zip": "488748295c3f60b25de07b58fe75b049",
    "0_dB_slider.zip": "4d674c21474f0646ecd75546db6c0c4e",
    "0_dB_valve.zip": "178478eb0d11c79080a35562bfdeee71",
    "6_dB_fan.zip": "0890f7d3c2fd8448634e69ff1d66dd47",
    "6_dB_pump.zip": "a09ba6060c10fc09cd4c8770213b0b9f",
    "6_dB_slider.zip": "838c2b3441858359c4704ef13a1b27ff",
    "6_dB_valve.zip": "fe5fb7c337cd701b1d31dc641e621892",
}

#: Upper bound on the size of one published zip (they are 6.9 to 10.9 GB), for the disk check.
LARGEST_ARCHIVE_BYTES = 10_900_000_000


MIMII = Corpus(
    name="mimii",
    layout="zip",
    channels=CHANNELS,
    sample_rate=SAMPLE_RATE,
    samples=SAMPLES,
    machines=MACHINES,
    conditions=SNRS,
    ids=IDS,
    counts=COUNTS,
    md5=MD5,
    url=RECORD_URL,
)


def archive_name(machine: str, condition: str) -> str:
    """Return the name of the zip with a machine's recordings under one condition.

    Examples
    --------
    >>> archive_name("fan", "-6dB")
    '-6_dB_fan.zip'
    >>> archive_name("fan", "any")
    'fan.zip'
    """
    if condition == ANY:
        return f"{machine}.zip"
    decibels = condition.removesuffix("dB")
    return f"{condition if decibels == condition else f'{decibels}_dB'}_{machine}.zip"


def member_name(machine: str, id: str, label: str, number: int) -> str:
    """Return a clip's path inside its zip, e.g. `fan/id_00/normal/00000000.wav`."""
    return f"{machine}/id_{id}/{label}/{number:08d}.wav"
