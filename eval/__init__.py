"""The question set, the measures and the report: `python -m eval`."""
