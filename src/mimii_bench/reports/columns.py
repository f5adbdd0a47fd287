"""What the columns of a report's tables are called: each name is written here, and nowhere else.

The files have them in the order in which they stand in `LONG`, `CLAIMS` and `CONFUSION`.
"""

from mimii_bench.reports.published import Cell

REPORT = "report"
#: What names a cell; `published.csv` has the same columns.
CELL = Cell._fields[:-1]
PUBLISHED = Cell._fields[-1]
REPRODUCED = "reproduced"
CI_LOW, CI_HIGH = "ci_low", "ci_high"
PI_LOW, PI_HIGH = "pi_low", "pi_high"
SEEDS = "seeds"
CORPUS = "corpus"
BUDGET = "budget"
STATUS = "status"

#: The columns of all.csv, the long table, and what is unique in it.
LONG = (
    *(REPORT, *CELL, PUBLISHED, REPRODUCED),
    *(CI_LOW, CI_HIGH, PI_LOW, PI_HIGH, SEEDS, CORPUS, STATUS),
)
LONG_KEY = (REPORT, *CELL[:3])
#: Those that hold numbers of any kind.
NUMBERS = (PUBLISHED, REPRODUCED, CI_LOW, CI_HIGH, PI_LOW, PI_HIGH)

CLAIM = "claim"
CLAIMS = (
    *(REPORT, CLAIM, "published_evidence", "reproduced_evidence"),
    *(CI_LOW, CI_HIGH, CORPUS, BUDGET, "verdict"),
)
CLAIMS_KEY = (REPORT, CLAIM)

CONFUSION = ("system", "variant", "units", "seed", "threshold", "tp", "fp", "fn", "tn")

#: What people call the metrics of the long table; all but those that count something are shares.
METRICS = {
    "auc": "AUC",
    "pauc_mcclish": "pAUC (McClish)",
    "pauc_trapz": "pAUC (raw area)",
    "pauc_topk": "pAUC (top scores)",
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "fpr": "false positive rate",
    "tpr": "true positive rate",
    "clips": "clips",
    "parameters": "parameters",
}
COUNTS = ("clips", "parameters")
