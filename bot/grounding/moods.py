"""What a sentence does: ask for work, put a question, be a line of code, or state something.

Only the first words, the end and a list of verbs are looked at, for English; no parser is loaded.
The module does not know who is asked: "Write a poem" is a request in a cookery column too.
"""

from __future__ import annotations

import re

# The verbs of the things that people ask an assistant to do. The second list holds words that are
# nouns as often as verbs: they count as requests only before a determiner or a pronoun.
_TASKS = (
    r"(?:write|compose|generate|craft|provide|suggest|recommend|describe|explain|elaborate|define|"
    r"summari[sz]e|paraphrase|rephrase|rewrite|translate|convert|transform|encode|decode|"
    r"analy[sz]e|evaluate|compare|contrast|classify|categori[sz]e|determine|identify|calculate|"
    r"compute|solve|compile|formulate|brainstorm|replace|substitute|insert|append|prepend|"
    r"incorporate|integrate|introduce|utili[sz]e|employ|modify|enhance|augment|scramble|reverse|"
    r"capitali[sz]e|imagine|pretend|roleplay|recite|simulate|create|develop|discuss|tell me|"
    r"show me|help me|give me|teach me|assist me|guide me|walk me|let me know|implement|infer|"
    r"detect|proofread|debug|optimi[sz]e|merge|render|embed|deploy|leverage|apply|inject|weave|"
    r"fuse|present|interpret|predict|estimate|add|include)"
)
_AMBIGUOUS = (
    r"(?:list|outline|draft|design|produce|show|tell|help|give|teach|guide|name|plan|organi[sz]e|"
    r"schedule|research|edit|correct|fix|code|program|use|build|find|sing|act|assess|review|report|"
    r"highlight|sort|rank|count|extract|express|make|combine|remove|omit|print|output|state|answer)"
)
_DETERMINER = (
    r"(?:an?|the|this|that|these|those|my|your|me|us|all|any|some|every|each|how|what|why|when|"
    r"where|"
    r"which|whether|who|in|at least|\d+|one|two|three|four|five|six|seven|eight|nine|ten|[\"“'‘])"
)
_NO_OBJECT = r"(?!\s*(?:,|\.|:|(?:is|was|are|were|has|had|of)\b|and (?:not )?\w+ed\b))"
_REQUEST = re.compile(
    r"^[\s\"'“‘*_#>-]*"
    r"(?:(?:please|now|also|next|then|finally|kindly|begin by|start by)[,:]?\s+)?"
    r"(?:(?:can|could|would|will) you (?:please )?|I (?:want|need|would like) you to |"
    r"remember to |(?:do not|don't|don’t|never) (?:hesitate|forget) to )?"
    rf"(?:{_TASKS}\b{_NO_OBJECT}|{_AMBIGUOUS}\s+{_DETERMINER})",
    re.IGNORECASE,
)
# Other imperatives: they ask for no piece of work, and state nothing either.
_COMMAND = re.compile(
    r"^[\s\"'“‘*_#>-]*(?:(?:please|now|also|next|then|finally|kindly)[,:]?\s+)?"
    r"(?:(?:do not|don't|don’t|never) [a-z]+\s|(?:say|mention|praise|stop|abort|switch|speak|talk|"
    r"become|take on|adopt|assume|reveal|disclose|make no|be|keep|visit|follow|repeat)\s+"
    rf"(?:{_DETERMINER}|only|no|not|to|https?:))\b",
    re.IGNORECASE,
)
# A request glued to a sentence that lost its end: a capital amid the sentence, then small letters.
_GLUED = re.compile(
    r"(?<=\s)(?=[A-Z][a-z]{1,10} )"
    rf"(?=(?i:{_TASKS}|respond|reply)(?= [a-z\"“'‘])"
    rf"|(?i:{_AMBIGUOUS})(?= (?:an?|the|your|me|how) )"
    r"|(?:In|Within|Throughout|At|For)(?= (?:the (?:end|start|beginning) of )?your ))"
)
_QUESTION = re.compile(r"[?？؟]\s*[\"'”’»)\]]*\s*$")
_CODE_LINE = re.compile(
    r"```|^\s*(?:import [\w., ]+$|from [\w.]+ import |def \w+\(|class \w+[:(]|while True|"
    r"for \w+ in .*:$|try:|except\b.*:$|with \w+.*:$|#!/|\$ \w+|sudo \w)|"
    r"\w+(?:\.\w+)+\([^)]*\)?|\w+\s*=\s*[\w.]+\(|[;{}]\s*$"
)

_AROUND = ".,:;!?\"'“”‘’«»()[]*_~<>-–—…"
# Letters, within which a mark may stand, or a number: "co-op's", "U.S", "1,200", "12th".
_ORDINARY = re.compile(
    r"[A-Za-z]{1,25}(?:['/.&-][A-Za-z]{1,25}){0,5}|[$£€]?\d[\d,.:/-]{0,12}[a-z%]{0,5}"
)


def parts(sentence: str) -> list[str]:
    """The sentence, and each request that is glued to it without a full stop between."""
    return [sentence, *(sentence[match.start() :] for match in _GLUED.finditer(sentence))]


def is_request(sentence: str) -> bool:
    """Whether the sentence asks for a piece of work, as people ask an assistant for it."""
    return any(_REQUEST.search(part) for part in parts(sentence))


def is_command(sentence: str) -> bool:
    """Whether the sentence tells somebody what to do, whatever it is."""
    return is_request(sentence) or bool(_COMMAND.match(sentence))


def is_question(sentence: str) -> bool:
    """Whether the sentence is a question."""
    return bool(_QUESTION.search(sentence))


def is_code(sentence: str) -> bool:
    """Whether the sentence is a line of program code."""
    return bool(_CODE_LINE.search(sentence))


def is_prose(sentence: str) -> bool:
    """Whether at least half of the sentence is words; a cipher says nothing to readers."""
    tokens = sentence.split()
    words = sum(len(token) for token in tokens if _is_word(token.strip(_AROUND)))
    return 2 * words >= sum(map(len, tokens))


def _is_word(token: str) -> bool:
    if not token.isascii():
        return any(character.isalpha() for character in token)
    return _ORDINARY.fullmatch(token) is not None
