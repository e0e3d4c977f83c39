"""What is searched for: a question by itself and, where it leans on the turns before it, with them."""

from bot.asking import follows_up, names
from bot.passages import cut
from bot.records import Question

SAID = 60
"""Words of the last answer that are searched with."""
NAMED = 2
"""Names of a turn that are searched with."""


def searches(question: Question) -> tuple[str, ...]:
    """What is searched for: the question; where it leans on the turns before also the question after the user's last
    one that stood alone, which names what the talk is about, after the last one of all, and after the beginning of the
    last answer, where what "it" and "they" mean is often named; at the end with the names of the last turn alone."""
    if not question.history or not follows_up(question.text):
        return (question.text,)
    asked = [turn.content for turn in question.history if turn.role == "user"]
    answered = [turn.content for turn in question.history if turn.role == "assistant"][-1:]
    alone = next((turn for turn in reversed(asked) if not follows_up(turn)), "") or (asked[0] if asked else "")
    before = [alone, *asked[-1:], *(" ".join(answer.split()[:SAID]) for answer in answered)]
    after = dict.fromkeys(f"{turn} {question.text}" for turn in before if turn)
    return (question.text, *after, *([named] if (named := with_names(question)) else []))


def with_names(question: Question) -> str:
    """The question after the first names of the turn before it and of its answer's first sentence, which say what it is
    about but not what was asked of that; empty where they name nothing."""
    last = {turn.role: turn.content for turn in question.history}
    turn, answer = last.get("user", ""), next(iter(cut(last.get("assistant", ""))), "")
    found = [name for text in (turn, answer) for name in names(f"“ {text}")[:NAMED]]
    return " ".join((*dict.fromkeys(found), question.text)) if found else ""
