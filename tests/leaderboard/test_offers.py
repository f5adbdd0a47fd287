"""The standings with what each system costs."""

import pytest

from mimii_bench.leaderboard.offers import read_offers

COLUMNS = (
    "rank,system,supervised,learns_from,auc,auc_low,auc_high,seeds,units,"
    "parameters,model_bytes,corpus"
)
STANDING = f"""{COLUMNS}
1,knn,False,normal clips of the unit,.9,.8,.95,3,2,64,4000,own
2,fusion,False,the scores of all unsupervised rows,.8,.7,.9,3,2,100,9000,own
3,ae:mse,False,normal clips of the unit,.5,.4,.6,3,2,36,5000,own
1,cnn,True,normal and abnormal clips of the unit,.99,.9,1,3,2,99,7000,own
"""
TIMES = """system,trainings,fit_seconds,score_seconds
knn,6,0.5,0.001
ae,6,70,0.002
cnn,6,9,0.003
"""
DIFFERENCES = """better,worse,supervised,real
knn,ae:mse,False,True
knn,fusion,False,False
fusion,ae:mse,False,True
"""
UNJUDGED = DIFFERENCES.replace(",True\n", ",\n").replace("False,False", "False,")


@pytest.fixture
def offers(tmp_path):
    def read(differences):
        texts = {"standing": STANDING, "differences": differences, "times": TIMES}
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        return {one.system: one for one in read_offers(*(tmp_path / name for name in texts))}

    return read


def test_rows_stay_in_order_and_have_the_costs_of_their_entry(offers):
    found = offers(DIFFERENCES)
    assert list(found) == ["knn", "fusion", "ae:mse", "cnn"]
    assert (found["ae:mse"].fit_seconds, found["ae:mse"].score_seconds) == (70, 0.002)
    assert found["fusion"].fit_seconds is None
    assert found["cnn"].supervised
    assert (found["knn"].auc, found["knn"].auc_low, found["knn"].auc_high) == (0.9, 0.8, 0.95)


def test_what_is_surely_below_the_first_of_its_kind_says_so(offers):
    found = offers(DIFFERENCES)
    assert [one.surely_below for one in found.values()] == ["", "", "knn", ""]
    assert all(one.judged for one in found.values())


def test_with_few_clips_nothing_is_judged(offers):
    found = offers(UNJUDGED)
    assert [one.judged for one in found.values()] == [False, False, False, True]
    assert not any(one.surely_below for one in found.values())
