"""The demo city: the stage on which each kind's player plays its cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from liuquan.casework.types import Outcome
from liuquan.clock import SHANGHAI, Calendar
from liuquan.kernel.moments import today
from liuquan.kinds.types import Choices
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.parties import actions as parties
from liuquan.site.packs import Pack
from liuquan.site.rehearsal import people
from liuquan.site.rehearsal.paper import demonstration_pdf
from liuquan.site.rehearsal.script import Script
from liuquan.site.rehearsal.seeded_choices import SeededChoices

MORNING, NOON, AFTERNOON, EVENING = time(9, 5), time(11, 50), time(13, 35), time(16, 50)


class DemoCity:
    """What a player needs: who holds which post, the days, fictional people (`kinds.types.DemoStage`)."""

    def __init__(self, pack: Pack, script: Script, ends_on: date) -> None:
        self.pack = pack
        self.script = script
        self.begins_on = script.begins_on
        self.ends_on = ends_on
        self.yellow_share = Fraction(pack.settings.yellow_share)
        self.calendar: Calendar = organisation.calendar()
        self.acts = 0
        self.opened: set[str] = set()
        self._logins = {one.number: one.login for one in pack.organisation.staff}
        self._holders = {one.post: one.staff for one in pack.organisation.holdings}
        self._bodies = {one.code: one.body for one in pack.organisation.posts}
        self._users: dict[str, AbstractBaseUser] = {}
        self._actors: dict[tuple[str, date], Actor] = {}
        self._mandated: dict[tuple[str, str, str], list[str]] = {}

    def actor(self, post: str, at: datetime) -> Actor:
        """The holder of the post on that day."""
        on = today(at)
        if (post, on) not in self._actors:
            user = self._user(self._logins[self._holders[post]])
            self._actors[post, on] = organisation.actor_for(user, on=on, post_code=post)
        return self._actors[post, on]

    def authorised(
        self, act: str, *, body_code: str, subject_code: str, at: datetime, place: int = 0
    ) -> Actor:
        """A post that may take the act, named with its kind, on this item; `place` chooses among several."""
        posts = self._posts(act, body_code, subject_code)
        return self.actor(posts[place % len(posts)], at)

    def answering(self, body_code: str, at: datetime) -> Actor | None:
        """A post that answers for a body at the supervision."""
        posts = self._posts("disposal.explain", body_code, "")
        return self.actor(posts[0], at) if posts else None

    def colleague(self, post: str, role: str) -> str:
        """The staff number of the holder of another post of the same body, with this role."""
        body = self._bodies[post]
        return next(
            self._holders[one.code]
            for one in self.pack.organisation.posts
            if one.body == body and one.code != post and role in one.roles and one.code in self._holders
        )

    def choices(self, *name: object) -> SeededChoices:
        """Choices that depend on the script's seed and on this name alone."""
        return SeededChoices(self.script.seed, *name)

    def person(self, serial: int, *, by: Actor, at: datetime) -> str:
        """The party number of the fictional person of this serial number."""
        one = people.person(serial)
        party = parties.register_person(
            name=one.name, id_number=one.id_number, phone=one.phone, by=by, now=at
        )
        return str(party.number)

    def firm(self, serial: int, *, by: Actor, at: datetime) -> str:
        """The party number of the fictional organisation of this serial number."""
        one = people.firm(serial)
        party = parties.register_organisation(name=one.name, uscc=one.uscc, phone=one.phone, by=by, now=at)
        return str(party.number)

    def phone(self, serial: int) -> str:
        """The mobile of the fictional person of this serial number."""
        return people.person(serial).phone

    def document(self) -> bytes:
        """A PDF in place of what somebody would upload."""
        return demonstration_pdf()

    def done(self, outcome: Outcome, *, at: datetime) -> None:
        """A case was opened or an act taken: count it, and issue the papers that follow."""
        self.acts += 1
        self.opened.add(outcome.number)
        if outcome.notices:
            papers.issue_papers(outcome.number, entry=UUID(outcome.entry), now=at)

    def word(self, kind: str, choices: Choices) -> str:
        """One of the sentences that are written for this at the supervision."""
        return choices.choice(self.script.words[kind])

    def soon(self, at: datetime, choices: Choices) -> datetime:
        """Some minutes later, in office hours: after the noon break, or the next working morning."""
        later = (at + timedelta(minutes=choices.between(12, 55))).astimezone(SHANGHAI)
        if NOON < later.time() < AFTERNOON:
            later = datetime.combine(later.date(), AFTERNOON, SHANGHAI) + timedelta(minutes=choices.below(9))
        if self.calendar.is_working(later.date()) and MORNING <= later.time() <= EVENING:
            return later.astimezone(UTC)
        return self.days_later(at, 1, choices)

    def days_later(self, at: datetime, days: int, choices: Choices) -> datetime:
        """A moment in office hours so many working days later; some minutes later if that number is zero."""
        if days < 1:
            return self.soon(at, choices)
        return self.on_day(self.calendar.nth_working_day_after(today(at), days), choices)

    def on_day(self, on: date, choices: Choices, *, last: time = EVENING) -> datetime:
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
                on=self.begins_on, body_code=body_code, item_code=item_code, action=action
            )
            self._mandated[asked] = sorted({o.post_code for o in lines if o.post_code in self._holders})
        return self._mandated[asked]

    def _user(self, login: str) -> AbstractBaseUser:
        if login not in self._users:
            self._users[login] = get_user_model()._default_manager.get(username=login)
        return self._users[login]
