import pytest

from mimii_bench.provenance.lookup import find, line_of
from mimii_bench.util.errors import UserError

ROWS = [
    dict(zip(("report", "table", "row", "column"), names, strict=True))
    for names in (
        ("gamma_ae", "1", "AE", "F1"),
        ("gamma_ae", "1", "AE 2", "F1"),
        ("gamma_ae", "2", "a/b", "auc"),
        ("ims_cnn", "2", "fan", "auc"),
    )
]


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("gamma_ae/1/AE/F1", 0),
        ("GAMMA_ae/1/ae/f1", 0),
        ("gamma/1/AE 2", 1),
        ("gamma_ae/2/a/b/auc", 2),
        ("gamma_ae/2/a", 2),
        ("i", 3),
        ("ims_cnn/2/fan/auc", 3),
    ],
)
def test_an_address_means_one_row(asked, place):
    assert find(ROWS, asked) == place


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("gamma", "3 rows begin so: 'gamma_ae/1/AE/F1', 'gamma_ae/1/AE 2/F1'"),
        ("ims_cnn/2/fam/auc", "did you mean 'ims_cnn/2/fan/auc'"),
        ("?", "write report/table/row/column"),
        ("", "4 rows begin so"),
    ],
)
def test_other_addresses_are_told_what_there_is(asked, told):
    with pytest.raises(UserError) as error:
        find(ROWS, asked)
    assert told in str(error.value)


def test_lines_count_from_the_header():
    assert line_of(ROWS, 2) == 0
    assert line_of(ROWS, 5) == 3
    for line in (-1, 0, 1, 6):
        with pytest.raises(UserError, match="rows in lines 2 to 5"):
            line_of(ROWS, line)
