"""What people read has words, no identifiers: no key of a state, an act, a unit, a field, an event or a kind.

All pages that each role reaches along the links (`testing.crawl`), and what comes back from a refused form.
"""

from __future__ import annotations

import pytest

from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import SEEN, Cases, kinds
from liuquan.testing.city import undone
from liuquan.testing.crawl import ROLES, Seen, client, crawl


@pytest.mark.slow
def test_no_page_shows_an_identifier_or_a_placeholder(cases: Cases, set_now: SetNow) -> None:
    set_now(SEEN)
    wrong: dict[str, str] = {}
    pages = 0
    for role in ROLES:
        for page in crawl(cases, role):
            pages += 1
            for word in page.code_words():
                wrong.setdefault(word, f"{role} {page.path}: {word}")
    assert pages > 200
    assert not wrong, "\n".join(["", *wrong.values()])


def test_an_identifier_and_a_placeholder_are_found() -> None:
    def found(html: str) -> list[str]:
        return [one.split(" in ")[0] for one in Seen("", "", 200, html).code_words()]

    assert found("<p>期限 3 working_day</p>") == ["working_day"]
    assert found("<p>application.accept</p><p>None</p>") == ["application.accept", "None"]
    assert found('<a title="explain_late">说明</a>') == ["explain_late"]
    assert found("<p>某市热线规定（名称待核对）</p>") == ["某市", "名称待核对"]
    assert not found(
        '<pre>k.due_on AS due_on</pre><p class="code">trust.json</p><p>见 https://a.example/b_c</p>'
    )


@pytest.mark.slow
def test_the_refusal_of_an_act_names_it_in_words(cases: Cases, set_now: SetNow) -> None:
    set_now(SEEN)
    wrong, refused = [], 0
    for key, (_, kind) in kinds().items():
        states = [state.key for state in kind.procedure.states if f"{key}_{state.key}" in cases.names]
        for action in {row.action for row in kind.procedure.rows}:
            for role, state in ((role, state) for role in ("clerk", "head") for state in states[::4]):
                address = f"/desk/cases/{cases.number(state, key)}/{action}/"
                with undone():
                    answer = client(cases, role).post(address)
                refused += answer.status_code >= 400
                page = Seen(role, address, answer.status_code, answer.content.decode())
                wrong += [f"{role} {address}: {word}" for word in page.code_words()]
    assert not wrong, "\n".join(["", *wrong])
    assert refused > 100
