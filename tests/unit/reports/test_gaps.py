"""What was found against what the privacy notice, the record and the law say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sladd.config import Config, NoticeConfig
from sladd.errors import ConfigError
from sladd.model import (
    Activity,
    Basis,
    Condition,
    Decision,
    Evidence,
    How,
    Persons,
    TableRef,
    Transfer,
)
from sladd.reports.facts import Outline
from sladd.reports.record.facts import Gap
from sladd.reports.record.gaps import gaps, merged
from sladd.reports.record.gathering import gather, gather_narrowly
from sladd.reports.record.notice import least_age, mentioned, tells_retention
from sladd.reports.record.outline import Told, gather_outline
from sladd.reports.record.telling import language, told
from sladd.writing import LANGUAGES
from tests.unit.reports.conftest import field, scan, table

FULL = Activity(
    "orders",
    "Ordre",
    purpose="Levere",
    bases=(Basis.CONTRACT,),
    conditions=(Condition.EXPLICIT_CONSENT,),
    national_id_ground="Kredittkontroll",
    persons=(Persons.CUSTOMER,),
    categories=("user",),
    recipients="ingen",
    transfer=Transfer.NONE,
    retention="5 år",
    measures="Tilgang",
    contact="Leder",
    covers=("shop/kunder", "shop/ordrer", "shop/brukere", "eksport/uten_overskrift"),
)


@pytest.fixture
def found(catalog, taxonomy):
    """Kinds of gaps under a notice → the gaps, after saving these activities."""

    def find(*activities: Activity, notice: NoticeConfig | None = None, root: Path = Path()):
        for activity in activities:
            stands = catalog.activities.one(activity.id)
            catalog.activities.save(activity, version=stands.version if stands else 0, by="ombud")
        config = Config(privacy_notice=notice, root=root)
        listed = gaps(gather(catalog, taxonomy, config), taxonomy)
        return {gap.kind: gap for gap in listed}

    return find


@pytest.mark.parametrize("decision", [None, *Decision])
def test_read_narrowly_the_gaps_are_the_same(catalog, taxonomy, decision):
    """Also after each kind of decision on every field, and with what was told before."""
    catalog.activities.save(replace(FULL, conditions=(), covers=FULL.covers[:2]), version=0, by="o")
    config = Config(privacy_notice=NoticeConfig(categories=["user.contact"]))
    told = Told(catalog.fields.telling())
    gather_outline(catalog, taxonomy, config, told)
    for each in catalog.fields.all(marked=True) if decision else ():
        changed = "user.name" if decision is Decision.CHANGED else ""
        catalog.verdicts.decide(each.address, decision, category=changed, reason="sett", by="ombud")
    whole = gather(catalog, taxonomy, config)
    for known in (told, None):
        outline = gather_outline(catalog, taxonomy, config, known)
        narrow = gather_narrowly(catalog, taxonomy, config, outline)
        assert gaps(narrow, taxonomy) == gaps(whole, taxonomy)
        assert narrow.activities == whole.activities
        assert _plain(outline) == _plain(whole.discovery)


def _plain(outline: Outline) -> list[tuple[object, ...]]:
    """What an outline has in common with all that is known."""
    return [
        (s.name, s.missed, t.address, t.name, t.rows, t.total, t.root, f.address, f.name, f.storage,
         f.how, f.kind, f.category, f.also, f.type, f.confidence, f.state, f.personal)
        for s in outline.sources for t in s.tables for f in t.fields
    ]  # fmt: skip


def test_without_record_and_notice_the_grave_things_come_first(found):
    """Union membership, fødselsnummer; then what should be looked at."""
    listed = found()
    assert list(listed) == ["special", "national_id", "no_notice", "uncovered", "not_scanned"]
    assert listed["special"].places == ("shop/kunder.fagforening",)
    assert set(listed["national_id"].places) == {"shop/kunder.fodselsnr", "shop/ordrer.kommentar"}
    assert [gap.grave for gap in listed.values()] == [True, True, False, False, False]


def test_a_filled_in_activity_and_a_full_notice_leave_only_what_could_not_be_read(found):
    """Nothing is demanded twice."""
    assert list(found(FULL, notice=NoticeConfig(categories=["user"], retention="ja"))) == [
        "not_scanned"
    ]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"bases": ()}, "no_basis"),
        ({"retention": " "}, "no_retention"),
        ({"processor": "Drift AS"}, "no_agreement"),
        ({"transfer": Transfer.UNGROUNDED, "transfer_note": "USA"}, "no_safeguard"),
        ({"measures": ""}, "incomplete"),
        ({"conditions": ()}, "special"),
        ({"national_id_ground": ""}, "national_id"),
        ({"categories": ("user.name",)}, "unsaid"),
        ({"covers": (*FULL.covers, "shop/borte")}, "gone"),
        ({"covers": FULL.covers[:3]}, "uncovered"),
    ],
)
def test_each_part_that_lacks_is_a_gap_of_its_own_kind(found, change, kind):
    """And mending it takes the gap away."""
    notice = NoticeConfig(categories=["user"], retention="ja")
    assert kind in found(replace(FULL, **change), notice=notice)
    assert kind not in found(FULL, notice=notice)


def test_a_category_that_the_notice_does_not_mention_is_a_gap_with_its_fields(found):
    """A mentioned category mentions those below it."""
    notice = NoticeConfig(categories=["user.contact", "user.name", "user.unique_id"])
    listed = found(FULL, notice=notice)
    assert listed["not_mentioned"].categories
    assert "notice_retention" in listed
    every = NoticeConfig(categories=["user"], retention="5 år")
    assert not {"not_mentioned", "notice_retention"} & set(found(notice=every))


def test_what_is_about_staff_alone_need_not_stand_in_the_customers_notice(found):
    """The record says whose data they are."""
    notice = NoticeConfig(categories=["user.contact"], retention="ja")
    assert "not_mentioned" in found(FULL, notice=notice)
    staff = replace(FULL, persons=(Persons.EMPLOYEE,))
    assert "not_mentioned" not in found(staff, notice=notice)


def test_passwords_that_are_hashed_are_no_gap_and_others_are(found, catalog):
    """The type of the finding tells."""
    assert "credential" not in found()
    ref = TableRef("app", "konto")
    secret = field(ref, "token", How.IS, "user.authorization.credentials", type="SECRET")
    hashed = field(ref, "passord", How.IS, "user.authorization.password", type="PASSWORD_HASH")
    scan(catalog, "app", [table(ref, secret, hashed)])
    assert found()["credential"].places == ("app/konto.token",)


def test_children_under_the_limit_are_counted_and_few_are_not(found, catalog):
    """Only what the scan counted out loud is told."""
    ref = TableRef("app", "medlemmer")
    born = field(
        ref,
        "fodt",
        How.IS,
        "user.demographic.date_of_birth",
        evidence=(Evidence("children", 0.0, {"under": 12, "persons": 900, "age": 16}),),
        also=("user.childrens",),
    )
    few = field(
        ref,
        "alder",
        How.IS,
        "user.demographic.age_range",
        evidence=(Evidence("children", 0.0, {"few": True, "persons": 900, "age": 16}),),
    )
    scan(catalog, "app", [table(ref, born, few)])
    gap = found()["children"]
    assert gap.places == ("app/medlemmer.fodt",)
    assert "Minst 12 personer er under 16 år" in told(gap, language("nb")).what


def test_a_notice_in_a_file_is_read_by_the_words_that_people_use(found, tmp_path):
    """As text or as HTML, whose scripts are not read."""
    (tmp_path / "n.html").write_text(
        "<script>var passord;</script><p>Vi lagrer <b>navn</b> og e-post i fem år.</p>",
        encoding="utf-8",
    )
    listed = found(FULL, notice=NoticeConfig(file="n.html"), root=tmp_path)
    assert "notice_retention" not in listed
    assert "not_mentioned" in listed


@pytest.mark.parametrize(("content", "code"), [(None, 922), (b"PK\0\1", 926)])
def test_a_notice_that_cannot_be_read_is_an_error_that_says_so(found, tmp_path, content, code):
    """It is not taken for a notice that mentions nothing."""
    if content is not None:
        (tmp_path / "n.txt").write_bytes(content)
    with pytest.raises(ConfigError) as fault:
        found(notice=NoticeConfig(file="n.txt"), root=tmp_path)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Telefonnummeret ditt", "user.contact.phone_number"),
        ("din ip-adresse", "user.device.ip_address"),
        ("date of birth", "user.demographic.date_of_birth"),
        ("fødselsnummer", "user.government_id.national_identification_number"),
        ("namn og adresse", "user.contact.address"),
    ],
)
def test_a_category_is_found_by_its_words(text, key):
    """Also inflected and compounded."""
    assert key in mentioned(text)


def test_a_word_inside_another_mentions_nothing():
    """`kompass` and `passord` are no passport, `brukernavn` no name, `lønnsom` no pay."""
    assert "user.government_id.passport_number" not in mentioned("et kompass og et passord")
    assert "user.government_id.passport_number" in mentioned("vi ser på pass.")
    assert "user.financial.salary" not in mentioned("en lønnsom handel")
    assert "user.name" not in mentioned("brukernavn")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Opplysningene slettes etter 12 måneder.", True),
        ("We keep invoices for five years.", True),
        ("Vi har vært på nett i ti år. Vi lagrer navn.", False),
        ("", False),
    ],
)
def test_a_time_limit_counts_only_beside_what_is_kept(text, expected):
    """A shop that is ten years old has said nothing of retention."""
    assert tells_retention(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ikke for barn under 16 år.", 16),
        ("Children under 13 may not register.", 13),
        ("Du må ha fylt 18 år, så vi kontrollerer alder.", 18),
        ("Fakturaer over 15 år gamle slettes.", None),
    ],
)
def test_the_least_age_is_read_from_a_sentence_about_children(text, expected):
    """Other numbers of years are not taken for it."""
    assert least_age(text) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_gap_is_told_in_full(lang):
    """Title, what, why and what to do, with nothing left to be filled in."""
    words = language(lang)
    kinds = {key.split(".")[1] for key in words.texts if key.startswith("gap.")}
    assert {"special", "not_mentioned", "uncovered", "gone"} <= kinds
    facts = {"n": 7, "age": 16, "limit": 13, "name": "Ordre"}
    for kind in kinds:
        text = told(Gap(kind, grave=True, facts=facts), words)
        for sentence in (text.title, text.what, text.why, text.do):
            assert sentence.strip()
            assert "{" not in sentence


def test_categories_of_the_notice_are_one_line_in_a_list_that_is_read_through(catalog, taxonomy):
    """It stands behind the other grave ones, and names them all."""
    config = Config(privacy_notice=NoticeConfig(categories=["user.contact.email"]))
    listed = gaps(gather(catalog, taxonomy, config), taxonomy)
    apart = [gap for gap in listed if gap.kind == "not_mentioned"]
    (one,) = (gap for gap in merged(listed) if gap.kind == "not_mentioned")
    assert len(one.categories) == len(apart) > 2
    assert len(merged(listed)) == len(listed) - len(apart) + 1
