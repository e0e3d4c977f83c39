"""What holds of our own sources beyond their heads."""

import csv
import hashlib
import re

from bot import passages, sources, views
from eval import cases
from tests.conftest import PROJECT

OFFICIAL_NAMES = ("national development and reform commission", "people s bank of china pboc")  # nobody's sentences
FOLDER = PROJECT / "sources"


def eight_word_runs(text):
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "'"))
    runs = (" ".join(words[i : i + 8]) for i in range(len(words) - 7))
    return [run for run in runs if not any(name in run for name in OFFICIAL_NAMES)]


def test_no_run_of_eight_words_is_shared_with_the_founding_reports():
    theirs = set((PROJECT / "tests" / "founding-runs.txt").read_text().split())  # digests, so that no text is copied
    for document in sources.read(FOLDER).documents:
        shared = [r for r in eight_word_runs(document.page_content) if digest(r) in theirs]
        assert shared == [], document.id


def digest(run):
    return hashlib.sha256(run.encode()).hexdigest()[:12]


def test_all_322_facts_are_stated_by_a_source():
    with (FOLDER / "coverage.csv").open(newline="") as lines:
        facts = [row["fact"] for row in csv.DictReader(lines)]
    assert facts == [f"f{number:03}" for number in range(1, 323)]
    assert sources.check_tables(FOLDER, sources.read(FOLDER).documents) == []


def test_every_view_belongs_to_one_sentence():
    documents = sources.read(FOLDER).documents
    sentences = [s for d in documents for p in passages.split(d) for s in passages.sentences(p)]
    assert views.check(views.read(FOLDER), sentences) == []


def test_every_english_digest_has_a_chinese_twin_of_the_same_publication():
    heads = {str(d.id): d.metadata["head"] for d in sources.read(FOLDER).documents}
    english = {id for id, head in heads.items() if head.language == "en"}
    assert {id for id in heads if id not in english} == {f"{id}-zh" for id in english}
    told = ("published", "kind", "standing", "repealed_by", "repealed_on")
    for id in english:
        twin = heads[f"{id}-zh"]
        assert [getattr(twin, name) for name in told] == [getattr(heads[id], name) for name in told], id


def test_a_table_that_names_no_source_is_told(write):
    folder = write(a__txt="A text.", facts__csv="fact,sources\nf1,a\nf2,b\nf3,\n")
    problems = sources.check_tables(folder, sources.read(folder).documents)
    assert [problem.split(";")[0] for problem in problems] == [
        "facts.csv: line 3: sources: 'b' is no source",
        "facts.csv: line 4: sources: names no source",
    ]


def test_no_view_is_a_question_of_the_evaluation():
    def plain(text):
        return re.sub(r"\W+", " ", text.lower()).strip()

    asked = {plain(case.question) for half in cases.HALVES for case in cases.load(half)}
    assert asked & {plain(question) for view in views.read(FOLDER) for question in view.questions} == set()


def test_a_table_of_the_users_own_is_named_not_passed_over(write):
    (line,) = sources.read(write(a__txt="A text.", prices__csv="a,b")).problems
    assert line.startswith("prices.csv")
