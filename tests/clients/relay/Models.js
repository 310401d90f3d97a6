// What an application in Relay asks: nodes by id, and connections that page both ways.

graphql`
  query ModelsQuery($source: String!) {
    viewer { subject roles }
    ...ModelsList_models @arguments(source: $source)
  }
`;

graphql`
  fragment ModelsList_models on Query
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    source: { type: "String!" }
  )
  @refetchable(queryName: "ModelsListPaginationQuery") {
    models(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: { source: $source }
      orderBy: { field: NAME, direction: ASC }
    ) @connection(key: "ModelsList_models", filters: ["filter", "orderBy"]) {
      edges {
        node { id name updatedAt netScore }
      }
    }
  }
`;

graphql`
  query ModelsModelQuery($id: ID!) {
    node(id: $id) {
      id
      ...ModelsModel_history @alias
    }
  }
`;

graphql`
  fragment ModelsModel_history on Model
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "ModelsModelHistoryQuery") {
    name
    metadata
    latestEvaluation { netScore metrics { name score evidence { source points } } }
    changeHistory(first: $count, after: $cursor) @connection(key: "ModelsModel_changeHistory") {
      edges {
        node { version action timestamp changedBy hash }
      }
    }
  }
`;

graphql`
  mutation ModelsRenameMutation($input: UpdateModelInput!) {
    updateModel(input: $input) {
      model { id name version }
      changeEntry { id version }
      userErrors { code message field }
    }
  }
`;
