"""Identifiers: resident id, unified social credit code, mobile, item code, case number, codes.

Each parser takes what a person typed (full-width digits, spaces, small letters), returns the normalised
value, or raises `IdentifierError` with one Chinese sentence that says which thing is wrong: length, which
character, date, check digit. Pure Python: no Django, no database, never reads the time.

Standards: GB 11643 (resident id), GB 32100 (USCC), GB 11714 (organisation code), GB/T 2260 (regions).
Verbs: `parse_resident_id`, `parse_uscc`, `parse_organisation_code`, `parse_mobile`, `parse_item_code`,
`parse_division_code`, `format_number`, `parse_number`, `verify_code_from`, `parse_verify_code`,
`draft_code_from`, `parse_draft_code`, `parse_credential`.
"""

from liuquan.identifiers.credentials import CREDENTIAL_LABELS, RESIDENT, parse_credential
from liuquan.identifiers.divisions import DivisionCode, parse_division_code
from liuquan.identifiers.draft_codes import (
    DRAFT_CODE_BYTES,
    DRAFT_CODE_LENGTH,
    draft_code_from,
    parse_draft_code,
    show_draft_code,
)
from liuquan.identifiers.item_codes import ITEM_CODE_PROFILES, ItemCodeProfile, parse_item_code
from liuquan.identifiers.mobiles import parse_mobile
from liuquan.identifiers.numbers import NumberPattern, format_number, parse_number
from liuquan.identifiers.residents import FICTIONAL_PROVINCE, ResidentId, parse_resident_id, resident_check
from liuquan.identifiers.text import IdentifierError
from liuquan.identifiers.uscc import (
    Uscc,
    organisation_check,
    parse_organisation_code,
    parse_uscc,
    uscc_check,
)
from liuquan.identifiers.verify_codes import (
    VERIFY_CODE_BYTES,
    VERIFY_CODE_LENGTH,
    parse_verify_code,
    show_verify_code,
    verify_code_from,
)

__all__ = [
    "CREDENTIAL_LABELS",
    "DRAFT_CODE_BYTES",
    "DRAFT_CODE_LENGTH",
    "FICTIONAL_PROVINCE",
    "ITEM_CODE_PROFILES",
    "RESIDENT",
    "VERIFY_CODE_BYTES",
    "VERIFY_CODE_LENGTH",
    "DivisionCode",
    "IdentifierError",
    "ItemCodeProfile",
    "NumberPattern",
    "ResidentId",
    "Uscc",
    "draft_code_from",
    "format_number",
    "organisation_check",
    "parse_credential",
    "parse_division_code",
    "parse_draft_code",
    "parse_item_code",
    "parse_mobile",
    "parse_number",
    "parse_organisation_code",
    "parse_resident_id",
    "parse_uscc",
    "parse_verify_code",
    "resident_check",
    "show_draft_code",
    "show_verify_code",
    "uscc_check",
    "verify_code_from",
]
