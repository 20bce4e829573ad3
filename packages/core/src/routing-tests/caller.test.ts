import { expect, test } from 'vitest';
import type { Client } from '../model/view.js';
import { withPodLabels } from './caller.js';

const pod = (name: string, labels: Readonly<Record<string, string>>, namespace = 'shop') => ({
  kind: 'Pod',
  metadata: { namespace, name, labels },
});
const pods = [
  pod('web-0', { app: 'web', version: 'v1', hash: 'a' }),
  pod('web-1', { app: 'web', version: 'v1', hash: 'b' }),
  pod('web-0', { app: 'web', version: 'v9' }, 'other'),
];

test.each<[Client, Client]>([
  [
    { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
    { kind: 'sidecar', namespace: 'shop', labels: { app: 'web', version: 'v1' } },
  ],
  [
    { kind: 'sidecar', namespace: 'other', labels: { app: 'web' } },
    { kind: 'sidecar', namespace: 'other', labels: { app: 'web', version: 'v9' } },
  ],
  [
    { kind: 'sidecar', namespace: 'shop', labels: { app: 'nobody' } },
    { kind: 'sidecar', namespace: 'shop', labels: { app: 'nobody' } },
  ],
  [
    { kind: 'sidecar', namespace: 'shop', labels: {} },
    { kind: 'sidecar', namespace: 'shop', labels: {} },
  ],
  [
    { kind: 'gateway', namespace: 'shop', labels: { app: 'web' } },
    { kind: 'gateway', namespace: 'shop', labels: { app: 'web' } },
  ],
  [{ kind: 'none' }, { kind: 'none' }],
])('%j has all labels that its pods share: %j', (client, expected) => {
  expect(withPodLabels(client, pods)).toEqual(expected);
});
