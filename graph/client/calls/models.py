"""Models: register, read, list, change."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph.client.answer import Answer, member, optional, understood
from graph.client.calls.base import Calls
from graph.client.errors import not_found
from graph.client.given import NOT_GIVEN, Instant, ModelFilter, ModelOrder, NotGiven, given, sent
from graph.client.pages import items
from graph.client.values.change import CHANGE_FIELDS, Outcome
from graph.client.values.license_decision import LICENSE_FIELDS, LicenseDecision
from graph.client.values.model import MODEL_FIELDS, Model

Metadata = Mapping[str, Any]
"""A JSON object."""

_MODEL: Final = f"""query ($id: ID!, $version: Int, $asOf: DateTime) {{
  model(id: $id, version: $version, asOf: $asOf) {{ {MODEL_FIELDS} }}
}}"""
_MODELS: Final = f"""query (
  $first: Int, $after: String, $filter: ModelFilter, $order: ModelOrder
) {{
  models(first: $first, after: $after, filter: $filter, orderBy: $order) {{
    nodes {{ {MODEL_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
_LICENSE_CHECK: Final = f"""query ($license: String!) {{
  licenseCheck(license: $license) {{ {LICENSE_FIELDS} }}
}}"""


def _change(mutation: str) -> str:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    return f"""mutation ($input: {kind}!) {{ {mutation}(input: $input) {{
      model {{ {MODEL_FIELDS} }} changeEntry {{ {CHANGE_FIELDS} }}
      userErrors {{ code message field }}
    }} }}"""


_CREATE: Final = _change("createModel")
_UPDATE: Final = _change("updateModel")
_DELETE: Final = _change("deleteModel")
_RESTORE: Final = _change("restoreModel")


class ModelCalls(Calls):
    """Models.

    Every change takes a `reason`, `changed_by` (whom to attribute it to, for keys) and an
    `idempotency_key`, which is made up unless given: sending again never changes twice.
    """

    def create_model(  # noqa: PLR0913  # all by name
        self,
        *,
        name: str,
        source: str,
        license: str,  # noqa: A002  # the API's name
        source_url: str | None = None,
        metadata: Metadata | None = None,
        risk_notes: str | None = None,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Outcome:
        """Register a model.

        Raises:
            InvalidInput: with every fault at once.
            AlreadyExists: another model claims the source URL.
        """
        fields = given(
            name=name,
            source=source,
            license=license,
            source_url=source_url,
            metadata={} if metadata is None else metadata,
            risk_notes=risk_notes,
            reason=reason,
            changed_by=changed_by,
            idempotency_key=idempotency_key,
        )
        return self._changed(_CREATE, fields)

    def model(
        self, model_id: str, *, version: int | None = None, as_of: Instant | None = None
    ) -> Model:
        """Read a model now, as of a version, or as it stood at an instant.

        Raises:
            NotFound: there is none, or was none then.
        """
        data = self._api.query(_MODEL, id=model_id, version=version, asOf=sent(as_of))
        found = optional(data, "model")
        if found is None:
            raise not_found(f"there is no model {model_id}{_then(version, as_of)}")
        return understood(Model.of, found)

    def models(
        self,
        where: ModelFilter | None = None,
        *,
        order: ModelOrder | None = None,
        page_size: int = 100,
    ) -> Iterator[Model]:
        """List models, the newest change first unless ordered; they are read as they are needed.

        Lists are eventually consistent: a change shows up moments later.
        """

        def page(size: int, after: str | None) -> Answer:
            data = self._api.query(
                _MODELS, first=size, after=after, filter=sent(where), order=sent(order)
            )
            return member(data, "models")

        for node in items(page, page_size):
            yield understood(Model.of, node)

    def update_model(  # noqa: PLR0913  # all by name
        self,
        model_id: str,
        *,
        expected_version: int | None = None,
        name: str | NotGiven = NOT_GIVEN,
        source: str | NotGiven = NOT_GIVEN,
        license: str | NotGiven = NOT_GIVEN,  # noqa: A002  # the API's name
        source_url: str | NotGiven | None = NOT_GIVEN,
        metadata: Metadata | NotGiven = NOT_GIVEN,
        metadata_patch: Metadata | NotGiven = NOT_GIVEN,
        risk_notes: str | NotGiven = NOT_GIVEN,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Outcome:
        """Change the fields that are given; None clears `source_url`.

        Args:
            expected_version: refuses the change unless the model is at this version.
            metadata: replaces it as a whole.
            metadata_patch: JSON Merge Patch (RFC 7396), in which None removes a key.

        Raises:
            VersionConflict: the model is at another version, or others kept changing it.
            InvalidState: the model is DELETED.
        """
        fields = given(
            id=model_id,
            expected_version=expected_version,
            name=name,
            source=source,
            license=license,
            source_url=source_url,
            metadata=metadata,
            metadata_patch=metadata_patch,
            risk_notes=risk_notes,
            reason=reason,
            changed_by=changed_by,
            idempotency_key=idempotency_key,
        )
        return self._changed(_UPDATE, fields)

    def delete_model(
        self,
        model_id: str,
        *,
        expected_version: int | None = None,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Outcome:
        """Mark a model DELETED. It stays readable, with its whole history."""
        return self._changed(
            _DELETE, _named(model_id, expected_version, reason, changed_by, idempotency_key)
        )

    def restore_model(
        self,
        model_id: str,
        *,
        expected_version: int | None = None,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Outcome:
        """Make a DELETED model ACTIVE again."""
        return self._changed(
            _RESTORE, _named(model_id, expected_version, reason, changed_by, idempotency_key)
        )

    def license_check(self, expression: str) -> LicenseDecision:
        """Ask the license policy about a license name or an SPDX expression."""
        data = self._api.query(_LICENSE_CHECK, license=expression)
        return understood(LicenseDecision.of, member(data, "licenseCheck"))

    def _changed(self, document: str, fields: Answer) -> Outcome:
        payload = self._api.mutate(document, fields)
        return understood(Outcome.of, payload)


def _named(
    model_id: str,
    expected_version: int | None,
    reason: str | None,
    changed_by: str | None,
    idempotency_key: str | None,
) -> Answer:
    return given(
        id=model_id,
        expected_version=expected_version,
        reason=reason,
        changed_by=changed_by,
        idempotency_key=idempotency_key,
    )


def _then(version: int | None, as_of: Instant | None) -> str:
    if version is not None:
        return f" at version {version}"
    return f" at {as_of}" if as_of is not None else ""
