import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../model/object.js';
import type { RouteTable, Rule } from '../model/table.js';
import type { ClientSet, View } from '../model/view.js';
import { routingOf } from './routing-of.js';

const reviews: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'shop' },
  spec: {
    selector: { app: 'reviews' },
    ports: [
      { name: 'http', port: 80, appProtocol: 'http' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
};

const FQDN = 'reviews.shop.svc.cluster.local';
const everybody: View = { plane: 'mesh', clients: {} };
const to = (subset: string): Rule => ({
  match: [],
  action: { to: [{ host: FQDN, subset, weight: 1, endpoints: [] }] },
  owner: 'foreign',
  origins: [],
});
const table = (view: View, rules: readonly Rule[], more: Partial<RouteTable> = {}): RouteTable => ({
  view,
  domains: [FQDN, 'reviews'],
  port: 80,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
  ...more,
});
const tablesOf = (tables: readonly RouteTable[]) => routingOf(tables, [reviews]).routing.services[0]?.tables;

test('a Service is routed with the tables of its name; gateways and other hosts are returned beside', () => {
  const own = table(everybody, [to('v1')]);
  const gateway = table({ plane: 'gateway', gateway: { namespace: 'gw', selector: { app: 'gw' } } }, [to('v2')]);
  const other = table(everybody, [to('v3')], { domains: ['api.example.com'] });
  const { routing, rest } = routingOf([own, gateway, other], [reviews]);
  expect(routing.services).toEqual([
    {
      namespace: 'shop',
      name: 'reviews',
      selector: { app: 'reviews' },
      ports: [{ port: 80, name: 'http', appProtocol: 'http' }],
      tables: [own],
    },
  ]);
  expect(rest).toEqual([gateway, other]);
});

test('a listener of its own stands for the port, not the one that other addresses share', () => {
  const own = table(everybody, [to('v1')], { domains: ['*'], addresses: [FQDN] });
  const { routing, rest } = routingOf([table(everybody, [to('v1')]), own], [reviews]);
  expect(routing.services[0]?.tables).toEqual([own]);
  expect(rest).toEqual([]);
});

describe('callers that are routed alike are one table', () => {
  const labels = { team: 'pay' };
  const labelled: View = { plane: 'mesh', clients: { labels } };
  const others: View = { plane: 'mesh', clients: {}, except: [{ labels }] };

  test('whatever tells them apart', () => {
    const inShop: View = { plane: 'mesh', clients: { namespaces: ['shop'] } };
    const outside: View = { plane: 'mesh', clients: {}, except: [{ namespaces: ['shop'] }] };
    expect(tablesOf([labelled, others].map((view) => table(view, [to('v1')])))).toEqual([table(everybody, [to('v1')])]);
    expect(tablesOf([inShop, outside].map((view) => table(view, [to('v1')])))).toEqual([table(everybody, [to('v1')])]);
  });

  test('those that are not stay apart, by what makes the difference alone', () => {
    const [a, b] = [{ a: '1' }, { b: '1' }];
    const cut = (clients: ClientSet, except: readonly ClientSet[], rules: readonly Rule[]) =>
      table({ plane: 'mesh', clients, except }, rules);
    const tables = [
      cut({ labels: { ...a, ...b } }, [], [to('v1')]),
      cut({ labels: a }, [{ labels: b }], [to('v1')]),
      cut({ labels: b }, [{ labels: a }], [to('v2')]),
      cut({}, [{ labels: a }, { labels: b }], [to('v2')]),
    ];
    expect(tablesOf(tables)?.map(({ view, rules }) => [view, rules[0]])).toEqual([
      [{ plane: 'mesh', clients: { labels: a } }, to('v1')],
      [{ plane: 'mesh', clients: {}, except: [{ labels: a }] }, to('v2')],
    ]);
  });

  test('those with a label are told from the others, whatever else they carry', () => {
    const [prod, web] = [{ env: 'prod' }, { app: 'web' }];
    const inShop = { namespaces: ['shop'] };
    const tables = [
      table({ plane: 'mesh', clients: { labels: { ...prod, ...web } } }, [to('v1')]),
      table({ plane: 'mesh', clients: { labels: prod }, except: [{ labels: web }] }, [to('v1')]),
      table({ plane: 'mesh', clients: { ...inShop, labels: web }, except: [{ labels: prod }] }, [to('v2')]),
      table({ plane: 'mesh', clients: { labels: web }, except: [inShop, { labels: prod }] }, [to('v3')]),
      table({ plane: 'mesh', clients: {}, except: [{ labels: prod }, { labels: web }] }, [to('v3')]),
    ];
    expect(tablesOf(tables)?.map(({ view, rules }) => [view, rules[0]])).toEqual([
      [{ plane: 'mesh', clients: { labels: prod } }, to('v1')],
      [{ plane: 'mesh', clients: { ...inShop, labels: web }, except: [{ labels: prod }] }, to('v2')],
      [{ plane: 'mesh', clients: {}, except: [{ labels: prod }, { ...inShop, labels: web }] }, to('v3')],
    ]);
  });

  test('a table that only some meet stays theirs', () => {
    const view: View = { plane: 'mesh', clients: { namespaces: ['shop'] } };
    expect(tablesOf([table(view, [to('v1')])])).toEqual([table(view, [to('v1')])]);
  });
});
