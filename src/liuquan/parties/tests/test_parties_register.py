"""Parties: found or made once, kept encrypted, shown masked, revealed under a receipt, merged, erased."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection

from liuquan.identifiers import resident_check, uscc_check
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState
from liuquan.kernel.sql import run
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor, DivisionData, OrganisationData, party_actor
from liuquan.parties import actions, queries
from liuquan.parties.models import Party
from liuquan.parties.types import PartyRef

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
FIRST = "99012119900307001"
ID = FIRST + resident_check(FIRST)
SECOND = "99012119900307002"
OTHER_ID = SECOND + resident_check(SECOND)
CODE = "91990121MA9990001"
USCC = CODE + uscc_check(CODE)
PHONE = "13800001234"
CLERK = Actor(kind="staff", roles=frozenset({"window_clerk"}))
OFFICER = Actor(kind="staff", roles=frozenset({"centre_officer"}))

db = pytest.mark.django_db


def person(name: str = "张小三", id_number: str = ID, phone: str = PHONE, by: Actor = CLERK) -> PartyRef:
    return actions.register_person(name=name, id_number=id_number, phone=phone, by=by, now=NOW)


@db
def test_a_person_is_registered_once_and_found_again() -> None:
    first = person()
    assert person(name=" 张小三 ", id_number=f" {ID.lower()} ") == first
    assert (first.kind, first.label_masked, first.phone_masked) == ("person", "张*三", "138****1234")
    assert Party.objects.count() == 1
    assert queries.find_person(ID) == queries.party(first.number) == first


@db
def test_nothing_that_names_a_person_rests_in_the_clear() -> None:
    person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM party")
        row = cursor.fetchone()
    stored = b"|".join(bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row)
    for plain in ("张小三", ID, PHONE, ID[6:14]):
        assert plain.encode() not in stored


@db
def test_the_same_person_encrypted_twice_gives_different_bytes_but_one_index() -> None:
    person()
    person(name="李四", id_number=OTHER_ID)
    one, other = run("SELECT phone_enc, phone_index FROM party ORDER BY id")
    assert bytes(one["phone_enc"]) != bytes(other["phone_enc"])
    assert bytes(one["phone_index"]) == bytes(other["phone_index"])
    assert len(queries.find_by_phone(PHONE)) == 2


@db
def test_an_organisation_and_a_person_are_kept_apart() -> None:
    company = actions.register_organisation(
        name="云溪市演示餐饮有限公司", uscc=USCC.lower(), phone="", by=PUBLIC, now=NOW
    )
    assert (company.kind, company.label_masked, company.phone_masked) == ("organisation", "云溪***公司", "")
    assert queries.find_organisation(USCC) == company
    assert queries.find_person(USCC) is None
    assert queries.find_person(ID) is None


@db
def test_no_wrong_digit_makes_a_persons_number_an_organisations() -> None:
    number = "990101197505206518"
    assert not queries.find(number, today=ON).error
    wrong = [number[:n] + sign + number[n + 1 :] for n in range(18) for sign in "0123456789"]
    wrong.append(number[:17] + "X")
    for one in wrong:
        assert queries.find(one, today=ON).error or one == number
    said = queries.find("990101197505206516", today=ON)
    assert (said.kind, said.error) == ("person", "身份证号有一位不对，请从头到尾逐位核对。")


@db
def test_an_organisations_code_of_digits_is_one_and_a_registered_one_always() -> None:
    stem = "12990100" + "470116622"
    assert queries.find(stem + uscc_check(stem), today=ON).kind == "organisation"
    looks_like_a_person = "990101197505206516"
    assert queries.find(looks_like_a_person, today=ON).error
    actions.register_organisation(
        name="云溪市演示餐饮有限公司", uscc=looks_like_a_person, phone="", by=PUBLIC, now=NOW
    )
    found = queries.find(looks_like_a_person, today=ON)
    assert (found.kind, found.error, found.party is None) == ("organisation", "", False)


@db
@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"id_number": ID[:17] + "?"}, "id_number", "最后一位应为数字或者字母X"),
        ({"id_number": ID[:17] + ("1" if ID[17] != "1" else "2")}, "id_number", "有一位不对"),
        ({"name": ""}, "name", "没有填写姓名"),
        ({"phone": "1380000"}, "phone", "应为11位"),
    ],
)
def test_wrong_values_are_refused_by_field_and_nobody_is_registered(
    change: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        person(**change)
    assert list(caught.value.fields) == [field]
    assert ID not in str(caught.value)
    assert Party.objects.count() == 0


@db
def test_another_name_under_a_registered_number_is_refused_until_the_document_was_seen() -> None:
    first = person()
    with pytest.raises(BadInput, match="登记的是另一个姓名") as caught:
        person(name="李四", by=PUBLIC)
    assert "张" not in str(caught.value)
    assert queries.party(first.number).label_masked == "张*三"
    with pytest.raises(NotAllowed):
        actions.check_document(first.number, id_number=ID, name="张大三丰", by=PUBLIC, now=NOW)
    with pytest.raises(BadInput, match="不是同一个"):
        actions.check_document(first.number, id_number=OTHER_ID, name="张大三丰", by=CLERK, now=NOW)
    with pytest.raises(BadInput, match="第1个字"):
        actions.check_document(first.number, id_number=ID, name="<张>", by=CLERK, now=NOW)
    assert queries.party(first.number) == first
    done = actions.check_document(first.number, id_number=ID, name="张大三丰", by=CLERK, now=NOW)
    assert (done.before.name, done.after.name, done.fields) == ("张小三", "张大三丰", ("姓名",))
    assert "张" not in repr(done)
    assert queries.party(first.number).label_masked == "张**丰"
    assert person(name="张大三丰").number == first.number


@db
def test_who_applied_online_only_is_not_verified_until_a_clerk_saw_the_document() -> None:
    first = person(by=PUBLIC)
    assert not first.is_verified
    assert not person(by=party_actor(first.number)).is_verified
    done = actions.check_document(first.number, id_number=ID, phone="13900005678", by=CLERK, now=NOW)
    assert done.fields == ("手机号码",)
    checked = queries.party(first.number)
    assert (checked.is_verified, checked.phone_masked) == (True, "139****5678")


@db
def test_staff_who_register_at_the_counter_have_seen_the_document_unless_they_say_no() -> None:
    assert person().is_verified
    online = person(id_number=OTHER_ID, by=PUBLIC)
    unseen = actions.register_person(
        name="张小三", id_number=OTHER_ID, phone="", by=CLERK, now=NOW, seen=False
    )
    assert not unseen.is_verified
    assert person(id_number=OTHER_ID) == replace(online, is_verified=True)


@db
def test_an_erased_party_is_not_verified_any_more() -> None:
    first = person()
    actions.erase(first.number, by=OFFICER, now=NOW)
    with pytest.raises(WrongState, match="依法清除"):
        actions.check_document(first.number, id_number=ID, by=CLERK, now=NOW)


@db
def test_an_unverified_application_does_not_move_the_phone_that_notices_go_to() -> None:
    first = person()
    assert person(phone="13900005678", by=PUBLIC).phone_masked == "138****1234"
    assert person(phone="13900005678", by=party_actor(first.number)).phone_masked == "139****5678"
    assert queries.has_phone_tail([first.number], " 5678")
    assert not queries.has_phone_tail([first.number], "1234")
    assert not queries.has_phone_tail([str(uuid4())], "5678")
    assert not queries.has_phone_tail([first.number], "567")


@db
def test_a_real_office_refuses_people_of_the_fictional_region() -> None:
    beijing = OrganisationData("test", divisions=(DivisionData("110000000000", "某市", 1),))
    organisation.load_organisation(beijing, by=SYSTEM, now=NOW)
    with pytest.raises(BadInput, match="虚构地区"):
        person()
    assert Party.objects.count() == 0


@db
def test_only_a_receipt_reveals_an_identity() -> None:
    first = person()
    found = actions.reveal(first.number, receipt=uuid4())
    assert (found.name, found.id_number, found.phone) == ("张小三", ID, PHONE)
    assert "张小三" not in repr(found)
    assert ID not in repr(found)
    with pytest.raises(NotAllowed):
        actions.reveal(first.number, receipt=None)  # type: ignore[arg-type]
    with pytest.raises(NotVisible):
        actions.reveal(uuid4(), receipt=uuid4())
    with pytest.raises(NotVisible):
        actions.reveal("no number", receipt=uuid4())


@db
def test_erasing_destroys_the_values_and_keeps_the_row() -> None:
    first = person()
    with pytest.raises(NotAllowed):
        actions.erase(first.number, by=CLERK, now=NOW)
    actions.erase(first.number, by=OFFICER, now=NOW)
    left = queries.party(first.number)
    assert {left.label_masked, left.id_masked, left.phone_masked} == {queries.ERASED} == {"已依法清除"}
    assert queries.find_person(ID) is None
    with pytest.raises(WrongState, match="已依法清除"):
        actions.reveal(first.number, receipt=uuid4())
    with pytest.raises(WrongState):
        actions.erase(first.number, by=OFFICER, now=NOW)
    row = Party.objects.get(number=first.number)
    assert (row.name_enc, row.id_enc, row.phone_enc, row.id_masked) == (None, None, None, "")
    assert person().number != first.number


@db
def test_merging_keeps_both_rows_and_answers_with_the_survivor() -> None:
    old, new = person(), person(id_number=OTHER_ID)
    with pytest.raises(NotAllowed):
        actions.merge(loser=old.number, survivor=new.number, by=CLERK, now=NOW)
    assert actions.merge(loser=old.number, survivor=new.number, by=OFFICER, now=NOW) == new
    assert queries.find_person(ID) == new
    assert person().number == new.number
    assert queries.same_party(old.number) == (new.number, old.number)
    with pytest.raises(WrongState, match="已经合并过"):
        actions.merge(loser=new.number, survivor=old.number, by=OFFICER, now=NOW)
    with pytest.raises(BadInput, match="同一个当事人"):
        actions.merge(loser=old.number, survivor=old.number, by=OFFICER, now=NOW)
    assert Party.objects.count() == 2


@db
@pytest.mark.fact("L-27")
def test_an_agent_acts_for_a_principal_from_a_day_to_a_day() -> None:
    principal, agent = person(), person("李四", OTHER_ID)
    appointment = {
        "principal": principal.number,
        "agent": agent.number,
        "capacity": "agent",
        "scope": "代为办理食品经营许可",
        "from_on": ON,
        "to_on": date(2026, 4, 1),
    }
    for _ in range(2):
        actions.appoint_agent(**appointment, by=CLERK, now=NOW)  # type: ignore[arg-type]
    (found,) = queries.acts_for(agent.number, on=date(2026, 3, 31))
    assert (found.principal, found.capacity, found.scope) == (principal, "agent", "代为办理食品经营许可")
    assert queries.agents_of(principal.number, on=ON)[0].agent == agent
    assert queries.acts_for(agent.number, on=date(2026, 4, 1)) == ()


@db
def test_a_wrong_appointment_is_refused_and_nobody_is_an_agent() -> None:
    principal, agent = person(), person("李四", OTHER_ID)
    company = actions.register_organisation(name="演示代办有限公司", uscc=USCC, phone="", by=CLERK, now=NOW)
    good = {
        "principal": principal.number,
        "agent": agent.number,
        "capacity": "agent",
        "scope": "全部",
        "from_on": ON,
    }
    wrong: list[tuple[dict[str, object], Actor, type[Exception]]] = [
        ({"scope": " "}, CLERK, BadInput),
        ({"to_on": ON}, CLERK, BadInput),
        ({"agent": principal.number}, CLERK, BadInput),
        ({"agent": company.number, "capacity": "guardian"}, CLERK, BadInput),
        ({"agent": str(uuid4())}, CLERK, NotVisible),
        ({}, PUBLIC, NotAllowed),
        ({}, party_actor(company.number), NotAllowed),
    ]
    for change, by, refusal in wrong:
        with pytest.raises(refusal):
            actions.appoint_agent(**good | change, by=by, now=NOW)  # type: ignore[arg-type]
    assert queries.agents_of(principal.number, on=ON) == ()


def test_two_registrations_at_once_give_one_party(committed_db: str) -> None:
    start = threading.Barrier(4)
    found: list[str] = []

    def register() -> None:
        try:
            start.wait(timeout=120)
            found.append(person().number)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert Party.objects.count() == 1
