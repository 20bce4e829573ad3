import { runTunnelCase, TUNNEL_CASES } from '@heddle/conformance';
import { expect, test } from 'vitest';
import { agent } from '../src/in-process/index.js';
import { tunnel as provider } from '../src/index.js';

test.each(TUNNEL_CASES.map((one) => [one.id, one] as const))(
  '%s',
  async (_, one) => {
    expect(await runTunnelCase({ provider, agent }, one)).toEqual({ id: one.id, title: one.title, outcome: 'pass' });
  },
  90_000,
);
