"""The places of all changes, whenever they came: the job begins when they are there."""


def expected(inputs):
    """(ip, type, place) of what is asked for, of type 0."""
    places = [change.row for change in inputs["places"]]
    asked = {ip for (ip,) in inputs["probes"]}
    return {"found": [row for row in places if row[0] in asked and row[1] == 0]}
