"""A picture hidden in a text is found in every writing we know of, and what the desk sends every day is let through."""

import base64
import io
import quopri
import random
import urllib.parse
import uuid
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from PIL import Image

from tests.exchange import samples
from tests.exchange.strategies import reports
from tutela.exchange import sniff
from tutela.exchange.cybertip import read_report
from tutela.exchange.sniff import MediaRefused, check_no_media, find_media


def drawn(format: str, **options: object) -> bytes:
    body = io.BytesIO()
    Image.radial_gradient("L").resize((48, 48)).convert("RGB").save(body, format, **options)
    return body.getvalue()


def zipped() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("a.txt", "text-1" * 20)
    return body.getvalue()


FILLING = bytes(range(64)) * 2
MEDIA = {
    **{format: drawn(format) for format in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "ICO", "PDF", "BMP")},
    "progressive JPEG": drawn("JPEG", progressive=True),
    "JPEG without its label": b"\xff\xd8" + drawn("JPEG")[20:],
    "ZIP": zipped(),
    "gzip": zlib.compress(bytes(range(256)), wbits=31),
    "MP4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + FILLING,
    "MOV": b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + FILLING,
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + FILLING,
    "AVIF": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + FILLING,
    "WebM": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + FILLING,
    "AVI": b"RIFF\x00\x10\x00\x00AVI LIST" + FILLING,
    "7z": b"7z\xbc\xaf'\x1c\x00\x04" + FILLING,
    "RAR": b"Rar!\x1a\x07\x01\x00" + FILLING,
    "PSD": b"8BPS\x00\x01" + bytes(6) + FILLING,
}
WRITINGS = {
    "bytes": lambda body: body,
    "letters": lambda body: body.decode("latin-1"),
    "base64": lambda body: base64.b64encode(body).decode(),
    "base64 in mail lines": lambda body: "text-1:\n" + base64.encodebytes(body).decode(),
    "base64 in quoted lines": lambda body: "> " + base64.encodebytes(body).decode().replace("\n", "\n> "),
    "base64 with spaces": lambda body: " ".join(base64.b64encode(body).decode()[n:][:8] for n in range(0, 400, 8)),
    "base64 in prose": lambda body: f"The file was {base64.b64encode(body).decode()} and came twice.",
    "base64 in JSON": lambda body: '{"a":"' + base64.b64encode(body).decode().replace("/", "\\/") + '"}',
    "base64url": lambda body: base64.urlsafe_b64encode(body).decode().rstrip("="),
    "base64 twice": lambda body: base64.b64encode(base64.b64encode(body)).decode(),
    "hex": lambda body: body.hex(),
    "spaced hex": lambda body: "dump: " + body.hex(" "),
    "C hex": lambda body: ", ".join(f"0x{byte:02x}" for byte in body),
    "hex in base64": lambda body: base64.b64encode(body.hex().encode()).decode(),
    "Python": repr,
    "percent": urllib.parse.quote,
    "quoted-printable": lambda body: quopri.encodestring(body).decode("latin-1"),
    "ascii85": lambda body: "text-1 <~" + base64.a85encode(body).decode() + "~>",
    "base85": lambda body: base64.b85encode(body).decode(),
    "base32": lambda body: base64.b32encode(body).decode(),
    "data address": lambda body: "see data:image/png;base64," + base64.b64encode(body).decode(),
}
# In these alphabets only the files whose first four bytes are always the same are looked for.
UNSTARTED = ("BMP", "ICO", "gzip", "PSD", "MP4", "MOV", "HEIC", "AVIF")
UNFOUND = {(form, writing) for form in UNSTARTED for writing in ("ascii85", "base85", "base32")}
PROSE = (
    "The account asked for a meeting after school and sent several messages in the same week, always late at night.",
    "Das Konto bat um ein Treffen nach der Schule; größere Straßen, übliche Öffnungszeiten, ähnliche Äußerungen.",
    "Le compte a demandé une rencontre après l'école ; « où êtes-vous ? », çà et là, même à Noël, très tôt.",
    "La cuenta pidió un encuentro después del colegio: ¿dónde estás?, mañana, año, corazón, pingüino.",
    "L'account ha chiesto un incontro dopo la scuola; perché così, più volte, città, virtù, caffè.",
    "A conta pediu um encontro depois da escola; não, ações, então, lições, à noite, português.",
    "Het account vroeg om een ontmoeting na school; geïnteresseerd, één keer, coördinatie, reünie.",
    "Konto poprosiło o spotkanie po szkole; źródło, żółć, łąka, święto, ćma, ósmy, dźwięk, zażółć gęślą jaźń.",
    "Účet požádal o schůzku po škole; příliš žluťoučký kůň úpěl ďábelské ódy, každý večer, dvě zprávy.",
    "Účet požiadal o stretnutie po škole; päť týždňov, ďalšie správy, ľahké vŕšky, krásne jesenné dni.",
    "A fiók találkozót kért iskola után; árvíztűrő tükörfúrógép, több üzenetet küldött ugyanazon a héten.",
    "Contul a cerut o întâlnire după școală; țară, șarpe, împreună, câteva mesaje, în aceeași săptămână.",
    "Акаунтът поиска среща след училище и изпрати няколко съобщения през същата седмица, винаги късно вечер.",
    "Ο λογαριασμός ζήτησε συνάντηση μετά το σχολείο και έστειλε πολλά μηνύματα την ίδια εβδομάδα, αργά το βράδυ.",
    "Kontot bad om ett möte efter skolan; några åar, öar, älvar, samma vecka, alltid sent på kvällen.",
    "Kontoen bad om et møde efter skole; rødgrød med fløde, æbler, små øer, samme uge, altid sent.",
    "Tili pyysi tapaamista koulun jälkeen; hääyöaie, työväenyhdistys, äidinkieli, samalla viikolla, myöhään.",
    "Konto palus kohtumist pärast kooli; õhtuti, öösiti, ülesanne, jäääär, samal nädalal, mitu sõnumit.",
    "Konts lūdza tikšanos pēc skolas; glāžšķūņa rūķīši, ļoti vēlu, vairākas ziņas, tajā pašā nedēļā.",
    "Paskyra paprašė susitikti po pamokų; įlinkdama fechtuotojo špaga, keletą žinučių, tą pačią savaitę, vėlai.",
    "Račun je prosil za srečanje po šoli; češnje, žoga, šola, več sporočil v istem tednu, vedno pozno zvečer.",
    "Račun je zatražio susret nakon škole; đak, čaša, ćevapi, žaba, više poruka istoga tjedna, kasno navečer.",
    "Il-kont talab laqgħa wara l-iskola; ħafna messaġġi, ġurnata, żmien, għada, fl-istess ġimgħa, dejjem tard.",
    "D'iarr an cuntas cruinniú tar éis na scoile; cúpla teachtaireacht, an tseachtain chéanna, déanach san oíche.",
)


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_kind_of_file_is_found_in_every_writing(writing, record_property):
    tried = {form for form in MEDIA if (form, writing) not in UNFOUND}
    missed = {form for form in tried if find_media(WRITINGS[writing](MEDIA[form])) is None}
    record_property("n", len(tried))
    assert not missed


def test_a_blind_sniffer_is_noticed(monkeypatch):
    monkeypatch.setattr(sniff, "_decodings", lambda text: iter(()))
    assert find_media(WRITINGS["hex"](MEDIA["PNG"])) is None


def test_hashes_numbers_and_addresses_are_let_through_n_20000(record_property):
    chance = random.Random(11)
    alarms = 0
    for _ in range(4000):
        photo, short = chance.randbytes(144), chance.randbytes(64)
        texts = (
            base64.b64encode(photo).decode(),
            photo.hex(),
            " ".join(short[n:][:32].hex() for n in (0, 32)),
            f"https://host.example/u/{uuid.UUID(bytes=short[:16])}/{base64.urlsafe_b64encode(short).decode()}?a=%20%2F%3D%41",
            ", ".join(str(uuid.UUID(bytes=short[n:][:16])) for n in (0, 16, 32)),
        )
        alarms += sum(find_media(text) is not None for text in texts)
    record_property("n", 20_000)
    assert alarms == 0


def test_prose_in_the_languages_of_the_union_is_let_through_n_2400(record_property):
    assert len(PROSE) == 24
    chance = random.Random(12)
    alarms = 0
    for _ in range(100):
        for prose in PROSE:
            words = prose.split()
            chance.shuffle(words)
            alarms += find_media(" ".join(words) + " " + prose) is not None
    record_property("n", 2400)
    assert alarms == 0


@settings(deadline=None, max_examples=10)
@given(reports())
def test_an_ordinary_report_is_let_through(report):
    check_no_media(report)


def test_the_refusal_names_the_place_and_not_the_content():
    hidden = WRITINGS["base64"](MEDIA["JPEG"])[:3000]
    report = read_report(samples.report(summary=f"<escalateToHighPriority>{hidden}</escalateToHighPriority>"))
    with pytest.raises(MediaRefused) as refusal:
        check_no_media(report)
    assert refusal.value.path == "incident.escalation"
    assert refusal.value.found == "JPEG"
    assert hidden[:20] not in str(refusal.value)


def test_a_file_cut_into_short_fields_is_found_when_they_are_read_in_a_row():
    text = WRITINGS["base64"](MEDIA["PNG"])
    cut = {"names": [text[n:][:36] for n in range(0, 720, 36)]}
    with pytest.raises(MediaRefused, match="in a row"):
        check_no_media(cut)


def test_a_key_is_a_text_too_and_is_not_repeated():
    text = WRITINGS["base64"](MEDIA["PNG"])
    with pytest.raises(MediaRefused) as refusal:
        check_no_media({"a": {text: 1}})
    assert text[:20] not in str(refusal.value)
    with pytest.raises(MediaRefused, match=r"a\.b "):
        check_no_media({"a": {"b": MEDIA["PNG"]}})


def test_a_drawing_in_svg_is_found():
    assert find_media('<svg xmlns="http://www.w3.org/2000/svg" width="9"><path d="M0 0"/></svg>') == "SVG"
    assert find_media("The page shows an <svg> element, says the report of the desk.") is None
