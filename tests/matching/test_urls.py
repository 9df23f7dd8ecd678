from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.hashes import BadHash, parse_hash
from tutela.matching.urls import BadUrl, canonical_url, url_key

SAME_PAGE = [
    "https://host.example/a/b?x=1",
    "http://host.example/a/b?x=1",
    "HTTPS://HOST.Example:443/a/b?x=1",
    "http://host.example:80/a/b?x=1#part",
    "host.example/a/b?x=1",
    "https://someone:word@host.example/a/b?x=1",
    "https://host.example./a/./c/../b?x=1",
    "https://host.example/%61/b?x=1",
    "  https://host.example/a/b?x=1\n",
]


@pytest.mark.parametrize("url", SAME_PAGE)
def test_one_page_has_one_canonical_form(url):
    assert canonical_url(url) == "host.example/a/b?x=1"
    assert parse_hash("url", url) == url_key(url) == sha256(b"host.example/a/b?x=1").digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host.example/A", "https://host.example/a"),
        ("https://host.example/a?x=1", "https://host.example/a?x=2"),
        ("https://host.example/a/", "https://host.example/a"),
        ("https://host.example:8443/a", "https://host.example/a"),
        ("https://host.example/a%2Fb", "https://host.example/a/b"),
        ("https://one.example/", "https://two.example/"),
    ],
)
def test_different_pages_stay_different(one, other):
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://host.example", "host.example/"),
        ("https://münchen.example/ä", "xn--mnchen-3ya.example/%C3%A4"),
        ("https://[2001:DB8:0:0::1]:8080/x", "[2001:db8::1]:8080/x"),
        ("https://192.0.2.7/100%", "192.0.2.7/100%25"),
        ("https://host.example/../../x", "host.example/x"),
        ("https://host.example/%c3%a4%7e", "host.example/%C3%A4~"),
    ],
)
def test_canonical_forms(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "ftp://host.example/x",
        "https://",
        "https://host.example:port/",
        "https://host.example:99999/",
        "https://-bad.example/",
        "https://a..example/",
        "https://[::1/",
        "https://[2001:db8::zz]/",
        "https://host.example/a b",
        "https://host.example/\\x",
        "https://host.example/" + "a" * 9000,
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence_that_does_not_repeat_it(url):
    with pytest.raises(BadUrl) as refusal:
        canonical_url(url)
    assert str(refusal.value).endswith(".")
    assert "host.example" not in str(refusal.value)
    with pytest.raises(BadHash):
        parse_hash("url", url)


@given(st.text(max_size=80))
def test_a_canonical_form_is_its_own_canonical_form(path):
    try:
        once = canonical_url(f"https://host.example/{path}")
    except BadUrl:
        return
    assert canonical_url(once) == once


@given(st.text(max_size=120))
def test_any_text_is_an_address_or_a_refusal(text):
    with suppress(BadUrl):
        canonical_url(text).encode("ascii")
