"""Foreign code as a mechanism: a function, a method or a program that somebody else wrote.

`Foreign` is a `Procedure` of the rule language, so that a rule made of it has settings, properties,
evidence and replays like any other. The code itself runs in a worker process (`session`).
"""
