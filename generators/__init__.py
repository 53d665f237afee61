"""What makes the data: one module an entity over `streamgauge.draws`."""
