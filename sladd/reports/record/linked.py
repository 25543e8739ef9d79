"""The record as JSON-LD in the terms of the W3C Data Privacy Vocabulary (DPV 2).

Terms: https://w3id.org/dpv (core), https://w3id.org/dpv/pd (personal data),
https://w3id.org/dpv/legal/eu/gdpr (legal bases). The context is written out, so that nothing has
to be fetched to read the file.
"""

from __future__ import annotations

import json
from typing import Any

from sladd.model import Activity, Persons, Transfer
from sladd.reports.record.columns import categories
from sladd.reports.record.facts import ActivityFacts, RecordOutline
from sladd.taxonomy import Taxonomy
from sladd.writing import Language

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_PERSONS = {
    Persons.CUSTOMER: "dpv:Customer",
    Persons.CONTACT: "dpv:Client",
    Persons.SUBSCRIBER: "dpv:Subscriber",
    Persons.VISITOR: "dpv:Visitor",
    Persons.USER: "dpv:User",
    Persons.RECIPIENT: "dpv:Consumer",
    Persons.EMPLOYEE: "dpv:Employee",
    Persons.APPLICANT: "dpv:JobApplicant",
    Persons.CHILD: "dpv:Child",
}
_GROUNDS = {
    Transfer.ADEQUACY: "eu-gdpr:A45-3",
    Transfer.CLAUSES: "eu-gdpr:A46-2-c",
    Transfer.CORPORATE_RULES: "eu-gdpr:A46-2-b",
    Transfer.DEROGATION: "dpv:DataTransferLegalBasis",
}
_SPECIAL = "dpv:SpecialCategoryPersonalData"


def jsonld(record: RecordOutline, taxonomy: Taxonomy, lang: Language) -> bytes:
    """The record as JSON-LD."""
    controller = _controller(record)
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": "urn:sladd:record",
        "@type": "dpv:DataProcessingRecord",
        "dct:title": {"@value": lang.say("record.title"), "@language": lang.code},
        "dpv:hasDataController": controller,
        "dpv:hasPersonalDataProcess": [
            _process(each, record, taxonomy, lang) for each in record.activities
        ],
    }
    if record.changed:
        document["dct:modified"] = {
            "@value": record.changed.isoformat(timespec="seconds"),
            "@type": "xsd:dateTime",
        }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _controller(record: RecordOutline) -> dict[str, Any]:
    given = record.controller
    told: dict[str, Any] = {
        "@id": "urn:sladd:controller",
        "@type": "dpv:DataController",
        "dpv:hasName": record.organisation,
    }
    more = {
        "dpv:hasIdentifier": given.organisation_number,
        "dpv:hasAddress": given.address,
        "dpv:hasContact": ", ".join(filter(None, (given.email, given.phone))),
        "dpv:hasRepresentative": given.representative,
    }
    told |= {term: text for term, text in more.items() if text}
    if given.officer:
        told["dpv:hasDataProtectionOfficer"] = {
            "@type": "dpv:DataProtectionOfficer",
            "dpv:hasContact": given.officer,
        }
    return told


def _process(
    each: ActivityFacts, record: RecordOutline, taxonomy: Taxonomy, lang: Language
) -> dict[str, Any]:
    activity = each.activity
    bases = [f"eu-gdpr:A6-1-{basis.value}" for basis in activity.bases]
    bases += [f"eu-gdpr:A9-2-{condition.value}" for condition in activity.conditions]
    if ground := _GROUNDS.get(activity.transfer):
        bases.append(ground)
    told: dict[str, Any] = {
        "@id": f"urn:sladd:activity:{activity.id}",
        "@type": "dpv:PersonalDataProcess",
        "dct:title": activity.name,
        "dct:modified": {
            "@value": each.saved.at.isoformat(timespec="seconds"),
            "@type": "xsd:dateTime",
        },
        "dct:hasVersion": str(each.saved.version),
        "dpv:hasDataController": {"@id": "urn:sladd:controller"},
        "dpv:hasPurpose": {
            "@type": record.dpv.get(activity.id, "dpv:Purpose"),
            "rdfs:label": activity.purpose,
        },
        "dpv:hasLegalBasis": [{"@id": basis} for basis in bases],
        "dpv:hasDataSubject": _subjects(activity, lang),
        "dpv:hasPersonalData": [
            {
                "@type": [c.dpv, _SPECIAL] if c.legal_class == "art9" else c.dpv,
                "dct:identifier": c.key,
                "rdfs:label": {"@value": lang.label(c), "@language": lang.code},
            }
            for c in categories(each, taxonomy)
        ],
        "dpv:hasDataSource": list(each.tables),
    }
    for term, kind, text in (
        ("dpv:hasRecipient", "dpv:Recipient", activity.recipients),
        ("dpv:hasDataProcessor", "dpv:DataProcessor", activity.processor),
        ("dpv:hasJointDataControllers", "dpv:JointDataControllers", activity.joint),
        ("dpv:hasThirdCountry", "dpv:ThirdCountry", activity.transfer_note),
        ("dpv:hasStorageCondition", "dpv:StorageDuration", activity.retention),
        (
            "dpv:hasTechnicalOrganisationalMeasure",
            "dpv:TechnicalOrganisationalMeasure",
            activity.measures,
        ),
        ("dpv:hasResponsibleEntity", "dpv:Entity", activity.contact),
    ):
        if text:
            told[term] = {"@type": kind, "rdfs:label": text}
    if activity.agreement:
        told["dpv:hasLegalMeasure"] = {
            "@type": "dpv:ControllerProcessorAgreement",
            "rdfs:label": activity.agreement,
        }
    return {name: value for name, value in told.items() if value not in ([], "")}


def _subjects(activity: Activity, lang: Language) -> list[dict[str, Any]]:
    named = [
        {
            "@type": _PERSONS.get(each, "dpv:DataSubject"),
            "rdfs:label": {"@value": lang.say(f"persons.{each.value}"), "@language": lang.code},
        }
        for each in activity.persons
    ]
    if activity.other_persons:
        named.append({"@type": "dpv:DataSubject", "rdfs:label": activity.other_persons})
    return named
