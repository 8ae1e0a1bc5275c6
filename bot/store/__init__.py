"""What is kept, and only as something this server cannot read by itself: tables, sealing, sweeping. Knows nobody above it."""
