"""Each answer from all readings of a sensor at once."""

from collections import defaultdict

PLACES = 2
SINKS = (
    *("total", "greatest", "spread", "variety"),
    *("best", "sent_once", "told_in_time", "weighted"),
)


def expected(inputs):
    """Rows of all sinks, by sensor."""
    sensors = defaultdict(list)
    for reading in inputs["readings"]:
        sensors[reading[1]].append(reading)
    weights = dict(inputs["weights"])
    answers = {name: [] for name in SINKS}
    for sensor, rows in sensors.items():
        for name, answer in of_sensor(rows).items():
            answers[name].append((sensor, answer))
        answers["best"] += [(sensor, *place) for place in enumerate(amounts(rows)[:PLACES], 1)]
        known = [amount * weights[grade] for _, _, grade, amount in rows if grade in weights]
        answers["weighted"] += [(sensor, sum(known))] if known else []
    return answers


def of_sensor(rows):
    """The answers that every sensor has, by sink."""
    least_last = amounts(rows)
    return {
        "total": sum(least_last),
        "greatest": least_last[0],
        "spread": least_last[0] - least_last[-1],
        "variety": len(set(least_last)),
        "sent_once": sum({row[0]: row[3] for row in rows}.values()),
        "told_in_time": len(rows),
    }


def amounts(rows):
    """The amounts, the greatest first."""
    return sorted((row[3] for row in rows), reverse=True)
