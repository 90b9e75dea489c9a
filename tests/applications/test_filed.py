"""What a deposit keeps of the project, and that deposits made before it was kept hash as they did."""

from __future__ import annotations

import hashlib
from uuid import UUID

from incubator.applications.rules.dossier import Content, canonical, content_hash
from incubator.applications.rules.filed import FiledCard, FiledDocument, FiledMember

BEFORE = Content({"1.1": "Vélos"}, "AAC-1", 1, UUID(int=1), UUID(int=2), "Repair’Bus", "pre_incubation")
# Written down as deposits were before the project was kept with them.
AS_IT_WAS = (
    '{"answers":{"1.1":"Vélos"},"call":"AAC-1","form":"00000000-0000-0000-0000-000000000001","ordinal":1,'
    '"phase":"pre_incubation","project":"00000000-0000-0000-0000-000000000002","project_name":"Repair’Bus"}'
)


def test_the_hash_of_older_deposits_is_unchanged():
    """R4: their receipts hold for ever."""
    assert canonical(BEFORE).decode() == AS_IT_WAS
    assert content_hash(BEFORE) == hashlib.sha256(AS_IT_WAS.encode()).hexdigest()


def test_everything_kept_is_hashed():
    card = FiledCard("Repair’Bus", "Un atelier", "37261", "Tours", "Tours Métropole", "Indre-et-Loire")
    file = FiledDocument("9.1", UUID(int=3), "cv.pdf", 12, "ab" * 32)
    whole = Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Aïcha", "depositor"),), files=(file,))
    others = [
        Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Aïcha", "depositor"),)),
        Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Basile", "depositor"),), files=(file,)),
        Content({"1.1": "Vélos"}, card=FiledCard("Autre"), team=(FiledMember("Aïcha", "depositor"),), files=(file,)),
    ]
    assert len({content_hash(one) for one in [whole, *others]}) == 4
