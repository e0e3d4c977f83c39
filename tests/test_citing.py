from hypothesis import given
from hypothesis import strategies as st

from bot import citing
from bot.citing import cite, parts
from bot.records import Answer, Question
from tests.conftest import evidence

ONE = evidence("1", "Ten bodies issued the notice.", "It was published on Friday.", source="a")
TWO = evidence("2", "Ten bodies issued the notice.", source="b")


def test_a_quoted_sentence_is_bound_to_its_place_in_the_source():
    cited = cite("It was published on Friday. [1]", [ONE])
    (citation,) = cited.citations
    assert cited.text == "It was published on Friday. [1]"
    assert (citation.start, citation.end) == (30, 57)
    assert ONE.passage.page_content[30:57] == citation.quote


def test_an_invented_marker_is_dropped_with_its_sentence():
    cited = cite("Ten bodies issued the notice. [7]", [ONE])
    assert (cited.text, cited.citations) == ("", ())
    assert "no such evidence" in cited.dropped[0]


def test_a_sentence_its_evidence_does_not_hold_is_dropped():
    cited = cite("Ten bodies issued the notice. [1] Eleven bodies issued the notice. [1]", [ONE])
    assert cited.text == "Ten bodies issued the notice. [1]"
    assert "Eleven" in cited.dropped[0]


def test_a_sentence_without_a_marker_is_dropped():
    cited = cite("Ten bodies issued the notice. [1] Believe me.", [ONE])
    assert cited.text == "Ten bodies issued the notice. [1]"
    assert cited.dropped == ("Believe me.: no marker",)


def test_the_same_words_from_two_sources_keep_their_own_citations():
    cited = cite("Ten bodies issued the notice. [2] Ten bodies issued the notice. [1]", [ONE, TWO])
    assert [c.source.id for c in cited.citations] == ["b", "a"]


def test_brackets_inside_a_sentence_are_no_marker():
    held = evidence("1", "Yinfa [2021] No. 237 was issued.")
    assert cite("Yinfa [2021] No. 237 was issued. [1]", [held]).citations


@given(st.text(max_size=200))
def test_nothing_that_was_not_quoted_ever_gets_through(draft):
    for citation in cite(draft, [ONE, TWO]).citations:
        assert citation.quote in ONE.passage.page_content


def test_two_markers_in_the_middle_of_a_line_are_two_citations_of_one_statement():
    one, two = (cite(f"Ten bodies issued the notice. [{e.key}]", [e]).citations[0] for e in (ONE, TWO))
    text = "Ten bodies issued it. [1] [2] It was Friday. [1]"
    answer = Answer(Question("Who?"), text, citations=(one, two, one))
    assert [(said, len(citations)) for said, citations in parts(answer)] == [
        ("Ten bodies issued it.", 1),
        ("", 1),
        ("It was Friday.", 1),
    ]


def test_what_follows_a_list_stands_apart_from_its_last_item():
    assert citing.gap("In order:\n- One. [1]\n- Two. [2]") == "\n\n"
    assert citing.gap("In order:\n- One. [1]\n\nAfter. [1]") == citing.gap("One. [1]") == " "
