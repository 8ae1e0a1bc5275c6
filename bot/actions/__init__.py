"""Rasa actions, one a file, named as registered. They choose responses; they hold no sentence."""
