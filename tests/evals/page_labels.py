"""Headline and day of publication of each page of the benchmark's half, read off it by hand.

A headline is kept as a digest of its words, not as text. A day is the UTC day of the moment that
the page states, else the day that it shows; None where it shows none.
"""

from __future__ import annotations

import hashlib
import re

# fmt: off
LABELS = {  # by the first characters of the page's id
    "85439e26c41c7590": ("a293cf506371", "2016-12-01"),
    "ba07d1e64775f409": ("c77bf3b62b70", None),
    "0ec95c7261d122f3": ("f58ccbc7df16", "2018-08-25"),
    "359fee228518d55b": ("ee8853e7d578", "2019-11-19"),
    "ff0f958ade714ebf": ("4e95c0dcb7ed", None),
    "57b4dafd18cfd053": ("64ff97ada972", None),
    "e100c9612ad8495d": ("697d105e2531", "2019-11-18"),
    "3cb22bfabed8de71": ("13bced8684b7", "2019-11-20"),
    "aade2ec8d1e7b091": ("d1836956e7bf", "2019-11-19"),
    "cc03ddb5ef7d5f1f": ("fb4df648d873", "2018-01-22"),
    "65ce3a4577a03069": ("a1d4613474b7", "2019-11-19"),
    "c81e134ed49902bc": ("419695016f4e", "2019-11-20"),
    "e7301133baab4359": ("198ef6b214aa", "2018-10-09"),
    "dc7ccccc1f34eb29": ("8e79edbf4c97", "2019-11-20"),
    "0dd1357045727799": ("f43d1b24b583", "2018-10-09"),
    "e7994d5500875202": ("93efbd101948", "2019-11-20"),
    "94fbcc2677208864": ("ab111e91a13c", "2018-04-18"),
    "06e5123e4ef7cfb4": ("11bb120305a2", "2019-11-19"),
    "833caf3bdba53dcf": ("4632b75faa5f", "2019-11-20"),
    "06ee193de4bd611f": ("353132293bd2", "2019-11-20"),
    "82b6d780c792df78": ("06d1e42054f2", "2019-11-20"),
    "d1c57d7821e5a5b2": ("481e09fdd3d3", "2019-11-19"),
    "5ae11e580afc12d3": ("358f33c64f93", "2017-10-12"),
    "f344ca5fb36e130f": ("94a14b38bd24", "2019-11-19"),
    "aadb38e527d53793": ("9c502dbff507", "2019-11-20"),
    "3cb5e2f46626d5bb": ("e7a8e909106c", "2019-11-20"),
    "20b2b64916b00b25": ("6e43e1300739", "2017-11-23"),
    "c82b3d1d540bbbd6": ("7c5d5ccb15db", "2018-10-11"),
    "ac3c035520461017": ("a75301d8a1bb", "2018-09-10"),
    "f6ac15a4d9851139": ("a8acb153c985", "2018-10-05"),
    "30b771a40a4e9615": ("c328da8430a1", "2014-06-21"),
    "921019755f4a96ac": ("dbf0fc4dfea1", "2019-11-20"),
    "1f765c48780665e8": ("d4d24a15d49f", "2019-11-18"),
    "51374560f40088e2": ("ae2ed6aeeef1", "2019-11-19"),
    "c467d507551a836e": ("7f31db63422a", "2019-11-19"),
    "51d066b0602c9421": ("6f635cbf76bd", "2019-11-18"),
    "95301fb7883e0ee5": ("cdb150390e29", "2018-08-13"),
    "ad826691a8a2f9c4": ("69f4873f4644", "2019-11-18"),
    "ea25dd7edff4d279": ("bfd74c567131", "2019-11-18"),
    "d0382c0d9573a0a7": ("6b614282a7df", "2019-11-20"),
    "87438a0dacbeb979": ("5150b90014aa", "2019-11-20"),
    "156770d676ce7990": ("d1532a42d264", "2019-11-19"),
    "3c5bf8db4272925b": ("66e03882dcbf", "2019-11-19"),
}
# fmt: on


def digest(headline: str) -> str:
    words = " ".join(re.findall(r"\w+", headline.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]
