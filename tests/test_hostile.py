"""Files made to do harm are refused within bounds of time and memory, and the next good file is read."""

import io
import zipfile
import zlib

import pytest

from bot import confined, sources
from bot.errors import SourceError
from tests.test_adding import FILES, SENTENCE, a_docx, a_pdf

MEGABYTE = 1_000_000


def with_document(xml: bytes, name: str = "word/document.xml") -> bytes:
    """A good Word file with one part of it replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_docx("A text."))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.namelist():
            bad.writestr(part, xml if part == name else good.read(part))
    return made.getvalue()


def with_stream(content: bytes) -> bytes:
    """A good PDF whose page is drawn by the given stream, compressed."""
    packed = zlib.compress(content, 9)
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed)
    good = a_pdf("x")
    begin, end = good.index(b"4 0 obj") + 8, good.index(b"endobj", good.index(b"4 0 obj"))
    return good[:begin] + stream + b"\n" + good[end:]


def lying(size: int) -> bytes:
    """A Word file whose table of contents says that its text is small."""
    data = bytearray(with_document(b"<a>" + b" " * size + b"</a>"))
    entry = data.index(b"word/document.xml", data.index(b"PK\x01\x02")) - 46 + 24
    data[entry : entry + 4] = (100).to_bytes(4, "little")
    return bytes(data)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "bomb.docx": with_document(b"<a>" + b" " * 500 * MEGABYTE + b"</a>"),
    "lying.docx": lying(500 * MEGABYTE),
    "laughs.docx": with_document(f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a11;</a>'.encode()),
    "deep.docx": with_document(b"<a>" * 200_000 + b"</a>" * 200_000),
    "bomb.pdf": with_stream(bytes(1000 * MEGABYTE)),
    "endless.pdf": with_stream(b"BT /F1 12 Tf (a) Tj ET\n" * 3 * MEGABYTE),
    "loop.pdf": a_pdf("x").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "deep.pdf": a_pdf("x").replace(b"/Count 1", b"/Count " + b"[" * 100_000),
    "deep.html": b"<div>" * 500_000 + b"text",
    "unclosed.html": b"<p " + b"a='" * 3 * MEGABYTE,
    "angles.html": b"<" * 5 * MEGABYTE,
    "laughs.html": f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><html><body><p>&a11;</p></body></html>'.encode(),
    "zip.html": with_document(b"<a/>"),
    "null.pdf": bytes(5 * MEGABYTE),
}


@pytest.fixture(scope="module")
def reader():
    """A reader with narrow bounds: what these files want is far beyond them."""
    narrow = confined.Reader(seconds=5, memory=600 * MEGABYTE)
    yield narrow
    narrow.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_one_line_and_the_next_is_read(name, reader):
    with pytest.raises(SourceError) as refused:
        reader.read(name[name.index(".") :], name, HOSTILE[name])
    assert str(refused.value).startswith(name) and "\n" not in str(refused.value)
    assert SENTENCE in reader.read(".pdf", "report.pdf", FILES["report.pdf"]).text


def test_a_file_that_names_another_file_does_not_get_it(reader):
    data = a_docx("MARK")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        text = packed.read("word/document.xml")
    head, _, rest = text.partition(b"?>")
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    stolen = with_document(head + b"?>" + entity + rest.replace(b"MARK", b"MARK &x;"))
    assert reader.read(".docx", "stolen.docx", stolen).text.strip() == "MARK"


def test_a_reader_that_is_killed_is_one_bad_file(reader):
    reader.read(".pdf", "report.pdf", FILES["report.pdf"])
    reader._process.kill()
    with pytest.raises(SourceError, match="crashed"):
        reader.read(".pdf", "report.pdf", FILES["report.pdf"])
    assert reader.read(".pdf", "report.pdf", FILES["report.pdf"]).text


def test_a_file_that_takes_too_long_is_left_alone():
    hurried = confined.Reader(seconds=0.0)
    with pytest.raises(SourceError, match="longer than 0 seconds"):
        hurried.read(".pdf", "report.pdf", FILES["report.pdf"])
    assert hurried._process is None


def test_a_file_that_wants_too_much_memory_is_refused():
    poor = confined.Reader(memory=300 * MEGABYTE)
    with pytest.raises(SourceError, match="memory"):
        poor.read(".html", "a.html", b"<p>Some words stand here.</p>" * 600_000)
    poor.close()


def test_hostile_files_do_not_keep_the_good_ones_out(write):
    reading = sources.read(
        write(good__txt="A good text.", bomb__docx=HOSTILE["bomb.docx"], loop__pdf=HOSTILE["loop.pdf"])
    )
    assert [document.id for document in reading.documents] == ["good"] and len(reading.problems) == 2
