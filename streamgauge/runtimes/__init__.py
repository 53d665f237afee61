"""What a Flink line runs on: jars, a Java, a Python environment, and a worker in it."""
