"""The GraphQL documents that tests of evaluations send."""

from tests.api.documents import CHANGE_FIELDS, MODEL_FIELDS

LICENSE_FIELDS = """
fragment LicenseFields on LicenseDecision { declared spdxExpression verdict reasons }
"""
EVALUATION_FIELDS = f"""
fragment EvaluationFields on Evaluation {{
  id model {{ id version }} url canonicalUrl revision status
  failure {{ code message field }} evaluatorVersion
  netScore netScoreFloor netScoreCeiling coverage
  metrics {{
    name status score weight latencyMs
    evidence {{ source observed points note }}
  }}
  sizeScore {{ raspberryPi jetsonNano desktopPc awsServer }}
  licenseDecision {{ ...LicenseFields }}
  latencyMs createdAt deadline completedAt addedInVersion
}}{LICENSE_FIELDS}"""
"""Every field of an evaluation but reportUrl, which differs each time."""

EVALUATE = f"""mutation ($input: EvaluateModelInput!) {{
  evaluateModel(input: $input) {{
    evaluation {{ ...EvaluationFields }}
    model {{ ...ModelFields sourceAliases licenseDecision {{ ...LicenseFields }} }}
    changeEntry {{ ...ChangeFields }}
    userErrors {{ code message field }}
  }}
}}{EVALUATION_FIELDS}{MODEL_FIELDS}{CHANGE_FIELDS}"""
EVALUATE_MANY = """mutation ($input: EvaluateModelsInput!) {
  evaluateModels(input: $input) {
    evaluations { id url status model { id } reportUrl }
    userErrors { code message field }
  }
}"""
EVALUATION = f"""query ($id: ID!) {{
  node(id: $id) {{ __typename id ...EvaluationFields }}
}}{EVALUATION_FIELDS}"""
REPORT = """query ($id: ID!, $seconds: Int) {
  node(id: $id) { ... on Evaluation { reportUrl(expiresIn: $seconds) } }
}"""
EVALUATIONS = f"""query ($id: ID!, $version: Int, $first: Int, $after: String) {{
  model(id: $id, version: $version) {{
    id version netScore
    latestEvaluation {{ ...EvaluationFields }}
    evaluations(first: $first, after: $after) {{
      nodes {{ ...EvaluationFields }}
      edges {{ cursor node {{ id }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }}
  }}
}}{EVALUATION_FIELDS}"""
VERIFICATION = """query ($id: ID!) {
  model(id: $id) {
    version
    historyVerification { intact complete entriesChecked brokenAtVersion problem }
    changeHistory(first: 100) { nodes { version action } }
  }
}"""
