"""What makes the data: one module an entity over shared primitives."""
