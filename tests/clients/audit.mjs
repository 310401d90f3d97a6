// graphql-http's audit of a server. Usage: node audit.mjs URL
import { serverAudits } from 'graphql-http';

const results = [];
for (const audit of serverAudits({ url: process.argv[2], fetchFn: fetch })) {
  const { status, id, name, reason } = await audit.fn();
  results.push({ status, id, name, reason });
}
console.log(JSON.stringify(results));
