"""From attributes to points: two ways of fitting, the choice of characteristics, rounding, intervals."""
