"""The page for programs, asked by their real clients."""

import json

import anyio
import pytest

from tests.browsing import Served

NOTICE = "What did the September 2021 trading notice declare?"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    page = Served(tmp_path_factory.mktemp("programs"))
    yield page
    page.close()


def test_the_api_answers_as_ask_json_does_with_history_and_filters(served):
    from gradio_client import Client

    client = Client(served.url, verbose=False)
    answer = client.predict(question=NOTICE, history=[], filters={}, api_name="/ask")
    assert answer["outcome"] == "answered" and answer["citations"][0]["source"] == "pbc-2021-notice"
    assert set(answer) >= {"id", "question", "outcome", "text", "searched", "citations", "evidence", "timings"}
    turns = [{"role": "user", "content": NOTICE}, {"role": "assistant", "content": answer["text"]}]
    follow = client.predict(question="Who issued it?", history=turns, filters={"until": "2021"}, api_name="/ask")
    assert "Ten bodies" in follow["text"] and len(follow["searched"]) > 1
    bad = client.predict(question=NOTICE, history=[], filters={"since": "x"}, api_name="/ask")
    assert bad["error"].startswith("filters.since")


def test_no_other_endpoint_is_exposed(served):
    from gradio_client import Client

    endpoints = Client(served.url, verbose=False).view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/ask"] and endpoints["unnamed_endpoints"] == {}


def test_the_mcp_server_offers_one_tool_that_answers(served):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk():
        async with (
            streamable_http_client(f"{served.url}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, await session.call_tool("ask", {"question": NOTICE})

    tools, result = anyio.run(talk)
    assert [tool.name for tool in tools] == ["ask"]
    assert "cryptocurrency ban" in tools[0].description and "question" in tools[0].inputSchema["properties"]
    answer = json.loads(result.content[0].text)
    assert answer["outcome"] == "answered" and answer["citations"][0]["quote"] in answer["text"]
