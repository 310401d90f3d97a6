// graphql-request, with its key in the other header. Usage: graphql_request.mjs URL KEY
import { GraphQLClient } from 'graphql-request';
import { converse, key, tell, url } from './conversation.mjs';

const client = new GraphQLClient(url, { headers: { 'x-api-key': key } });
const request = (document, variables) => client.request(document, variables);

tell(
  await converse({
    source: 'graphql-request',
    query: request,
    mutate: request,
    codeOf: (error) => error.response?.errors?.[0]?.extensions.code ?? String(error),
  }),
);
