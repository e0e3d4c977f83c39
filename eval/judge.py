"""An optional second opinion: a chat model marks how fluent and how complete an answer is. Never the gate."""

from collections.abc import Sequence
from statistics import fmean

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import PydanticOutputParser
from langchain_core.prompts import ChatPromptTemplate
from pydantic import BaseModel, Field
from rich.console import Console
from rich.progress import track

from eval.running import Asked


class Marks(BaseModel):
    """What the judge says of an answer; from 1, poor, to 5, excellent."""

    fluency: int = Field(ge=1, le=5, description="does it read well, from 1 to 5")
    completeness: int = Field(ge=1, le=5, description="does it answer all of the question, from 1 to 5")


_PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "You mark answers of a chatbot. Judge only the text given, not whether it is true. {format}"),
        ("human", "Question: {question}\n\nAnswer: {answer}"),
    ]
)


def mark(model: BaseChatModel, done: Sequence[Asked]) -> dict[str, float]:
    """The mean marks over all answers; raises ValueError where the model's reply holds no marks."""
    parser = PydanticOutputParser(pydantic_object=Marks)
    chain = _PROMPT.partial(format=parser.get_format_instructions()) | model | parser
    marks = [
        chain.invoke({"question": one.case.question, "answer": one.answer.text})
        for one in track(done, "Judging", console=Console(stderr=True), transient=True)
    ]
    return {name: fmean(getattr(m, name) for m in marks) for name in Marks.model_fields}
