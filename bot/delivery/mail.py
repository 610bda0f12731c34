"""An edition as mail: text and HTML in one message, through an SMTP server.

The Message-ID is made of the delivery's token, so a mail that is sent again, because nobody knows
whether it arrived, is the same mail. Servers may take it for some recipients and refuse others; the
later attempts are for those who are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.delivery.credentials import Secrets
from bot.delivery.destinations import Mail, bare
from bot.delivery.files import name_of
from bot.delivery.letters import write_letter
from bot.delivery.parcels import Parcel
from bot.delivery.smtp import Refusals, transmit
from bot.errors import DeliveryFailedError, DeliveryRefusedError
from bot.rendering.notation import clean

_LONGEST = 100_000  # bytes of HTML; Gmail cuts what is longer than 102 KB
_POLICY = SMTP.clone(cte_type="7bit")  # for servers without 8BITMIME


def send_mail(
    parcel: Parcel, mail: Mail, token: str, served: Sequence[str], secrets: Secrets
) -> str:
    """Sends the edition to the recipients that are not `served` yet; says how many took it.

    Raises a DeliveryError.
    """
    left = [one for one in mail.recipients if one not in served]
    password = secrets.get(mail.password_variable) if mail.password_variable else None
    message = compose(parcel, mail, token)
    refusals = transmit(mail, password, message.as_bytes(), [bare(one) for one in left])
    return _judge(refusals, left, served)


def compose(parcel: Parcel, mail: Mail, token: str) -> EmailMessage:
    """The message, whose headers hold no line that an article or a setting could have smuggled in.

    A long edition's HTML lacks its last sections, and the whole of it is attached. Every attempt's
    message is the same but for the boundaries between its parts.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = _encodable(clean(parcel.subject))
    message["Date"] = format_datetime(parcel.created)
    message["Message-ID"] = f"<{token}@{bare(mail.sender).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # nobody is on holiday for it (RFC 3834)
    message.set_content(_encodable(parcel.markdown))
    letter = shown = _encodable(write_letter(parcel))
    if len(letter.encode()) > _LONGEST:
        shown = _encodable(write_letter(parcel, _LONGEST))
    message.add_alternative(shown, subtype="html")
    if shown != letter:
        name = f"{name_of(parcel)}.html"
        message.add_attachment(letter, subtype="html", filename=name)
    return message


def _judge(refusals: Refusals, left: Sequence[str], served: Sequence[str]) -> str:
    """What the server's verdicts on the recipients mean for the delivery."""
    later = [one for one in left if bare(one) in refusals.passing]
    never = [one for one in left if bare(one) in refusals.lasting]
    taken = len(left) - len(later) - len(never)
    told = [f"{one} was refused: {refusals.lasting[bare(one)]}" for one in never]
    if later:
        told += [f"{one} has to wait: {refusals.passing[bare(one)]}" for one in later]
        done = (*served, *(one for one in left if one not in later))
        raise DeliveryFailedError("; ".join(told), served=done)
    if not taken and not served:
        raise DeliveryRefusedError("; ".join(told))
    return "; ".join([f"taken for {taken} of {len(left)} recipients", *told] if told else [])


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
