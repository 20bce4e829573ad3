import { type KubeObject, observeObjects, type Problem } from '@heddle/core';
import { baseQueries } from '../../src/decode/reads.js';
import { lint } from '../../src/lint/lint.js';
import { destinationRule, env, pod, service } from './objects.js';

/** What lint reads of a mesh. */
export const queries = [...baseQueries(), { group: '', kind: 'Pod' }];

const problems = (objects: readonly KubeObject[], notes = false): readonly Problem[] =>
  lint(observeObjects(objects, queries), env).filter(({ severity }) => notes || severity !== 'info');

/** What lint finds, as `severity code object pointer`, without notes. */
export const found = (objects: readonly KubeObject[], notes = false): readonly string[] =>
  problems(objects, notes).map(
    ({ severity, code, ref, pointer }) =>
      `${severity} ${code} ${ref?.kind === 'VirtualService' ? 'vs' : ref?.kind} ${ref?.name} ${pointer}`,
  );

export const messages = (objects: readonly KubeObject[]): readonly string[] => problems(objects).map(({ message }) => message);

/** A destination of a rule. */
export const to = (host: string, subset?: string, more: Readonly<Record<string, unknown>> = {}) => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...more,
});

/** A Service with two versions, which a DestinationRule knows. */
export const cart = [
  service('cart'),
  pod('cart-v1', { app: 'cart', version: 'v1' }),
  pod('cart-v2', { app: 'cart', version: 'v2' }),
  destinationRule('cart', 'cart'),
];
