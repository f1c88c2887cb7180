"""May this person do that: the policy asked, and an audit line written, for everything done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import audit
from bot.asker import Asker
from bot.channels import Channels
from bot.commands import Accounts, Target, candidates
from bot.groups import Groups
from bot.policy import Action, Denied, Question, Rule, decide, named_groups, tells_shared_apart


@dataclass(frozen=True, slots=True)
class Guard:
    """Applies the rules of the configuration."""

    rules: Sequence[Rule]
    groups: Groups
    channels: Channels
    accounts: Accounts
    """What a bare id may turn out to be of; each of them must be allowed."""

    async def refuse(
        self,
        action: Action,
        asker: Asker,
        targets: Sequence[Target] = (),
        *,
        done: str | None = None,
    ) -> Denied | None:
        """Tell what forbids it, if anything does; one forbidden task forbids the whole.

        *done* is what the audit line calls it, where that is more than the policy tells apart.
        """
        denied = await self.judge(action, asker, targets)
        verdict = "denied" if denied else "allowed"
        audit.note(done or action, asker, verdict, map(_name, targets))
        return denied

    async def judge(
        self, action: Action, asker: Asker, targets: Sequence[Target] = ()
    ) -> Denied | None:
        """Tell the same of what is only offered yet, so without an audit line."""
        question = Question(
            asker.user_id,
            asker.channel_id,
            action,
            groups=await self._groups_of(asker),
            is_shared=await self._is_shared(asker),
        )
        concerned = dict.fromkeys(
            (possible.provider, possible.account)
            for target in targets
            for possible in candidates(target, self.accounts)
        )
        for provider, account in concerned or [(None, None)]:
            verdict = decide(self.rules, replace(question, provider=provider, account=account))
            if isinstance(verdict, Denied):
                return verdict
        return None

    async def _groups_of(self, asker: Asker) -> frozenset[str] | None:
        named = named_groups(self.rules)
        return await self.groups.groups_of(asker.user_id, named) if named else frozenset()

    async def _is_shared(self, asker: Asker) -> bool | None:
        """Ask Slack only where it has not told already and some rule hangs on it."""
        if asker.is_shared is not None or asker.channel_id is None:
            return asker.is_shared
        if not tells_shared_apart(self.rules):
            return None
        return await self.channels.is_shared(asker.channel_id)


def _name(target: Target) -> str:
    place = f"{target.provider}@{target.account}" if target.provider else "?"
    return f"{place}:{target.task_id}"
