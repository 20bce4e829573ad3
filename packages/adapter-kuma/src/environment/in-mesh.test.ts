import { expect, it } from 'vitest';
import { injects } from './in-mesh.js';

const LABEL = 'kuma.io/sidecar-injection';
const of = (value?: string) => ({ metadata: { name: 'x', labels: value === undefined ? {} : { [LABEL]: value } } });

it.each([
  ['the pod goes before its namespace', of('disabled'), of('enabled'), false],
  ['the namespace decides', of(), of('enabled'), true],
  ['a namespace without the label has no injection', of(), of(), false],
  ['nothing is known without a namespace', of(), undefined, undefined],
])('injects: %s', (_, pod, namespace, expected) => {
  expect(injects(pod, namespace)).toBe(expected);
});
