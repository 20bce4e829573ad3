import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { send } from './http.js';

const JASON = { cookie: 'user=jason', 'end-user': 'jason' };

describe('the scenario bookinfo', () => {
  let sandbox: Sandbox;

  const reviews = async (headers: Record<string, string>) => (await send(sandbox.clientUrl, headers)).text.trim().split('\n');

  beforeAll(async () => {
    const scenario = scenarios.find(({ id }) => id === 'bookinfo');
    if (scenario === undefined) throw new Error('there is no scenario bookinfo');
    sandbox = await createSandbox({ adapter, scenario });
  });
  afterAll(async () => await sandbox.stop());

  it('has reviews that ask the ratings, but for v1', async () => {
    expect(await reviews({})).toEqual(['{"service":"reviews","version":"v1"}']);
    expect(await reviews(JASON)).toEqual(['{"service":"reviews","version":"v2"}', 'ratings: 200 {"service":"ratings","version":"v1"}']);
  });

  it('passes on who asks, so that a rule for the ratings holds for those who are meant', async () => {
    const kind = sandbox.store.kinds.byKind('networking.istio.io', 'VirtualService');
    const live = kind && sandbox.store.find(kind, { namespace: 'bookinfo', name: 'ratings' });
    if (kind === undefined || live === undefined) throw new Error('no VirtualService ratings');
    const { http } = live.spec as { http: readonly object[] };
    const broken = {
      match: [{ headers: { 'end-user': { exact: 'jason' } } }],
      fault: { abort: { percentage: { value: 100 }, httpStatus: 500 } },
      route: [{ destination: { host: 'ratings', subset: 'v1' } }],
    };
    sandbox.store.update(kind, { ...live, spec: { ...(live.spec as object), http: [broken, ...http] } });
    expect((await reviews(JASON))[1]).toBe('ratings: 500 fault filter abort');
    expect((await reviews({ ...JASON, 'end-user': 'jo' }))[1]).toBe('ratings: 200 {"service":"ratings","version":"v1"}');
  });
});
