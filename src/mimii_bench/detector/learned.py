"""What a model keeps of each recording that it was made of."""

from typing import NamedTuple


class Learned(NamedTuple):
    """One line of recordings.csv.

    Attributes
    ----------
    recording, label : str
    fold : str
        In which it was held out; empty where it always was.
    seconds : float
    sample_rate, channels : int
    score : float
        While it was held out; the mean over folds where it always was.
    digest : str
        Of the samples that the system hears, before resampling.
    remark : str
        What is odd in it.
    """

    recording: str
    label: str
    fold: str
    seconds: float
    sample_rate: int
    channels: int
    score: float
    digest: str
    remark: str
