"""The reviewed words as things to check and to read: lint and book. Never touches the network."""
