// graphql-inspector: the schema breaks no client that knows the contract, or one of the last two that
// were committed, the newest of which is this very one in a clean checkout. Run it in the checkout.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const SCHEMA = 'graph/schema.graphql';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
const current = buildSchema(readFileSync(SCHEMA, 'utf8'));
const contract = 'tests/api/contract.graphql';
const commits = git('rev-list', '--max-count=2', 'HEAD', '--', SCHEMA).split('\n').filter(Boolean);

const before = [
  [contract, readFileSync(contract, 'utf8')],
  ...commits.map((commit) => [commit.slice(0, 7), git('show', `${commit}:${SCHEMA}`)]),
];
if (git('rev-parse', '--is-shallow-repository').trim() === 'true') {
  console.log('this is a shallow clone: only the contract is compared for certain');
}

for (const [name, text] of before) {
  const changes = await diff(buildSchema(text), current);
  const worth = changes.filter((change) => change.criticality.level !== CriticalityLevel.NonBreaking);
  const breaking = worth.filter((change) => change.criticality.level === CriticalityLevel.Breaking);
  console.log(`since ${name}: ${changes.length} changes, ${breaking.length} breaking`);
  if (name !== contract) for (const { criticality, message } of worth) console.log(`  ${criticality.level}: ${message}`);
  if (breaking.length > 0) process.exitCode = 1;
}
