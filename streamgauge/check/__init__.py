"""What a Flink line knows of the names that somebody's files use; no JVM, no cluster."""
