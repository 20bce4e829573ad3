import { expect, test } from 'vitest';
import type { KubeObject } from '../model/object.js';
import { unreadyNotes } from './unready.js';

const service = (name: string, selector: unknown = { app: name }): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector, ports: [{ port: 80 }] },
});
const pod = (app: string, ready: boolean): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}-0`, namespace: 'shop', labels: { app } },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

test('Services without a ready Pod are named, and those that select none are not', () => {
  expect(unreadyNotes([service('web'), pod('web', true), service('outside', null), service('by-hand', {})])).toEqual([]);
  const [note, ...others] = unreadyNotes([service('web'), pod('web', true), service('cart'), pod('cart', false), service('pay')]);
  expect(note).toMatch(/^No Pod is ready of Services shop\/cart, shop\/pay: what is converted of them /);
  expect(others).toEqual([]);
});

test('many are counted', () => {
  const [note] = unreadyNotes(Array.from({ length: 10 }, (_, index) => service(`s${index}`)));
  expect(note).toContain('shop/s7 and 2 more:');
});
