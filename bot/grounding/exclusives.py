"""Sets of words of which a thing is only one: a wedding is no funeral, a knee no foot.

In the same place of two sentences that say otherwise the same, two words of one set contradict each
other. Words that can both be true of one thing (a nurse and a mother) stand in no set together.
The lists are of what news is about; nationalities are known to `places`.
"""

from __future__ import annotations

from functools import cache

from bot.grounding.places import country, is_adjective

_SETS = """
wedding funeral birthday christening baptism divorce
knee foot ankle toe hand finger wrist elbow arm leg shoulder hip thigh back neck head eye ear nose
muslim christian sikh hindu jewish buddhist
catholic protestant orthodox
mosque church synagogue temple cathedral
morning afternoon evening night
spring summer autumn winter
car bus train plane boat ship bicycle motorcycle lorry truck tram helicopter ferry
gun knife bomb hammer axe sword poison
murder manslaughter theft fraud rape robbery arson burglary kidnapping extortion perjury bribery
football rugby cricket tennis golf hockey basketball baseball boxing swimming cycling
gold silver bronze
red blue green yellow black white orange purple pink brown grey
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
cat dog horse cow pig sheep goat rabbit elephant lion tiger bear crocodile snake shark whale
breakfast lunch dinner
north south east west
northern southern eastern western
daily weekly monthly annual
earthquake flood hurricane tornado wildfire drought avalanche tsunami
cancer diabetes stroke pneumonia malaria cholera measles
beer wine whisky vodka
copper iron steel aluminium wood plastic
labour conservative republican democrat liberal
draw win defeat
semi-final quarter-final final
oil gas coal
add remove subtract
bride groom
damage restore repair
destroy restore rebuild
communal private
innocent guilty
paid unpaid volunteer
encourage discourage
tomorrow today yesterday
teenager pensioner
plummet soar
heighten lessen ease
deepen ease
conclude finish continue
conclude ongoing
same different
score miss
hit miss
acquit convict sentence
clear convict sentence
married divorced single
employed unemployed
happy sad upset
calm angry
healthy sick ill
clean dirty
wet dry
rural urban
ancient modern
amateur professional
civilian military
senior junior
upper lower
inner outer
front rear
teacher pupil
employer employee
landlord tenant
buyer seller
victim attacker
victim suspect
winner loser
parent child
driver passenger
plaintiff defendant
prosecution defence
birth death
marriage divorce
arrival departure
boom recession
strength weakness
hope despair
question answer
stay leave
keep abandon
keep lose
stand sit
lead trail
tighten loosen relax
extend shorten curtail
widen narrow
ban legalise
ban legalize
praise slam
promote demote relegate
recruit sack
mourn celebrate
reveal conceal
reward punish
obey defy
appear vanish
appear disappear
rescue abandon
rescue kill
remain resign
stay resign
sign veto
ratify reject
back oppose
stable critical
minor serious
slight severe
mild severe
peaceful violent
peacefully violently
accidental deliberate
accidentally deliberately
voluntarily forcibly
unanimous divided
partly wholly
partial total
narrowly easily
legal illegal
sober drunk
biological adopted
elder younger
older younger
eldest youngest
largest smallest
biggest smallest
highest lowest
longest shortest
fastest slowest
richest poorest
oldest youngest
"""
_WEAK = frozenset({"back", "head", "may", "second", "march", "black", "white", "green"})


@cache
def _members() -> dict[str, frozenset[int]]:
    members: dict[str, set[int]] = {}
    for number, line in enumerate(_SETS.strip().splitlines()):
        for word in line.split():
            members.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in members.items()}


def are_exclusive(word: str, other: str) -> bool:
    """Whether two lemmas belong to one set, or are the adjectives of two countries, or decades."""
    word, other = word.lower(), other.lower()
    if word == other or {word, other} & _WEAK:
        return False
    if is_adjective(word) and is_adjective(other):
        return country(word) != country(other)
    if word[:-1].isdigit() and other[:-1].isdigit():
        return word.endswith("0s") and other.endswith("0s") and len(word) == len(other)
    members = _members()
    return bool(members.get(word, frozenset()) & members.get(other, frozenset()))
