"""Numbers of documents: each kind of document has its own shape."""

import pytest

from liuquan.identifiers import CREDENTIAL_LABELS, IdentifierError, parse_credential

GOOD = [
    ("resident", "１１０１０１ 19900307 7571", "110101199003077571"),
    ("passport", "e 12345678", "E12345678"),
    ("passport", "L01X00T47", "L01X00T47"),
    ("hong_kong_macao_pass", "h12345678", "H12345678"),
    ("hong_kong_macao_pass", "M1234567801", "M1234567801"),
    ("taiwan_pass", "12345678", "12345678"),
    ("military", "南字第01234567号", "南字第01234567号"),
]


@pytest.mark.parametrize(("kind", "typed", "number"), GOOD)
def test_a_number_of_its_kind_is_taken_as_people_type_it(kind: str, typed: str, number: str) -> None:
    assert parse_credential(kind, typed) == number


@pytest.mark.parametrize("kind", CREDENTIAL_LABELS)
@pytest.mark.parametrize("typed", ["", "123", "身份证"])
def test_what_cannot_be_a_number_of_any_document_is_refused_with_a_sentence(kind: str, typed: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_credential(kind, typed)
    assert refused.value.sentence.endswith("。")


def test_a_number_under_another_document_and_an_unknown_document_are_refused() -> None:
    for kind, typed in (
        ("resident", "E12345678"),
        ("foreign_permanent", "110101199003077571"),
        ("taiwan_pass", "H12345678"),
        ("library", "12345678"),
    ):
        with pytest.raises(IdentifierError):
            parse_credential(kind, typed)
