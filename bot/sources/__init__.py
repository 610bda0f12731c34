"""An address -> articles: files, folders, pages, feeds, standard input, and text given outright.

One module a format (`plain`, `markdown`, `pages`, `jsonlines`) turns text into a `Reading`: the
parts of an article that the format states or lets one guess. `reading` gives it an identity.
`files` walks folders, `given` takes what a Python caller passes. `web` reads web addresses by
`visits`, each of which goes through `fetching`, the one door to HTTP; `feeds` reads every kind of
feed, `enclosed` the documents that servers give in place of pages. `watching` tells which files of
a folder changed, `languages` and `wires` whose words a text is. Nothing here knows the archive.
"""

from bot.sources.addresses import read
from bot.sources.given import article_from, article_from_text, articles_from

__all__ = ["article_from", "article_from_text", "articles_from", "read"]
