import { adapter } from '@heddle/adapter-kuma';
import { planChange, type Change, simulate, observe } from '@heddle/core';
import { test } from 'vitest';
import { createObjectCluster } from '../src/cases/object-cluster.js';
import { BASE } from './kuma-worlds.js';
const CART = { namespace: 'shop', name: 'cart', port: 80 };
const id = 't1a2b3c4d5e6';
const change: Change = { owner: { kind: 'session', namespace: 'shop', id }, services: [CART], views: 'all', versions: [{ id, realise: 'service', service: { namespace: 'shop', name: `heddle-cart-${id}` } }], intents: [{ match: [{headers:[{name:'x-heddle', is:{exact:'t'}}]}], to: [{ version: id, weight: 100 }] }] };
test('x', async () => {
  const users = JSON.parse(`[{"apiVersion":"kuma.io/v1alpha1","kind":"Mesh","metadata":{"name":"default"},"spec":{}},{"apiVersion":"kuma.io/v1alpha1","kind":"TrafficRoute","mesh":"default","metadata":{"name":"zulu","creationTimestamp":"1969-01-01T00:02:00Z"},"spec":{"sources":[{"match":{"kuma.io/service":"*"}}],"destinations":[{"match":{"kuma.io/service":"cart_shop_svc_80"}},{"match":{"kuma.io/service":"other_shop_svc_80"}}],"conf":{"destination":{"kuma.io/service":"*"},"http":[{"match":{"headers":{"x-dev":{"prefix":"al"},"x-env":{"exact":"alice"}}},"modify":{"path":{"rewritePrefix":"/new"}},"split":[{"weight":90,"destination":{"kuma.io/service":"cart_shop_svc_80","version":"v1"}},{"weight":10,"destination":{"kuma.io/service":"cart_shop_svc_80","version":"v2"}}]}]}}}]`);
  const env = { version: '2.14.3', envoy: '1.38.2', served: {}, settings: {} };
  const mk = () => ({ cluster: createObjectCluster([...BASE, ...users]), adapter, env });
  const p = await planChange(mk(), change);
  console.log(JSON.stringify(p).slice(0, 300));
  let seen = await observe(mk(), { services: [CART] });
  for (let i = 0; i < 3; i++) {
    const e = adapter.encode(change, seen, env);
    console.log(i, JSON.stringify(e).slice(0, 400));
    if ('refused' in e) break;
    seen = await observe(mk(), { services: [CART] }, { known: simulate(seen, e.ok) } as never);
    console.log([...seen.keys()].filter((k) => k.includes('Pod')));
    const d = adapter.decode({ services: [CART] }, seen, env);
    console.log(JSON.stringify(d.tables.map((t) => [t.protocol, t.addresses?.[0], t.rules.map((r) => [r.owner, r.label])])));
    seen = new Map([...(await observe(mk(), { services: [CART] })), ...[...seen].filter(([k]) => k.includes('Pod'))]);
  }
});
