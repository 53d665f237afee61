"""What goes wrong is told by its cause."""

import pytest

from streamgauge.errors import StreamgaugeError, nearest, tidied


def complain():
    raise StreamgaugeError("there is nothing to remove")


@pytest.mark.parametrize("cause", [KeyboardInterrupt(), StreamgaugeError("the job failed")])
def test_tidying_up_does_not_hide_the_cause(cause):
    """A Ctrl-C while topics are made stays one, though they cannot be deleted yet."""
    with pytest.raises(type(cause)) as told, tidied(complain):
        raise cause

    assert cause is told.value


def test_failing_to_tidy_up_is_told():
    """Where all else went well, what is left behind is an error."""
    with pytest.raises(StreamgaugeError, match="nothing to remove"), tidied(complain):
        pass


@pytest.mark.parametrize("cause", [None, StreamgaugeError("the job failed")])
def test_all_is_tidied_up(cause):
    """Once, however the body ends."""
    done = []

    def body():
        with tidied(lambda: done.append("tidied")):
            if cause:
                raise cause
            return "answer"

    if cause:
        with pytest.raises(StreamgaugeError, match="the job failed"):
            body()
    else:
        assert "answer" == body()
    assert ["tidied"] == done


@pytest.mark.parametrize(("word", "hint"), [("int", "INT"), ("Stirng", "STRING"), ("xyz", None)])
def test_what_is_near_is_so_in_any_case(word, hint):
    """Types of SQL are written in small letters, too."""
    assert (f" (did you mean {hint}?)" if hint else "") == nearest(word, ["INT", "STRING"])
