"""Pages of calls: the list, the public page, and what their manager does."""

from incubator.calls.pages import (
    adopting,
    building,
    building_questions,
    drafts,
    editing,
    eligibility,
    faq,
    grids,
    importing,
    listing,
    public,
    publishing,
    self_test,
    subscriptions,
)

HANDLERS = [
    *listing.HANDLERS,
    *importing.HANDLERS,
    *editing.HANDLERS,
    *public.HANDLERS,
    *publishing.HANDLERS,
    *faq.HANDLERS,
    *self_test.HANDLERS,
    *subscriptions.HANDLERS,
    *drafts.HANDLERS,
    *building.HANDLERS,
    *building_questions.HANDLERS,
    *eligibility.HANDLERS,
    *grids.HANDLERS,
    *adopting.HANDLERS,
]
