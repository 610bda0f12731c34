"""What is kept: articles with their revisions and chunks in SQLite, which is the truth.

`archive` keeps and finds articles, `chunks` what search works on, `indexing` brings their vectors
into the index. `database` opens the file, `schema` and `migrations` give it its tables, `rows`
stands between these and what flows.
"""

from bot.archive.archive import Archive, Kept

__all__ = ["Archive", "Kept"]
