// Apollo Client, with its normalised cache and its paging of connections. Usage: apollo.mjs URL KEY
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import { CREATE, PAGE, converse, key, tell, url } from './conversation.mjs';

const client = new ApolloClient({
  cache: new InMemoryCache({
    typePolicies: { Query: { fields: { models: relayStylePagination(['filter', 'orderBy']) } } },
  }),
  link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${key}` } }),
});

const fetched = { fetchPolicy: 'no-cache' };
const answers = await converse({
  source: 'apollo',
  query: async (query, variables) => (await client.query({ query: gql(query), variables, ...fetched })).data,
  mutate: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
  codeOf: (error) => (CombinedGraphQLErrors.is(error) ? error.errors[0].extensions.code : String(error)),
});

// In the cache, the pages of a connection become one list, and an object is one wherever it stands.
const asked = { query: gql(PAGE), variables: { first: 3, source: 'apollo' } };
const { data } = await client.query(asked);
const watched = client.watchQuery(asked);
const subscription = watched.subscribe(() => {});
await watched.fetchMore({ variables: { after: data.models.pageInfo.endCursor } });
const rename = gql`
  mutation Rename($id: ID!) {
    updateModel(input: { id: $id, name: "renamed" }) {
      model { id name }
    }
  }
`;
const [{ node }] = data.models.edges;
await client.mutate({ mutation: rename, variables: { id: node.id } });
const cached = watched.getCurrentResult().data.models.edges.map((edge) => edge.node.name);
subscription.unsubscribe();
client.stop();

tell({ ...answers, cached });
