"""The DCASE sets of Task 2 (anomalous sound detection), 2020 to 2025, and how they name files.

2020 (Koizumi et al., arXiv:2006.05822): `fan/train/normal_id_00_00000000.wav`; its four machines
of MIMII are microphone 0 at -6 dB (see the docs). Since 2021 (Kawaguchi et al., arXiv:2106.04492)
names tell section, domain and what differs between the recordings, e.g.
`fan/train/section_00_source_train_normal_0000_strength_1_ambient.wav`; a section stands in the
place of an id. Names of test clips of the evaluation sets tell no label, and since 2022 no domain:
`fan/test/section_03_0000.wav`; these follow from a ground truth (`ground_truth`), without which
they are no clips that can test. The supplemental clips of 2025, of the machine alone or of the
noise alone (Nishida et al., arXiv:2506.10097), neither train nor test.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mimii_bench.corpus.base import ANY, NAME_CHARACTER, Clip, Corpus
from mimii_bench.corpus.mimii import COUNTS, MIMII, SAMPLE_RATE, SAMPLES

_FILE_2020 = re.compile(rf"(normal|anomaly)_id_({NAME_CHARACTER}+?)_(\d+)\.(?i:wav|flac)")
_FILE = re.compile(
    rf"section_({NAME_CHARACTER}+?)_(source|target)_(train|test)_(normal|anomaly)_(\d+)"
    r"(?:_([^/]*))?\.(?i:wav|flac)"
)
#: Of evaluation sets: 2021 tells the domain.
_EVALUATED_2020 = re.compile(rf"id_({NAME_CHARACTER}+?)_(\d+)\.(?i:wav|flac)")
_EVALUATED = re.compile(
    r"section_([A-Za-z0-9+-]+)(?:_(source|target))?(?:_test)?_(\d+)\.(?i:wav|flac)"
)
#: In lists of evaluation data; that of 2024 has a line without the word test.
_LABELLED = re.compile(
    r"section_[A-Za-z0-9+-]+_(source|target)(?:_test)?_(normal|anomaly)_\d+(?:_([^/]*))?\.wav"
)
_SUPPLEMENTAL = re.compile(
    r"section_([A-Za-z0-9+-]+)_(machine|clean|noise)_(?:(?:source|target)_)?(\d+)(?:_[^/]*)?"
    r"\.(?i:wav|flac)"
)
_LABELS = {"normal": "normal", "anomaly": "abnormal"}
#: The folders of a machine whose clips train or test; 2021 tests each domain in its own.
FOLDERS_2020 = ("train", "test")
FOLDERS = ("train", "test", "source_test", "target_test")
_TEST_FOLDERS = FOLDERS[1:]
#: The folder of a machine with clips of the machine or of the noise alone (2025).
SUPPLEMENTAL = "supplemental"
#: What stands in the place of attributes that the organisers keep back (since 2024).
_HIDDEN = "noAttribute"
DOMAINS = ("source", "target")

#: (machine, id) -> a test clip of 2020 and the MD5 of its samples, as 16-bit integers.
DIGESTS_2020 = {
    ("fan", "00"): ("normal/test_00000000", "3278d838e443e5c1083d0e047c259c12"),
    ("fan", "02"): ("normal/test_00000000", "8240b2e81afd806609220f821effa7e8"),
    ("fan", "04"): ("normal/test_00000003", "f3121a9c903af7860be4326c0dba2010"),
    ("fan", "06"): ("normal/test_00000000", "60cf64116a43f87c08e4ccaa95efbff0"),
    ("pump", "00"): ("normal/test_00000000", "8302118f8481e96049cd65c175004ca2"),
    ("pump", "02"): ("normal/test_00000000", "fc71ca025b41fd95bfcdb41925a0406c"),
    ("pump", "04"): ("normal/test_00000000", "8ebe65c7a37cc33797470b9766f159c6"),
    ("pump", "06"): ("normal/test_00000000", "e27257a6e4f4d282590582139e1791d3"),
    ("slider", "00"): ("normal/test_00000000", "11d409c84fa280cfc9feedb655a1ffb4"),
    ("slider", "02"): ("normal/test_00000000", "809e255cbd864e7e0a3e806893a939db"),
    ("slider", "04"): ("normal/test_00000000", "beac626165de8e99d6c75e12960f77fa"),
    ("slider", "06"): ("normal/test_00000000", "de736e8f0a620441f9da274ac7a3c5bd"),
    ("valve", "00"): ("normal/test_00000032", "dacff7b21e7cb66d6b3a9966f0a2cb03"),
    ("valve", "02"): ("normal/test_00000041", "c1f9bf66ed9a3029981ad85fd7b909bf"),
    ("valve", "04"): ("normal/test_00000025", "b2ba83734a515ba867104de65c84e48c"),
    ("valve", "06"): ("normal/test_00000093", "d391290f525e3da6d7a5ce39751dce37"),
}

DCASE2020 = Corpus(
    name="dcase2020",
    layout="dcase2020",
    channels=1,
    sample_rate=SAMPLE_RATE,
    samples=SAMPLES,
    conditions=("-6dB",),
    # All clips of MIMII's four machines at that SNR, 100 normal ones of each id kept for testing.
    # The toys, and the ids of the evaluation set, are no part of MIMII.
    counts=COUNTS,
    test_normal=100,
    digests=DIGESTS_2020,
    part_of=MIMII,
    edition=2020,
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
        edition=year,
    )
    for year in range(2021, 2026)
}


class Truth(NamedTuple):
    """What a ground truth tells of a clip whose name does not.

    Attributes
    ----------
    label : str
        `normal` or `abnormal`.
    domain : str
        `source` or `target`, or empty.
    attributes : str
        Under what conditions it was recorded; empty where that is not told.
    """

    label: str
    domain: str = ""
    attributes: str = ""


#: By the name of a file.
Truths = Mapping[str, Truth]
_NO_TRUTHS: Truths = MappingProxyType({})


def truth_of(labelled: str) -> Truth | None:
    """Return what the labelled name of a clip tells; None where it is none.

    Examples
    --------
    >>> truth_of("section_00_target_test_anomaly_0012_id_C1_spd_2.wav")
    Truth(label='abnormal', domain='target', attributes='id_C1_spd_2')
    >>> truth_of("normal_id_01_00000098.wav").label
    'normal'
    """
    if match := _LABELLED.fullmatch(labelled):
        return Truth(_LABELS[match[2]], match[1], _told(match[3]))
    match = _FILE_2020.fullmatch(labelled)
    return Truth(_LABELS[match[1]]) if match else None


def clip_of_2020(folder: str, file: str, truths: Truths = _NO_TRUTHS) -> Clip | None:
    """Return the clip of a file in one of a machine's folders in 2020; None where it is none."""
    match = _FILE_2020.fullmatch(file)
    if match and folder in FOLDERS_2020:
        label = _LABELS[match[1]]
        return Clip(f"{label}/{folder}_{match[3]}", match[2], label, folder, f"{folder}/{file}")
    match = _EVALUATED_2020.fullmatch(file)
    if match is None or folder != "test" or file not in truths:
        return None
    label = truths[file].label
    return Clip(f"{label}/test_{match[2]}", match[1], label, "test", f"{folder}/{file}")


def clip_since_2021(folder: str, file: str, truths: Truths = _NO_TRUTHS) -> Clip | None:
    """Return the clip of a file in one of a machine's folders since 2021; None where it is none.

    Parameters
    ----------
    folder, file : str
    truths : {file: Truth}
        Of the test clips of an evaluation set.

    Examples
    --------
    >>> clip_since_2021("test", "section_01_target_test_anomaly_0007_vel_6.wav")[:4]
    ('abnormal/test_target_0007', '01', 'abnormal', 'test')
    >>> truths = {"section_03_0007.wav": Truth("normal", "source")}
    >>> clip_since_2021("test", "section_03_0007.wav", truths)[:4]
    ('normal/test_source_0007', '03', 'normal', 'test')
    """
    if folder not in FOLDERS:
        return None
    match = _FILE.fullmatch(file)
    if match is None:
        return _evaluated(folder, file, truths)
    section, domain, part, sound, number, attributes = match.groups()
    label = _LABELS[sound]
    return Clip(
        f"{label}/{part}_{domain}_{number}",
        section,
        label,
        part,
        f"{folder}/{file}",
        domain,
        _told(attributes),
    )


def _evaluated(folder: str, file: str, truths: Truths) -> Clip | None:
    match = _EVALUATED.fullmatch(file) if folder in _TEST_FOLDERS else None
    if match is None or file not in truths:
        return None
    section, domain, number = match.groups()
    label, told, attributes = truths[file]
    domain = domain or told
    name = f"{label}/test_{domain}_{number}"
    return Clip(name, section, label, "test", f"{folder}/{file}", domain, attributes)


def _told(attributes: str | None) -> str:
    return "" if attributes in (None, _HIDDEN) else attributes


def is_evaluated(folder: str, file: str) -> bool:
    """Tell whether a file is a test clip whose label its name does not tell."""
    names = (_EVALUATED_2020, _EVALUATED)
    return folder in _TEST_FOLDERS and any(name.fullmatch(file) for name in names)


def is_supplemental(folder: str, file: str) -> bool:
    """Tell whether a file is a clip of the machine or of the noise alone.

    Examples
    --------
    >>> is_supplemental("supplemental", "section_00_machine_0001_noAttribute.wav")
    True
    """
    return folder == SUPPLEMENTAL and _SUPPLEMENTAL.fullmatch(file) is not None


def domain_of(name: str) -> str:
    """Return the domain that the name of a clip since 2021 tells; nothing for other names.

    Examples
    --------
    >>> domain_of("abnormal/test_target_0007"), domain_of("normal/test_00000000")
    ('target', '')
    """
    parts = name.split("_")
    return parts[1] if len(parts) == 3 and parts[1] in DOMAINS else ""
