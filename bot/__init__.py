"""Banbot: answers about China's cryptocurrency ban, each sentence cited to its source."""
