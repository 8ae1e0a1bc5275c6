"""Measure how well messages are heard: cases in, rates with their uncertainty out. Never used while talking to anyone."""
