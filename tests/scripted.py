"""A chat model that says what a script tells it to: LangChain's seam, and nothing else."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict

from bot.chat import Chat, Limits
from bot.chat_writer import ChatWriter

Script = Callable[[str], Iterable[str]]
"""What the model says, piece by piece, to a prompt."""

LINE = re.compile(r"^(.+) \[(\w+)\]$", re.MULTILINE)
"""A sentence of the evidence in a prompt, and its key."""

QUICK = Limits(first=5.0, total=20.0, characters=3000, pause=0.0)


class ScriptedModel(BaseChatModel):
    """Follows its script."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    script: Script

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        prompt = "\n".join(str(message.content) for message in messages)
        for piece in self.script(prompt):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=said))])


def chat(script: Script, limits: Limits = QUICK, **options: Any) -> Chat:
    return Chat(ScriptedModel(script=script), limits, **options)


def writer(script: Script, limits: Limits = QUICK, **options: Any) -> ChatWriter:
    return ChatWriter(chat(script, limits, **options), "scripted")


def says(*sentences: str) -> Script:
    """A model that says sentences in which `{a word}` stands for the key of the first evidence that holds the word."""

    def script(prompt: str) -> Iterable[str]:
        lines = LINE.findall(prompt)

        def key(found: re.Match[str]) -> str:
            return next(key for text, key in lines if found[1] in text)

        for sentence in sentences:
            yield re.sub(r"\{([^}]+)\}", key, sentence) + " "

    return script
