"""What a program's own connectors are led by: the names that it has for the run's tables."""

_PROPERTY = "properties."
# What a table of the run has to have, and what it is then.
_IS = {"topic": "topic", "path": "folder"}


class Led:
    """The tables of a run by the program's names; those that it builds are `made`.

    `names` gets all that it has for such.
    """

    def __init__(self, tables, made, names):
        self._tables = tables
        self._made = made
        self._names = names

    def options(self, what, names, key):
        """Those of the run's table that one of the names is, none where none is.

        An error where that has no `key`, which `what` needs.
        """
        self._names.update(names)
        found = {}
        for name in set(names) & set(self._tables):
            found = self._tables[name]
            if key not in found:
                told = (what, name, found.get("connector"), _IS[key])
                raise RuntimeError("%s: %s is on %s in this run, and no %s" % told)
            self._made.add(name)
        return found

    def place(self, name, key):
        """Where the run has it; a name of none stays."""
        return self._tables.get(name, {}).get(key, name)


def properties(options):
    """What a client of Kafka's is told."""
    return {key[len(_PROPERTY) :]: v for key, v in options.items() if key.startswith(_PROPERTY)}
