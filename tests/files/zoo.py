"""About 120 files and what becomes of each: taken, or refused with a sentence that holds these words."""

from __future__ import annotations

import gzip
from typing import NamedTuple

from tests.files.making import (
    DOCUMENT,
    EICAR,
    OFFICE,
    a_chunk,
    a_flood,
    a_jpeg_flood,
    a_packed_pdf,
    a_pdf_with,
    a_photo,
    a_zip,
    an_image,
    an_office,
    an_open,
    announcing,
    with_flag,
)
from tests.world.documents import a_pdf

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100
OLD_DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
TIFF = b"II*\x00\x08\x00\x00\x00" + b"\x00" * 100
TAKEN = ""


class Animal(NamedTuple):
    """A file, the name it comes under, and the words of its refusal (none: it is taken)."""

    what: str
    name: str
    content: bytes
    words: str = TAKEN


MANY = {f"word/media/{number}.txt": b"" for number in range(2_500)}
LINK = (
    '<Relationships><Relationship Type="http://x/{kind}" Target="http://evil.example/a" TargetMode="External"/></Relationships>'
)
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
NESTED = a_zip({"a.zip": a_zip({"b.zip": a_zip({"c.txt": b"x"})})})

SOUND = [
    Animal("a PDF", "CV.pdf", a_pdf()),
    Animal("a PDF of 200 pages", "mémoire.pdf", a_pdf(pages=200)),
    Animal("a PDF whose objects are packed", "packed.pdf", a_packed_pdf("<< /Type /Metadata >>")),
    Animal("a PDF that opens on a page", "open.pdf", a_pdf_with("/OpenAction [3 0 R /Fit]")),
    Animal("a PDF with a link", "link.pdf", a_pdf_with("/Names << /Dests 4 0 R >>", more=("<< /URI (https://a.example) >>",))),
    Animal("a PDF whose text speaks of JavaScript", "js.pdf", a_pdf("/JavaScript /Launch")),
    Animal("a PDF with a name that starts like a program's", "jst.pdf", a_pdf_with("/JSTune 1 /Launcher 2 /EFfect 3")),
    Animal("a PDF with fields", "form.pdf", a_pdf_with("/AcroForm << /Fields [] >>")),
    Animal("a PDF that ends with a blank line", "blank.pdf", a_pdf() + b"\r\n\r\n"),
    Animal("a PDF with two versions", "twice.pdf", a_pdf() + a_pdf()[15:]),
    Animal("a docx", "statuts.docx", an_office("docx")),
    Animal("an xlsx", "budget.xlsx", an_office("xlsx")),
    Animal("a pptx", "présentation.pptx", an_office("pptx")),
    Animal("an odt", "statuts.odt", an_open("odt")),
    Animal("an ods", "budget.ods", an_open("ods")),
    Animal("an odp", "présentation.odp", an_open("odp")),
    Animal("a docx with a picture", "image.docx", an_office("docx", {"word/media/image1.png": an_image("PNG")})),
    Animal("a docx with a chart's workbook", "chart.docx", an_office("docx", {"word/embeddings/book.xlsx": an_office("xlsx")})),
    Animal("a docx with a link", "link.docx", an_office("docx", {"word/_rels/document.xml.rels": LINK.format(kind="hyperlink")})),
    Animal("an xlsx with printer settings", "print.xlsx", an_office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"x"})),
    Animal("a docx with tracked changes", "tracked.docx", an_office("docx", {"word/document.xml2": DOCUMENT})),
    Animal("an odt with a configuration", "config.odt", an_open("odt", {"Configurations2/accelerator/current.xml": ""})),
    Animal("a docx with 1,500 entries", "many.docx", an_office("docx", dict(list(MANY.items())[:1500]))),
    Animal("a docx with a long text", "long.docx", an_office("docx", {"word/notes.xml": "mot " * 2_000_000})),
    Animal("a PNG", "logo.png", an_image("PNG")),
    Animal("a grey PNG", "grey.png", an_image("PNG", (8, 8), optimize=True)),
    Animal("a JPEG", "photo.jpg", an_image("JPEG")),
    Animal("a JPEG called .jpeg", "photo.jpeg", an_image("JPEG")),
    Animal("a progressive JPEG", "progressive.jpg", an_image("JPEG", progressive=True)),
    Animal("a JPEG with restart marks", "restart.jpg", an_image("JPEG", restart_marker_rows=1)),
    Animal("a JPEG with its colours", "icc.jpg", an_image("JPEG", icc_profile=b"x" * 70_000)),
    Animal("a photo with a place", "vacances.jpg", a_photo()),
    Animal("a JPEG with a page behind it, which is cut off", "poly.jpg", an_image("JPEG") + HTML),
    Animal("a PNG with an archive behind it, which is cut off", "poly.png", an_image("PNG") + a_zip({"a.exe": b"MZ"})),
    Animal("a PNG of 39 million points", "large.png", a_flood(6_500, 6_000)),
    Animal("EICAR in a docx: for the scanner to find", "eicar.docx", an_office("docx", {"word/media/a.txt": EICAR})),
    Animal("an upper-case name", "CV.PDF", a_pdf()),
]
NAMES = [
    "../../etc/passwd.pdf", "..\\..\\windows\\system.pdf", "a\x00b.pdf", "é" * 300 + ".pdf", "CON.pdf", "nul.pdf", "LPT1.tar.pdf",
    ".pdf", "...pdf", "  .pdf", ".htaccess.pdf", "cv\u202efdp.exe.pdf", "🐝 projet 🌻.pdf", "a\r\nSet-Cookie: x=1.pdf",
    "a;b\"c'd.pdf",    "<script>.pdf", "cv.pdf.", "C:\\Users\\moi\\cv.pdf", "cv\u200b.pdf",
    "e\u0301tude.pdf", "100 % fait.pdf", "=cmd().pdf",
    "a/b/c.pdf", "\ud800.pdf", "-rf.pdf", "~$cv.pdf", "cv.php.pdf",
]  # fmt: skip
SOUND += [Animal(f"a PDF called {name!r}", name, a_pdf()) for name in NAMES]

OTHER, KIND, PASSWORD, MACROS = "pas ce que son nom annonce", "n’est pas accepté ici", "mot de passe", "macros"
PROGRAM, FILES, DAMAGED, IMAGE, TWO = "contient un programme", "d’autres fichiers", "abîmé ou incomplet", "abîmée", "autre chose"
UNSOUND = [
    Animal("nothing", "vide.pdf", b"", "vide"),
    Animal("a page called .pdf", "page.pdf", HTML, OTHER),
    Animal("a program called .pdf", "cv.pdf", b"MZ" + b"\x00" * 200, OTHER),
    Animal("text called .pdf", "cv.pdf", b"Bonjour", OTHER),
    Animal("an archive called .pdf", "cv.pdf", a_zip({"a": b"b"}), OTHER),
    Animal("a PDF called .png", "logo.png", a_pdf(), OTHER),
    Animal("a PDF called .docx", "statuts.docx", a_pdf(), OTHER),
    Animal("a PNG called .jpg", "photo.jpg", an_image("PNG"), OTHER),
    Animal("a GIF called .png", "logo.png", an_image("GIF"), OTHER),
    Animal("a TIFF called .jpg", "scan.jpg", TIFF, OTHER),
    Animal("an SVG called .png", "logo.png", SVG, OTHER),
    Animal("an xlsx called .docx", "budget.docx", an_office("xlsx"), OTHER),
    Animal("an ods called .odt", "budget.odt", an_open("ods"), OTHER),
    Animal("a bare archive called .docx", "a.docx", a_zip({"a.txt": b"x"}), OTHER),
    Animal("a bare archive called .odt", "a.odt", a_zip({"a.txt": b"x"}), OTHER),
    Animal("an odt whose type comes late", "late.odt", a_zip({"content.xml": "x", "mimetype": "x"}), OTHER),
    Animal("an SVG", "logo.svg", SVG, KIND),
    Animal("a page", "page.html", HTML, KIND),
    Animal("a program", "setup.exe", b"MZ", KIND),
    Animal("an archive", "tout.zip", a_zip({"a": b"b"}), KIND),
    Animal("a name without extension", "statuts", a_pdf(), KIND),
    Animal("a name turned round", "cv\u202efdp.exe", a_pdf(), KIND),
    Animal("a docm", "macros.docm", an_office("docx"), KIND),
    Animal("an old doc", "ancien.doc", OLD_DOC, KIND),
    Animal("a page after the point", "cv.pdf.html", HTML, KIND),
    Animal("a TIFF of many frames", "scan.tiff", TIFF, KIND),
    Animal("an htaccess", ".htaccess", b"Options +Indexes", KIND),
    Animal("a HEIC photo", "IMG_1.HEIC", HEIC, "HEIC"),
    Animal("a HEIC photo renamed", "IMG_1.jpg", HEIC, "HEIC"),
    Animal("an old doc called .docx", "ancien.docx", OLD_DOC, PASSWORD),
    Animal("a PDF behind a password", "secret.pdf", a_pdf_with("", trailer="/Encrypt 9 0 R "), PASSWORD),
    Animal("a docx whose entries are encrypted", "secret.docx", with_flag(an_office("docx"), 1), PASSWORD),
    Animal("an odt behind a password", "secret.odt", an_open("odt", manifest="<manifest:encryption-data/>"), PASSWORD),
    Animal("a docm called .docx", "m.docx", an_office("docx", main=MACRO_TYPE), MACROS),
    Animal("a docx with a macro", "m.docx", an_office("docx", {"word/vbaProject.bin": b"x"}), MACROS),
    Animal("an xlsx with a macro, in capitals", "m.xlsx", an_office("xlsx", {"xl/VBAPROJECT.BIN": b"x"}), MACROS),
    Animal("an xlsx with a sheet of macros", "m.xlsx", an_office("xlsx", {"xl/macrosheets/sheet1.xml": "x"}), MACROS),
    Animal("a docx with a control", "x.docx", an_office("docx", {"word/activeX/activeX1.bin": b"x"}), MACROS),
    Animal("an odt with a macro", "m.odt", an_open("odt", {"Basic/Standard/Module1.xml": "x"}), MACROS),
    Animal("an ods with a script", "m.ods", an_open("ods", {"Scripts/python/a.py": "x"}), MACROS),
    Animal("a docx with an object", "o.docx", an_office("docx", {"word/embeddings/oleObject1.bin": b"x"}), FILES),
    Animal("a docx with a program", "p.docx", an_office("docx", {"word/media/a.exe": b"MZ"}), FILES),
    Animal("a docx with an archive", "z.docx", an_office("docx", {"word/a.zip": NESTED}), FILES),
    Animal("a docx with a gzip", "z.docx", an_office("docx", {"word/a.gz": gzip.compress(b"x")}), FILES),
    Animal("an odt with a page", "h.odt", an_open("odt", {"a.html": HTML}), FILES),
    Animal("a docx with its template elsewhere", "t.docx",
           an_office("docx", {"word/_rels/settings.xml.rels": LINK.format(kind="attachedTemplate")}), "ailleurs"),
    Animal("a docx with its object elsewhere", "t.docx",
           an_office("docx", {"word/_rels/document.xml.rels": LINK.format(kind="oleObject")}), "ailleurs"),
    Animal("a docx that unpacks to 110 MB", "bomb.docx", an_office("docx", {"word/media/a.bmp": bytes(110_000_000)}), "énorme"),
    Animal("an ods that announces 3 GB", "bomb.ods", announcing(an_open("ods"), 1, 3_000_000_000), "énorme"),
    Animal("a docx of 2,500 entries", "many.docx", an_office("docx", dict(MANY)), "trop d’éléments"),
    Animal("a docx cut in half", "cut.docx", an_office("docx")[:300], DAMAGED),
    Animal("a docx cut at its end", "cut.docx", an_office("docx")[:-10], DAMAGED),
    Animal("a docx with something before it", "pre.docx", b"PK\x03\x04" + an_office("docx"), DAMAGED),
    Animal("a docx with something after it", "post.docx", an_office("docx") + HTML, DAMAGED),
    Animal("a docx with a way up", "up.docx", an_office("docx", {"../../etc/passwd": b"x"}), DAMAGED),
    Animal("a docx with a root", "root.docx", an_office("docx", {"/etc/passwd": b"x"}), DAMAGED),
    Animal("a docx with a comment", "comment.docx", a_zip({"[Content_Types].xml": OFFICE}, comment=b"%PDF-1.4"), DAMAGED),
    Animal("a docx whose bytes were changed", "torn.docx", an_office("docx").replace(b"PK\x01\x02", b"PK\x01\x03", 1), DAMAGED),
    Animal("a PDF with a program", "js.pdf", a_pdf_with("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), PROGRAM),
    Animal("a PDF with a program in code", "js.pdf", a_pdf_with("/OpenAction << /S /J#61vaScript /J#53 (x) >>"), PROGRAM),
    Animal("a PDF with a packed program", "js.pdf", a_packed_pdf("<< /S /JavaScript /JS (x) >>"), PROGRAM),
    Animal("a PDF that starts a program", "launch.pdf", a_pdf_with("/OpenAction << /S /Launch /F (cmd.exe) >>"), PROGRAM),
    Animal("a PDF with a film", "rich.pdf", a_pdf_with("/X << /Subtype /RichMedia >>"), PROGRAM),
    Animal("a PDF with an XFA form", "xfa.pdf", a_pdf_with("/AcroForm << /XFA 4 0 R >>"), PROGRAM),
    Animal("a PDF with a file", "file.pdf", a_pdf_with("/Names << /EmbeddedFile 4 0 R >>"), FILES),
    Animal("a PDF with a file in a note", "file.pdf", a_pdf_with("", more=("<< /Type /Filespec /EF << /F 5 0 R >> >>",)), FILES),
    Animal("a PDF that is a page too", "poly.pdf", a_pdf_with("", more=("(" + HTML.decode() + ")",)), "page web"),
    Animal("a PDF with a page after it", "poly.pdf", a_pdf() + HTML, TWO),
    Animal("a PDF with an archive after it", "poly.pdf", a_pdf() + a_zip({"a.exe": b"MZ"}), TWO),
    Animal("an archive whose comment is a PDF", "poly.pdf", a_zip({"a": b"x"}, comment=a_pdf()), OTHER),
    Animal("a PDF and an archive", "poly.pdf", b"%PDF-1.4\n" + a_zip({"a": b"x"}, comment=b"startxref\n9\n%%EOF"), "archive"),
    Animal("a PDF of 10,000 pages", "roman.pdf", a_pdf(pages=10_000), "500 pages"),
    Animal("a PDF cut in half", "cut.pdf", a_pdf(pages=20)[:2000], "incomplet"),
    Animal("a PDF cut at its end", "cut.pdf", a_pdf()[:-12], "incomplet"),
    Animal("a PDF with nothing in it", "none.pdf", b"%PDF-1.4\nstartxref\n0\n%%EOF\n", "lu en entier"),
    Animal("a PDF whose objects are packed strangely", "lzw.pdf", a_packed_pdf("<< >>", "/LZWDecode"), "lu en entier"),
    Animal("a PDF whose packed objects are torn", "torn.pdf", a_packed_pdf("<< >>").replace(b"x\x9c", b"zz"), "lu en entier"),
    Animal("a PNG of 60,000 × 60,000", "flood.png", a_flood(), "40 millions"),
    Animal("a JPEG of 65,000 × 65,000", "flood.jpg", a_jpeg_flood(), "40 millions"),
    Animal("a PNG cut in half", "cut.png", an_image("PNG")[:120], IMAGE),
    Animal("a PNG whose bytes were changed", "torn.png", an_image("PNG").replace(b"IDAT", b"IDAX", 1), IMAGE),
    Animal("a PNG without a header", "none.png", b"\x89PNG\r\n\x1a\n" + a_chunk(b"IEND", b""), IMAGE),
    Animal("a JPEG cut in half", "cut.jpg", an_image("JPEG")[:300], IMAGE),
    Animal("a JPEG with nothing in it", "none.jpg", b"\xff\xd8\xff\xd9", IMAGE),
    Animal("a JPEG without a size", "none.jpg", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9", IMAGE),
]  # fmt: skip
ZOO = SOUND + UNSOUND
