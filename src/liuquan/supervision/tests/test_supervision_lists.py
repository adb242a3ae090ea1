"""The lists of the board: found by number, counted as shown, taken along as a file."""

import re

import pytest
from django.test import Client

from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import SEEN
from liuquan.testing.cast import Cast


@pytest.fixture
def supervisor(cases_db: str, cast: Cast, set_now: SetNow) -> Client:
    set_now(SEEN)
    return cast.client("supervisor")


def rows(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return answer.content.decode("utf-8-sig").splitlines()


@pytest.mark.parametrize("page", ["findings", "cases"])
def test_a_list_is_searched_by_number_and_says_of_how_many(supervisor: Client, page: str) -> None:
    whole = rows(supervisor, f"/board/{page}/?format=csv")
    column = whole[0].split(",").index("案件编号")
    number = whole[1].split(",")[column]
    same = sum(line.split(",")[column] == number for line in whole[1:])
    assert 0 < same < len(whole) - 1
    found = supervisor.get(f"/board/{page}/", {"text": f" {number.lower()} "}).content.decode()
    assert re.search(rf"{len(whole) - 1} .中的 {same} ", found)
    assert number in found
    assert rows(supervisor, f"/board/{page}/?text={number}&format=csv")[1:] == [
        line for line in whole[1:] if line.split(",")[column] == number
    ]
    none = supervisor.get(f"/board/{page}/", {"text": "NOSUCHCASE"}).content.decode()
    assert number not in none


@pytest.mark.parametrize("page", ["findings", "cases"])
def test_a_file_is_for_who_may_read_the_list(supervisor: Client, cast: Cast, page: str) -> None:
    assert cast.client("clerk").get(f"/board/{page}/?format=csv").status_code == 403
    assert len(rows(cast.client("leader"), f"/board/{page}/?format=csv")) > 1


def test_the_file_of_a_narrowed_list_is_narrowed_alike(supervisor: Client) -> None:
    page = supervisor.get("/board/findings/?severity=red&state=pending").content.decode()
    assert 'href="?severity=red&amp;state=pending&amp;format=csv"' in page
    lines = rows(supervisor, "/board/findings/?severity=red&state=pending&format=csv")
    assert lines[1:]
    assert all(line.startswith("红牌,") for line in lines[1:])
