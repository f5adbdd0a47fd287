"""The model card: what a detector is and how far to trust it, as Markdown."""

from collections.abc import Iterator

from mimii_bench.detector.description import Description
from mimii_bench.detector.detector import Detector
from mimii_bench.detector.templating import render


def card_of(detector: Detector) -> str:
    """Return the card of a detector, which stands as README.md in its folder."""
    facts = detector.facts
    return render("card.md.j2", facts=facts, table=summary(facts), trust=list(trust(facts)))


def summary(facts: Description) -> list[tuple[str, str]]:
    """Return what `fit` ends with: names and values, in rows."""
    trial = facts.trial
    rows = [
        ("system", _system(facts)),
        ("learned from", _learned(facts)),
        ("hears", hears(facts)),
        ("threshold", f"{facts.windows[0].threshold:.6g} ({facts.rule.name})"),
        ("false alarms aimed at", f"{facts.rule.false_alarm_rate:.3g} of normal windows"),
        (
            "false alarms found",
            f"{trial.false_alarms} of {trial.normal} held-out normal {trial.held_out}, "
            f"the rate at most {trial.false_alarm_bound:.3f}",
        ),
    ]
    if trial.auc is not None:
        rows.append(("AUC", f"{trial.auc:.3f} [{trial.auc_low:.3f}, {trial.auc_high:.3f}]"))
        rows.append(("detected", f"{trial.detected} of {trial.abnormal} abnormal recordings"))
    return rows


def _system(facts: Description) -> str:
    kind = facts.system.kind
    return facts.system.name if kind == "score" else f"{facts.system.name}, score {kind}"


def _learned(facts: Description) -> str:
    training = facts.training
    abnormal = f" and {training.abnormal} abnormal" if training.abnormal else ""
    return (
        f"{training.normal} normal{abnormal} recordings, {training.seconds:.6g} s, "
        f"{training.windows} windows of {facts.window_seconds:.3g} s"
    )


def hears(facts: Description) -> str:
    """Return in words what the system hears of a recording."""
    mixes = " and ".join(dict.fromkeys(facts.mixes))
    heard = facts.front_end
    return f"{mixes} of {heard.channels} channel(s) at {heard.sample_rate} Hz"


def trust(facts: Description) -> Iterator[str]:
    """Yield how far to trust a detector, given on how few recordings it rests."""
    trial, rate = facts.trial, facts.rule.false_alarm_rate
    yield (
        f"Of {trial.normal} normal {trial.held_out} that did not train, {trial.false_alarms} would "
        "have raised a false alarm: with 95 % confidence the rate is "
        f"{trial.false_alarm_bound:.1%} at most, for recordings like these."
    )
    if rate * trial.normal < 1:
        yield (
            f"A false-alarm rate of {rate:.3g} cannot be seen on {trial.normal} normal "
            f"{trial.held_out}; it would take {int(1 / rate + 0.5)}, and the threshold rests on "
            f"the rule ({facts.rule.name}) beyond them."
        )
    if trial.held_out == "stretches":
        yield (
            "All of them are stretches of one or two recordings, which resemble each other: a new "
            "recording will raise more false alarms than this says."
        )
    if trial.auc is None:
        yield (
            "No abnormal recording was at hand: whether it finds a fault is not known. Put some "
            "into abnormal/ to see."
        )
    elif trial.auc_low <= 0.5:
        yield "Its AUC may be that of chance: it is not shown to tell abnormal from normal."
    yield (
        "It knows the machine, the microphone and the surroundings of these recordings. What "
        "differs from them looks anomalous, whatever the reason."
    )
