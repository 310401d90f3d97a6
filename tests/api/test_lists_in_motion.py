"""Lists beside other connections, and while others write."""

from tests.api.client import Api, code, field
from tests.api.registry import User
from tests.api.walking import LIST, forward, ids


class TestCursors:
    """Cursors of other connections."""

    def test_are_refused(self, api: Api, user: User) -> None:
        user.new_model()
        query = "{ models { nodes { changeHistory { pageInfo { endCursor } } } } }"
        model = api.execute(query)["models"]["nodes"][0]
        error = api.error(LIST, after=model["changeHistory"]["pageInfo"]["endCursor"])
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])


class TestWhileOthersWrite:
    """A list that changes under its reader."""

    def test_no_unchanged_model_is_repeated_or_skipped(self, api: Api, user: User) -> None:
        models = [user.new_model(name=f"model {n}") for n in range(9)]
        seen: list[str] = []
        for number, page in enumerate(forward(api, 2)):
            seen += ids(page)
            if number == 0:
                user.update(models[0], name="changed")
                user.delete(models[1])
                user.new_model(name="new")
                user.update(models[-1], name="changed")
        unchanged = models[2:-1]
        assert [model for model in seen if model in unchanged] == unchanged[::-1]
