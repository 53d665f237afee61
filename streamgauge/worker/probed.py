"""What the Python of a cluster has, told by a job of one row.

It travels as a file, not as code: that of one Python cannot be read by another.
"""

import json
import pkgutil
import platform
import sys

from pyflink.table import DataTypes
from pyflink.table.udf import udf
from pyflink.version import __version__


def probed(_):
    """Versions, and the packages and modules that can be imported, as JSON."""
    modules = {module.name for module in pkgutil.iter_modules()} | set(sys.builtin_module_names)
    told = {"python": platform.python_version(), "pyflink": __version__, "modules": sorted(modules)}
    return json.dumps(told)


# Not deterministic: what is would be worked out by the client.
FUNCTIONS = {"probed": udf(probed, result_type=DataTypes.STRING(), deterministic=False)}
