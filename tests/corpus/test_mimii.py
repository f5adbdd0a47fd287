"""The published counts and checksums, transcribed a second time."""

from mimii_bench.corpus.mimii import COUNTS, MD5

#: machine -> normal and abnormal clips of ids 00, 02, 04, 06.
CLIPS = {
    "fan": "1011 407, 1016 359, 1033 348, 1015 361",
    "pump": "1006 143, 1005 111, 702 100, 1036 102",
    "slider": "1068 356, 1068 267, 534 178, 534 89",
    "valve": "991 119, 708 120, 1000 120, 992 120",
}
CHECKSUMS = """
f02ae808a58d84b6815b7ec38ff30879  -6_dB_fan.zip
d20b783a0ff9c93d58f452f98c37b112  -6_dB_pump.zip
49913eda7d37f182cbf8ed5c984140e0  -6_dB_slider.zip
fdfaf185fea61b21e11952a070a4ada7  -6_dB_valve.zip
6354d1cc2165c52168f9ef1bcd9c7c52  0_dB_fan.zip
488748295c3f60b25de07b58fe75b049  0_dB_pump.zip
4d674c21474f0646ecd75546db6c0c4e  0_dB_slider.zip
178478eb0d11c79080a35562bfdeee71  0_dB_valve.zip
0890f7d3c2fd8448634e69ff1d66dd47  6_dB_fan.zip
a09ba6060c10fc09cd4c8770213b0b9f  6_dB_pump.zip
838c2b3441858359c4704ef13a1b27ff  6_dB_slider.zip
fe5fb7c337cd701b1d31dc641e621892  6_dB_valve.zip
"""


def test_the_counts_are_those_of_two_transcriptions():
    again = {
        (machine, id): tuple(map(int, pair.split()))
        for machine, pairs in CLIPS.items()
        for id, pair in zip(("00", "02", "04", "06"), pairs.split(", "), strict=True)
    }
    assert again == COUNTS


def test_the_checksums_are_those_of_two_transcriptions():
    assert dict(line.split()[::-1] for line in CHECKSUMS.split("\n")[1:-1]) == MD5
