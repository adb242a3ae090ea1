"""The demo city: its posts and people, and the acts they take at a moment of the demo."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from liuquan.applications import actions as applications
from liuquan.applications.types import Upload
from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms, Necessity, ServiceObject
from liuquan.clock import SHANGHAI, Calendar
from liuquan.kernel.moments import today
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import actions as parties
from liuquan.site.packs import Pack
from liuquan.site.rehearsal import people
from liuquan.site.rehearsal.paper import demonstration_pdf
from liuquan.site.rehearsal.script import Script
from liuquan.site.rehearsal.seeded_choices import SeededChoices

MORNING, NOON, AFTERNOON, EVENING = time(9, 5), time(11, 50), time(13, 35), time(16, 50)


class DemoCity:
    """Everything a course needs: who holds which post, what an item asks for, and the acts."""

    def __init__(self, pack: Pack, script: Script, ends_on: date) -> None:
        self.pack = pack
        self.script = script
        self.ends_on = ends_on
        self.calendar: Calendar = organisation.calendar()
        self.acts = 0
        self._logins = {one.number: one.login for one in pack.organisation.staff}
        self._holders = {one.post: one.staff for one in pack.organisation.holdings}
        self._bodies = {one.code: one.body for one in pack.organisation.posts}
        self._users: dict[str, AbstractBaseUser] = {}
        self._actors: dict[tuple[str, date], Actor] = {}
        self._items: dict[str, ItemTerms] = {}
        self._mandated: dict[tuple[str, str, str], list[str]] = {}

    def actor(self, post: str, at: datetime) -> Actor:
        """The holder of the post on that day."""
        on = today(at)
        if (post, on) not in self._actors:
            user = self._user(self._logins[self._holders[post]])
            self._actors[post, on] = organisation.actor_for(user, on=on, post_code=post)
        return self._actors[post, on]

    def authorised(self, action: str, item: ItemTerms, at: datetime, place: int = 0) -> Actor:
        """A post that may take the act on the item; `place` chooses among several."""
        posts = self._posts(f"application.{action}", item.body_code, item.item_code)
        return self.actor(posts[place % len(posts)], at)

    def answering(self, body_code: str, at: datetime) -> Actor | None:
        """A post that answers for a body at the supervision."""
        posts = self._posts("supervision.explain_finding", body_code, "")
        return self.actor(posts[0], at) if posts else None

    def colleague(self, post: str) -> str:
        """The staff number of another examiner of the same body, who co-signs a site check."""
        body = self._bodies[post]
        return next(
            self._holders[one.code]
            for one in self.pack.organisation.posts
            if one.body == body and one.code != post and "examiner" in one.roles and one.code in self._holders
        )

    def item(self, code: str) -> ItemTerms:
        """What binds an application for the item, as the rehearsal begins."""
        if code not in self._items:
            self._items[code] = catalogue.terms(code, on=self.script.begins_on)
        return self._items[code]

    def applicant(self, item: ItemTerms, serial: int, by: Actor, at: datetime) -> str:
        """The party number of a person or firm, as the item is meant for."""
        if ServiceObject.PERSON in item.service_objects:
            one = people.person(serial)
            return str(
                parties.register_person(
                    name=one.name, id_number=one.id_number, phone=one.phone, by=by, now=at
                ).number
            )
        firm = people.firm(serial)
        return str(
            parties.register_organisation(
                name=firm.name, uscc=firm.uscc, phone=firm.phone, by=by, now=at
            ).number
        )

    def submit(
        self, item: ItemTerms, serial: int, *, materials: Sequence[str], online: bool, at: datetime
    ) -> str:
        """Hand in an application at a window or, with uploads, from a phone; its number."""
        clerk = self.authorised("submit", item, at, serial)
        applicant = self.applicant(item, serial, clerk, at)
        uploads = [Upload(key, f"{key}.pdf", demonstration_pdf()) for key in materials] if online else []
        outcome = applications.submit(
            item_code=item.item_code,
            applicant=applicant,
            by=party_actor(applicant) if online else clerk,
            now=at,
            channel="online" if online else "window",
            materials=() if online else materials,
            files_given=uploads,
            matter=self.script.matters.get(item.item_name, ""),
        )
        self._finish(outcome.number, outcome.entry, at, bool(outcome.notices))
        return outcome.number

    def act(
        self, number: str, action: str, *, by: Actor, at: datetime, data: Mapping[str, Any] | None = None
    ) -> None:
        """Take one act, and issue the papers that follow from it."""
        outcome = applications.act(number, action, by=by, now=at, data=data)
        self._finish(number, outcome.entry, at, bool(outcome.notices))

    def publicise(self, number: str, at: datetime) -> None:
        """Publish a result."""
        applications.publicise(number, now=at)

    def look(self, number: str) -> Snapshot:
        """The case as it stands."""
        return cases.read(number)

    def word(self, kind: str, choices: SeededChoices) -> str:
        """One of the sentences people write for this."""
        return choices.choice(self.script.words[kind])

    def required(self, item: ItemTerms) -> list[str]:
        """Keys of the materials that must be there at acceptance."""
        return [m.key for m in item.materials if m.necessity is Necessity.REQUIRED]

    def soon(self, at: datetime, choices: SeededChoices) -> datetime:
        """Some minutes later, in office hours: after the noon break, or the next working morning."""
        later = (at + timedelta(minutes=choices.between(12, 55))).astimezone(SHANGHAI)
        if NOON < later.time() < AFTERNOON:
            later = datetime.combine(later.date(), AFTERNOON, SHANGHAI) + timedelta(minutes=choices.below(9))
        if self.calendar.is_working(later.date()) and MORNING <= later.time() <= EVENING:
            return later.astimezone(UTC)
        return self.days_later(at, 1, choices)

    def days_later(self, at: datetime, days: int, choices: SeededChoices) -> datetime:
        """A moment in office hours so many working days later; some minutes later if that number is zero."""
        if days < 1:
            return self.soon(at, choices)
        return self.on_day(self.calendar.nth_working_day_after(today(at), days), choices)

    def on_day(self, on: date, choices: SeededChoices, *, last: time = EVENING) -> datetime:
        """A moment in office hours of a day, not after `last`."""
        begin, end = (MORNING, NOON) if choices.happens(60) else (AFTERNOON, last)
        first = datetime.combine(on, begin, SHANGHAI)
        length = datetime.combine(on, end, SHANGHAI) - first
        return (first + timedelta(seconds=choices.below(int(length.total_seconds())))).astimezone(UTC)

    def _posts(self, action: str, body_code: str, item_code: str) -> list[str]:
        """The posts that may take an act; in the weeks of a rehearsal nobody's mandate changes."""
        asked = (action, body_code, item_code)
        if asked not in self._mandated:
            lines = organisation.authorisation_register(
                on=self.script.begins_on, body_code=body_code, item_code=item_code, action=action
            )
            self._mandated[asked] = sorted({o.post_code for o in lines if o.post_code in self._holders})
        return self._mandated[asked]

    def _finish(self, number: str, entry: str, at: datetime, papers: bool) -> None:
        self.acts += 1
        if papers:
            applications.issue_papers(number, entry=uuid.UUID(entry), now=at)

    def _user(self, login: str) -> AbstractBaseUser:
        if login not in self._users:
            self._users[login] = get_user_model()._default_manager.get(username=login)
        return self._users[login]
