"""The DCASE sets of Task 2 (anomalous sound detection), 2020 to 2025, and how they name files.

2020 (Koizumi et al., arXiv:2006.05822): `fan/train/normal_id_00_00000000.wav`; its four machines
of MIMII are microphone 0 at -6 dB (see the docs). Since 2021 (Kawaguchi et al., arXiv:2106.04492)
names tell section, domain and what differs between the recordings, e.g.
`fan/train/section_00_source_train_normal_0000_strength_1_ambient.wav`; a section stands in the
place of an id. Clips whose names do not tell a label, and the supplemental clips of 2025, are none
that can train or test.
"""

import re

from mimii_bench.corpus.base import ANY, NAME_PATTERN, Clip, Corpus
from mimii_bench.corpus.mimii import IDS, MACHINES, MIMII, SAMPLE_RATE, SAMPLES

_FILE_2020 = re.compile(rf"(normal|anomaly)_id_({NAME_PATTERN}?)_(\d+)\.(?:wav|flac)")
_FILE = re.compile(
    rf"section_({NAME_PATTERN}?)_(source|target)_(train|test)_(normal|anomaly)_(\d+)"
    r"(?:_([^/]*))?\.(?:wav|flac)"
)
_LABELS = {"normal": "normal", "anomaly": "abnormal"}
#: The folders of a machine whose clips train or test; 2021 tests each domain in its own.
FOLDERS_2020 = ("train", "test")
FOLDERS = ("train", "test", "source_test", "target_test")

DCASE2020 = Corpus(
    name="dcase2020",
    layout="dcase2020",
    channels=1,
    sample_rate=SAMPLE_RATE,
    samples=SAMPLES,
    machines=MACHINES,
    conditions=("-6dB",),
    ids=IDS,
    part_of=MIMII,
)
#: By name. Machines and sections are those found: development, additional and evaluation sets have
#: others. Since 2023 the length depends on the machine.
DCASE = {"dcase2020": DCASE2020} | {
    f"dcase{year}": Corpus(
        name=f"dcase{year}",
        layout="dcase",
        channels=1,
        sample_rate=SAMPLE_RATE,
        samples=SAMPLES if year < 2023 else None,
        conditions=(ANY,),
    )
    for year in range(2021, 2026)
}


def clip_of_2020(folder: str, file: str) -> Clip | None:
    """Return the clip of a file in one of a machine's folders in 2020; None where it is none."""
    match = _FILE_2020.fullmatch(file)
    if match is None or folder not in FOLDERS_2020:
        return None
    label = _LABELS[match[1]]
    return Clip(f"{label}/{folder}_{match[3]}", match[2], label, folder, f"{folder}/{file}")


def clip_since_2021(folder: str, file: str) -> Clip | None:
    """Return the clip of a file in one of a machine's folders since 2021; None where it is none.

    Examples
    --------
    >>> clip_since_2021("test", "section_01_target_test_anomaly_0007_vel_6.wav")[:4]
    ('abnormal/test_target_0007', '01', 'abnormal', 'test')
    """
    match = _FILE.fullmatch(file)
    if match is None or folder not in FOLDERS:
        return None
    section, domain, part, sound, number, attributes = match.groups()
    label = _LABELS[sound]
    return Clip(
        f"{label}/{part}_{domain}_{number}",
        section,
        label,
        part,
        f"{folder}/{file}",
        domain,
        attributes or "",
    )
