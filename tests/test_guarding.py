"""Who may ask, how much, and what a browser may do: asked of real pages, in processes of their own."""

import json

import httpx
import pytest

from bot import guarding
from bot.errors import PageError
from tests.browsing import CHROMIUM, FLAGS, needs_browser
from tests.conftest import PROJECT
from tests.serving import serving

AUTH = ("ann", "correct-horse")
JOIN = "/gradio_api/queue/join"


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A page as it is served by default."""
    with (
        serving(tmp_path_factory.mktemp("local"), metrics=True) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder in which the guarded page writes."""
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(written):
    """A page that others may reach: it wants a password and counts."""
    with (
        serving(written, host="0.0.0.0", auth=":".join(AUTH), per_minute=6) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_a_page_beyond_this_machine_wants_a_password_or_a_plain_word(host):
    with pytest.raises(PageError, match=r"BANBOT_AUTH.*--open"):
        guarding.rules(host)
    assert guarding.rules(host, everyone=True).per_minute > 0
    assert guarding.rules(host, auth="ann:correct-horse").per_minute > 0


@pytest.mark.parametrize("auth", ["ann", "ann:", ":password", "ann:short", "a b:password1"])
def test_a_password_that_is_none_is_refused_and_not_repeated(auth):
    with pytest.raises(PageError, match="USER:PASSWORD") as refused:
        guarding.rules("127.0.0.1", auth=auth)
    assert auth not in str(refused.value).replace("USER:PASSWORD", "")


def test_the_rules_never_show_the_password():
    assert "correct-horse" not in repr(guarding.rules("0.0.0.0", auth="ann:correct-horse"))


@pytest.mark.parametrize(
    "header",
    [
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Content-Security-Policy", "default-src 'self'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Frame-Options", "DENY"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/health", "/theme.css", "/gradio_api/file=/etc/passwd"])
def test_every_reply_carries_the_strict_headers(local, path, header):
    name, value = header
    assert value in local.get(path).headers[name]


def test_scripts_run_by_a_nonce_that_is_new_each_time(local):
    policies = {local.get("/").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2
    assert not [policy for policy in policies if "script-src 'self' 'unsafe-inline'" in policy]


PATHS = [
    f"/gradio_api/file={PROJECT}/bot/page/page.css",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=../../../../../../etc/passwd",
    "/gradio_api/file=%2Fetc%2Fpasswd",
    "/gradio_api/file=file:///etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/gradio_api/file=http://127.0.0.1:9/",
    "/gradio_api/proxy=http://127.0.0.1:9/",
    "/static/../../../../../../../etc/passwd",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/svelte/..%2f..%2f..%2froutes.py",
    "/monitoring",
    "/gradio_api/run-history/records",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_file_outside_the_page_is_served(local, path):
    reply = local.send(httpx.Request("GET", str(local.base_url).rstrip("/") + path))
    assert reply.status_code in (403, 404) and "root:" not in reply.text


def test_nothing_can_be_uploaded(local):
    assert local.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


def test_a_file_named_in_a_message_is_not_read(local):
    stolen = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    messages = [{"role": "user", "content": [{"type": "file", "file": stolen}]}]
    functions = [d["id"] for d in local.get("/config").json()["dependencies"]]
    for number in functions:
        ask = {"data": ["Who?", None, messages], "fn_index": number, "session_hash": f"thief{number}"}
        local.post(JOIN, json=ask)
        with local.stream("GET", f"/gradio_api/queue/data?session_hash=thief{number}", timeout=20) as events:
            assert "root:" not in events.read().decode()
    assert local.get("/gradio_api/file=/etc/passwd").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_made_to_lead_here_is_not_answered_to(local, host):
    assert local.get("/", headers={"Host": host}).status_code in (400, 421)


def test_another_site_cannot_ask_in_a_visitors_name(local):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        assert local.post(JOIN, json={}, headers={"Origin": origin}).status_code == 403
    own = str(local.base_url).rstrip("/")
    assert local.post(JOIN, json={}, headers={"Origin": own}).status_code != 403


def test_a_request_that_is_too_large_is_refused_told_or_not(local):
    large = b"x" * (guarding.LARGEST + 1)
    assert local.post(JOIN, content=large).status_code == 413
    assert local.post(JOIN, content=iter([large])).status_code == 413  # no Content-Length


def test_without_the_password_nothing_is_shown_but_health(guarded):
    for path in ("/", "/config", "/theme.css", "/gradio_api/info", "/metrics"):
        assert guarded.get(path).status_code in (401, 429)
        assert guarded.get(path, auth=("ann", "wrong-horse")).status_code in (401, 429)
    assert guarded.get("/health").json()["ready"] is True


def test_with_the_password_the_page_is_there_until_one_asks_too_often(guarded):
    assert guarded.get("/", auth=AUTH).status_code == 200
    replies = [guarded.post(JOIN, json={}, auth=AUTH) for _ in range(10)]
    assert replies[-1].status_code == 429 and int(replies[-1].headers["Retry-After"]) > 0
    assert "ask again in" in replies[-1].json()["detail"]


def test_guessing_passwords_is_slowed_down(guarded):
    guesses = [guarded.get("/", auth=("ann", f"guess-{n}")).status_code for n in range(10)]
    assert guesses[-1] == 429


def test_the_log_and_the_output_never_hold_the_password(guarded, written):
    guarded.get("/", auth=AUTH)
    held = [file.read_bytes() for file in written.rglob("*") if file.is_file()]
    assert len(held) > 2 and not [text for text in held if AUTH[1].encode() in text]


def test_one_client_does_not_use_up_anothers_questions():
    now = [0.0]
    rate = guarding.Rate(2, clock=lambda: now[0])
    assert [rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0, 0, 0]
    assert rate.wait("a") == 30
    now[0] = 30.0
    assert rate.wait("a") == 0 and rate.wait("a") > 0


def test_clients_without_number_do_not_fill_the_memory():
    rate = guarding.Rate(2)
    for n in range(guarding.CLIENTS + 100):
        rate.wait(str(n))
    assert len(rate._held) == guarding.CLIENTS


@needs_browser
def test_a_script_that_is_smuggled_into_the_page_does_not_run(local):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        tab.goto(str(local.base_url))
        tab.locator("#question textarea").wait_for()
        tab.evaluate("""() => {
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.smuggled = 1'>");
            const script = document.createElement("script");
            script.textContent = "window.smuggled = 2";
            document.body.append(script);
        }""")
        tab.wait_for_function("document.images[document.images.length - 1].complete")
        assert tab.evaluate("window.smuggled") is None
        browser.close()


def test_the_log_holds_outcomes_and_no_question(local, tmp_path):
    from bot.records import Question
    from bot.watching import journal

    for questions, held in ((False, False), (True, True)):
        file = tmp_path / f"{questions}.jsonl"
        with journal(str(file), questions, metrics=False) as written:
            written.answered(Question("Is my coin secret?"), "declined", 0.02)
        (line,) = map(json.loads, file.read_text().splitlines())
        assert line["outcome"] == "declined" and ("Is my coin secret?" in line.values()) is held


def test_health_names_the_index_and_counts_the_sources(local):
    told = local.get("/health").json()
    assert told["up"] and told["ready"] and told["sources"] == 4 and len(told["index"]) == 64


def test_metrics_count_answers_and_refusals(local):
    local.get("/monitoring")
    text = local.get("/metrics").text
    assert 'banbot_answers_total{outcome="answered"}' in text and 'banbot_refusals_total{status="404"}' in text
