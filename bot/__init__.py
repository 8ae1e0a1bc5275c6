"""Sidedoor: an anonymous first door to help for young people."""
