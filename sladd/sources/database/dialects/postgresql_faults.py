"""What PostgreSQL and libpq say, as a fault."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.sources.database.faults import Fault

# PostgreSQL, appendix A.
_STATES = {
    "28": Fault.LOGIN, "3D": Fault.NO_DATABASE, "42501": Fault.FORBIDDEN, "42P01": Fault.GONE,
    "42703": Fault.GONE, "3F000": Fault.GONE, "57014": Fault.TIMEOUT, "55P03": Fault.TIMEOUT,
    "57P": Fault.LOST, "57P01": Fault.LOST, "57P02": Fault.LOST, "57P03": Fault.UNREACHABLE,
    "57P05": Fault.LOST, "08": Fault.LOST, "HV": Fault.FOREIGN,
    # Said by a server that is there: of another one.
    "08001": Fault.FOREIGN, "08006": Fault.FOREIGN,
    "40": Fault.LOST, "42": Fault.CONDITION, "22": Fault.CONDITION,
    "22021": Fault.ENCODING,
}  # fmt: skip
_WORDS = (
    ("statement timeout", Fault.TIMEOUT),
    ("lock timeout", Fault.TIMEOUT),
    ("canceling statement", Fault.LOST),  # by somebody, or on a replica for what it has to apply
    ("password authentication failed", Fault.LOGIN),
    ("no password supplied", Fault.LOGIN),
    ("no pg_hba.conf entry", Fault.NOT_LET_IN),
    ("pg_hba.conf rejects", Fault.NOT_LET_IN),
    ("does not support ssl", Fault.TLS),
    ("certificate", Fault.TLS),
    ("ssl error", Fault.TLS),
    ('role "', Fault.LOGIN),
    ('database "', Fault.NO_DATABASE),
    ("server closed the connection", Fault.LOST),
    ("terminating connection", Fault.LOST),
    ("connection is lost", Fault.LOST),
    ("no connection to the server", Fault.LOST),
    ("could not receive data", Fault.LOST),
    ("eof detected", Fault.LOST),
    ("connection refused", Fault.UNREACHABLE),
    ("could not translate host name", Fault.UNREACHABLE),
)


def fault_of(error: BaseException) -> Fault | None:
    """By SQLSTATE; by the words of libpq where a connection never came about."""
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or ""
    said = str(original).lower()
    if "conflict with recovery" in said:
        return Fault.CONFLICT
    if state == "55000" and "has not been populated" in said:
        return Fault.UNFILLED
    if state == "42501" and "row-level security" in said:
        return Fault.HIDDEN
    known = _STATES.get(state) or _STATES.get(state[:2])
    if known is not None:
        return known
    for words, fault in _WORDS:
        if words in said:
            return fault
    if isinstance(error, sa.exc.OperationalError) and not state:
        return Fault.UNREACHABLE
    return None
