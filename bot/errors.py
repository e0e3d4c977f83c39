"""
BanbotError            what a user can mend; the message says what happened and what to do
├── SourceError        a source file or folder cannot be used (names the file, and the field of its head)
├── QuestionError      a question or a line of input that cannot be taken
├── IndexUnusable      the index cannot be opened or written          -> banbot index --rebuild
├── ModelError         a model's weights are missing or not the ones expected
├── PageError          the page cannot be served, a taken port say
└── FeedbackError      what readers say of answers cannot be kept or read
"""


class BanbotError(Exception):
    """What a user can mend; `str()` is one line with the remedy."""


class SourceError(BanbotError):
    """A source file or folder cannot be used."""


class QuestionError(BanbotError):
    """A question, or a line of input, cannot be taken."""


class IndexUnusable(BanbotError):
    """The index cannot be opened or written."""


class ModelError(BanbotError):
    """A model's weights are missing or not the ones expected."""


class PageError(BanbotError):
    """The page cannot be served."""


class FeedbackError(BanbotError):
    """What readers say of answers cannot be kept or read."""
