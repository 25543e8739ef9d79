"""Tell the officer of new personal data: `python -m flows.alerts BLOCK`.

Makes one automation on the Prefect server: each `sladd.personal-data.new-field` event sends a
message through a notification block, with the field's address and category and never a value.
Run again, it replaces the automation. The digest of a first scan alerts nobody: the officer
gets the report.
"""

from __future__ import annotations

import argparse
import sys

from flows.surroundings import prepare
from sladd.errors import ConfigError, SladdError

prepare()

AUTOMATION = "sladd: new personal data"
SUBJECT = "sladd: new personal data"
BODY = (
    "{{ event.resource.name }} holds personal data that no earlier scan saw: "
    "{{ event.payload.category }} ({{ event.payload.how }}). "
    "sladd report shows why."
)


def alert(block: str) -> str:
    """Make the automation, or replace it.

    Args:
        block: a saved notification block as TYPE/NAME, e.g. `slack-webhook/officer`.

    Returns:
        Name of the automation.

    Raises:
        ConfigError: there is no such block (SLADD-180).
    """
    from prefect.automations import Automation
    from prefect.client.orchestration import get_client
    from prefect.events import EventTrigger
    from prefect.events.actions import SendNotification
    from prefect.exceptions import ObjectNotFound

    from flows.discover import EVENT_NEW

    kind, _, name = block.partition("/")
    with get_client(sync_client=True) as client:
        try:
            found = client.read_block_document_by_name(name, kind)
        except ObjectNotFound:
            raise ConfigError(
                "the Prefect server has no such notification block",
                code=180,
                where="TYPE/NAME",
                mend="prefect block ls",
            ) from None
        for former in client.read_automations_by_name(AUTOMATION):
            client.delete_automation(former.id)
    Automation(
        name=AUTOMATION,
        description="Made by python -m flows.alerts",
        # Every event by itself: threshold 1, and no window in which a second one is swallowed.
        trigger=EventTrigger(expect={EVENT_NEW}, match={"prefect.resource.id": "sladd.field.*"}),
        actions=[SendNotification(block_document_id=found.id, subject=SUBJECT, body=BODY)],
    ).create()
    return AUTOMATION


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m flows.alerts", description=__doc__)
    parser.add_argument("block", help="a saved notification block, e.g. slack-webhook/officer")
    arguments = parser.parse_args()
    try:
        print(f"automation '{alert(arguments.block)}' sends through {arguments.block}")  # noqa: T201 - the command's answer
    except SladdError as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return fault.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
