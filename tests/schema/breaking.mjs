// graphql-inspector: the schema breaks no client that knows one of the last two that were
// committed, the newest of which is this very one in a clean checkout. Run it in the checkout.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const SCHEMA = 'graph/schema.graphql';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
const current = buildSchema(readFileSync(SCHEMA, 'utf8'));
const commits = git('rev-list', '--max-count=2', 'HEAD', '--', SCHEMA).split('\n').filter(Boolean);

for (const commit of commits) {
  const changes = await diff(buildSchema(git('show', `${commit}:${SCHEMA}`)), current);
  const worth = changes.filter((change) => change.criticality.level !== CriticalityLevel.NonBreaking);
  const breaking = worth.filter((change) => change.criticality.level === CriticalityLevel.Breaking);
  console.log(`since ${commit.slice(0, 7)}: ${changes.length} changes, ${breaking.length} breaking`);
  for (const { criticality, message } of worth) console.log(`  ${criticality.level}: ${message}`);
  if (breaking.length > 0) process.exitCode = 1;
}
