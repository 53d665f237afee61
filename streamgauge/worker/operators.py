"""What the planner made of a job's Python: its operators, and what they wait for."""

import pickle

_WATERMARK = {"current_watermark", "register_event_time_timer"}
_CLOCK = {"current_processing_time", "register_processing_time_timer"}


def operators(ends):
    """[name, by_watermark, by_clock] of each operator before these that runs Python.

    The name is that of its class. What it gives depends on the watermark or on the
    clock where it has windows or timers by them, or looks at them.
    """
    seen = {}
    for end in ends:
        for step in end.getTransitivePredecessors():
            seen[step.getId()] = step
    return [found for step in seen.values() for found in _python(step)]


def _python(step):
    kind = str(step.getClass().getSimpleName())
    if kind.startswith("Python"):
        return [[kind, *depends(_function(step.getDataStreamPythonFunctionInfo()))]]
    if kind not in ("OneInputTransformation", "TwoInputTransformation"):
        return []
    factory = step.getOperatorFactory()
    if factory.getClass().getSimpleName() != "SimpleOperatorFactory":
        return []
    operator = factory.getOperator()
    name = str(operator.getClass().getSimpleName())
    return [[name, *_depends(name, operator)]] if "Python" in name else []


def _depends(name, operator):
    """Operators of tables tell by their names, those of streams by their functions."""
    package = operator.getClass().getName()
    if ".table.runtime." in package:
        return ["GroupWindow" in name or "RowTime" in name, "ProcTime" in name]
    return depends(_function(operator.getPythonFunctionInfo()))


def _function(info):
    # What this very process has pickled.
    return pickle.loads(bytes(info.getPythonFunction().getSerializedPythonFunction()))  # noqa: S301


def depends(function):
    """Whether what a function gives depends on the watermark, and whether on the clock."""
    if hasattr(function, "assigner"):
        return [function.assigner.is_event_time(), _of_clock(function)]
    own = [each for each in type(function).__mro__ if not _others(each)]
    methods = [m for each in own for m in vars(each).values() if hasattr(m, "__code__")]
    used = {name for method in methods for name in _names(method.__code__)}
    timers = any("on_timer" in vars(each) for each in own)
    by_clock = not _CLOCK.isdisjoint(used)
    return [not _WATERMARK.isdisjoint(used) or (timers and not by_clock), by_clock]


def _of_clock(window):
    """Whether a window closes by the clock."""
    kinds = (type(window.assigner).__name__, type(window.trigger).__name__)
    return any("ProcessingTime" in kind for kind in kinds)


def _others(kind):
    """Whether a class is not the user's."""
    return kind is object or kind.__module__.partition(".")[0] in ("abc", "pyflink", "typing")


def _names(code):
    """The names that code uses, and functions within it."""
    inner = [const for const in code.co_consts if hasattr(const, "co_names")]
    return [*code.co_names, *(name for each in inner for name in _names(each))]
