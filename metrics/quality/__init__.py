"""Quality: forms and their scores, a person's quality score, agreement between evaluators, training needs, disputes."""
