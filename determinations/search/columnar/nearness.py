"""stub"""


def raised_by_nearness(question, snapshot, ids, scores):
    return scores
