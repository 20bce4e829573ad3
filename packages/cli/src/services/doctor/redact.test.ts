import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactText } from './redact.js';

describe('redact', () => {
  it('hides values under keys that sound secret, and keeps the shape', () => {
    expect(redact({ user: 'alice', token: 'abc', auth: { clientKeyData: ['x'], accessToken: { value: 'y', count: 2 } } })).toEqual({
      user: 'alice',
      token: '<hidden>',
      auth: { clientKeyData: ['<hidden>'], accessToken: { value: '<hidden>', count: 2 } },
    });
  });

  it('hides the value of a named entry that sounds secret', () => {
    expect(
      redact([
        { name: 'authorization', is: { exact: 'Bearer abc' } },
        { name: 'x-dev', is: { exact: 'alice' } },
      ]),
    ).toEqual([
      { name: 'authorization', is: { exact: '<hidden>' } },
      { name: 'x-dev', is: { exact: 'alice' } },
    ]);
  });

  it('hides tokens, keys and credentials inside texts', () => {
    const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;
    expect(redactText(`got ${jwt} from https://bob:hunter2@proxy:3128/ with Bearer abcdefgh1234`)).toBe(
      'got <hidden> from https://<hidden>@proxy:3128/ with <hidden>',
    );
    expect(redactText('-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----')).toBe('<hidden>');
  });

  it('lets no secret through, wherever it stands', () => {
    const secret = 'S3CR3T-VALUE';
    const key = fc.constantFrom('token', 'password', 'Authorization', 'client-key-data', 'set-cookie', 'apiKey', 'credentials');
    const wrapper = fc.array(fc.constantFrom('list', 'object'), { maxLength: 4 });
    fc.assert(
      fc.property(key, wrapper, (name, wraps) => {
        let value: unknown = { [name]: secret };
        for (const wrap of wraps) value = wrap === 'list' ? [value] : { inner: value };
        expect(JSON.stringify(redact(value))).not.toContain(secret);
      }),
    );
  });
});
