"""An address -> articles: files and folders, standard input, and text that is given outright.

One module a format (`plain`, `markdown`, `pages`, `jsonlines`) turns text into a `Reading`: the
parts of an article that the format states or lets one guess. `reading` gives it an identity.
`files` walks folders, `given` takes what a Python caller passes. Nothing here knows the archive.
"""

from bot.sources.addresses import read
from bot.sources.given import article_from, article_from_text, articles_from

__all__ = ["article_from", "article_from_text", "articles_from", "read"]
