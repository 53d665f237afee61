"""Where jobs run, and Flink's REST interface to them."""
