import type { RouteTable } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { saysSomething } from './route-table.js';

const table = (more: Partial<RouteTable>): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['*'],
  port: 80,
  protocol: 'http',
  rules: [],
  otherwise: 'passthrough',
  ...more,
});

describe('saysSomething', () => {
  it("leaves out a proxy's catch-all for hosts that nobody routes", () => {
    expect(saysSomething(table({}))).toBe(false);
    expect(saysSomething(table({ otherwise: 'closed' }))).toBe(false);
  });

  it('shows where requests go although no rule is there, also where a listener takes every name', () => {
    expect(saysSomething(table({ domains: ['cart.shop'] }))).toBe(true);
    const to = [{ host: 'cart.shop.svc.cluster.local', port: 80, weight: 1, endpoints: [] }];
    expect(saysSomething(table({ otherwise: { to } }))).toBe(true);
  });
});
