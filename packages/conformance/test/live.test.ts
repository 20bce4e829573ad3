import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { applyPlan, type Change, type MeshAdapter, type MeshContext, planChange } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStages, loadWorldDefinitions, type RequestSpec, type Stage, scenarioOf } from '../src/index.js';
import { SUBJECTS } from './support/subjects.js';

const definitions = await loadWorldDefinitions();
const known = definitions.map(({ name }) => name);
const stages = await Promise.all(
  SUBJECTS.map(async ([, { adapter, packageDir }]) => {
    const all = await loadStages(fileURLToPath(packageDir), known);
    return all.map((stage) => [`${adapter.title}, ${stage.title}`, adapter, stage] as const);
  }),
);

/** The same adapter where it decides about real requests: a sandbox with the world's objects, called over HTTP. */
describe.each(stages.flat())('live in the sandbox: %s', (_, adapter, stage) => {
  it.each(['catch-all', 'two-rules', 'header-rule', 'longer-path', 'other-service', 'weights'])(
    'the world %s is as it says',
    async (world) => {
      const says = definitions.find(({ name }) => name === world)?.says ?? [];
      const sandbox = await start(adapter, stage, world);
      try {
        for (const spec of says) {
          const wanted = Object.keys(spec.expect.reaches ?? {}).sort();
          const got = new Set(await Promise.all(Array.from({ length: wanted.length > 1 ? 150 : 1 }, () => send(sandbox, spec))));
          expect([...got].sort(), spec.url).toEqual(wanted);
        }
        expect(says.length).toBeGreaterThan(0);
      } finally {
        await sandbox.stop();
      }
    },
  );

  describe('a session', () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await start(adapter, stage, 'two-rules');
    });
    afterAll(() => sandbox.stop());

    it('gets its requests, nobody else notices, and undo leaves what was there', async () => {
      const context: MeshContext = { cluster: sandbox.cluster('a1'), adapter, env: stage.environment };
      const before = await ask(sandbox, {});
      const written = sandbox.store.list(kindOf(sandbox, adapter));
      await carryOut(context, session('a1', true));
      expect(await ask(sandbox, { 'x-dev': 'alice' })).toEqual(['heddle-cart-a1', 'heddle-cart-a1']);
      expect(await ask(sandbox, { 'x-dev': 'bob' })).toEqual(before);
      await carryOut(context, session('a1', false));
      expect(await ask(sandbox, { 'x-dev': 'alice' })).toEqual(before);
      expect(contents(sandbox.store.list(kindOf(sandbox, adapter)))).toEqual(contents(written));
    });
  });
});

const start = (adapter: MeshAdapter, stage: Stage, world: string) =>
  createSandbox({ adapter, scenario: scenarioOf(stage, world, adapter), env: stage.environment });

async function send(sandbox: Sandbox, { url, method, headers }: Pick<RequestSpec, 'url' | 'method' | 'headers'>): Promise<string> {
  const { host, pathname, search } = new URL(url);
  const sent = request(`${sandbox.clientUrl}${pathname}${search}`, {
    method,
    headers: { ...Object.fromEntries(headers), host },
    agent: false,
  });
  const [response] = await once(sent.end(), 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return body;
}

/** Who answers for a path of each of the two rules. */
const ask = (sandbox: Sandbox, headers: Readonly<Record<string, string>>) =>
  Promise.all(
    ['/api/x', '/'].map((path) =>
      send(sandbox, { url: `http://cart.shop.svc.cluster.local:8080${path}`, method: 'GET', headers: Object.entries(headers) }),
    ),
  );

function session(id: string, on: boolean): Change {
  const match = { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] };
  return {
    owner: { kind: 'session', namespace: 'shop', id },
    services: [{ namespace: 'shop', name: 'cart', port: 8080 }],
    views: 'all',
    versions: on ? [{ id, realise: 'service', service: { namespace: 'shop', name: `heddle-cart-${id}` } }] : [],
    intents: on ? [{ match: [match], to: [{ version: id, weight: 100 }] }] : [],
  };
}

async function carryOut(context: MeshContext, change: Change): Promise<void> {
  const plan = async () => planChange(context, change);
  const planning = await plan();
  if ('refused' in planning) throw new Error(planning.refused.map(({ message }) => message).join('; '));
  await applyPlan(context, planning.plan, { replan: plan });
}

/** The first kind that the adapter writes and the sandbox serves. */
function kindOf(sandbox: Sandbox, adapter: MeshAdapter) {
  const { group = '', kind = '' } = adapter.kinds.find(({ verbs }) => verbs.includes('update')) ?? {};
  const spec = sandbox.store.kinds.byKind(group, kind);
  if (spec === undefined) throw new Error(`${kind} is not served`);
  return spec;
}

const contents = (objects: readonly Readonly<Record<string, unknown>>[]) => objects.map(({ spec, kind }) => ({ spec, kind }));
