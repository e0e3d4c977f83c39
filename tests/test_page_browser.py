"""The page in a real browser."""

import json

import pytest

from bot import feedback
from bot.sources import read
from bot.verifying import verify
from tests.browsing import CHROMIUM, FLAGS, HOSTILE, Served, Tab, needs_browser

pytestmark = needs_browser
FELL = "How many per cent did Bitcoin fall?"
NOTICE = "What did the September 2021 trading notice declare?"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    page = Served(tmp_path_factory.mktemp("page"))
    yield page
    page.close()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(served, browser):
    """Opens the page; at the end nothing must have left the machine or failed."""
    tabs = []

    def visit(**options):
        tabs.append(Tab(browser, served.url, **options))
        return tabs[-1]

    yield visit
    for tab in tabs:
        tab.check()
        tab.context.close()


def test_a_person_asks_reads_and_sees_the_cited_sentence_marked_in_its_source(visit):
    tab = visit()
    answer = tab.ask(NOTICE)
    mark = answer.locator("a.cite").first
    mark.hover()
    assert "illegal financial activity" in tab.page.locator("#preview q").inner_text()
    mark.click()
    tab.page.locator("#source mark").wait_for()
    assert tab.page.locator("#source mark").inner_text() == mark.get_attribute("data-quote")
    source = tab.page.locator("#source").inner_text()
    assert "People's Bank of China" in source and "24 Sep 2021" in source and "an excerpt of the original" in source
    assert "repealed 6 Feb 2026 → February 2026 notice" in source
    tab.page.locator("#source .chip a").click()
    tab.page.get_by_role("heading", name="Notice on risks related to virtual currencies").wait_for()


def test_an_example_is_taken_and_follow_ups_are_offered_that_were_not_asked(visit):
    tab = visit()
    tab.page.locator(".examples button").first.click()
    tab.page.locator(".turn .actions").wait_for()
    asked = tab.page.locator(".asked bdi").inner_text()
    offered = tab.page.locator(".next button").first.inner_text()
    assert offered != asked
    tab.page.locator(".next button").first.click()
    tab.page.locator(".turn").nth(1).locator(".actions").wait_for()
    assert tab.page.locator(".asked bdi").nth(1).inner_text() == offered


def test_an_answer_streams_and_can_be_stopped_and_asked_again(visit, served):
    tab = visit()
    tab.send("Say slowly: what did the September 2021 trading notice declare?")
    growing = tab.page.locator(".growing")
    growing.get_by_text("illegal financial activity").wait_for()
    assert growing.locator("a.cite").count() == 0  # nothing is cited before it is checked
    tab.page.click("#stop")
    tab.page.locator(".boxed.stopped").wait_for()
    served.pipe.write_text("go on")  # to the answer that nobody waits for
    tab.page.get_by_role("button", name="Ask again").click()
    tab.page.locator(".growing").wait_for()
    served.pipe.write_text("go on")
    tab.page.locator(".turn a.cite").first.wait_for()
    assert tab.page.locator(".turn").count() == 1


def test_the_last_question_can_be_edited(visit):
    tab = visit()
    tab.ask("Who won the 2018 World Cup?")
    tab.page.get_by_role("button", name="Edit the question").click()
    tab.page.fill("form.mend textarea", FELL)
    tab.page.keyboard.press("Enter")
    tab.page.locator("a.cite").first.wait_for()
    assert tab.page.locator(".asked bdi").all_inner_texts() == [FELL]


@pytest.mark.parametrize(
    ("question", "outcome", "title"),
    [
        ("Who won the 2018 World Cup?", "declined", "Not in the sources"),
        ("Should I buy bitcoin?", "out_of_scope", "Not what Banbot answers"),
        ("What about it?", "clarify", "A question back"),
        ("x" * 4001, "failed", "Something failed"),
    ],
)
def test_what_is_no_answer_says_so(visit, question, outcome, title):
    tab = visit()
    tab.page.locator("#question textarea").evaluate("box => box.removeAttribute('maxlength')")
    answer = tab.ask(question)
    assert answer.locator(f".boxed.{outcome} .outcome").inner_text().endswith(title)


def test_where_sources_differ_the_sides_stand_in_a_table(visit):
    rows = visit().ask("How many per cent did Bitcoin fall on 24 September 2021?").locator(".sides tbody tr")
    shown = [" ".join(row.split()) for row in rows.all_inner_texts()]
    assert sorted(shown) == ["7 per cent The Other Wire, 2021-09-25 2", "8.9 per cent The Wire, 2021-09-24 1"]


def test_why_this_answer_tells_what_was_searched_chosen_and_left_out(visit):
    tab = visit()
    answer = tab.ask(NOTICE)
    answer.locator("summary").click()
    why = answer.locator(".why").inner_text()
    assert NOTICE in why and "Chosen" in why and "Found, but left out" in why and "strong match" in why
    assert "word for word" in why and "ms in all" in why and "%" not in why


def test_thumbs_and_their_reason_are_kept(visit, served):
    tab = visit()
    tab.ask(NOTICE)
    tab.ask(FELL).get_by_role("button", name="Bad answer").click()
    tab.page.locator("form.reason:visible input").fill("too short")
    tab.page.keyboard.press("Enter")
    tab.page.locator('[aria-pressed="true"]').wait_for()
    told = feedback.read(served.feedback)[-1]
    assert (told.good, told.reason, told.answer["question"]) == (False, "too short", FELL)
    assert [turn["role"] for turn in told.history] == ["user", "assistant"]


def test_what_is_exported_as_json_is_verified_and_the_text_has_footnotes(visit, served, tmp_path):
    tab = visit()
    tab.ask(NOTICE)
    tab.ask("Who won the 2018 World Cup?")
    with tab.page.expect_download() as download:
        tab.page.click("#export-json")
    download.value.save_as(tmp_path / "answers.jsonl")
    documents = {str(document.id): document for document in read(served.sources).documents}
    checked, problems = verify(tmp_path / "answers.jsonl", documents)
    assert checked > 0 and problems == []
    assert "-What-did-the-September-2021-trading-notice.jsonl" in download.value.suggested_filename
    with tab.page.expect_download() as download:
        tab.page.click("#export-text")
    text = download.value.path().read_text()
    assert "[^1-1]" in text and "\n[^1-1]: Notice on virtual currency trading" in text


def test_an_answer_is_copied_with_its_citations(visit):
    tab = visit()
    tab.ask(NOTICE).get_by_role("button", name="Copy with citations").click()
    tab.page.get_by_role("button", name="Copied").wait_for()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert "illegal financial activity. [1]" in copied and "[1] Notice on virtual currency trading" in copied


def test_a_filter_holds_for_the_conversation_is_seen_and_survives_a_reload(visit):
    tab = visit()
    tab.page.get_by_label("Official sources only").check()
    assert tab.ask(FELL).locator(".boxed.declined").count() == 1
    tab.ask(NOTICE)
    assert tab.page.locator(".within").all_inner_texts() == ["Searched only in: Official sources only"] * 2
    tab.reload()
    tab.page.locator(".turn a.cite").first.wait_for()
    assert tab.page.locator(".turn").count() == 2
    assert tab.page.get_by_label("Official sources only").is_checked()


def test_a_new_chat_is_empty_and_offers_examples(visit):
    tab = visit()
    tab.ask(NOTICE).locator("a.cite").first.click()
    tab.page.locator("#source mark").wait_for()
    tab.page.click("#new")
    tab.page.locator(".examples button").first.wait_for()
    tab.page.locator("#source").wait_for(state="hidden")
    assert tab.page.locator(".turn").count() == 0
    tab.reload()
    tab.page.locator(".examples button").first.wait_for()
    assert tab.page.locator(".turn").count() == 0


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_on_a_phone_the_source_opens_below_and_nothing_is_wider_than_the_screen(visit, locale):
    tab = visit(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True, locale=locale)
    tab.ask("What did the zebra clause say?")
    tab.page.locator("a.cite").first.tap()
    tab.page.locator("#source mark").wait_for()
    tab.page.wait_for_function("document.querySelector('#source article').getBoundingClientRect().top < 400")
    assert tab.page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]
    tab.page.locator("[data-panel=back]").tap()
    tab.page.wait_for_function("document.querySelector('a.cite').getBoundingClientRect().top >= 0")
    tab.page.go_back()
    tab.page.locator("#source").wait_for(state="hidden")
    assert tab.page.locator(".turn").count() == 1


def test_on_a_phone_filters_and_exports_unfold_beside_the_question(visit):
    tab = visit(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    tab.ask(NOTICE)
    wanted = [tab.page.locator(name) for name in ("#filter-since", "#filter-official", "#new", "#export-text")]
    assert not any(each.is_visible() for each in wanted)
    tab.page.locator("#more").tap()
    wanted[0].wait_for()
    places = [each.bounding_box() for each in wanted]
    assert all(place["y"] > 0 and place["y"] + place["height"] <= 800 for place in places)


def test_on_a_phone_what_is_touched_has_room_for_a_finger(visit):
    tab = visit(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    tab.ask(NOTICE)
    small = "each => [...each].map(e => [e.outerHTML, e.getBoundingClientRect()]).filter(([, r]) => r.height"
    marks = tab.page.locator("#talk :is(a.cite, .cited .key a, .cited li > span > a):visible")
    assert marks.evaluate_all(f"{small} < 24 || r.width < 24)") == []
    buttons = tab.page.locator("#talk button:visible, #talk summary, #asking button:visible:not(#skip)")
    assert buttons.evaluate_all(f"{small} < 43)") == []
    tab.page.locator("a.cite").first.tap()
    tab.page.locator("#source mark").wait_for()
    assert tab.page.locator("#source button:visible").evaluate_all(f"{small} < 43)") == []


def test_the_back_button_closes_what_was_opened_step_by_step(visit):
    tab = visit()
    tab.ask(NOTICE).locator("a.cite").first.click()
    tab.page.locator("#source mark").wait_for()
    tab.page.locator("#source .chip a").click()
    tab.page.get_by_role("heading", name="Notice on risks related to virtual currencies").wait_for()
    tab.page.go_back()
    tab.page.locator("#source mark").wait_for()
    tab.page.go_back()
    tab.page.wait_for_function("document.activeElement?.className === 'cite'")
    assert not tab.page.locator("#source").is_visible() and tab.page.locator(".turn").count() == 1


def test_a_dark_browser_gets_a_dark_page(visit):
    tab = visit(color_scheme="dark")
    tab.ask(NOTICE)
    red, green, blue = tab.page.evaluate(
        "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor.match(/\\d+/g).map(Number)"
    )[:3]
    assert max(red, green, blue) < 60


def test_a_chinese_browser_gets_a_chinese_page_and_can_switch(visit):
    tab = visit(locale="zh-CN")
    tab.page.get_by_role("button", name="提问").wait_for()
    assert tab.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "来源没有说明" in tab.ask("谁赢得了2018年世界杯？").locator(".outcome").inner_text()
    assert "为何这样回答" in tab.ask(NOTICE).inner_text()
    tab.page.get_by_role("link", name="English").click()
    tab.page.get_by_role("button", name="Copy with citations").first.wait_for()  # the same conversation, in English
    assert tab.page.evaluate("document.documentElement.lang") == "en"


def test_all_can_be_done_with_the_keyboard(visit):
    tab = visit()
    press = tab.page.keyboard.press
    tab.page.keyboard.type(NOTICE)
    press("Enter")
    mark = tab.page.locator("a.cite").first
    mark.wait_for()
    tab.page.locator(".turn .actions").wait_for()
    press("Tab")  # to the button that asks
    press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent") == "To the answer"
    press("Enter")
    tab.page.wait_for_function("document.activeElement?.className === 'cite'")
    assert tab.page.locator("#preview").is_visible()
    press("Enter")
    tab.page.wait_for_function("document.activeElement?.id === 'cited'")
    press("Escape")
    tab.page.wait_for_function("document.activeElement?.className === 'cite'")
    assert not tab.page.locator("#source").is_visible()
    tab.page.locator("summary").focus()
    press("Enter")
    assert tab.page.locator("details[open]").count() == 1


def test_a_list_of_a_filter_closes_when_the_focus_goes_on(visit):
    tab = visit()
    tab.page.locator("#filter-language input").focus()
    tab.page.locator("#filter-language [aria-expanded=true]").wait_for()
    tab.page.keyboard.press("Tab")
    tab.page.locator("#filter-language [aria-expanded=false]").wait_for()
    assert tab.page.evaluate("document.activeElement.type") == "checkbox"


def test_what_is_asked_and_what_sources_say_is_text_and_does_nothing(visit):
    tab = visit()
    answer = tab.ask(f"What did the zebra clause say? {HOSTILE}")
    assert "<script>" in answer.locator(".asked").inner_text()
    assert "<script>window.ran='script'</script> [click](javascript:" in answer.locator(".said").inner_text()
    answer.locator("a.cite").first.hover()
    answer.locator("summary").click()
    answer.locator("a.cite").first.click()
    tab.page.locator("#source mark").wait_for()
    assert "<img src=x" in tab.page.locator("#source mark").inner_text()
    assert tab.page.locator("#talk img, #source img, #talk script, a[href^='javascript']").count() == 0
    tab.reload()
    tab.page.locator(".turn").wait_for()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_screen_reader_is_told_the_answer_once_it_is_done(visit):
    tab = visit()
    tab.ask(NOTICE)
    tab.page.wait_for_function("document.querySelector('#live').innerText.includes('illegal financial activity')")
    assert tab.page.locator("#live").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}])
def test_axe_finds_nothing_serious_on_any_view(visit, options):
    from axe_playwright_python.sync_playwright import Axe

    tab = visit(**options)
    found = []

    def look(view):
        for each in Axe().run(tab.page).response["violations"]:
            if each["impact"] in ("serious", "critical"):
                found.append((view, each["id"], [node["html"][:200] for node in each["nodes"]]))

    look("empty")
    tab.ask("How many per cent did Bitcoin fall on 24 September 2021?")
    tab.ask("Who won the 2018 World Cup?")
    tab.page.locator("a.cite").first.click()
    tab.page.locator("#source mark").wait_for()
    tab.page.locator("summary").first.click()
    look("answers")
    if "viewport" not in options:
        for name in ("Timeline", "Figures", "Sources", "About", "For programs"):
            tab.page.get_by_role("tab", name=name).click()
            tab.page.locator(".tabitem:visible").wait_for()
            look(name)
    assert found == [], json.dumps(found, indent=1)
