"""Windows of frames against windows built one by one."""

import numpy as np
import pytest
import torch

from mimii_bench.systems.learning import windows as module
from mimii_bench.systems.learning.loop import room_on
from mimii_bench.systems.learning.windows import Contexts, training_and_watched, windows_of
from mimii_bench.util.errors import UserError


def frames(clips=4, length=9, bins=3):
    return np.arange(clips * length * bins, dtype=np.float32).reshape(clips, length, bins)


def windows(clip, size):
    return [clip[start : start + size].ravel() for start in range(len(clip) - size + 1)]


@pytest.mark.parametrize("size", [1, 5, 9])
def test_all_windows_are_those_built_one_by_one_clip_after_clip(size):
    data = frames()
    contexts = Contexts(data, size)
    expected = np.array([window for clip in data for window in windows(clip, size)])
    assert (len(contexts), contexts.width) == expected.shape
    taken = contexts.take(torch.arange(len(contexts)))
    np.testing.assert_array_equal(taken.numpy(), expected, strict=True)


def test_windows_are_taken_in_any_order():
    data = frames()
    contexts = Contexts(data, 5)
    order = torch.tensor([19, 0, 4, 5, 5])
    expected = [windows(data[i // 5], 5)[i % 5] for i in order.tolist()]
    np.testing.assert_array_equal(contexts.take(order).numpy(), expected)


def test_no_window_spans_two_clips():
    data = np.repeat(np.arange(4, dtype=np.float32), 27).reshape(4, 9, 3)
    taken = Contexts(data, 5).take(torch.arange(20))
    assert (taken == taken[:, :1]).all()
    assert taken[:, 0].tolist() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5


@pytest.mark.parametrize("index", [0, 2, 3])
def test_a_clip_s_windows_are_all_of_it(index):
    data = frames()
    np.testing.assert_array_equal(Contexts(data, 5).clip(index).numpy(), windows(data[index], 5))


def test_windows_are_a_view_of_the_frames():
    data = frames()
    contexts = Contexts(data, 5)
    windows_of_last = contexts.clip(3)
    assert np.shares_memory(windows_of_last.numpy(), data)
    data[3] = -1
    assert (windows_of_last == -1).all()
    assert (contexts.take(torch.tensor([19])) == -1).all()


def test_several_inputs_are_taken_at_the_same_indices():
    first, second = frames(), -2 * frames(bins=2)
    both = windows_of((first, second), 5)
    order = torch.tensor([19, 0, 7])
    for data, taken in zip((first, second), both.take(order), strict=True):
        expected = [windows(data[i // 5], 5)[i % 5] for i in order.tolist()]
        np.testing.assert_array_equal(taken.numpy(), expected)


@pytest.mark.parametrize("other", [frames(clips=3), frames(length=8)])
def test_inputs_that_do_not_match_are_refused(other):
    with pytest.raises(UserError, match="inputs differ in their clips or frames"):
        windows_of((frames(), other), 5)


def test_the_last_windows_are_watched_or_none():
    for fraction, kept in ((0.25, 15), (0.0, 20)):
        training, watched = training_and_watched((frames(),), None, 5, fraction)
        assert training.indices.tolist() == list(range(kept))
        assert watched.indices.tolist() == list(range(kept, 20))


def test_random_windows_are_watched_and_every_clip_trains():
    """Ten clips of ten windows: the last tenth in their order is a clip, at random it is not."""
    clips = np.arange(10.0)[:, None, None] + np.zeros((10, 14, 1))
    found = {}
    for name, order in (("last", None), ("random", torch.Generator().manual_seed(0))):
        training, watched = training_and_watched((clips,), None, 5, 0.1, order)
        assert sorted([*training.indices.tolist(), *watched.indices.tolist()]) == list(range(100))
        assert len(watched.indices) == 10
        found[name] = {clip for clip in training.take(training.indices)[0][:, 0].tolist()}
    assert len(found["last"]) == 9
    assert len(found["random"]) == 10


def test_clips_to_watch_leave_all_others_to_train():
    training, watched = training_and_watched((frames(),), (1000 + frames(clips=2),), 5, 0.25)
    assert (len(training.indices), len(watched.indices)) == (20, 10)
    assert training.take(training.indices)[0].max() < 1000 <= watched.take(watched.indices)[0].min()


def test_a_clip_shorter_than_a_window_names_the_option():
    with pytest.raises(UserError, match="9 frames is shorter than a window of 10; lower context"):
        Contexts(frames(), 10)


def test_a_fraction_that_leaves_no_window_to_train_on_is_named():
    with pytest.raises(UserError, match=r"validation_fraction: 0\.97 leaves none of 20 windows"):
        training_and_watched((frames(),), None, 5, 0.97)


@pytest.mark.parametrize(("room", "where"), [(10**6, "meta"), (10, "cpu")])
def test_frames_lie_on_a_device_that_has_room_for_them(monkeypatch, room, where):
    # No device but the one that holds no numbers is everywhere.
    monkeypatch.setattr(module, "room_on", lambda device: room)
    training, watched = training_and_watched(
        (frames(),), (frames(clips=2),), 5, 0.0, device=torch.device("meta")
    )
    assert training.take(training.indices[:3])[0].device.type == where
    assert watched.take(watched.indices)[0].shape == (10, training.inputs[0].width)


def test_a_processor_is_given_nothing_and_a_gpu_half_of_what_is_free(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1000, 4000))
    assert [room_on(torch.device(name)) for name in ("cpu", "cuda:0")] == [0, 500]
