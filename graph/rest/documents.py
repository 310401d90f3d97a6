"""The documents that the routes execute. A variable, or a field of `$input`, is a parameter.

A test validates them against the schema, and docs/REST.md shows what they answer.
"""

HISTORY_ITEMS = 20
"""Changes that are shown with one model: the newest."""

_MODEL = """
fragment ModelFields on Model {
  id uuid name source sourceUrl sourceAliases license state version createdAt updatedAt netScore
  metadata riskNotes
}
"""
_CHANGE = """
fragment ChangeFields on ChangeEntry {
  version action timestamp changedBy authenticatedAs reason fieldsChanged hash
}
"""
_EVALUATION = """
fragment EvaluationFields on Evaluation {
  id url canonicalUrl revision status failure { code message } evaluatorVersion
  netScore netScoreFloor netScoreCeiling coverage latencyMs createdAt deadline completedAt
  addedInVersion reportSha256 model { id: uuid name version }
  metrics { name status score weight latencyMs }
  sizeScore { raspberryPi jetsonNano desktopPc awsServer }
  licenseDecision { declared spdxExpression verdict reasons }
}
"""
_CHANGED = """{
    model { ...ModelFields }
    changeEntry { ...ChangeFields }
    userErrors { code message field }
  }"""

CREATE_MODEL = f"""
mutation CreateModel($input: CreateModelInput!) {{
  createModel(input: $input) {_CHANGED}
}}{_MODEL}{_CHANGE}"""

UPDATE_MODEL = f"""
mutation UpdateModel($input: UpdateModelInput!) {{
  updateModel(input: $input) {_CHANGED}
}}{_MODEL}{_CHANGE}"""

DELETE_MODEL = f"""
mutation DeleteModel($input: DeleteModelInput!) {{
  deleteModel(input: $input) {_CHANGED}
}}{_MODEL}{_CHANGE}"""

RESTORE_MODEL = f"""
mutation RestoreModel($input: RestoreModelInput!) {{
  restoreModel(input: $input) {_CHANGED}
}}{_MODEL}{_CHANGE}"""

READ_MODEL = f"""
query ReadModel($id: ID!, $version: Int, $asOf: DateTime) {{
  model(id: $id, version: $version, asOf: $asOf) {{
    ...ModelFields
    licenseDecision {{ declared spdxExpression verdict reasons }}
    changeHistory(first: {HISTORY_ITEMS}) {{ nodes {{ ...ChangeFields }} }}
  }}
}}{_MODEL}{_CHANGE}"""

LIST_MODELS = f"""
query ListModels(
  $limit: Int, $after: String, $state: [ModelState!], $source: String, $license: String
  $namePrefix: String, $nameContains: String, $minNetScore: Float
  $createdAfter: DateTime, $createdBefore: DateTime
  $updatedAfter: DateTime, $updatedBefore: DateTime
) {{
  models(first: $limit, after: $after, filter: {{
    states: $state, source: $source, license: $license
    nameStartsWith: $namePrefix, nameContains: $nameContains, minNetScore: $minNetScore
    createdAfter: $createdAfter, createdBefore: $createdBefore
    updatedAfter: $updatedAfter, updatedBefore: $updatedBefore
  }}) {{
    nodes {{ ...ModelFields }}
    pageInfo {{ endCursor hasNextPage }}
  }}
}}{_MODEL}"""

EVALUATE_MODEL = f"""
mutation EvaluateModel($input: EvaluateModelInput!) {{
  evaluateModel(input: $input) {{
    evaluation {{ ...EvaluationFields }}
    changeEntry {{ ...ChangeFields }}
    userErrors {{ code message field }}
  }}
}}{_EVALUATION}{_CHANGE}"""

READ_EVALUATION = f"""
query ReadEvaluation($id: ID!) {{
  node(id: $id) {{ ...EvaluationFields }}
}}{_EVALUATION}"""
