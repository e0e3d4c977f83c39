"""The timeline and the figures: every point is what a sentence of a source says."""

import json

import pytest

from bot import passages, points, sources
from bot.errors import SourceError
from bot.holdings import hold
from tests.conftest import CORPUS, PROJECT

TEXT = "Bitcoin fell by 8.9 per cent on 24 September 2021, The Wire reported."
POINT = {
    "series": "bitcoin-fall",
    "date": "2021-09-24",
    "value": 8.9,
    "unit": "per cent",
    "by": "The Wire",
    "says": "8.9 per cent",
    "source": "a",
    "starts": "Bitcoin fell",
}
EVENT = {"date": "2021-09-24", "kind": "market", "title": "Bitcoin falls", "source": "a", "starts": "Bitcoin fell"}


def problems(folder):
    documents = sources.read(folder).documents
    sentences = [s for d in documents for p in passages.split(d) for s in passages.sentences(p)]
    return points.check([each for table in points.read(folder) for each in table], sentences)


@pytest.fixture
def told(write):
    """Writes a source of one sentence with a point or an event beside it; returns the folder."""
    return lambda text=TEXT, **changed: write(a__txt=text, figures__jsonl=json.dumps(POINT | changed))


def test_every_event_and_figure_of_ours_stands_in_its_sentence():
    assert problems(PROJECT / "sources") == []
    held = hold(sources.read(PROJECT / "sources").documents, PROJECT / "sources")
    assert {event.date[:4] for event in held.events} >= {"2013", "2017", "2021", "2026"}
    assert {point.series for point in held.points} == {"hash-rate", "bitcoin-fall", "bitcoin-price"}


def test_a_figure_carries_the_sentence_and_the_source_it_rests_on(told):
    folder = told()
    (point,) = hold(sources.read(folder).documents, folder).points
    assert (point.value, point.when, point.source.id) == (8.9, "24 September 2021", "a")
    assert points.link(point.sentence) == f"#source=a&start=0&end={len(TEXT)}"


@pytest.mark.parametrize(
    ("changed", "told_of"),
    [
        ({"starts": "Ether fell"}, "no one sentence starts with 'Ether fell'"),
        ({"date": "2021-09-25"}, "'25 September 2021' does not stand there"),
        ({"says": "9 per cent", "value": 9}, "'9 per cent' does not stand there"),
        ({"by": "Reuters"}, "'Reuters' does not stand there"),
        ({"value": 8.8}, "'8.9 per cent' is not the value and its unit"),
        ({"unit": "dollars"}, "'8.9 per cent' is not the value and its unit"),
        ({"when": "September", "date": "2022"}, "'September' is not in 2022"),
        ({"explained": [{"source": "b", "starts": "Outlets"}]}, "no one sentence starts with 'Outlets'"),
    ],
)
def test_a_figure_that_its_sentence_does_not_say_is_told_and_left_out(told, changed, told_of):
    folder = told(**changed)
    (line,) = problems(folder)
    assert line.startswith("figures.jsonl: ") and told_of in line and line.endswith("mend or remove it")
    held = hold(sources.read(folder).documents, folder)
    assert [p.explained for p in held.points] in ([], [()])


def test_zero_and_a_range_are_figures_too(told):
    text = "Its share was zero in May 2021, The Wire wrote. The Wire put it at 15 to 20 per cent in May 2021."
    assert problems(told(text, date="2021-05", says="zero", value=0, starts="Its")) == []
    assert problems(told(text, date="2021-05", says="15 to 20 per cent", value=15, to=20, starts="The Wire put")) == []


def test_a_date_that_is_not_in_the_sentence_of_an_event_is_told(write):
    folder = write(a__txt=TEXT, timeline__jsonl=json.dumps(EVENT | {"date": "2021-09-23"}))
    (line,) = problems(folder)
    assert "'23 September 2021' does not stand there" in line


def test_a_line_that_cannot_be_read_is_named(write):
    folder = write(a__txt=TEXT, timeline__jsonl=json.dumps(EVENT | {"kind": "party"}))
    with pytest.raises(SourceError, match=r"timeline\.jsonl: line 1"):
        points.read(folder)


def test_sources_without_a_timeline_have_no_events_and_no_figures():
    held = hold(sources.read(CORPUS).documents, CORPUS)
    assert len(held.sources) == 4 and held.events == held.points == ()
