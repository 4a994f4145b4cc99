"""The log: a Merkle tree that shows every later change, its proofs, its signed checkpoints and its audit.

The tree is that of RFC 9162; checkpoints are signed notes, as transparency logs use them (C2SP).
This room keeps nothing: nodes come from whoever has a store (`Nodes`). What a row is, it does not know.

An inner door: other rooms use these names, and a version may change them.
"""

from plainscore.log._audit import Audit, Edge, altered_nodes, audit
from plainscore.log._canonical_json import canonical_json
from plainscore.log._checkpoint import Checkpoint, read_checkpoint, sign
from plainscore.log._errors import (
    AlteredLogError,
    CheckpointError,
    LeafError,
    LogError,
    LogKeyError,
    NodeError,
    ProofError,
)
from plainscore.log._hashes import EMPTY_ROOT, leaf_hash, node_hash
from plainscore.log._key import (
    LogKey,
    PublicKey,
    checked_name,
    key_from_seed,
    key_text,
    new_key,
    read_key,
    read_public_key,
)
from plainscore.log._leaf import Leaf, leaf_bytes, read_leaf
from plainscore.log._log_export import exported_leaves, exported_notes, verifier_text, write_export
from plainscore.log._nodes import MemoryNodes, Node, Nodes, Place
from plainscore.log._proofs import verify_consistency, verify_inclusion
from plainscore.log._tree import append, consistency_proof, inclusion_proof, node_count, root_of

__all__ = [
    "EMPTY_ROOT",
    "AlteredLogError",
    "Audit",
    "Checkpoint",
    "CheckpointError",
    "Edge",
    "Leaf",
    "LeafError",
    "LogError",
    "LogKey",
    "LogKeyError",
    "MemoryNodes",
    "Node",
    "NodeError",
    "Nodes",
    "Place",
    "ProofError",
    "PublicKey",
    "altered_nodes",
    "append",
    "audit",
    "canonical_json",
    "checked_name",
    "consistency_proof",
    "exported_leaves",
    "exported_notes",
    "inclusion_proof",
    "key_from_seed",
    "key_text",
    "leaf_bytes",
    "leaf_hash",
    "new_key",
    "node_count",
    "node_hash",
    "read_checkpoint",
    "read_key",
    "read_leaf",
    "read_public_key",
    "root_of",
    "sign",
    "verifier_text",
    "verify_consistency",
    "verify_inclusion",
    "write_export",
]
