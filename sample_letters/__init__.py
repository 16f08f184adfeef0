"""Invented letters, and the generator that makes them. Nothing here is a real determination."""
