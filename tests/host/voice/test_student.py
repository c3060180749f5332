"""The student of the training: what it computes is, to the bit, what plain integers compute from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from tapwatch.voice import model
from tapwatch.voice.integer_network import IntegerNetwork, levels
from tapwatch.voice.training import distil, features, windows
from tapwatch.voice.training.distil import Course, Lessons
from tapwatch.voice.training.export import PER_UNIT, export
from tapwatch.voice.training.head import AXES, OUTPUTS
from tapwatch.voice.training.network import EXACT, FLOAT, ROUNDED, Shape, Student
from tapwatch.voice.weights_file import pack, unpack
from tapwatch.voice.words import DIGITS, NOTHING, UNKNOWN, WORDS

if TYPE_CHECKING:
    from torch import Tensor

SHAPE = Shape(8, ((16, 2), (24, 1), (16, 2)))
FRAMES = 63
CENTRE = [255] * 2 * SHAPE.blocks[-1][0]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Two are slower by far while other tests run."""
    torch.set_num_threads(1)


def _lessons(count: int = 64) -> Lessons:
    torch.manual_seed(1)
    label = torch.randint(0, 3, (count,))
    frames = torch.randint(0, 60, (count, FRAMES, 32))
    for number, word in enumerate(label):
        frames[number, 20:40, 7 * int(word) : 7 * int(word) + 6] += 150  # each word has bands of its own
    opinion = torch.full((count, OUTPUTS), 0.01)
    opinion[torch.arange(count), label] = 0.66
    start, end = torch.full((count,), 20), torch.full((count,), 40)
    return Lessons(frames.to(torch.uint8), start, end, label, opinion, torch.randn(count, AXES))


def _student(seed: int, *, wild: bool = False) -> Student:
    """One with statistics of real sums; a wild one has gains, offsets and weights as training hardly makes them."""
    torch.manual_seed(seed)
    student = Student(SHAPE, OUTPUTS, AXES)
    with torch.no_grad():
        for layer in student.layers if wild else ():
            layer.gain.mul_(torch.randn_like(layer.gain) * 4)
            layer.offset.add_(torch.randn_like(layer.offset) * 3)
            layer.weight.mul_(torch.exp(torch.randn(len(layer.weight), 1, 1, 1) * 3))
            layer.gain[0] = 0
            layer.weight[1] = layer.weight[1].abs()
    student.train()
    for mode in (FLOAT, ROUNDED, ROUNDED, ROUNDED):
        student.set_mode(mode)
        student(_windows(seed))
    student.set_mode(EXACT)
    return student.eval()


def _windows(seed: int) -> Tensor:
    return windows.levels(torch.from_numpy(_bytes(seed)))


def _bytes(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (24, 48, 32)).astype(np.uint8)


@pytest.mark.parametrize("seed", range(4))
def test_student_and_integers_agree_to_the_bit(seed: int) -> None:
    """Random networks, half of them wild, and random windows: embeddings and logits are the same numbers."""
    student = _student(seed, wild=seed % 2 == 1)
    made = export(student, centre=CENTRE)
    logits, embeddings = IntegerNetwork(unpack(pack(made))).run(_bytes(seed))
    with torch.no_grad():
        assert (student.pooled(_windows(seed)).long().numpy() == embeddings).all()
        natural = student(_windows(seed))[0].numpy()
    assert embeddings.any()
    assert np.allclose(natural, logits * (made.scale / PER_UNIT), atol=1e-4)


def test_what_nobody_has_named_is_learned_from_the_teacher_alone() -> None:
    """Without the teacher's part such examples move nothing, and with it the student comes to what the teacher says."""
    lessons, course = _lessons(), Course(1, 1.0, seed=0, batch=64)
    lessons.opinion.zero_()
    lessons.label.fill_(UNKNOWN)
    student = _student(0)
    dense = student.dense.weight.detach().clone()
    rest = distil.optimiser(student)
    rest.param_groups[0]["weight_decay"] = 0
    distil.epoch(student, lessons, course, rest)
    assert (student.dense.weight == dense).all()
    lessons.opinion[:, 5] = 1
    before = distil.logits(student, lessons.frames)[:, 5].mean()
    distil.epoch(student, lessons, Course(1, 1.0, seed=0, batch=8), distil.optimiser(student))
    assert distil.logits(student, lessons.frames)[:, 5].mean() > before


def test_digits_are_told_apart_among_themselves() -> None:
    """The words of the keypad alone count, for examples of digits alone."""
    label = torch.tensor([WORDS.index("three"), WORDS.index("timer")])
    logits = torch.zeros(2, OUTPUTS, requires_grad=True)
    distil._among_digits(logits, label, torch.full((2, OUTPUTS), 1 / OUTPUTS)).backward()
    assert logits.grad is not None
    moved = {WORDS[place] for place in logits.grad[0, :NOTHING].nonzero()[:, 0].tolist()}
    assert moved == {*DIGITS, "stop"}
    assert logits.grad[0].argmin() == label[0]
    assert not logits.grad[1].any()


def test_a_wrong_bit_would_be_seen() -> None:
    """One more in one bias of one layer changes an embedding."""
    student = _student(0)
    made = export(student, centre=CENTRE)
    made.first.bias[3] += 1  # pyright: ignore[reportIndexIssue] # a list here
    _, embeddings = IntegerNetwork(made).run(_bytes(0))
    with torch.no_grad():
        assert (student.pooled(_windows(0)).long().numpy() != embeddings).any()


def test_bounds_hold_for_the_wildest() -> None:
    """What is exported is within the limits of the watch, whatever training came to."""
    for seed in range(3):
        student = _student(seed, wild=True)
        model.check(export(student, centre=CENTRE))
        with torch.no_grad():
            student.dense.bias.fill_(1e3)
        model.check(export(student, centre=CENTRE))


def test_windows_are_narrow_and_bare_at_times() -> None:
    """Half of them have nothing above 4 kHz, half nothing loud before and after the word; the word itself stays."""
    frames = torch.full((200, FRAMES, 32), 100, dtype=torch.uint8)
    frames[:, 20:40] = 200
    draw = torch.Generator().manual_seed(1)
    narrow = windows._narrow(frames, draw)
    cut = (narrow[:, :, 26:] == 0).flatten(1).all(1)
    assert 70 < int(cut.sum()) < 130
    assert (narrow[:, :, :21] == frames[:, :, :21]).all()
    assert (narrow[~cut] == frames[~cut]).all()
    bare = windows._bare(frames, draw)
    quiet = (bare[:, :20] < 60).flatten(1).all(1) & (bare[:, 40:] < 60).flatten(1).all(1)
    assert 70 < int(quiet.sum()) < 130
    assert (bare[:, 20:40] == 200).all()
    assert (bare[~quiet] == frames[~quiet]).all()


def test_levels_are_those_of_the_contract() -> None:
    """Three programs make levels of bytes: they are one."""
    given = _bytes(3)
    assert (windows.levels(torch.from_numpy(given)).numpy() == levels(given)).all()
    assert (features.levels(given) == levels(given)).all()


def test_a_student_is_cooled_within_the_rounding() -> None:
    """Logits are divided as was asked for, whatever whole number the scale is."""
    with torch.no_grad():
        before = _student(2)(_windows(2))[0]
        for temperature in (0.5, 1.3, 2.0):
            after = _student(2).cool(temperature)(_windows(2))[0]
            assert (after * temperature - before).abs().max() < 0.1 * before.abs().max()


def test_it_learns_and_goes_on_as_if_never_stopped() -> None:
    """A training that is stopped three times ends with the same numbers as one that is not."""
    whole = _trained(epochs=32, stops=False)
    stopped = _trained(epochs=32, stops=True)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, stopped.state_dict()[name]), name
    lessons = _lessons()
    right = (distil.logits(whole, lessons.frames).argmax(1) == lessons.label).float().mean()
    print(f"NOTE voice.student_on_three_patterns {100 * right:.0f} % right after 128 steps")
    assert right > 0.6


def _trained(epochs: int, *, stops: bool) -> Student:
    torch.manual_seed(0)
    lessons, student, course = _lessons(), Student(SHAPE, OUTPUTS, AXES), Course(epochs, 0.8, seed=4, batch=16)
    steps = distil.optimiser(student)
    while not course.over:
        distil.epoch(student, lessons, course, steps)
        if stops and course.done % 8 == 3:
            kept = distil.state(student, course, steps)
            student, course = Student(SHAPE, OUTPUTS, AXES), Course(epochs, 0.8, seed=4, batch=16)
            steps = distil.optimiser(student)
            distil.restore(kept, student, course, steps)
    assert student.mode == EXACT
    return student


def test_the_schedule_ends_in_time() -> None:
    """A training with a limit of time is as far along as its time, and its steps get small towards the end."""
    course = Course(100, 0.9, seed=0, minutes=1, spent_s=30)
    assert course.progress(0, 0) == pytest.approx(0.5)
    assert course.progress(0, 15) == pytest.approx(0.75)
    assert not course.over
    course.spent_s = 61
    assert course.over
    rates = [distil.rate(progress / 100) for progress in range(101)]
    assert max(rates) <= 4e-3
    assert rates[100] < rates[60] / 10
    assert rates[0] < rates[5]


def test_windows_vary_but_keep_the_word() -> None:
    """The same seed gives the same windows; frames beyond what was heard are the quietest of those beside the word."""
    lessons = _lessons()
    one, same, other = (
        windows.varied(lessons.frames, lessons.start, lessons.end, torch.Generator().manual_seed(seed))
        for seed in (5, 5, 6)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    padded = windows._padded(lessons.frames, lessons.start, lessons.end, torch.Generator().manual_seed(0))
    assert torch.equal(padded[:, 20:40], lessons.frames[:, 20:40])
    assert (padded[:, 0] == padded[:, 1]).all()
    assert (padded[:, 0].int().sum(1) <= lessons.frames[:, 19].int().sum(1)).all()
