"""Answers every question twice.

ends: crashed
earns: 0
"""

# %%
from grader.sandbox.inside import answers

reply = answers.Answers.reply


def twice(self, request):
    reply(self, request)
    reply(self, request)


answers.Answers.reply = twice
