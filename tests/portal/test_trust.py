import re
from datetime import UTC, datetime, timedelta

import pytest

from tutela.keys.keeper import house_signer
from tutela.seals.signatures import BadSignature, PublicKey, Signer


def printed_key(reader) -> PublicKey:
    text = reader.get("/keys").content.decode()
    return PublicKey.from_text(re.search(r"<code>([A-Za-z0-9+/]{43}=)</code>", text)[1])


def test_what_the_house_signs_fits_the_printed_key(reader):
    printed_key(reader).check(house_signer().sign(b"text-1"), b"text-1")


def test_what_another_signs_does_not(reader):
    with pytest.raises(BadSignature):
        printed_key(reader).check(Signer.new().sign(b"text-1"), b"text-1")


def test_machines_read_the_same_key(reader):
    told = reader.get("/keys.json").json()["keys"]
    assert [PublicKey.from_text(each["public"]) for each in told] == [printed_key(reader)]
    assert told[0]["key_id"] == house_signer().public.key_id


def test_the_secret_half_is_on_no_page(reader, settings):
    secret = (settings.KEYS_HOME / "signing").read_bytes()
    for path in ("/keys", "/keys.json"):
        body = reader.get(path).content
        assert secret not in body
        assert secret.hex().encode() not in body


def test_security_txt_says_where_a_fault_is_told_and_until_when_it_holds(reader, settings):
    settings.ORIGIN = "https://tutela.example"
    answer = reader.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "https://tutela.example/about#security"
    assert said["Canonical"] == "https://tutela.example/.well-known/security.txt"
    expires = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert 'id="security"' in reader.get("/about").content.decode()
