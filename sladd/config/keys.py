"""`keys`: where master keys are."""

from __future__ import annotations

from pydantic import Field, model_validator

from sladd.config.section import Section


class KeyConfig(Section):
    """Where one master key is: a file (mode 0600), an environment variable, or a provider."""

    file: str | None = None
    env: str | None = None
    provider: str | None = None  # entry point sladd.keys, for a key management system
    options: dict[str, str] = Field(
        default_factory=dict, repr=False
    )  # told to the provider; no secrets

    @model_validator(mode="after")
    def _one_place(self) -> KeyConfig:
        if sum(place is not None for place in (self.file, self.env, self.provider)) != 1:
            raise ValueError("a key has exactly one of file, env, provider")
        if self.file is not None and "://" in self.file:
            raise ValueError(
                "a key file lies on this machine, never in an object store; "
                "use a provider for a key management system"
            )
        return self
