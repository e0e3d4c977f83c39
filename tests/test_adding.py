"""A user's own files and pages: real files of each kind are added, indexed and quoted; bad ones are refused."""

import contextlib
import gzip
import http.server
import io
import threading
from typing import ClassVar

import docx
import pypdf
import pytest

from bot import adding, fetching, sources
from bot.answering import Answerer
from bot.errors import SourceError
from bot.records import Question

SENTENCE = "The harbour ferry stops on 3 May 2024 because of a broken engine."


def a_pdf(text: str) -> bytes:
    """The smallest PDF that shows one line of text."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (Ferry report) /CreationDate (D:20240504120000Z) >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 6 0 R >>"
    return data + f"{end}\nstartxref\n{len(data)}\n%%EOF\n".encode()


def a_docx(text: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = "Ferry report"
    document.add_paragraph(text)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def a_page(text: str) -> bytes:
    filler = "The city council met on Thursday and spoke about the harbour for an hour. " * 5
    body = f"<nav>Home | About</nav><article><h1>Ferry report</h1><p>{text}</p><p>{filler}</p></article>"
    head = '<title>Ferry report</title><meta property="article:published_time" content="2024-05-04">'
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


FILES = {
    "report.txt": f"Ferry report\n\n{SENTENCE}\n".encode(),
    "report.md": f"---\nid: ferry\ntitle: Ferry report\npublished: 2024-05-04\n---\n{SENTENCE}\n".encode(),
    "report.html": a_page(SENTENCE),
    "report.pdf": a_pdf(SENTENCE),
    "report.docx": a_docx(SENTENCE),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_kind_is_added_indexed_and_quoted_to_the_letter(name, tmp_path, build):
    (tmp_path / name).write_bytes(FILES[name])
    added = adding.add(str(tmp_path / name), tmp_path / "mine")
    answer = Answerer(build(tmp_path / "mine")).invoke(Question("When does the harbour ferry stop, a broken engine?"))
    (citation, *_) = answer.citations
    assert citation.quote == SENTENCE
    text = sources.load(added).page_content
    assert text[citation.start : citation.end] == SENTENCE
    assert citation.source.title == "Ferry report"


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_files_of_other_kinds_are_read_where_they_lie_too(name, write):
    (document,) = sources.read(write(**{name.replace(".", "__"): FILES[name]})).documents
    assert SENTENCE in document.page_content


def test_the_head_tells_what_the_file_tells(tmp_path):
    (tmp_path / "report.html").write_bytes(FILES["report.html"])
    head = sources.load(adding.add(str(tmp_path / "report.html"), tmp_path / "mine")).metadata["head"]
    assert (head.id, head.title, head.published) == ("2024-05-04-ferry-report", "Ferry report", "2024-05-04")


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf(SENTENCE)))
    writer.encrypt("secret", algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.pdf", b"%PDF-1.4 torn", "PDF"),
        ("a.pdf", encrypted(), "encrypted"),
        ("a.pdf", a_pdf(""), "no text"),
        ("a.docx", b"PK torn", "Word"),
        ("a.docx", a_docx(""), "no text"),
        ("a.html", b"<html></html>", "no main text"),
        ("a.txt", b"", "no text"),
        ("a.txt", b"x" * (sources.MAX_BYTES + 1), "larger"),
        ("a.exe", b"MZ", "not a kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_with_one_line_and_nothing_is_written(name, data, word, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=word) as refused:
        adding.add(str(tmp_path / name), tmp_path / "mine")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "mine").exists()


def test_a_bad_file_does_not_keep_the_others_out(write):
    reading = sources.read(write(good__txt="A good text.", bad__pdf=b"%PDF-1.4 torn", worse__docx=b"PK"))
    assert [document.id for document in reading.documents] == ["good"]
    assert len(reading.problems) == 2


def test_what_is_there_already_is_not_overwritten(tmp_path):
    (tmp_path / "report.txt").write_bytes(FILES["report.txt"])
    adding.add(str(tmp_path / "report.txt"), tmp_path / "mine")
    with pytest.raises(SourceError, match="already"):
        adding.add(str(tmp_path / "report.txt"), tmp_path / "mine")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.html",
        "http://localhost:8000/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://example.org/a.txt",
        "http:///a",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://a" + ".b" * 200 + "/",
        "http://[fe80::1%25eth0]/",
    ],
)
def test_addresses_that_are_not_public_are_refused(url, tmp_path):
    with pytest.raises(SourceError, match="public"):
        adding.add(url, tmp_path / "mine")


class Pages(http.server.BaseHTTPRequestHandler):
    """A page, addresses that lead elsewhere, a page without end and one that swells."""

    LEADS: ClassVar = {"/away": "http://10.0.0.1/secret", "/again": "/report", "/endless": "", "/bomb": ""}

    def do_GET(self) -> None:
        leads = self.LEADS.get(self.path)
        self.send_response(302 if leads else 200)
        self.send_header("Location", leads) if leads else None
        self.send_header("Content-Encoding", "gzip") if self.path == "/bomb" else None
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if leads == "":
            return self.flood(gzip.compress(bytes(10**8)) if self.path == "/bomb" else bytes(10**6))
        self.wfile.write(FILES["report.html"])

    def flood(self, piece: bytes) -> None:
        with contextlib.suppress(OSError):
            for _ in range(100):
                self.wfile.write(piece)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ours(host: str) -> list[str]:
    return ["127.0.0.1"] if host == "127.0.0.1" else []


@pytest.mark.parametrize(
    "address",
    [
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "169.254.169.254",
        "ff02::1",
    ],
)
def test_an_address_that_leads_inside_is_not_public_however_it_is_written(address):
    assert not fetching.is_public(address)


def test_addresses_of_the_open_internet_are_public():
    assert fetching.is_public("1.1.1.1") and fetching.is_public("2606:4700:4700::1111")


def test_what_was_looked_up_is_what_is_asked(site, tmp_path):
    port = site.rpartition(":")[2]
    asked = []

    def lookup(host: str) -> list[str]:  # no such name exists: only the address that was looked at can answer
        asked.append(host)
        return ["127.0.0.1"]

    added = adding.add(f"http://ferry.invalid:{port}/report", tmp_path / "mine", lookup)
    assert asked == ["ferry.invalid"] and SENTENCE in added.read_text()


def test_a_name_that_changes_its_mind_on_the_way_is_refused(site, tmp_path):
    answers = iter([["127.0.0.1"], []])
    with pytest.raises(SourceError, match="public"):
        adding.add(f"{site}/again", tmp_path / "mine", lambda host: next(answers))


@pytest.mark.parametrize("path", ["endless", "bomb"])
def test_a_page_without_end_or_one_that_swells_is_cut_off(site, tmp_path, path):
    with pytest.raises(SourceError, match="larger"):
        adding.add(f"{site}/{path}", tmp_path / "mine", lookup=ours)


def test_a_password_in_an_address_is_not_kept(tmp_path):
    with pytest.raises(SourceError, match="leave them out") as refused:
        adding.add("https://ann:secret@example.org/", tmp_path / "mine")
    assert "secret" not in str(refused.value)


def test_a_page_is_added_with_its_address(site, tmp_path):
    document = sources.load(adding.add(f"{site}/report", tmp_path / "mine", lookup=ours))
    assert document.metadata["head"].url == f"{site}/report"
    assert SENTENCE in document.page_content and "Home" not in document.page_content


def test_a_page_that_leads_to_a_private_address_is_refused(site, tmp_path):
    with pytest.raises(SourceError, match=r"10\.0\.0\.1.*public"):
        adding.add(f"{site}/away", tmp_path / "mine", lookup=ours)
