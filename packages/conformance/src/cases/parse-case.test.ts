import { isUserError } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { parseCase } from './parse-case.js';

const minimal = { id: 'x-01', number: 1, title: 't', mesh: 'istio', steps: [{ unchanged: 'start' }] };
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n';

function refusal(changed: Record<string, unknown>): string {
  try {
    parseCase({ ...minimal, ...changed }, 'x.yaml');
  } catch (error) {
    return isUserError(error) && error.code === 'bad-case' ? error.message : `not a bad-case: ${String(error)}`;
  }
  return 'taken';
}

describe('parseCase', () => {
  it('fills in what a case leaves out', () => {
    const parsed = parseCase({ ...minimal, objects: service, clients: { edge: { kind: 'gateway', namespace: 'edge' } } }, 'x.yaml');
    expect(parsed).toMatchObject({
      namespace: 'shop',
      service: 'cart',
      port: 8080,
      features: [],
      objects: [{ kind: 'Service', metadata: { name: 'cart', namespace: 'shop' } }],
      clients: { mesh: { kind: 'sidecar', namespace: 'shop', labels: {} }, edge: { kind: 'gateway', namespace: 'edge', labels: {} } },
      steps: [{ do: 'unchanged', since: 'start' }],
    });
  });

  it('takes a match in the words of the command line or in core’s', () => {
    const steps = [
      { change: { session: 'a1', header: ['x-dev=alice'], path: '^=/api' } },
      { change: { session: 'a1', match: { headers: [{ name: 'h', is: { not: { exact: '' } } }] } }, refused: ['no'] },
      { remove: 'a1' },
    ];
    expect(parseCase({ ...minimal, steps }, 'x.yaml').steps).toMatchObject([
      {
        do: 'change',
        change: { match: { headers: [{ name: 'x-dev', is: { exact: 'alice' } }], path: { kind: 'segmentPrefix', value: '/api' } } },
      },
      { do: 'change', change: { match: { headers: [{ is: { not: { exact: '' } } }] } }, refused: ['no'] },
      { do: 'change', change: { remove: true, ports: [8080], service: 'cart' } },
    ]);
  });

  it('takes standing routes by name, and a split as the one for every request', () => {
    const entries = {
      few: { any: [{ header: ['x-dev=alice'] }, { path: '=/cart' }], to: { v1: 20, v2: 80 } },
      copy: { mirror: { to: 'v2', percent: 10 } },
      slow: { header: ['end-user=jason'], fault: { delay: { percent: 100, ms: 7000 } } },
    };
    const steps = [{ routes: { route: 'r1', entries } }, { split: { route: 'r1', to: { v1: 100 } } }, { clear: 'r1' }];
    const jason = { headers: [{ name: 'end-user', is: { exact: 'jason' } }] };
    const shares = [
      { version: 'v1', weight: 20 },
      { version: 'v2', weight: 80 },
    ];
    expect(parseCase({ ...minimal, steps }, 'x.yaml').steps).toMatchObject([
      {
        do: 'change',
        change: {
          owner: 'route',
          session: 'r1',
          entries: [
            {
              name: 'few',
              match: [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }, { path: { kind: 'exact', value: '/cart' } }],
              to: shares,
            },
            { name: 'copy', match: [], mirror: { version: 'v2', percent: 10 } },
            { name: 'slow', match: [jason], fault: { delay: { percent: 100, ms: 7000 } } },
          ],
        },
      },
      { change: { owner: 'route', entries: [{ match: [], to: [{ version: 'v1', weight: 100 }] }] } },
      { change: { owner: 'route', remove: true, entries: [] } },
    ]);
  });

  it('lets objects of a case replace those of its parts', () => {
    const part = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec: { old: true } };
    expect(parseCase({ ...minimal, objects: service }, 'x.yaml', { parts: [part] }).objects).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['x.yaml.colour: expected one of id', { colour: 'red' }],
    ['x.yaml: number: expected a number', { number: '1' }],
    ['x.yaml: features: expected one of', { features: ['flying'] }],
    ['x.yaml: steps: expected at least one step', { steps: [] }],
    ['x.yaml: steps[0]: expected just one of', { steps: [{ dance: true }] }],
    ['x.yaml: steps[0]: expected just one of', { steps: [{ remove: 'a1', unchanged: 'start' }] }],
    ['x.yaml: steps[0].tempo: expected one of', { steps: [{ remove: 'a1', tempo: 3 }] }],
    ['x.yaml: steps[0].requests[0]: expected something to expect', { steps: [{ requests: [{ url: 'http://cart/' }] }] }],
    ['x.yaml: steps[0].requests[0].to.cart: expected a number', { steps: [{ requests: [{ url: 'http://cart/', to: { cart: 'all' } }] }] }],
    ['x.yaml: steps[0].routes.entries.a: expected just one of to', { steps: [{ routes: { route: 'r', entries: { a: {} } } }] }],
    ['x.yaml: steps[0].edit[0]: expected set, reverse', { steps: [{ edit: [{ object: 'Pod x' }] }] }],
    ['x.yaml: clients.c.kind: expected one of', { clients: { c: { kind: 'robot' } } }],
  ])('says what is wrong where: %s', (message, changed) => expect(refusal(changed)).toContain(message));
});
