"""Each seat with all who have come to it and have not gone."""


def expected(inputs):
    """Rows of the sink `seats`."""
    at, sitting = {}, {}
    for person, seat in inputs["moves"]:
        if at.get(person) == seat:
            continue
        if person in at:
            sitting[at[person]].remove(person)
        at[person] = seat
        sitting.setdefault(seat, []).append(person)
    return {"seats": [(seat, people[-1]) for seat, people in sitting.items() if people]}
