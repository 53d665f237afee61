"""Web logs: any slice alone, the same everywhere, with as many bad lines as promised."""

import json

from generators import weblogs


def objects(rows):
    """The lines that are JSON objects."""
    return [log for (line,) in rows if isinstance(log := _loaded(line), dict)]


def _loaded(line):
    try:
        return json.loads(line)
    except ValueError:
        return None


def test_ids_are_unique():
    """No two lines have the same id, so that it can be a primary key."""
    ids = [log["id"] for log in objects(weblogs.rows(3, 0, 5000)) if isinstance(log.get("id"), str)]

    assert len(ids) > 4000
    assert len(ids) == len(set(ids))


def test_times_are_written_in_many_ways():
    """Numbers and texts, with Z, with an offset, as Apache does."""
    times = [log.get("time") for log in objects(weblogs.rows(3, 0, 1000))]
    texts = [time for time in times if isinstance(time, str)]

    assert any(isinstance(time, int) for time in times)
    assert any(text.endswith("Z") for text in texts)
    assert any(text.endswith("+05:30") for text in texts)
    assert any(text.endswith("-0330") for text in texts)
    assert any(text.isdigit() for text in texts)


def test_numbers_come_as_texts_and_fields_lack():
    """What makes parsing hard is there."""
    logs = objects(weblogs.rows(3, 0, 1000))

    assert {int, str} <= {type(log["status"]) for log in logs}
    assert {int, str, type(None)} <= {type(log["bytes"]) for log in logs if "bytes" in log}
    assert any("user" not in log for log in logs)
    assert any("client" not in log for log in logs)
