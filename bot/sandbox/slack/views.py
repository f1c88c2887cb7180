"""The modals and Homes that are open, each person's own (Slack docs, surfaces/modals, 2026-11)."""

from dataclasses import dataclass, field

from bot.sandbox.slack.blocks import validate_view
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.elements import initial_values
from bot.sandbox.slack.entities import Json, OpenView
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.workspace import Workspace

_MAX_STACK = 3


@dataclass(slots=True)
class Views:
    """A stack of modals and one Home for each person."""

    workspace: Workspace
    homes: dict[str, OpenView] = field(default_factory=dict)
    _stacks: dict[str, list[OpenView]] = field(default_factory=dict)

    def top(self, user: str) -> OpenView | None:
        """Tell which modal *user* has in front of them; None where none is open."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str) -> OpenView:
        """Look up an open modal or Home.

        Raises:
            ApiError: there is none, or it was closed.
        """
        everything = [*self.homes.values(), *(view for s in self._stacks.values() for view in s)]
        for view in everything:
            if view_id in (view.id, view.body.get("external_id")):
                return view
        raise ApiError("not_found")

    def open(self, user: str, body: Json) -> OpenView:
        """Show *body* to *user* in place of whatever modal they had."""
        view = self._make(user, body, "modal")
        self._stacks[user] = [view]
        self._announce(view)
        return view

    def push(self, user: str, body: Json) -> OpenView:
        """Show *body* on top of the modal that is open."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= _MAX_STACK:
            raise ApiError("push_limit_reached")
        view = self._make(user, body, "modal")
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._announce(view)
        return view

    def update(self, view: OpenView, body: Json, expected_hash: str | None = None) -> OpenView:
        """Let an open view say something else; what was entered under the same ids stays.

        Raises:
            ApiError: the view changed since *expected_hash*, or *body* is refused.
        """
        if expected_hash not in (None, view.hash):
            raise ApiError("hash_conflict")
        named = self._accept(body, view.body["type"])
        entered = view.values
        view.body, view.hash = named, self._next_hash()
        view.values = _keep_entered(initial_values(named["blocks"]), entered)
        self._announce(view)
        return view

    def publish(self, user: str, body: Json, expected_hash: str | None = None) -> OpenView:
        """Make *body* the Home of *user*."""
        home = self.homes.get(user)
        if home is not None:
            return self.update(home, body, expected_hash)
        home = self.homes[user] = self._make(user, body, "home")
        self._announce(home)
        return home

    def close_top(self, view: OpenView) -> None:
        """Take a modal away, with what stands on it; the one below comes back."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]
        self._announce_front(view.user)

    def close_all(self, user: str) -> None:
        """Take every modal of *user* away."""
        self._stacks.pop(user, None)
        self._announce_front(user)

    def _make(self, user: str, body: Json, kind: str) -> OpenView:
        named = self._accept(body, kind)
        number = self.workspace.number()
        view = OpenView(f"V{number:010X}", user, named, self._next_hash(), f"V{number:010X}")
        view.values = initial_values(named["blocks"])
        return view

    def _accept(self, body: Json, kind: str) -> Json:
        problems = validate_view(body)
        if not problems and body["type"] != kind:
            problems = [f"/type: must be {kind}"]
        if problems:
            raise ApiError("invalid_arguments", [f"[ERROR] {problem}" for problem in problems])
        return body | {"blocks": self.workspace.name_blocks(body["blocks"])}

    def _next_hash(self) -> str:
        seconds = int(self.workspace.clock.now().timestamp())
        return f"{seconds}.{self.workspace.number():08x}"

    def _announce(self, view: OpenView) -> None:
        self.workspace.changes.announce(Change("view", view, view.user))

    def _announce_front(self, user: str) -> None:
        self.workspace.changes.announce(Change("view", self.top(user), user))


def _keep_entered(initial: Json, entered: Json) -> Json:
    return {
        block: {action: entered.get(block, {}).get(action, value) for action, value in row.items()}
        for block, row in initial.items()
    }
