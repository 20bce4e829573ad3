import { describe, expect, it } from 'vitest';
import { type Observation, queryKey } from '../model/observed.js';
import { describeUnread, refuseUnseenService, unreadGaps } from './unread.js';

const routes = { group: 'mesh.example', kind: 'Route' };
const pods = { group: '', kind: 'Pod', namespace: 'shop', labelSelector: 'app=cart' };
const services = { group: '', kind: 'Service' };
const seeing = (query: Parameters<typeof queryKey>[0], observation: Observation) => new Map([[queryKey(query), observation]]);

describe('what a query did not tell', () => {
  it('is nothing where it was answered, or where there is no such kind', () => {
    expect(describeUnread(routes, seeing(routes, { objects: [] }))).toBeUndefined();
    expect(describeUnread(routes, seeing(routes, { unread: 'no such kind' }))).toBeUndefined();
  });

  it('is said with the reason, and becomes a gap that names the right', () => {
    expect(describeUnread(routes, seeing(routes, { unread: 'forbidden' }))).toBe(
      'Route.mesh.example in all namespaces could not be read (forbidden)',
    );
    expect(unreadGaps([routes, pods], seeing(routes, { objects: [] }))).toEqual([
      { feature: 'unread', message: 'Pod in namespace shop was not read: this needs the right to list it there' },
    ]);
  });

  it('does not count a pod that only a plan knows', () => {
    const planned = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'a', labels: { app: 'cart' } } };
    const seen = seeing({ group: '', kind: 'Pod', namespace: 'shop' }, { objects: [planned] });
    expect(describeUnread(pods, seen)).toBeUndefined();
    expect(describeUnread({ ...pods, labelSelector: 'app=web' }, seen)).toContain('was not read');
    expect(describeUnread(pods, new Map([...seen, [queryKey(pods), { unread: 'forbidden' }]]))).toContain('forbidden');
  });
});

describe('a Service that was not seen', () => {
  const cart = { namespace: 'shop', name: 'cart' };
  it('is missing where Services could be listed', () => {
    expect(refuseUnseenService(cart, seeing(services, { objects: [] }))).toMatchObject({ refused: [{ code: 'no-such-service' }] });
  });

  it('is not called missing where they could not', () => {
    const { refused } = refuseUnseenService(cart, seeing(services, { unread: 'forbidden' }));
    expect(refused).toMatchObject([{ code: 'unread', instead: expect.stringContaining('list services') }]);
  });
});
