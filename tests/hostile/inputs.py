"""What a broken client, a bored one or a wicked one sends."""

from __future__ import annotations

import base64
import json

DEEP = "[" * 5000 + "]" * 5000
# one JSON value, as written in the document: wrong for every kind of field
NEVER_TAKEN = {
    "NUL": r'"a\u0000b"',
    "half a surrogate pair": r'"a\ud800b"',
    "a non-character": r'"a\uffffb"',
    "too deep": "[" * 20 + "1" + "]" * 20,
    "not finite": "1e999999",
    "a list of objects": '[[{"x": 1}]]',
}
# wrong for most kinds of field, right for some
SELDOM_TAKEN = {
    "beyond int4": str(2**31),
    "beyond int8": str(2**63),
    "beyond all": "9" * 400,
    "negative": "-1",
    "a fraction": "1.5",
    "the end of time": '"9999-12-31T23:59:59+14:00"',
    "the first day": '"0001-01-01"',
    "a naive instant": '"2026-11-23T14:05:00"',
    "an instant of 1800": '"1800-01-01T00:00:00Z"',
    "a huge decimal": '"1e400"',
    "a decimal that is no number": '"NaN"',
    "an endless decimal": '"Infinity"',
    "minus zero": '"-0"',
    "too long": json.dumps("é" * 40_000),
    "true": "true",
    "null": "null",
    "an empty text": '""',
    "wildcards": '"%_%_%"',
    "markup": '"<script>{{7*7}}${7*7}%s%n"',
}
# whole documents
DOCUMENTS = {
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "a raw surrogate": b'{"name": "\xed\xa0\x80"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "depth bomb": ('{"name": ' + DEEP + "}").encode(),
    "depth bomb of objects": b'{"a":' * 100_000,
    "quotes without end": b'"' + b'\\"' * 300_000,
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "not JSON": b"<xml/>",
    "a form": b"name=x&version=1",
    "unknown field": b'{"is_admin": true, "status": "retained", "owner_id": 1}',
    "unknown field with half a surrogate": rb'{"\ud800": 1}',
    "5,000 unknown fields": json.dumps({f"f{n}": n for n in range(5000)}).encode(),
    "the same field twice": b'{"version": 1, "version": 2, "name": "x", "name": "y"}',
    "too large": b'{"name": "' + b"x" * 1_000_001 + b'"}',
    "a number of 100,000 digits": b'{"version": ' + b"9" * 100_000 + b"}",
}
HEADERS = {
    "unknown charset": {"content-type": "application/json; charset=klingon"},
    "compressing charset": {"content-type": "application/json; charset=zlib"},
    "multipart without a boundary": {"content-type": "multipart/form-data"},
    "no media type": {"content-type": "///"},
    "a version that is none": {"if-match": '"trois"'},
    "a version beyond int4": {"if-match": '"999999999999"'},
    "a long key": {"idempotency-key": "k" * 8000},
    "any language": {"accept-language": "fr;q=é,,,;;=,en;q=-1,*;q=nan"},
    "junk cookies": {"cookie": "; ".join(f"c{n}={'%00' * 20}" for n in range(100))},
    "a junk session": {"cookie": "session=" + "\u00e9" * 60},
    "a junk notice": {"cookie": "notice=zz.%ff%00"},
    "a junk language": {"cookie": "language=../../etc"},
    "a bearer that is none": {"authorization": "Bearer \u00e9\u00e8"},
    "an empty bearer": {"authorization": "Bearer "},
    "another origin": {"origin": "http://[::1"},
    "a forged host": {"x-forwarded-host": "evil.example", "x-forwarded-for": "%00"},
    "a request of HTMX": {"hx-request": "true", "hx-target": "\u00e9"},
}
# what stands in one field of a page's form, percent-encoded
TYPED = {
    "NUL": "a%00b",
    "bad UTF-8": "a%FFb",
    "half a surrogate pair": "a%ED%A0%80b",
    "a non-character": "a%EF%BF%BFb",
}
TYPED_SELDOM = {
    "beyond int8": str(2**63),
    "negative": "-1",
    "not finite": "1e999999",
    "NaN": "NaN",
    "the end of time": "9999-12-31T23:59",
    "31 February": "31/02/2026",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "too long": "%C3%A9" * 25_000,
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E%22%27%7B%7B7*7%7D%7D",
    "wildcards": "%25_%25_",
    "nothing": "",
}
# whole bodies posted to a page; {csrf} is the form token
BODIES = {
    "raw bytes": b"csrf={csrf}&name=\xff\xfe",
    "unknown field": b"csrf={csrf}&is_admin=1&status=retained",
    "5,000 fields": b"csrf={csrf}&" + b"&".join(b"f%d=1" % n for n in range(5000)),
    "half an escape": b"csrf={csrf}&name=%E9%",
    "nothing but the token": b"csrf={csrf}",
    "the token twice": b"csrf={csrf}&csrf={csrf}",
    "no field name": b"csrf={csrf}&=&==&&",
}
WITHOUT_TOKEN = {
    "no token": b"",
    "a token that is not ASCII": "csrf=é".encode(),
    "a token of surrogates": b"csrf=%ED%A0%80",
    "a multipart form with a file called csrf": (
        b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="csrf"\r\n'
        b"Content-Type: text/plain; charset=zlib\r\n\r\nabc\r\n--x--\r\n"
    ),
    "2,000 parts": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 2000,
    "too large": b"csrf=" + b"x" * 1_000_001,
}
PARTS = [
    "%00",
    "a" * 3000,
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    "%EF%BC%91",
    "-1",
    "0",
    str(2**63),
    "%F0%9F%9A%8C",
    "'%20OR%201=1--",
    "%",
    "%25_",
]
VERBS = ["TRACE", "PATCH", "PROPFIND", "CONNECT", "FOO", "DELETE", "PUT", "OPTIONS", "HEAD"]


def cursor(value: object) -> str:
    """A cursor that says this."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


QUERIES = {
    "no cursor": "after=%00",
    "no base64": "after=%C3%A9%C3%A9",
    "bad UTF-8": "after=%ff&q=%ff",
    "negative": f"after={cursor([-1, -1])}",
    "beyond all": f"after={cursor([10**30, 10**30])}",
    "another shape": f"after={cursor({'a': [1]})}",
    "far dates": f"after={cursor(['0001-01-01', '00000000-0000-0000-0000-000000000000'])}",
    "far instants": f"after={cursor(['9999-12-31T23:59:59+14:00', '00000000-0000-0000-0000-000000000000'])}",
    "deep": f"after={cursor(json.loads('[' * 30 + ']' * 30))}",
    "NUL in a cursor": f"after={cursor([chr(0), chr(0)])}",
    "numbers that are none": "after=-1&days=NaN&state=%00&page=-1&rank=1e9",
    "a word twice": "after=a&after=b&q=a&q=b&days=1&days=2",
    "wildcards": "q=%25_%5C&sort=%27--",
    "a NUL to look for": "q=a%00b&next=%00&moment=%00&token=%00&state=%00",
    "a surrogate to look for": "q=%ED%A0%80&token=%ED%A0%80",
    "5,000 words": "&".join(f"a{n}={n}" for n in range(5000)),
    "a long word": "q=" + "a" * 20_000,
    "elsewhere": "next=//evil.example&moment=x&days=0",
}
