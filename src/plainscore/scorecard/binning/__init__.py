"""From a column to attributes: declaration, fine cells, the best bins, a modeller's edits."""
