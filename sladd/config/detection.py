"""`detection`: what the scanner may use."""

from __future__ import annotations

from pydantic import Field

from sladd.config.section import Section


class DetectionConfig(Section):
    """What the scanner may use."""

    sample_rows: int = Field(10_000, ge=0)
    recognizers: list[str] = Field(default_factory=list)  # Presidio YAML files
    countries: list[str] = Field(default_factory=list)
    spacy: dict[str, str] = Field(default_factory=dict)  # language → model, folder or "off"
    text_rows: int = Field(200, ge=0)  # distinct texts a column that NER and patterns read
    # Persons below that age count as children; 0 counts none. 16: GDPR art. 8(1) where a state
    # sets no other; personopplysningsloven § 5 sets 13 for information-society services.
    child_age: int = Field(16, ge=0, le=18)
    links: bool = True  # measure keys between tables that nothing declares
    link_seconds: int = Field(60, ge=1)  # reading for it, at most, for each source
