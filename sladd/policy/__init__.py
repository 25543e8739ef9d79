"""The policy: what happens to every field of a release, decided before any data moves."""

from __future__ import annotations

from sladd.policy.anonymised import role_rows
from sladd.policy.inputs import PolicyField, PolicyTable, policy_table, release_rules
from sladd.policy.plan import RULED, plan, plan_rows
from sladd.policy.profile import Profile, load_profile

__all__ = [
    "RULED",
    "PolicyField",
    "PolicyTable",
    "Profile",
    "load_profile",
    "plan",
    "plan_rows",
    "policy_table",
    "release_rules",
    "role_rows",
]
