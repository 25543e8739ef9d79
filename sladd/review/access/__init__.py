"""Who comes in: hosts, accounts, sessions, forged requests, reasons.

A route says who may use it by one of these types of its parameter:

* `Anyone`: also before the login.
* `Reading`: whoever is logged in.
* `Deciding`: the data protection officer.
"""

from typing import Annotated

from fastapi import Depends

from sladd.review.access.visiting import anyone, visited
from sladd.review.context import Role, Visit

Anyone = Annotated[Visit, Depends(anyone)]
Reading = Annotated[Visit, Depends(visited())]
Deciding = Annotated[Visit, Depends(visited(Role.DPO))]

__all__ = ["Anyone", "Deciding", "Reading", "anyone", "visited"]
