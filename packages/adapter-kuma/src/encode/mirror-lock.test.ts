import { expect, it } from 'vitest';
import { lockWarning } from './mirror-lock.js';

it.each([
  ['2.14.3', 'Kuma 2.14.3 can configure'],
  [undefined, 'Kuma up to 2.14.3 can configure'],
])('of release %s the warning says %s', (version, said) => {
  const env = { served: {}, settings: {}, ...(version === undefined ? {} : { version }) };
  expect(lockWarning({ namespace: 'shop', name: 'cart' }, 'default', env)).toContain(said);
});
