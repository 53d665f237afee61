"""The plugin from this checkout, as an installed streamgauge would bring it."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["streamgauge.plugin", "pytester"]

# Examples of properties of functions; properties of whole jobs take a 50th or 25th.
# `dev` and `ci` draw the same each time.
_ANY_SPEED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=50, derandomize=True, **_ANY_SPEED)
settings.register_profile("ci", max_examples=100, derandomize=True, **_ANY_SPEED)
settings.register_profile("deep", max_examples=2500, print_blob=True, **_ANY_SPEED)
settings.load_profile("dev")
