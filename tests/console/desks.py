"""How a story fills in a form of a desk, as a browser sends it."""

import re
from typing import Any

from django.test import Client

from tests.compliance.stories import engineer, policy_officer
from tests.console.scenes import address, signed_in

__all__ = ["Desk", "engineer", "policy_officer"]
SOURCE = "https://source.example/1"


class Desk:
    """One page of the console, in one person's browser."""

    def __init__(self, member: Any, page: str, **named: object) -> None:
        self.client: Client = signed_in(member.person)
        self.path = address(page, **named)

    def read(self, **asked: object) -> str:
        answer = self.client.get(self.path, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    def put(self, task: str, **said: object) -> Any:
        fields = {f"{task}-{name}": value for name, value in said.items()}
        return self.client.post(self.path, {"task": task, **fields})

    def does(self, task: str, **said: object) -> str:
        """The page that follows."""
        answer = self.put(task, **said)
        assert answer.status_code == 302, faults(answer.content.decode())
        there = self.client.get(answer.url)
        assert there.status_code == 200
        return there.content.decode()

    def is_refused(self, task: str, **said: object) -> str:
        """The page that comes back, with its sentence."""
        answer = self.put(task, **said)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'role="alert"' in text
        assert re.search(rf'<details class="task" id="{task}" open>', text)
        return text

    def offers(self) -> set[str]:
        return set(re.findall(r'<input type="hidden" name="task" value="([^"]+)">', self.read()))


def faults(text: str) -> list[str]:
    return re.findall(r"role=\"alert\".*|class=\"fault\".*", text)
