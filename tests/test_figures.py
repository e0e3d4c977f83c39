"""The timeline and the figures: every point is what a sentence of a source says."""

import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from bot import figures, passages, points, sources
from bot.errors import SourceError
from bot.holdings import hold
from bot.page import about, tables
from tests.browsing import CHROMIUM, FLAGS, needs_browser
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


@pytest.fixture(scope="module")
def held():
    return hold(sources.read(PROJECT / "sources").documents, PROJECT / "sources")


def test_every_event_is_a_mark_that_opens_its_sentence(held):
    marks = [link for trace in figures.timeline(held.events).data for (link,) in trace.customdata]
    assert sorted(marks) == sorted(points.link(event.sentence) for event in held.events)


def test_kinds_of_events_differ_in_row_colour_and_shape(held):
    traces = figures.timeline(held.events).data
    looks = [(round(trace.y[0]), trace.marker.color, trace.marker.symbol) for trace in traces]
    assert all(len(set(each)) == len(traces) for each in zip(*looks, strict=True))


def test_later_events_lie_further_right_and_a_full_year_is_wider(held):
    at, years = figures._axis([event.date for event in held.events])
    places = [at(date) for date in ("2013-12-05", "2020", "2021-09-24", "2021-10", "2026-04-10")]
    assert places == sorted(places)
    widths = {year: end - start for start, end, year in years}
    assert max(widths, key=widths.get) == 2021 and len(widths) == 14


def test_bars_are_as_long_as_the_figures_and_a_range_goes_on_to_its_end(held):
    shares = [point for point in held.points if point.series == "hash-rate"]
    whole, rest = figures.hash_rate(held.points).data
    assert list(whole.x) == [point.value for point in shares]
    assert [a + b for a, b in zip(rest.base, rest.x, strict=True)] == [point.to or point.value for point in shares]


@pytest.mark.parametrize("series", ["bitcoin-fall", "bitcoin-price"])
def test_each_outlet_has_its_own_figure(held, series):
    figure = figures.price_reports(held.points, series)
    said = " ".join(heading.text for heading in figure.layout.annotations)
    for point in held.points:
        assert (f"{point.by} · " in said) == any(p.by == point.by and p.series == series for p in held.points)


def test_the_pictures_ask_for_nothing_from_anywhere(held):
    drawn = [figures.timeline(held.events), figures.hash_rate(held.points)]
    assert [figure.to_json().count("http") for figure in drawn] == [0, 0]


def test_markup_in_a_title_is_text_in_picture_and_table(write):
    event = EVENT | {"title": "<img src=x onerror=alert(1)>'\""}
    folder = write(a__txt=TEXT, timeline__jsonl=json.dumps(event))
    told = hold(sources.read(folder).documents, folder).events
    assert "<img" not in tables.event_table(told)
    assert "<img" not in figures.timeline(told).data[0].hovertext[0]


def test_an_event_is_asked_about_with_its_date_and_title(held):
    table = tables.event_table(held.events)
    assert "data-ask='What happened on 4 September 2017: Initial coin offerings (ICOs) banned?'" in table
    assert "data-ask='What happened at the end of 2019: Trials of the digital yuan begin?'" in table
    assert "2017年9月4日发生了什么" in tables.event_table(held.events, "zh")


def test_sources_are_found_by_every_word_and_sorted_by_any_column(held):
    found = tables.arranged(held.sources, "notice REPEALED", ("Date", False))
    assert found and all(source.standing == "repealed" for source in found)
    assert [source.published for source in found] == sorted(source.published for source in found)
    newest = tables.arranged(held.sources, "", ("Date", True))
    assert len(newest) == len(held.sources) and newest[0].published and not newest[-1].published
    assert f"0 of {len(held.sources)} sources" in tables.source_table(held.sources, "nowhere at all")


def test_publications_come_before_texts_of_our_own_that_are_dated_later(held):
    order = [source.seen == "memory" for source in tables.arranged(held.sources, "", tables.NEWEST) if source.published]
    assert order == sorted(order) and any(order)


def test_the_chinese_tables_leave_only_names_and_titles_in_english(held):
    shown = tables.source_table(held.sources, "", tables.NEWEST, "zh") + about.about(held.sources, language="zh")
    cells = set(re.findall(r"<t?d?d>([^<]*)</t?d?d>", shown))
    assert not cells & {"news", "notice", "analysis", "en", "zh", "whole", "excerpt", "not read", "in force"}
    assert not [cell for cell in cells if re.search(r"\b(?:via|citing|repost\w*|repealed|copy)\b", cell)]
    assert "约44%" in tables.point_table(held.points, "hash-rate", "zh")
    assert any("约44%" in heading.text for heading in figures.hash_rate(held.points, "zh").layout.annotations)
    assert tables.arranged(held.sources, "通知 废止", tables.NEWEST, "zh")


def test_what_is_held_is_counted_and_the_newest_is_no_background_of_our_own(held):
    shown = about.about(held.sources)
    newest = max(source.published for source in held.sources if source.seen != "memory")
    assert f"<dd>{len(held.sources)}</dd>" in shown and f"<dd>{newest}</dd>" in shown


def test_the_latest_kept_result_tells_how_good_the_answers_are(tmp_path):
    for name, made, cited in (("a", "2026-01-01", 0.5), ("b", "2026-02-01", 0.99951), ("c", "2025-01-01", 0.1)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"made": made, "halves": {"held": {"cited": cited}}}))
    (tmp_path / "d.json").write_text("[]")
    shown = about.about((), tmp_path)
    assert "2026-02-01" in shown and "<b>0.999</b>" in shown and "50" not in shown and "%" not in shown


def test_without_a_kept_result_the_command_that_measures_is_told(tmp_path):
    assert "<code>python -m eval</code>" in about.about((), tmp_path)


@pytest.fixture(scope="module")
def tab_page():
    """A browser on a page of the tabs over our own sources; what it asks for and complains of is noted."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "tests.tabs_page"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as server:
        address = server.stdout.readline().strip()
        yield from _browsed(address, sync_playwright)
        server.terminate()


def _browsed(address, sync_playwright):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        noted: list[str] = []
        page.on("request", lambda request: noted.append(str(urlsplit(request.url).hostname or "127.0.0.1")))
        page.on("console", lambda message: noted.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: noted.append(str(error)))
        page.goto(address)
        yield page
        browser.close()
        assert set(noted) == {"127.0.0.1"}


@needs_browser
def test_a_click_on_a_mark_opens_its_sentence(tab_page, held):
    tab_page.get_by_role("tab", name="Timeline").click()
    tab_page.locator(".picture .point").first.click(force=True)
    first = next(event for event in held.events if event.kind == "rule")
    tab_page.locator("#source").get_by_text(points.link(first.sentence)).wait_for()


@needs_browser
def test_the_rows_of_a_table_have_room_for_a_finger_on_a_phone(tab_page):
    tab_page.get_by_role("tab", name="Timeline").click()
    asks = tab_page.locator("button.ask:visible")
    asks.first.wait_for()
    wide = tab_page.viewport_size
    tab_page.set_viewport_size({"width": 390, "height": 800})
    heights = tab_page.locator(".scroll td a:visible, button.ask:visible").evaluate_all(
        "each => each.map(e => e.getBoundingClientRect().height)"
    )
    tab_page.set_viewport_size(wide)
    assert len(heights) > 20 and min(heights) >= 44


@needs_browser
def test_an_event_is_asked_about_by_keyboard(tab_page):
    tab_page.get_by_role("tab", name="Timeline").click()
    tab_page.get_by_role("button", name="Ask: Initial coin offerings (ICOs) banned").press("Enter")
    box = tab_page.get_by_label("Your question")
    box.wait_for()
    assert box.input_value() == "What happened on 4 September 2017: Initial coin offerings (ICOs) banned?"


@needs_browser
def test_sources_are_filtered_sorted_and_opened_whole(tab_page, held):
    tab_page.get_by_role("tab", name="Sources").click()
    tab_page.get_by_label("Filter the sources").fill("reuters 2021")
    found = len(tables.arranged(held.sources, "reuters 2021", tables.NEWEST))
    tab_page.get_by_text(f"{found} of {len(held.sources)} sources").wait_for()
    tab_page.get_by_role("button", name="Title").click()
    tab_page.locator("th[aria-sort=ascending]").get_by_text("Title").wait_for()
    titles = tab_page.locator("table.of-7 tbody a").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold) and 0 < len(titles) == found
    tab_page.locator("table.of-7 tbody a").first.press("Enter")
    tab_page.locator("#source").get_by_text("&start=0&end=0").wait_for()
