"""The store's tables, step by step, for Alembic; a step that was released is never changed."""
