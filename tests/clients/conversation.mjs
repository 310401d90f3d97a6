// What every client says to the server: a mutation, a query with variables, an error, two pages.
// The answers go to standard output as JSON, where the test compares them.

export const CREATE = `
  mutation Create($input: CreateModelInput!) {
    createModel(input: $input) {
      model { id name version metadata }
      userErrors { code field }
    }
  }`;

export const READ = `
  query Read($id: ID!) {
    node(id: $id) { id ... on Model { name version metadata } }
  }`;

export const PAGE = `
  query Page($first: Int!, $after: String, $source: String!) {
    models(first: $first, after: $after, filter: {source: $source}, orderBy: {field: NAME, direction: ASC}) {
      edges { node { id name } }
      pageInfo { endCursor hasNextPage }
    }
  }`;

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/**
 * @param source names the client, so that its models are its own
 * @param query, mutate (document, variables) -> data
 * @param codeOf what was thrown -> the error's code
 */
export async function converse({ source, query, mutate, codeOf }) {
  const created = [];
  for (const name of NAMES) {
    const input = { name, source, license: 'mit', metadata: { größe: [1, { deep: null }] } };
    created.push((await mutate(CREATE, { input })).createModel.model);
  }
  const refused = (await mutate(CREATE, { input: { name: '', source, license: 'mit' } })).createModel;
  const { node } = await query(READ, { id: created[0].id });
  const error = await query(PAGE, { first: 0, source }).then(() => null, codeOf);

  const pages = [];
  let after = null;
  do {
    const { models } = await query(PAGE, { first: 2, after, source });
    pages.push(models.edges.map((edge) => edge.node.name));
    after = models.pageInfo.hasNextPage ? models.pageInfo.endCursor : null;
  } while (after);

  const [userError] = refused.userErrors;
  return { read: [node.name, node.version, node.metadata], refused: [userError.code, userError.field], error, pages };
}

export const [url, key] = process.argv.slice(2);

export const tell = (answers) => console.log(JSON.stringify(answers));
