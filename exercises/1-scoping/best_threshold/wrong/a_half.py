"""Cuts at 0.5, as every classifier does that nobody asked.

rejected by: test_the_best_threshold_of_the_example, test_the_best_of_all_scores,
test_only_the_order_of_the_scores_counts
"""


def best_threshold(y, p, gain, cost, max_share):
    return 0.5
