import type { NamedMatch } from '@heddle/core';
import { expect, it } from 'vitest';
import { strictest } from './strictest.js';

const on = (is: NamedMatch['is'], name = 'end-user'): NamedMatch => ({ name, is });

it('leaves of conditions on one header those that no other implies', () => {
  const [exact, prefix, present] = [on({ exact: 'jason' }), on({ prefix: 'j' }), on({ present: true })];
  expect(strictest([prefix, exact, present])).toEqual([exact]);
  expect(strictest([exact, exact])).toEqual([exact]);
  expect(strictest([prefix, on({ prefix: 'j' }, 'x-other')])).toHaveLength(2);
  expect(strictest([on({ regex: 'a.*' }), on({ regex: '.*b' })])).toHaveLength(2);
});
