"""The plugin from this checkout, as an installed streamgauge would bring it."""

pytest_plugins = ["streamgauge.plugin"]
