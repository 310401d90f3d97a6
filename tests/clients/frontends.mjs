// The program of docs/FRONTENDS.md at work. Usage: frontends.mjs MODULES URL KEY SCENE [ARGUMENT]
import { pathToFileURL } from 'node:url';
import { tell } from './conversation.mjs';

const [modules, url, key, scene, argument] = process.argv.slice(2);
const load = (name) => import(`${pathToFileURL(modules)}/${name}.js`);

const { service, RequestError } = await load('api');
const pauses = [];
service.url = url;
service.token = async () => key;
service.pause = async (milliseconds) => {
  pauses.push(milliseconds);
  await new Promise((done) => setTimeout(done, 20));
};

const { register } = await load('register');
const { newList, withMore, withRow } = await load('models');
const { open, save } = await load('edit');

const failureOf = (promise) =>
  promise.then(
    () => null,
    (error) => {
      if (!(error instanceof RequestError)) throw error;
      return error;
    },
  );

/** A number of models that nobody else's scene lists. */
async function models(source, count) {
  const made = [];
  for (let number = 0; number < count; number++) {
    const input = { name: `${source}-${number}`, source, license: 'mit' };
    made.push((await register(input, crypto.randomUUID())).model);
  }
  return made;
}

const scenes = {
  async renewed() {
    const { useTokens } = await load('token');
    const { mayChange } = await load('viewer');
    const tokens = ['mle_expired', key];
    useTokens(async () => tokens.shift());
    return { mayChange: await Promise.all([mayChange(), mayChange(), mayChange()]), left: tokens.length };
  },

  async signedOut() {
    const { useTokens } = await load('token');
    const { mayChange } = await load('viewer');
    let signIns = 0;
    useTokens(async () => `mle_wrong_${signIns++}`);
    const { code, requestId } = await failureOf(mayChange());
    return { code, signIns, named: requestId !== null };
  },

  async list() {
    await models('list', 5);
    let list = newList({ source: 'list' }, { field: 'NAME', direction: 'ASC' });
    const pages = [];
    while (list.hasMore) {
      const shown = list.rows.length;
      list = await withMore(list, 2);
      pages.push(list.rows.slice(shown).map((row) => row.name));
    }
    const { code } = await failureOf(withMore({ ...list, filter: {} }, 2));
    const [first] = list.rows;
    const renamed = withRow(list, { ...first, name: 'renamed' }).rows.map((row) => row.name);
    return { pages, code, renamed, verdict: first.licenseDecision.verdict };
  },

  async cache() {
    const { newClient, parsed, ThenAndNow } = await load('cache');
    const [{ id }] = await models('cache', 1);
    const draft = await open(id);
    await save({ ...draft, values: { license: 'apache-2.0' } });
    const client = newClient();
    const { data } = await client.query({ query: parsed(ThenAndNow), variables: { id, version: 1 } });
    const cached = client.cache.extract();
    client.stop();
    return {
      licenses: [data.now.license, data.then.license],
      keys: Object.keys(cached).filter((name) => name.startsWith('Model:')).map((name) => name.replace(id, 'UUID')),
    };
  },

  async form() {
    const input = { name: '', source: ' form', license: 'mit' };
    const form = crypto.randomUUID();
    const refused = await register(input, form);
    const right = { ...input, name: 'form', source: 'form' };
    const twice = await Promise.all([register(right, form), register(right, form)]);
    const other = await register({ ...right, name: 'another' }, form);
    return {
      refused: [...refused.problems],
      same: twice[0].model.id === twice[1].model.id,
      other: [...other.problems],
    };
  },

  async edit() {
    const [{ id }] = await models('edit', 1);
    const mine = await open(id);
    const theirs = await open(id);
    await save({ ...theirs, values: { license: 'apache-2.0' } });
    const conflict = await save({ ...mine, values: { name: 'mine' } });
    const saved = await save(conflict.next);
    const late = await save({ ...(await open(id)), base: mine.base, values: { name: 'late' } });
    const refused = await save({ ...(await open(id)), values: { name: '' } });
    return {
      conflict: [conflict.state, conflict.both, conflict.theirs.map(({ version, changes }) => [version, changes])],
      saved: [saved.state, saved.model.name, saved.model.license, saved.model.version],
      late: [late.state, late.both, late.theirs.length],
      refused: [refused.state, [...refused.problems]],
    };
  },

  async evaluate() {
    const { evaluate } = await load('evaluate');
    const run = async (page) => {
      const told = [];
      const problems = await evaluate(page, crypto.randomUUID(), (evaluation) => told.push(evaluation));
      const { status, netScore, failure } = told.at(-1) ?? {};
      return { first: told[0]?.status, status, netScore, failure: failure?.code, problems: [...problems.keys()] };
    };
    const hub = 'https://huggingface.co';
    return Promise.all([
      run(`${hub}/acme-research/lumen-diffusion-v2`),
      run(`${hub}/acme-research/no-such-model`),
      run(`${hub}/datasets/squad`),
    ]);
  },

  async aborted() {
    const { evaluate } = await load('evaluate');
    const leaving = new AbortController();
    const page = 'https://huggingface.co/northwind/tern-base-uncased';
    const told = [];
    const tellAndLeave = (evaluation) => {
      told.push(evaluation.status);
      leaving.abort();
    };
    const error = await evaluate(page, crypto.randomUUID(), tellAndLeave, leaving.signal).catch((reason) => reason);
    return { told, error: error.name };
  },

  async faulty() {
    const { problemsOfFailure } = await load('problems');
    const failure = await failureOf(open(argument));
    return {
      code: failure?.code ?? null,
      pauses: pauses.length,
      quoted: failure ? problemsOfFailure(failure).get('')[0].includes(`request ${failure.requestId}`) : null,
    };
  },

  async unreachable() {
    service.url = argument;
    const { code, requestId } = await failureOf(open('nobody'));
    return { code, requestId, pauses: pauses.length };
  },
};

tell(await scenes[scene]());
