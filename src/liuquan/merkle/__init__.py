"""The transparency log, as values and rules: tree, tiles, checkpoints, witnesses, receipts, answers.

An entry of the journal becomes a leaf of a Merkle tree; the tree's head is signed and cosigned by other
offices; with a receipt anybody can prove offline that the entry is in it, and with two heads that nothing was
taken out or changed between them. Pure Python: knows no Django and no database, never reads
the time, stores and fetches nothing; needs `cryptography` alone. `verifier/` builds the stand-alone
`liuquan-verify` from these files.

Standards: RFC 9162; C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-witness; SM3 (GB/T
32905) and SM2 (GB/T 32918) as a profile.
Cites: 行政许可法 第四十条, 个人信息保护法 第四十七条

Verbs: grow a log (`TileEdge.grown`, `read_edge`), prove (`inclusion_path`, `consistency_path` over `Tree` or
`TiledTree`), check (`check_inclusion`, `check_consistency`, `check_advance`, `check_bundle`), sign
(`checkpoint_of`, `Checkpoint.signed`, `Note.signed`), open (`Trust.open`), `verify`.
"""

from liuquan.merkle.answers import Answer, Check, beijing, verify
from liuquan.merkle.attachments import attach_receipt, detach_receipt
from liuquan.merkle.checkpoints import (
    Checkpoint,
    Cosigned,
    OpenedCheckpoint,
    checkpoint_of,
    open_checkpoint,
    parse_checkpoint,
)
from liuquan.merkle.commitments import Opening, canonical_json
from liuquan.merkle.errors import MAX_SIZE, Fault, RecordError
from liuquan.merkle.hashing import HASH_BYTES, SHA256, SM3, TreeHash, tree_hash
from liuquan.merkle.keys import Algorithm, Signer, VerifierKey, ed25519_signer, parse_key
from liuquan.merkle.leaves import Leaf, parse_leaf
from liuquan.merkle.notes import Note, Signature, parse_note, parse_signatures
from liuquan.merkle.proofs import (
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    root_from_inclusion,
)
from liuquan.merkle.receipts import MAX_RECEIPT, Receipt, parse_receipt
from liuquan.merkle.tile_edge import Fetch, TiledTree, TileEdge, read_edge
from liuquan.merkle.tiles import (
    CHECKPOINT_PATH,
    MAX_ENTRY,
    WIDTH,
    Tile,
    check_bundle,
    check_tile,
    edge_tiles,
    pack_entries,
    parse_path,
    tiles_between,
    tiles_of,
    unpack_entries,
)
from liuquan.merkle.tree import Edge, Nodes, Tree, first_difference, range_root
from liuquan.merkle.trust import Trust, TrustedKey, parse_trust
from liuquan.merkle.witnesses import Advance, check_advance, parse_advance

__all__ = [
    "CHECKPOINT_PATH",
    "HASH_BYTES",
    "MAX_ENTRY",
    "MAX_RECEIPT",
    "MAX_SIZE",
    "SHA256",
    "SM3",
    "WIDTH",
    "Advance",
    "Algorithm",
    "Answer",
    "Check",
    "Checkpoint",
    "Cosigned",
    "Edge",
    "Fault",
    "Fetch",
    "Leaf",
    "Nodes",
    "Note",
    "OpenedCheckpoint",
    "Opening",
    "Receipt",
    "RecordError",
    "Signature",
    "Signer",
    "Tile",
    "TileEdge",
    "TiledTree",
    "Tree",
    "TreeHash",
    "Trust",
    "TrustedKey",
    "VerifierKey",
    "attach_receipt",
    "beijing",
    "canonical_json",
    "check_advance",
    "check_bundle",
    "check_consistency",
    "check_inclusion",
    "check_tile",
    "checkpoint_of",
    "consistency_path",
    "detach_receipt",
    "ed25519_signer",
    "edge_tiles",
    "first_difference",
    "inclusion_path",
    "open_checkpoint",
    "pack_entries",
    "parse_advance",
    "parse_checkpoint",
    "parse_key",
    "parse_leaf",
    "parse_note",
    "parse_path",
    "parse_receipt",
    "parse_signatures",
    "parse_trust",
    "range_root",
    "read_edge",
    "root_from_inclusion",
    "tiles_between",
    "tiles_of",
    "tree_hash",
    "unpack_entries",
    "verify",
]
