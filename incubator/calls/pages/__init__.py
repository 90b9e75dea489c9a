"""Pages of calls: the list, the public page, and what their manager does."""

from incubator.calls.pages import editing, listing, public, publishing

HANDLERS = [*listing.HANDLERS, *editing.HANDLERS, *public.HANDLERS, *publishing.HANDLERS]
