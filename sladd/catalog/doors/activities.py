"""The processing activities of the record."""

from __future__ import annotations

from collections.abc import Sequence

from sladd.catalog import activities, audit
from sladd.catalog.doors.door import Door
from sladd.model import Activity, SavedActivity


class Activities(Door):
    """Reached as `catalog.activities`; each method is one transaction."""

    def all(self) -> Sequence[SavedActivity]:
        """The processing activities that hold, in the order in which they were first saved."""
        with self.database.reading() as connection:
            return activities.current(connection)

    def one(self, key: str) -> SavedActivity | None:
        """One activity as it holds; None where there is none, or it was removed."""
        with self.database.reading() as connection:
            return activities.one(connection, key)

    def history(self, key: str) -> Sequence[SavedActivity]:
        """Every version of an activity, oldest first, also of a removed one."""
        with self.database.reading() as connection:
            return activities.history(connection, key)

    def save(self, activity: Activity, *, version: int, by: str) -> SavedActivity:
        """Keep a new version of an activity. It stays, whatever later scans find.

        Args:
            activity: as filled in.
            version: the version it was made from; 0 for a new one.
            by: who saves it.

        Raises:
            ActivityError: somebody saved another version meanwhile (SLADD-920, 921).
        """
        with self.database.writing() as connection:
            now = self.clock()
            saved, changed = activities.save(connection, now, activity, version=version, by=by)
            detail = {"version": saved.version, "name": activity.name, "changed": list(changed)}
            audit.append(
                connection, now, action="activity.save", subject=activity.id, by=by, detail=detail
            )
            return saved

    def remove(self, key: str, *, version: int, by: str) -> None:
        """Take an activity out of the record; its versions stay on file.

        Raises:
            ActivityError: there is none, or somebody saved another version meanwhile.
        """
        with self.database.writing() as connection:
            now = self.clock()
            gone = activities.remove(connection, now, key, version=version, by=by)
            detail = {"version": gone.version, "name": gone.activity.name}
            audit.append(
                connection, now, action="activity.remove", subject=key, by=by, detail=detail
            )
