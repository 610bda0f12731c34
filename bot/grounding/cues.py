"""What gives away a sentence that speaks to a language model instead of to a reader.

Each cue is a pattern with a name that a person understands. The families follow the attacks that
BIPIA (Yi et al. 2023), PIGuard (Li et al. 2024) and Greshake et al. (2023) describe: overriding the
instructions, steering the reply, taking a role, waiting for a trigger, imitating the frame of a
prompt, smuggling code, and leaking through a link. Cues need an imperative or a second person, so
that a report about such attacks ("he told it to ignore its instructions") carries none of them.

The module knows single sentences only, already undisguised, and nothing about articles; what other
languages say stands in `tongues`.
"""

from __future__ import annotations

import re
from functools import cache

from bot.grounding import moods, tongues

# Where an imperative can begin: a sentence, a clause, or after words that ask.
_ASKED = (
    r"(?:(?:^|[.!?:;,>\])|*#~`\n–—-])[\s\"'“‘*_]*"
    r"(?:(?:please|now|then|also|and|but|instead|first|next|finally|simply|just|kindly|always|"
    r"attention|important|note|today|only)[,:!]?\s+)*"
    r"(?:(?:(?:can|could|would|will) you (?:please )?"
    r"|(?:do not|don't|don’t|never) (?:hesitate|forget|fail) to "
    r"|(?:remember|be sure|make sure|feel free|you (?:have|need|ought|are required)) to "
    r"|you (?:must|should|shall|will|can|may) "
    r"|I (?:want|need|would like|command|order) you to )(?:now |always |only |instead )?)?)"
)
_REPLY = r"(?:response|answer|reply|output|completion|summary|summaries|replies)s?"
_OUTPUT = (
    rf"(?:{_REPLY}|elucidation|explanation|generated text|generation|translation|message|digest|"
    r"briefing)"
)
_MODEL = (
    r"(?:(?:A\.?I\.?|LLM|language|automated|virtual|digital|helpful) (?:language )?"
    r"(?:models?|assistants?|systems?|agents?|summari[sz]ers?|chat ?bots?|bots?|tools?|readers?)|"
    r"A\.?I\.?|artificial intelligence|LLMs?|GPT[\w.-]*|ChatGPT|Claude|Gemini|Copilot|Newsbot|"
    r"chat ?bots?|bots?|assistants?|summari[sz]ers?|DAN)\b"
)
_PRIOR = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|past|former|system|initial|original|"
    r"existing|current|hidden|safety|developer|your|given|other)"
)
_RULES = (
    r"(?:instructions?|prompts?|directions?|directives?|commands?|orders?|guidelines?|rules?|"
    r"guidance|advice|restrictions?|constraints?|polic(?:y|ies)|programming|training|messages?|"
    r"context|tasks?|requests?|quer(?:y|ies)|information|conversations?|texts?|articles?|"
    r"guardrails?|safeguards?|filters?|passages?|sources?)"
)
_THIS = r"this(?: (?:article|text|page|story|piece|document|passage|post|item))?"
_SAY = (
    r"(?:say|answer|respond|reply|write|tell|state|output|mention|include|claim|report|recommend|"
    r"add|print|give|direct|point|insist|deny|refuse|conclude|omit)"
)
_SHOULD = r"(?:please |always |only |you (?:must|should|will) )*"
# What readers, not models, are asked to do with an answer of theirs.
_READERS_DO = (
    r"(?:send|share|post|submit|leave|e-?mail|mail|record|check|read|hear|receive|get|see|enter|"
    r"save|choose|mark|click|upload)"
)

# What begins a clause that reports, be it after a comma: no verb, so nothing that is asked.
_NO_VERB = (
    r"(?:an?|the|this|that|these|those|there|it|he|she|we|they|his|her|its|our|their|some|many|"
    r"most|several|few|both|other|others|no|yes|who|whom|whose|which|what|how|why|is|was|are|were|"
    r"has|had|as|if|once|when|whenever|while|after|before|since|because|although|though|whether|"
    r"unless|until|so|I (?!want|need|would|order|command|expect|demand|ask)\w+)"
)

_PATTERNS = {
    "tells a model to drop its instructions": [
        rf"{_ASKED}(?:completely |totally |simply )?(?:ignore|disregard|forget|override|bypass|"
        r"discard|neglect|cancel|erase|skip|disobey|break|stop following|"
        r"(?:do not|don't|don’t|never) (?:follow|obey|listen to|heed))\b"
        rf"[^.!?]{{0,40}}?\b(?:{_PRIOR} [\w' ]{{0,25}}?{_RULES}|{_RULES}\b[^.!?]{{0,20}}\b(?:above|"
        r"before|so far|you (?:were|have been|had been|are|got|received|learned)))\b",
        rf"{_ASKED}(?:ignore|disregard|forget)\s+(?:all\s+|everything\s+)?(?:of\s+)?(?:the\s+|"
        r"that\s+)?(?:above|before|previous|prior|preceding|"
        r"(?:you (?:were|have been) (?:told|given|asked)))\b",
        rf"{_ASKED}pretend to have forgotten\b",
        r"\b(?:new|updated|real|actual|revised) (?:system )?(?:instructions?|prompt|task|"
        r"directive)s?\s*:",
        r"\bthe (?:previous|prior|above|preceding) instructions? (?:are|is|were|was) (?:no longer|"
        r"now|void|invalid|obsolete|cancel|superseded|wrong|only|just|a test|fake)",
        r"\byou (?:are|have been) (?:now )?(?:freed?|released|liberated|exempt) from (?:all |any |"
        r"your )",
        r"\ball (?:previous|prior|earlier|preceding) instructions (?:are|have been) ",
        r"\b(?:rules|instructions|guidelines|directives|prompt)\b (?:above|at the (?:top|start|"
        r"beginning)|"
        r"before this)\b[^.!?]{0,30}\b(?:no longer|were|was|are|is|do not|don't)\b",
        r"\b(?:rules|guidelines|restrictions|filters|policies) (?:do not|don't|no longer) apply to "
        r"you\b",
        r"\byou (?:no longer (?:have|need) to|need not|don't have to) (?:follow|obey|heed)\b",
        rf"{_ASKED}(?:stop|abort|cancel|halt|quit|skip) (?:the |this |your )?(?:summar(?:y|"
        rf"i[sz]ing)|"
        r"translati(?:on|ng)|answering)\b",
        r"\byou have a new (?:mission|task|goal|role|objective)\b",
        r"\byour (?:role|task|mission|goal|purpose) (?:now|from now on) is\b",
        r"\byour (?:previous |current |original )?(?:task|instructions?|prompt|objective)s? (?:has|"
        r"have|"
        r"is|are|will)?\s?(?:now |been )*(?:chang\w+|complete[d]?|over|finished|replaced|"
        r"updated)\b",
        r"\b(?:the )?(?:next|new|real|actual) task(?: is to [a-z]+| ?: ?[a-z]+)",
        r"\bnow that (?:the|this) (?:article|text|document|passage|page) (?:is|has)\b",
        r"\bwhen you (?:reach|read|see|encounter|get to|come to) this (?:sentence|line|text|"
        r"message|"
        r"point|paragraph)\b",
    ],
    "steers the reply of a model": [
        rf"{_ASKED}(?!(?:{_READERS_DO}|{_NO_VERB})\b)[a-z]+\b[^.!?]*"
        rf"\byour (?:\w+ ){{0,2}}{_OUTPUT}(?:'s?|’s?)?(?!\w)",
        r"^\W*(?:in|within|throughout|at the (?:end|start|beginning|top|bottom) of|for) "
        rf"(?:your (?:\w+ )?{_OUTPUT}|(?:the|any|every|each|a) {_REPLY}(?: of this \w+)?,? "
        rf"{_SHOULD}{_SAY})\b",
        rf"{_ASKED}[a-z]+\b[^.!?]*\b(?:in|to) (?:every|each|all|any) (?:\w+ )?{_REPLY}\W*$",
        r"\byour (?:\w+ )?(?:response|reply|answer|output|completion|summary)s? (?:must|should|"
        r"shall|needs? to|has to|have to|is to|will only|may only|cannot)\b",
        rf"{_ASKED}(?:respond|reply|answer)\s+(?:only|just|always|solely|exclusively|back|strictly|"
        r"with|in|using|as|by|from|to (?:every|all|any|each|the (?:user|question|following))|"
        r"the (?:question|user)|every|all|each|like)\b",
        rf"{_ASKED}(?:output|print|say|state|return|repeat|write|type|begin|start|end|finish|"
        r"conclude)\s+(?:only|exactly|nothing but|verbatim|the (?:following )?(?:words?|phrases?|"
        r"strings?|text)\b|(?:with|by saying|by printing) (?:the )?(?:words?|phrases?|[\"“']))",
        rf"(?:{_ASKED}|\band )output the\b",
        rf"{_ASKED}(?:confirm|begin|start|end|acknowledge|reply|respond|finish)[^.!?]{{0,30}}\b"
        r"(?:by|with) (?:saying|responding|replying|answering|printing|outputting)\b",
        rf"(?:{_ASKED}|\band )(?:repeat|reveal|print|show|display|output|tell me|disclose|leak|"
        r"share|give me|send|list|translate|summari[sz]e)\b[^.!?]{0,40}\b(?:system prompt|"
        r"(?:your|the above|the previous|the initial|the hidden) (?:\w+ )?(?:instructions?|"
        r"prompts?|rules|guidelines)|chat history|conversation history|API keys?|"
        r"user['’]s (?:\w+ )?(?:password|e-?mail|credentials|data))",
        # of no reader's reply, but of what is made of "this article"
        rf"\b{_REPLY} (?:of|to|about|on) (?:any (?:question|quer\w+) (?:of|to|about|on) )?{_THIS}\b"
        r"[^.!?]{0,20}\b(?:should|must|ought|shall|has to|have to|needs? to|is|are|reads?|"
        r"mentions?|"
        r"says?|states?|includes?|leads?|begins?)\b",
        rf"\bthe (?:final|generated|automatic|model's) {_REPLY} (?:should|must|ought to|shall) ",
        rf"\bif (?:the|any) {_REPLY} (?:said|mentioned|stated|began|opened|started|led|included|"
        rf"called|left "
        rf"out)\b",
        r"\b(?:would|could|might) (?:be|help|mean)\b[^.!?]{0,40} if you (?:could |would )?"
        r"(?:wrote|said|mentioned|answered|replied|added|left out|described|stated|concluded|write|"
        r"say|mention|answer|reply|add|leave out|describe|state) ",
        rf"\b(?:an?|any|every|the) (?:faithful|good|accurate|fair|honest|proper|complete|correct) "
        rf"{_REPLY} (?:will|would|must|should) {_SAY}\b",
        rf"\b{_REPLY} to (?:every|each|any|all) questions? (?:below|above|here|that follows?|"
        rf"you)\b",
        r"\b(?:whatever|no matter what|however)\b[^.!?]{0,30}\b(?:asked?|"
        r"questions?)\b[^.!?]{0,20}, "
        rf"{_SHOULD}{_SAY}\b",
        r"\b(?:when|before|after|if|as) you (?:summari[sz]e|translate|answer|process|index) "
        r"(?:this|the|any)\b",
        r"\b(?:anyone|anybody|everyone|everybody|whoever|those) (?:who is |is )?(?:summari[sz]ing|"
        rf"producing|writing|making|preparing) (?:an? |the )?(?:abstract|summary|digest|synopsis) "
        rf"of {_THIS}\b",
        r"\b(?:would|do) you mind (?:answering|replying|saying|writing|mentioning|"
        r"summari[sz]ing)\b",
        r"\b(?:ask|suggest|request|propose|recommend|insist) that (?:you|the (?:assistant|model)) "
        r"(?:now |only |always )?(?:reply|answer|respond|summari[sz]e|say|write|mention|output|"
        r"omit)\b",
        r"\bthank(?:s| you) for (?:summari[sz]ing|translating|answering|processing) th(?:is|e)\b",
        rf"\b(?:whoever|anyone who|everyone who|anybody who|those who) (?:summari[sz]es?|"
        rf"translates?|"
        rf"process(?:es)?|answers? questions about) {_THIS}\b",
        rf"{_ASKED}(?:read out|recount|recite|repeat|copy|quote)\b[^.!?]{{0,20}}\b(?:earlier|"
        rf"previous|"
        r"prior|whole|entire|hidden) (?:conversation|chat|dialogue|messages?)\b",
        rf"{_ASKED}(?:tell|inform|advise|convince|persuade|urge|direct|remind|encourage|warn) "
        r"(?:the |all |every |any )users?\b",
        rf"{_ASKED}(?:do not |don't |never )?(?:translate|summari[sz]e|rewrite|"
        r"paraphrase|rephrase|classify|describe|rate|praise|review) "
        r"(?:this|the (?:above|following|preceding|previous)) (?:article|text|page|story|"
        r"document|passage|paper|sentence|paragraph|tweet|message)s?\b",
    ],
    "gives a model a role": [
        r"(?:^|[.!?:;,>\n]\s*|\b(?:imagine|assume|pretend|suppose|where|because) (?:that )?)"
        r"[\"'“]?you are (?:now |henceforth |actually |no longer |going to be )*"
        rf"(?:an? |the |my |just |only )?(?:\w+ ){{0,4}}?{_MODEL}",
        r"\byou (?:will|shall|must) (?:now )?(?:be called|be known as|act as|play the role|pretend|"
        r"behave as|answer|respond|reply|roleplay|role-play)\b",
        r"\bfrom (?:now|this (?:point|moment)) on(?:wards?)?,? you\b",
        rf"{_ASKED}(?:act|behave|respond|answer|speak|write|reply|talk|pose) as (?:if you (?:are|"
        rf"were)|though you|an? (?:\w+ ){{0,4}}?{_MODEL}|DAN)",
        rf"{_ASKED}(?:enter|enable|activate|switch to|you are (?:now )?in) (?:\w+ ){{0,3}}"
        r"(?:developer|debug|DAN|jailbreak|god|admin(?:istrator)?|unrestricted|maintenance) mode\b",
        rf"^\W*as an? {_MODEL}(?: \w+)?,? (?:you|your)\b",
        r"\b(?:developer|debug|DAN|jailbreak|god|admin|administrator|sudo|unrestricted|"
        r"maintenance) "
        r"(?:mode (?:is )?(?:now )?(?:enabled|on|active|activated|unlocked)|override (?:code|"
        r"accepted))\b",
        rf"\byou(?:'re|’re| are) (?:now )?(?:{_MODEL} now|an? (?:\w+ ){{1,4}}now)(?=[.!,;]|$)",
        r"\byour (?:new )?name is (?:now )?[^.!?]{1,40} and you\b",
        r"^\W*(?:let(?:'s| us) (?:play|role-?play)|role-?play|imagine a game)\b[^.!?]{0,60}\byou\b",
        rf"{_ASKED}(?:stay|remain) in character\b",
        rf"{_ASKED}(?:take on|adopt|assume) the (?:persona|role|identity|character) of\b",
        r"\b(?:rest|remainder) of (?:this|the|our) (?:conversation|chat|dialogue|session)\b",
        rf"{_ASKED}(?:act|behave|speak|write|talk) like an? [^.!?]{{1,40}}\b(?:from (?:here|now) "
        rf"on|"
        r"for the rest of)\b",
        rf"\byou, the {_MODEL}",
        rf"\bthe (?:assistant|{_MODEL} reading this|model(?: reading this)?|summari[sz]er) "
        rf"(?:should|"
        r"must|shall|needs to|has to|ought to|is (?:asked|required|requested|instructed|ordered) "
        r"to) "
        r"(?:now |always |only )*(?:reply|answer|respond|say|state|output|mention|write|conclude|"
        r"omit)\b",
    ],
    "waits for a model to be asked": [
        r"\b(?:when(?:ever)?|if|once|should)(?: you(?:'re|’re)?)?(?: are)?(?: ever)? (?:asked|"
        r"prompted|requested|queried|instructed)\b[^.!?]{0,80}?"
        rf"(?:[,:] {_SHOULD}{_SAY}\b|\b{_SHOULD}(?<!would )(?<!to ){_SAY} that\b)",
        r"\b(?:when(?:ever)?|if|once|before|while|after) (?:you are )?(?:summari[sz]ing|"
        r"translating|answering|processing|reading|analy[sz]ing|indexing|responding to|"
        rf"replying to) (?:this|the|these|any)\b[^.!?]{{0,60}}, {_SHOULD}"
        rf"(?:do not |never )?{_SAY}\b",
        r"\binstead of (?:summari[sz]ing|translating|answering|analy[sz]ing)\b[^.!?]{0,60}, [a-z]+",
        r"\b(?:when(?:ever)?|if) (?:the|a|any|your) (?:user|human|reader|person|operator|customer) "
        r"(?:asks?|requests?|wants|inquires|enquires|queries|says|types|mentions)\b[^.!?]{0,80}"
        rf"[,:] {_SHOULD}{_SAY}\b",
        rf"\bif you(?:'re|’re| are) (?:an? )?(?:\w+ ){{0,2}}?{_MODEL}",
        r"\b(?:attention|note|message|notice|warning|instructions?|memo|dear|hello|hey|hi|listen)"
        rf"[,:]?(?: (?:to|for|all|any|every|the|of))*,? {_MODEL}(?: reading| processing|"
        r" summari[sz]ing|[ ,]+(?:please|you))?[^\w\s]",
        rf"\b(?:advisable|essential|important|necessary|crucial|imperative|vital) (?:for|that) "
        rf"(?:any |all "
        rf"|every )?{_MODEL} (?:to )?(?:describe|call|treat|regard|{_SAY})\b",
        rf"\b{_MODEL} (?:should|must|ought to|are to|are (?:asked|required|advised) to) (?:treat|"
        rf"regard|"
        r"consider|state|say|take) (?:this|the following|it|that)\b",
        rf"\bif you (?:can|are able to) (?:read|process|parse|see|understand) (?:this|text|these)\b"
        rf"[^.!?]{{0,20}}, {_SHOULD}{_SAY}\b",
        rf"\b(?:any|all|every) {_MODEL} (?:reading|processing|summari[sz]ing|indexing|parsing|that "
        r"reads?|that summari[sz]es?|who reads?) this\b",
        rf"^\W*{_MODEL} (?:reading|processing|summari[sz]ing|indexing|parsing) (?:this|the)\b"
        r"[^.!?]{0,60}\b(?:must|should|shall|will|are to|is to|please)\b",
        rf"^\W*{_MODEL}\s*[:,]\s*(?:please )?(?:do not |don't |never |always )?(?:{_SAY}|ignore)\b",
    ],
    "imitates the frame of a prompt": [
        r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id|"
        r"end_header_id|begin_of_text|human)\b[^>]{0,40}\|?>",
        r"\[/?INST\]|<</?SYS>>|\[/?(?:system|assistant|user|admin|instructions?)\b[^\]]{0,20}\]",
        r"</?(?:important|hidden|secret|admin|override|reminder|system-reminder|instructions?|"
        r"prompt|"
        r"system_prompt|documents?|context|article|passages?|sources?|"
        r"tool_call|tool|function|untrusted|input)(?:\s[^>]*)?>",
        r"^\W*(?:system|assistant|developer|human|AI)(?: (?:prompt|message|note|override|"
        r"instruction)s?)?\s*:\s*(?:you|please|ignore|do|the (?:user|following|above)|new|from|"
        r"begin|never|always|override|print|output|say|answer|respond)\b",
        r"^\W*#{2,}\s*(?:instructions?|system|response|input|user|assistant|new task)\b",
        r"[-=#%*]{3,}\s*(?:end|begin|start|stop)(?: of)?(?: \w+){0,2}\b",
        r"^\W*(?:human|user|assistant|system)\s*:\s*\S",
        r"^\W*(?:thought|observation|action input|final answer)\s*:\s*\S",
        r"^\W*(?:prompt|instruction|directive|system message)\s*:\s*[a-z]",
        r"^\W*end of (?:the )?(?:article|document|context|input|passage|prompt)\W*$",
        r"[\"'“]role[\"'”]\s*:\s*[\"'“](?:system|user|assistant|developer)\b",
        r"\{\{[#/>]?\s*(?:system|user|assistant)\b",
        r"<\w+\s[^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|"
        r"opacity\s*:\s*0|\shidden)\b[^<>]*>",
        r"\b(?-i:BEGIN|END) (?-i:OF |HIDDEN |NEW |SECRET )?(?-i:SYSTEM|USER|ARTICLE|DOCUMENT|"
        r"CONTEXT|INSTRUCTIONS?|"
        r"PROMPT|INPUT)\b",
    ],
    "smuggles code into a reply": [
        r"\b(?:following|below|subsequent|this|above|attached|enclosed) (?:python |shell |bash |"
        r"sample |given )?code(?: (?:snippet|block|section|excerpt|segment|fragment|sample|example|"
        r"piece|below))?\b[^.!?]*(?:\byour\b|:\s*(?:```|$))",
        r"\byour (?:\w+ ){0,2}(?:code(?:base| foundation)?|implementation|algorithm|solution "
        r"architecture|program logic|script)\b[^.!?]*\bcode\b",
        rf"{_ASKED}(?:run|execute|eval|call|invoke) (?:the|this|these) (?:following |below |"
        r"subsequent )?(?:code|command|script|shell|tool|function)s?\b",
        r"```",
    ],
    "leaks through a link": [
        r"!\[[^\]]{0,200}\]\(\s*https?://[^)\s]{0,500}[?&=${][^)]{0,500}\)",
        rf"{_ASKED}(?:append|add|include|insert|embed|render|load|fetch|open|send|post|upload|"
        r"forward)\b[^.!?]{0,80}\b(?:conversation|chat|user['’]s (?:name|question|data)|query|"
        r"prompt|API key)\b[^!?]{0,40}https?://",
    ],
}

_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|(?<!\w)[‘'][^’']{12,}[’'](?!\w)")
_REPORTS = re.compile(
    r"\b(?:said|says|told|wrote|writes|tweeted|posted|asked|asks|reads?|called|urged|warned|"
    r"according to|instruct(?:ed|s|ing)|typed|typing|prompt(?:ed|s|ing)|command(?:ed|s|ing)?|"
    r"phrase|hidden|such as|like)\b",
    re.IGNORECASE,
)


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(pattern, re.IGNORECASE))
        for name, patterns in (*_PATTERNS.items(), (tongues.NAME, tongues.PATTERNS))
        for pattern in patterns
    )


def cue(sentence: str) -> str | None:
    """What the sentence does to a model, in words for a person; None when it addresses readers.

    Words inside quotation marks do not count where the rest of the sentence reports them: then it
    is the article that tells about an instruction.
    """
    said = _QUOTED.sub("“”", sentence)
    spoken = said if _REPORTS.search(said) and len(said.split()) > 3 else sentence
    parts = moods.parts(spoken)
    found = (name for name, pattern in _cues() if any(pattern.search(part) for part in parts))
    return next(found, None)
