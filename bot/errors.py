"""Every failure that a user of Newsbot can meet.

Each message is one line: what happened, to what, and what to do about it. The command line and the
page show that line; the log keeps the cause. An error text is never published as an answer.

    NewsbotError
    ├── SettingsError               a setting cannot be used
    │   ├── StandingBriefingError       briefings.toml holds a mistake, or no such name
    │   └── DestinationError            a destination of editions has a mistake
    ├── SourceError                 an address gave no article
    │   ├── SourceNotFoundError
    │   ├── UnreadableSourceError   permission, encoding, binary
    │   ├── UnsupportedFormatError
    │   ├── EmptySourceError        read, but holds no article text
    │   ├── SourceTooLargeError
    │   └── FetchError              a web address could not be fetched
    │       ├── AddressRefusedError     no http(s), not public, or no web port
    │       ├── HostUnreachableError    no such name, no connection, bad certificate
    │       ├── FetchTimeoutError       too slow, as a whole or in one step
    │       ├── RedirectError           too many, circular, or leading nowhere
    │       ├── RobotsRefusedError      robots.txt forbids it, or could not be read
    │       └── ResponseError           the server answered with an error, or with nonsense
    │           └── ServerFailedError       an error of its own (HTTP 5xx)
    ├── ArchiveError                the SQLite database
    │   ├── ArchiveLockedError
    │   ├── ArchiveDamagedError
    │   ├── ArchiveVersionError     written by a newer Newsbot
    │   ├── ArchiveFullError        the disk is full
    │   ├── ArticleNotFoundError
    │   ├── ConversationNotFoundError
    │   └── EditionNotFoundError
    ├── SearchIndexError            the Chroma index
    │   └── IndexMismatchError      made by another embedding model or Chroma version
    ├── WeightsError                a weights package is absent or altered
    ├── ModelError                  a chat model did not deliver
    │   ├── ModelKeyError
    │   ├── ModelUnreachableError
    │   ├── ModelTimeoutError
    │   ├── ModelRefusedError       the provider or the model declined
    │   ├── ModelOverloadedError    rate limit, quota, server error
    │   ├── ModelOutputError        cut short, empty or malformed
    │   └── BudgetExceededError     it would take more tokens or money than is set
    ├── DeliveryError               an edition did not reach a destination
    │   ├── DeliveryRefusedError        and will not: refused, no permission, no secret
    │   └── DeliveryFailedError         but may at a later attempt
    ├── PromptError                 a prompt template is absent or lacks a variable
    ├── EditionInWorkError          another process is making the edition
    ├── UserError                   a user, password or token that will not do
    │   └── NotSignedInError
    ├── PortInUseError
    └── InterruptedWorkError        stopped by the user; what was done is kept
"""


class NewsbotError(Exception):
    """The root of every failure that Newsbot tells its user."""


class SettingsError(NewsbotError):
    """A setting has a value that cannot be used."""


class DestinationError(SettingsError):
    """A destination of editions has a mistake."""


class StandingBriefingError(SettingsError):
    """briefings.toml is absent, holds a mistake, or has no entry of the name asked for."""


class SourceError(NewsbotError):
    """An address did not give an article."""


class SourceNotFoundError(SourceError):
    """Nothing exists at the address."""


class UnreadableSourceError(SourceError):
    """Something exists at the address, but its bytes cannot be read as text."""


class UnsupportedFormatError(SourceError):
    """The format at the address is not one that Newsbot reads."""


class EmptySourceError(SourceError):
    """The address was read, but it holds no article text."""


class SourceTooLargeError(SourceError):
    """The source is larger than the limit."""


class FetchError(SourceError):
    """A web address could not be fetched."""


class AddressRefusedError(FetchError):
    """The address is one that Newsbot does not fetch: no http(s), not public, or no web port."""


class HostUnreachableError(FetchError):
    """The host's name is not known, or no connection to it could be made."""


class FetchTimeoutError(FetchError):
    """The server took too long, as a whole or in one step."""


class RedirectError(FetchError):
    """The server's redirects are too many, go in a circle, or lead nowhere."""


class RobotsRefusedError(FetchError):
    """The host's robots.txt forbids the address, or could not be read."""


class ResponseError(FetchError):
    """The server answered with an error, or with what is no HTTP."""


class ServerFailedError(ResponseError):
    """The server answered that it failed."""


class ArchiveError(NewsbotError):
    """The archive's database cannot do what was asked."""


class ArchiveLockedError(ArchiveError):
    """Another process holds the archive for longer than Newsbot waits."""


class ArchiveDamagedError(ArchiveError):
    """The database file is damaged, or is no database."""


class ArchiveVersionError(ArchiveError):
    """The database was written by a newer Newsbot."""


class ArchiveFullError(ArchiveError):
    """The disk is full."""


class ArticleNotFoundError(ArchiveError):
    """No such article or revision is in the archive."""


class EditionNotFoundError(ArchiveError):
    """No such edition of a standing briefing was made."""


class ConversationNotFoundError(ArchiveError):
    """No such conversation or exchange is there for this user."""


class SearchIndexError(NewsbotError):
    """The search index cannot do what was asked."""


class IndexMismatchError(SearchIndexError):
    """The index was made by another embedding model or another version of Chroma."""


class WeightsError(NewsbotError):
    """A model's weights are absent, or are not the file that they should be."""


class ModelError(NewsbotError):
    """A chat model did not deliver."""


class ModelKeyError(ModelError):
    """The provider's key is missing or was refused."""


class ModelUnreachableError(ModelError):
    """No connection to the model's server."""


class ModelTimeoutError(ModelError):
    """The model's server did not answer in time."""


class ModelRefusedError(ModelError):
    """The provider or the model declined the request."""


class ModelOverloadedError(ModelError):
    """The provider is out of capacity, or the quota is used up."""


class ModelOutputError(ModelError):
    """The model's output is cut short, empty or malformed."""


class BudgetExceededError(ModelError):
    """A call would take more tokens or money than the settings allow."""


class DeliveryError(NewsbotError):
    """An edition did not reach a destination."""


class DeliveryRefusedError(DeliveryError):
    """The destination does not take the edition, and will not: trying again would not help."""


class DeliveryFailedError(DeliveryError):
    """The destination did not take the edition, but may at a later attempt.

    `wait` is the number of seconds that it asks for; `unknown` says that the edition may have
    arrived all the same; `served` are the recipients that need no further attempt.
    """

    def __init__(
        self,
        message: str,
        *,
        wait: float | None = None,
        unknown: bool = False,
        served: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.wait = wait
        self.unknown = unknown
        self.served = served


class PromptError(NewsbotError):
    """A prompt template is absent, or names a variable that it was not given."""


class EditionInWorkError(NewsbotError):
    """Another process is making the edition at this moment."""


class UserError(NewsbotError):
    """A user, a password or a token is not one that can be used."""


class NotSignedInError(UserError):
    """Newsbot has users, and this request comes from none of them."""


class PortInUseError(NewsbotError):
    """The address to serve on is taken."""


class InterruptedWorkError(NewsbotError):
    """The user stopped the work; what was done is kept."""
