// urql. Usage: urql.mjs URL KEY
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { converse, key, tell, url } from './conversation.mjs';

const client = new Client({
  url,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: { authorization: `Bearer ${key}` } },
  preferGetMethod: false,
});

const dataOf = ({ data, error }) => {
  if (error) throw error;
  return data;
};

tell(
  await converse({
    source: 'urql',
    query: async (query, variables) => dataOf(await client.query(query, variables).toPromise()),
    mutate: async (mutation, variables) => dataOf(await client.mutation(mutation, variables).toPromise()),
    codeOf: (error) => error.graphQLErrors?.[0]?.extensions.code ?? String(error),
  }),
);
