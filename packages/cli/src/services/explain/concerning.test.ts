import type { Decoded, Explanation, Problem } from '@heddle/core';
import { expect, it } from 'vitest';
import { gapsFor, problemsFor } from './concerning.js';
import type { Caller } from './types.js';

const ref = (kind: string, name: string) => ({ apiVersion: 'mesh.example/v1', kind, namespace: 'shop', name });
const problem = (message: string, more: Partial<Problem> = {}): Problem => ({ code: 'odd', message, ...more });
const ROUTE = ref('Route', 'reviews');
const decoded: Decoded = {
  tables: [],
  problems: [
    problem('of the mesh'),
    problem('of the whole object', { ref: ROUTE }),
    problem('of a rule that was tried', { ref: ROUTE, pointer: '/rules/0/match' }),
    problem('of a rule that was not', { ref: ROUTE, pointer: '/rules/2' }),
    problem('of another object', { ref: ref('Route', 'older'), pointer: '/rules/9' }),
    problem('no say for others', { code: 'route-shadowed', ref: ROUTE }),
    problem('no say at all', { code: 'route-shadowed', ref: ref('Route', 'older') }),
    problem('of a gateway', { ref: ref('Gateway', 'front') }),
    problem('a missing destination', { code: 'destination-missing', ref: ROUTE }),
    problem('a remark', { severity: 'info', ref: ROUTE }),
  ],
  gaps: [
    { feature: 'filter', message: 'a filter' },
    { feature: 'gateway.bind', message: 'a gateway' },
    { feature: 'odd', message: 'a Gateway', ref: ref('Gateway', 'front') },
  ],
};
const step = (index: number) => ({ origins: [{ ref: ROUTE, pointer: `/rules/${index}`, index }], matched: index === 1, because: '' });
const explanation: Explanation = { answer: { outcomes: [], trace: [step(0), step(1)], notes: [] } };
const caller = (client: Caller['client']): Caller => ({ client, namespace: 'shop', who: 'x', notes: [] });
const sidecar = caller({ kind: 'sidecar', namespace: 'shop', labels: {} });
const gateway = caller({ kind: 'gateway', namespace: 'edge', labels: {} });
const none = caller({ kind: 'none' });

it('problems of rules that the request never came to, and of other planes, are not told', () => {
  const told = ['of the mesh', 'of the whole object', 'of a rule that was tried', 'of another object', 'no say at all'];
  expect(problemsFor(decoded, explanation, sidecar).map(({ message }) => message)).toEqual(told);
  expect(problemsFor(decoded, explanation, gateway).map(({ message }) => message)).toEqual([...told, 'of a gateway']);
  expect(problemsFor(decoded, explanation, none)).toEqual([]);
});

it('gaps of gateways concern gateways, and a caller without a proxy none', () => {
  expect(gapsFor(decoded, sidecar).map(({ message }) => message)).toEqual(['a filter']);
  expect(gapsFor(decoded, gateway)).toHaveLength(3);
  expect(gapsFor(decoded, none)).toEqual([]);
});
