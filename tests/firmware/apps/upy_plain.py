"""Angles, roots and JSON, as apps have them."""

from watch.apps import api
from watch.apps.api import PI, App, atan2, cos, parse_json, sin, sqrt
from watch.apps.verifier import vocabulary
from watch.kernel.errors import InputError


def _refuses(error, call, *values):
    try:
        call(*values)
    except error:
        return True
    return False


def test_angles_and_roots():
    assert abs(sin(PI / 6) - 0.5) < 1e-5 and abs(cos(PI)) > 0.99999
    assert abs(atan2(1, 1) - PI / 4) < 1e-5 and sqrt(169) == 13
    assert _refuses(ValueError, sqrt, -1) and _refuses(TypeError, sin, "x")


def test_json_of_a_departure_board():
    told = parse_json('{"stop": "Quay", "next": [{"line": 4, "min": 2.5, "late": false}, null]}')
    assert told == {"stop": "Quay", "next": [{"line": 4, "min": 2.5, "late": False}, None]}


def test_what_is_no_json_is_an_error():
    for text in ("", "{", "nan", "[1,", '"open'):
        assert _refuses(ValueError, parse_json, text), text
    for thing in (None, 3, b"{}", ["{}"], " " * 16385):
        assert _refuses(InputError, parse_json, thing), type(thing)


def test_deep_json_ends_with_a_value_or_an_error():
    """Its depth costs heap, not the stack of the interpreter."""
    deep = parse_json("[" * 8000 + "]" * 8000)
    for _ in range(7999):
        (deep,) = deep
    assert deep == []


def test_strip_is_for_texts_alone():
    """The one object of the API that had a `strip` of its own was a canvas: the memory it draws in."""
    assert "strip" in vocabulary.names(vocabulary.MEMBERS) and "memory" not in vocabulary.names(vocabulary.MEMBERS)
    things = [getattr(api, name) for name in api.__all__ if name != "spend"]
    assert not [thing for thing in things + [App] if hasattr(thing, "strip")]
    assert not hasattr(api.Canvas(), "strip") and " a ".strip() == "a"
