"""
BanbotError            what a user can mend; the message says what happened and what to do
├── SourceError        a source file or folder cannot be used (names the file, and the field of its head)
├── QuestionError      a question or a line of input that cannot be taken
├── IndexUnusable      the index cannot be opened or written          -> banbot index --rebuild
├── ModelError         a model cannot be used: its weights, its package or its key are missing
│   └── WritingError   a chat model did not write; names one of the reasons in bot/phrases.py
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
    """A model cannot be used: its weights, its package or its key are missing."""


class WritingError(ModelError):
    """A chat model did not write what can be shown; `reason` is a key of `Phrases.reasons`.

    What the provider says itself is left out: it may quote a key.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the chat model did not write ({reason}); does it run, and are --model and --model-url right?"
        )
        self.reason = reason


class PageError(BanbotError):
    """The page cannot be served."""


class FeedbackError(BanbotError):
    """What readers say of answers cannot be kept or read."""
