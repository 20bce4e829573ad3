import { expect, it } from 'vitest';
import { hasContainer, imageVersion } from './containers.js';

it.each([
  [true, { spec: { containers: [{ name: 'app' }, { name: 'proxy' }] } }],
  [true, { spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] } }],
  [false, { spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'proxy-init' }] } }],
  [false, { spec: { containers: 'proxy' } }],
  [false, undefined],
])('whether it has the container: %s for %j', (expected, pod) => expect(hasContainer(pod, 'proxy')).toBe(expected));

it.each([
  ['registry.example:5000/control-plane:1.22.3-distroless', '1.22.3'],
  ['control-plane:v1.22', '1.22'],
  ['control-plane:1.22.3@sha256:0123', '1.22.3'],
  ['control-plane:1.22.3.4', '1.22.3'],
  ['control-plane:latest', undefined],
  ['control-plane', undefined],
  ['registry.example:5000/control-plane', undefined],
  ['control-plane@sha256:0123', undefined],
])('the version of %s is %s', (image, version) => expect(imageVersion(image)).toBe(version));
