"""What has changed from one probe of a segment to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from edgeboot.dhcp.vocabulary import option_name
from edgeboot.report.option_values import shown_option
from edgeboot.report.probe import ServerVerdict
from edgeboot.report.values import shown_value


def changes(before: Sequence[ServerVerdict], after: Sequence[ServerVerdict]) -> Iterator[str]:
    """A line for each server that came or went, and for each value of a server that is another now."""
    old, new = _by_sender(before), _by_sender(after)
    for sender in old.keys() - new.keys():
        yield f"{sender} no longer answers"
    for sender, verdict in new.items():
        if sender not in old:
            reply = verdict.reply
            yield f"{sender} answers: {reply.message.name} of {reply.address}, would boot {verdict.outcome}"
            continue
        was, now = _values(old[sender]), _values(verdict)
        for name in dict.fromkeys((*was, *now)):
            if was.get(name) != now.get(name):
                yield f"{sender}: {name} was {was.get(name, 'nothing')}, is {now.get(name, 'nothing')}"


def _by_sender(answers: Sequence[ServerVerdict]) -> dict[str, ServerVerdict]:
    """By address and MAC; two answers of one sender are told apart by their order."""
    seen: Counter[str] = Counter()
    named: dict[str, ServerVerdict] = {}
    for each in answers:
        seen[each.reply.sender] += 1
        number = seen[each.reply.sender]
        named[f"{each.reply.sender}, answer {number}" if number > 1 else each.reply.sender] = each
    return named


def _values(verdict: ServerVerdict) -> dict[str, str]:
    """Each value of the message as it is shown, by its name."""
    message = verdict.reply.message
    options = {
        option_name(code): ", ".join(shown_option(code, data) for data in message.options.all(code))
        for code in message.options.codes
    }
    header = {"address": str(message.yiaddr), "siaddr": str(message.siaddr)}
    names = {"file": shown_value(verdict.reply.bootfile), "sname": shown_value(verdict.reply.server_name)}
    return {"message": message.name, **header, **names, **options, "would boot": str(verdict.outcome)}
