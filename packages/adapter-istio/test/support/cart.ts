import type { KubeObject } from '@heddle/core';
import type { Raw } from '../../src/decode/raw.js';
import { destinationRule, pod, service, virtualService } from './objects.js';

/** One for each version of cart. */
export const pods = ['v1', 'v2'].map((version) => pod(`cart-${version}`, { app: 'cart', version }));

/** cart with two versions, which a DestinationRule knows, and its caller web. */
export const world: readonly KubeObject[] = [
  service('cart'),
  service('web'),
  ...pods,
  pod('web-1', { app: 'web' }),
  destinationRule('cart', 'cart'),
];

/** A rule of a user's VirtualService. */
export const toCart = { route: [{ destination: { host: 'cart', subset: 'v1' } }] };

/** The world with a user's VirtualService of cart. */
export const withRules = (http: readonly Raw[], more: Raw = {}): readonly KubeObject[] => [
  ...world,
  virtualService('cart', { hosts: ['cart'], http, ...more }),
];
