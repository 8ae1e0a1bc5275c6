"""Rasa graph components: how a message is heard. Nothing here decides what is said."""
