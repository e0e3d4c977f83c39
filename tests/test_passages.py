from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document

from bot import passages, sources
from tests.conftest import CORPUS

TEXT = "One. Two!\n\n三是中文。四也是。\n- five\n" + "word " * 500 + "。" + "x" * 4000


def document(text):
    return Document(id="a", page_content=text)


@given(st.text(alphabet="aB1 .!?。！\n\n“”中文é-", max_size=400) | st.text(max_size=300))
def test_passages_joined_are_the_source(text):
    assert "".join(p.page_content for p in passages.split(document(text))) == text


@given(st.text(alphabet="aB1 .!?。！\n“”中文", max_size=400))
def test_offsets_are_exact(text):
    for passage in passages.split(document(text)):
        for piece in (passage, *passages.sentences(passage)):
            assert text[piece.metadata["start"] : piece.metadata["end"]] == piece.page_content


def test_a_passage_is_short_enough_to_cite_and_ends_with_a_sentence():
    cut = passages.split(document("A sentence of some length stands here. " * 100))
    assert all(len(p.page_content) <= passages.PASSAGE for p in cut)
    assert all(p.page_content.rstrip().endswith(".") for p in cut)


def test_paragraphs_are_passages_of_their_own():
    cut = passages.split(document("One. Two.\n\nThree.\n"))
    assert [p.page_content for p in cut] == ["One. Two.\n\n", "Three.\n"]


def test_text_without_stops_is_cut_all_the_same():
    sentences = [s for p in passages.split(document(TEXT)) for s in passages.sentences(p)]
    assert max(len(s.page_content) for s in sentences) <= passages.SENTENCE


def test_chinese_and_english_sentences_end_where_a_reader_would_end_them():
    (passage,) = passages.split(
        document("The PBOC (Yinfa [2021] No. 237) spoke at 5 p.m. on Friday. 通知说不行。可以吗？2021年不可以。")
    )
    assert [s.page_content for s in passages.sentences(passage)] == [
        "The PBOC (Yinfa [2021] No. 237) spoke at 5 p.m. on Friday.",
        "通知说不行。",
        "可以吗？",
        "2021年不可以。",
    ]


def test_ids_say_which_sentence_of_which_passage_of_which_source():
    (notice,) = [d for d in sources.read(CORPUS).documents if d.id == "pbc-2021-notice"]
    cut = passages.split(notice)
    ids = [s.id for p in cut for s in passages.sentences(p)]
    assert ids == ["pbc-2021-notice#1.1", "pbc-2021-notice#1.2", "pbc-2021-notice#2.1"]


def test_a_stop_inside_a_name_ends_no_sentence():
    (passage,) = passages.split(document("The price fell, U.Today reported. Ether fell too."))
    assert [s.page_content for s in passages.sentences(passage)] == [
        "The price fell, U.Today reported.",
        "Ether fell too.",
    ]
