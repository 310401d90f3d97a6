"""The GraphQL documents that several tests send."""

MODEL_FIELDS = """
fragment ModelFields on Model {
  id uuid name source sourceUrl license metadata riskNotes
  state version createdAt updatedAt netScore
}
"""
CHANGE_FIELDS = """
fragment ChangeFields on ChangeEntry {
  id version action timestamp changedBy authenticatedAs reason fieldsChanged
  changes { field before after } hash previousHash
}
"""
_PAYLOAD = """{
  model { ...ModelFields } changeEntry { ...ChangeFields } userErrors { code message field }
}"""
_FRAGMENTS = MODEL_FIELDS + CHANGE_FIELDS


def _mutation(name: str) -> str:
    type_name = name[0].upper() + name[1:] + "Input"
    operation = f"mutation ($input: {type_name}!) {{ {name}(input: $input) {_PAYLOAD} }}"
    return operation + _FRAGMENTS


CREATE = _mutation("createModel")
UPDATE = _mutation("updateModel")
DELETE = _mutation("deleteModel")
RESTORE = _mutation("restoreModel")

MODEL = f"""query ($id: ID!, $version: Int, $asOf: DateTime) {{
  model(id: $id, version: $version, asOf: $asOf) {{ ...ModelFields }}
}}{MODEL_FIELDS}"""
NODE = f"""query ($id: ID!) {{
  node(id: $id) {{ __typename id ...ModelFields ...ChangeFields }}
}}{_FRAGMENTS}"""
HISTORY = f"""query ($id: ID!, $version: Int, $first: Int, $after: String) {{
  model(id: $id, version: $version) {{
    changeHistory(first: $first, after: $after) {{
      nodes {{ ...ChangeFields }}
      edges {{ cursor node {{ version }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }}
  }}
}}{CHANGE_FIELDS}"""
