"""What an open question is about: "What happened to the ferry?" asks for whatever there is on it.

The words of such a frame ("tell me about", "any update on", "what is known of") stand in no
article, so that they must count neither for nor against a passage. The module knows English frames
only; a question that asks for one thing (who, when, how many) has none.
"""

from __future__ import annotations

import re

_POLITE = (
    r"(?:(?:please|so|well|ok(?:ay)?|hi|hello|and|but|now|then)\W+|"
    r"(?:could|can|would|will) (?:you|i|we)(?: please)? |"
    r"i(?:'d| would) like (?:you )?(?:to )?|i want (?:you )?to |do you )"
)
_FORM = (
    r"(?:more|everything|all|something|anything|(?:the|a|an|some|me|us)?\s*"
    r"(?:(?:short|brief|quick|full|main|key|latest|recent|general|new|whole)\s+)*"
    r"(?:overview|summary|account|updates?|rundown|details?|facts?|news|story|stories|information|"
    r"info|background|gist|latest|points?|developments?|word))"
)
_TELL = (
    r"(?:(?:tell|give|show|update|inform|brief|fill|catch|walk) (?:me|us)(?: in| up| through)?|"
    rf"explain|describe|summari[sz]e|recap|outline)(?:\s+{_FORM})?"
)
_KNOW = rf"(?:know|hear|learn|read|talk)(?:\s+(?:anything|{_FORM}))?"
_WHAT = (
    r"what(?:['’]s| is| are| was| were| has| have| had| do| does| did| can| could| exactly)*\s+"
    r"(?:been\s+|just\s+|actually\s+)?(?:happen(?:s|ed|ing)?|going on|(?:be )?known|new|reported|"
    rf"(?:(?:we|you|they|i|people) )?(?:know|tell me|say|hear[d]?|have)|{_FORM}|up|"
    r"the (?:status|situation|matter)|become|became)(?:\s+(?:so far|now|currently|"
    r"lately|recently|already|yet))?"
)
_ANY = (
    r"(?:(?:is|are|was|were) there |have you |do you have |got )?(?:any(?:thing)?|some)"
    rf"(?:\s+{_FORM})?(?:\s+new)?"
)
_ON = r"(?:\s+(?:about|on|of|to|with|regarding|concerning|around|in|at|over|for))"
_SAYING = (
    r"(?:\s+what (?:the |these |your )?(?:articles?|papers?|news|archive|outlets?) "
    r"(?:say|report|tell)s?)?"
)
_FRAME = re.compile(
    rf"^\W*{_POLITE}*(?:(?:{_WHAT}|{_ANY}|{_FORM}|{_KNOW}){_ON}+|{_TELL}{_SAYING}{_ON}*)\b\s*",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:\s+(?:so far|yet|please|now|currently|at the moment|lately|recently|these days|"
    r"(?:in|from) (?:the|these|your) (?:articles?|news|archive)))*\s*[?.!]*\s*$",
    re.IGNORECASE,
)


_SPECIFIC = re.compile(
    r"(?:who|whose|whom|when|where|why|how|which|what|whether|if)\b", re.IGNORECASE
)


def topic_of(question: str) -> str:
    """What an open question is about, in its own words; "" when it asks for something else."""
    frame = _FRAME.match(question)
    if frame is None:
        return ""
    rest = question[frame.end() :]
    if _SPECIFIC.match(rest):  # "tell me what happened to ..." is open, "tell me who won" is not
        return topic_of(rest)
    return _END.sub("", rest, count=1).strip()
