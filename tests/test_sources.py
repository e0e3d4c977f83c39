import pytest

from bot import sources
from bot.errors import SourceError
from tests.conftest import CORPUS, PROJECT

HEAD = "---\nid: a\ntitle: A\nkind: news\n---\n"


def problem(write, name="a__md", content=HEAD):
    folder = write(**{"good__txt": "A good text.", name: content})
    reading = sources.read(folder)
    assert [document.id for document in reading.documents] == ["good"]
    (line,) = reading.problems
    assert "\n" not in line and name.replace("__", ".") in line
    return line


def test_the_text_of_a_source_begins_on_the_line_after_its_head(write):
    (document,) = sources.read(write(a__md=HEAD + "First words.\n")).documents
    assert document.page_content == "First words.\n"
    assert document.metadata["head"].title == "A"


def test_an_unknown_field_is_named_with_the_fields_there_are(write):
    line = problem(write, content="---\nid: a\ntitle: A\ncolour: red\n---\nText.\n")
    assert "colour" in line and "published" in line


@pytest.mark.parametrize("date", ["2021-13", "2021-02-30", "yesterday", "24.9.2021", "0000"])
def test_a_date_that_is_not_in_the_calendar_is_refused(write, date):
    assert "published" in problem(write, content=f"---\nid: a\ntitle: A\npublished: {date}\n---\nText.\n")


@pytest.mark.parametrize("date", ["2021", "2021-09", "2021-09-24", ""])
def test_a_date_may_be_a_year_a_month_a_day_or_unknown(write, date):
    (document,) = sources.read(write(a__md=f"---\nid: a\ntitle: A\npublished: {date}\n---\nText.\n")).documents
    assert document.metadata["head"].published == date


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("---\nid: a\ntitle: A\nText without an end.\n", "closing"),
        ("---\ntitle: A: B: C\n---\nText.\n", "YAML"),
        ("---\n- a\n---\nText.\n", "fields"),
        ("---\ntitle: A\n---\nText.\n", "id"),
        ("---\nid: a\ntitle: A\nkind: rumour\n---\nText.\n", "kind"),
        (HEAD, "no text"),
        ("", "no text"),
        ("Grüße".encode("latin-1"), "UTF-8"),
        (b"\x7fELF\0\0", "binary"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong_and_the_others_are_read(write, content, word):
    assert word in problem(write, content=content)


def test_a_file_of_another_kind_is_named_and_left_out(write):
    assert ".xls" in problem(write, name="a__xls", content="numbers")


def test_an_id_taken_twice_names_both_files(write):
    reading = sources.read(write(a__md=HEAD + "One.", b__md=HEAD + "Two."))
    assert len(reading.documents) == 1
    assert "b.md" in reading.problems[0] and "a.md" in reading.problems[0]


def test_a_missing_folder_and_an_empty_one_say_what_to_do(tmp_path):
    with pytest.raises(SourceError, match="--sources"):
        sources.read(tmp_path / "none")
    with pytest.raises(SourceError, match="no source can be read"):
        sources.read(tmp_path)


def test_a_plain_text_is_known_by_its_file_name_and_its_own_date(write):
    (document,) = sources.read(write(r_1__txt="The headline\n\n date 2021-09-24 The text.")).documents
    head = document.metadata["head"]
    assert (head.id, head.title, head.published) == ("r_1", "The headline", "2021-09-24")


def test_windows_line_ends_and_a_byte_order_mark_are_not_part_of_the_text(write):
    (document,) = sources.read(write(a__txt=b"\xef\xbb\xbfOne.\r\nTwo.\r\n")).documents
    assert document.page_content == "One.\nTwo.\n"


def test_a_repeal_by_a_source_that_is_not_held_is_told(write):
    head = "---\nid: a\ntitle: A\nkind: notice\nstanding: repealed\nrepealed_by: b\nrepealed_on: 2026\n---\n"
    (line,) = sources.check(sources.read(write(a__md=head + "Text.")).documents)
    assert "repealed_by" in line and "'b'" in line


def test_one_publication_held_twice_in_one_language_is_told(write):
    head = "---\nid: {}\ntitle: A\nurl: https://example.org/a\nlanguage: {}\n---\nText.\n"
    folder = write(a__md=head.format("a", "en"), b__md=head.format("b", "en"), c__md=head.format("c", "zh"))
    (line,) = sources.check(sources.read(folder).documents)
    assert line.startswith("b: url")


@pytest.mark.parametrize("folder", [CORPUS, PROJECT / "sources"])
def test_every_head_and_reference_of_our_own_sources_is_right(folder):
    reading = sources.read(folder)
    assert reading.problems == ()
    assert sources.check(reading.documents) == []
