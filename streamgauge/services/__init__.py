"""Kafka and MySQL: where they are, when they are ready, and how they end."""
