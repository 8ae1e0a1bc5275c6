"""Adapters between the outside world and a turn. They carry; they do not decide."""
