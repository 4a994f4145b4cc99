"""Every sentence of a page that can be checked, against the record; and the record worked out again."""
