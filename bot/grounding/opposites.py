"""Words that cannot both be true of one thing: rose and fell, win and lose, legal and illegal.

A compact list of what news is about, and the prefixes that turn a word round. It knows lemmas only,
neither their senses nor their context.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

_PAIRS = """
rise|increase|grow|climb|gain|jump|soar|surge  fall|decrease|drop|decline|shrink|plunge|slump|sink
gain|up  lose|down
rising|growing|increasing|increased  falling|declining|decreasing|decreased
higher|high|more|most  lower|low|less|fewer|least
raise|boost|expand|strengthen|lift|double  cut|lower|reduce|slash|weaken|halve|shrink
win|succeed|victory|success|beat|defeat  lose|fail|defeat|failure|loss
accept|approve|pass|allow|permit|agree  reject|refuse|deny|block|ban|veto|forbid|disagree|decline
support|back|welcome|endorse  oppose|condemn|reject
open|reopen|start|begin|launch|resume  close|shut|end|stop|halt|suspend|finish|cancel
arrive|enter|join|come  leave|exit|depart|quit|go
buy|purchase|acquire  sell
live|alive|survive|survivor  die|dead|kill|death
guilty|convict|conviction  innocent|acquit|acquittal
arrest|detain|jail|imprison  release|free
confirm|admit|acknowledge  deny|dispute|refute
include  exclude
first  last
before  after
above|over  below|under
early|earlier  late|later
north|northern  south|southern
east|eastern  west|western
male  female
man  woman
boy  girl
husband  wife
father  mother
son  daughter
brother  sister
profit|surplus  loss|deficit
ally|friend  enemy|opponent|rival
attack  defend
public  private
safe|safety  dangerous|unsafe|danger
good|better|best|positive  bad|worse|worst|negative
easy  difficult|hard
large|big|huge|major|large  small|little|tiny|minor
strong  weak
old|elderly  young|new
rich|wealthy  poor
full  empty
true  false
remember  forget
build|create  destroy|demolish
find|discover  lose|hide
give  take
send  receive
hire|appoint  fire|dismiss|sack
import  export
keep|retain|preserve  delete|remove|erase|discard
voluntary|optional  mandatory|compulsory|obligatory|required
temporary  permanent
present  absent
ahead  behind
inside|indoor  outside|outdoor
love|like  hate|dislike
praise|applaud  criticise|criticize|condemn
hot|warm  cold|cool
peace  war
majority  minority
maximum  minimum
despite  because
always  never
all|everyone  none|nobody
with  without
domestic  foreign|international
formal  informal
major  minor
advance  retreat
push  pull
borrow  lend
protect  endanger
popularity  unpopularity
encourage  discourage
improve  worsen|deteriorate
slow  fast|quick|rapid
separate|split|divide  unite|merge
import  export
current|present|existing  former|previous
optimistic  pessimistic
"""
_PREFIXES = frozenset(("un", "non", "non-", "dis", "in", "im", "il", "ir", "de", "anti-", "mis"))


Sides = frozenset[tuple[int, int]]  # the numbers of pairs, each with the side: 0 left, 1 right


@cache
def _sides() -> dict[str, Sides]:
    """On which sides of which pairs each word stands."""
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, line in enumerate(_PAIRS.strip().splitlines()):
        for side, words in enumerate(line.split()):
            for word in words.split("|"):
                found[word].add((number, side))
    return {word: frozenset(sides) for word, sides in found.items()}


@lru_cache(65_536)
def are_opposite(word: str, other: str) -> bool:
    """Whether two lemmas are opposites, in either order."""
    if word == other:
        return False
    if _is_negative(word, other) or _is_negative(other, word):
        return True
    facing = _sides().get(other, frozenset())
    return any((number, 1 - side) in facing for number, side in _sides().get(word, ()))


def are_alike(word: str, other: str) -> bool:
    """Whether two lemmas stand on one side of a pair of opposites: rose and increased."""
    sides = _sides()
    return word in sides and other in sides and not sides[word].isdisjoint(sides[other])


def _is_negative(word: str, other: str) -> bool:
    return len(other) >= 4 and word.endswith(other) and word.removesuffix(other) in _PREFIXES
