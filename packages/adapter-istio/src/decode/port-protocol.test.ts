import { expect, it } from 'vitest';
import { portProtocol } from './port-protocol.js';

it.each([
  ['http-web', undefined, 'http'],
  ['GRPC', undefined, 'http'],
  ['https', 'kubernetes.io/h2c', 'http'],
  ['web', 'redis', 'tcp'],
  ['web', undefined, 'auto'],
  // Names that an object of JavaScript has by itself.
  ['constructor', undefined, 'auto'],
  ['valueof-x', undefined, 'auto'],
  ['web', '__proto__', 'auto'],
])('a port %s with appProtocol %s is %s', (name, appProtocol, expected) => {
  expect(portProtocol({ number: 80, name, transport: 'TCP', appProtocol })).toBe(expected);
});
