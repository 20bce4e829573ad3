import { queryKey } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, header, service, session, takeover } from '../../test/support/objects.js';
import { observe } from '../../test/support/observe.js';
import { shadow } from '../shadow/shadow.js';
import { encode } from './encode.js';

const change = takeover(session('a1'), header('x-dev', 'alice'));
const target = { services: change.services };

describe('a Service that was not seen', () => {
  it('is missing where Services could be listed', () => {
    expect(encode(change, observe([], target), env)).toMatchObject({ refused: [{ code: 'no-such-service' }] });
  });

  it('is not called missing where they could not: the refusal names the right', () => {
    const seen = new Map(observe([service('cart')], target));
    seen.set(queryKey({ group: '', kind: 'Service' }), { unread: 'forbidden' });
    const spec = { owner: change.owner, services: change.services, name: 'heddle-cart-a1', realise: 'service', sidecar: 'auto' } as const;
    for (const planned of [encode(change, seen, env), shadow(spec, seen, env)]) {
      expect(planned).toMatchObject({ refused: [{ code: 'unread', instead: expect.stringContaining('list services') }] });
    }
  });
});
