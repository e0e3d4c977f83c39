"""What files other than our own say: their text, and the title, author and date that can be found in them.

Pages are read by `trafilatura`, PDF by `pypdf`, Word documents by `python-docx`.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.errors import SourceError

MAX_UNPACKED = 100_000_000
"""Most bytes that a Word document may unpack to."""
MAX_PAGES = 2000


@dataclass(frozen=True)
class Found:
    """A text and what its file tells of it; empty where it tells nothing."""

    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: str = ""


def html(name: str, data: bytes) -> Found:
    """The main text of a page, without its menus."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(data, with_metadata=True, include_comments=False, include_tables=True)
    if page is None or not (page.text or "").strip():
        raise SourceError(f"{name}: no main text is found in the page; save the text itself as .txt")
    paragraphs = "\n\n".join(line for line in page.text.splitlines() if line.strip())
    return Found(paragraphs + "\n", page.title or "", page.author or "", page.sitename or "", page.date or "")


def pdf(name: str, data: bytes) -> Found:
    """The text of a PDF, a paragraph break between pages."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise SourceError(f"{name}: is encrypted; save a copy without a password")
        if len(reader.pages) > MAX_PAGES:
            raise SourceError(f"{name}: has more than {MAX_PAGES} pages; split it")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        told = reader.metadata
        made = told.creation_date if told else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(f"{name}: is not a PDF that can be read; save it anew or as .txt") from error
    if not text.strip():
        raise SourceError(f"{name}: holds no text, perhaps only pictures of pages; run a text recognition first")
    title, author = (told.title, told.author) if told else (None, None)
    return Found(text, title or "", author or "", published=made.date().isoformat() if made else "")


def docx(name: str, data: bytes) -> Found:
    """The paragraphs of a Word document."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise SourceError(f"{name}: unpacks to more than {MAX_UNPACKED // 1_000_000} MB; split it")
        document = Document(io.BytesIO(data))
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError) as error:
        raise SourceError(f"{name}: is not a Word document that can be read; save it anew as .docx or .txt") from error
    told = document.core_properties
    text = "\n\n".join(paragraph.text for paragraph in document.paragraphs if paragraph.text.strip())
    made = told.created.date().isoformat() if told.created else ""
    return Found(text + "\n", told.title or "", told.author or "", published=made)


FORMATS: dict[str, Callable[[str, bytes], Found]] = {".html": html, ".htm": html, ".pdf": pdf, ".docx": docx}
