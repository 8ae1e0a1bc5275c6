"""Rasa as a guest in our process. Nothing of Rasa's types leaves this package."""
