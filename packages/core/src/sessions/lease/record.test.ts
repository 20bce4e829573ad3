import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { person } from '../../../test/sessions/people.js';
import { encodeRecord, type SessionRecord } from './record.js';
import { decodeRecord } from './record-decode.js';
import { decodeMatch } from './record-match.js';

const at = { namespace: 'shop', id: 'm1a2b3c4' };
const record: SessionRecord = {
  version: 1,
  kind: 'session',
  ...at,
  service: 'tomcat',
  ports: [8080],
  adapter: 'istio',
  tunnel: 'ssh',
  views: 'all',
  match: { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] },
  state: 'active',
  startedBy: person('alice'),
  holder: person('bob'),
  createdAt: '2026-11-24T08:00:00.000Z',
  objects: [{ ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'heddle-tomcat-m1a2b3c4' }, uid: 'u1' }],
  rules: [{ ref: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'tomcat' }, hash: 'abc' }],
  condition: { name: 'suspended', why: 'the tunnel was lost' },
};
const change = (fields: Record<string, unknown>) => JSON.stringify({ ...record, ...fields });

describe('record', () => {
  it('comes back as it was written', () => {
    expect(decodeRecord(encodeRecord(record), at)).toEqual(record);
  });

  it('of a standing route comes back with what it is', () => {
    const route: SessionRecord = {
      ...record,
      kind: 'route',
      match: {},
      route: {
        versions: [
          { id: 'v1', realise: 'subset', labels: { version: 'v1' }, ref: 'one' },
          { id: 'v2', realise: 'service', service: { namespace: 'shop', name: 'tomcat-v2' } },
        ],
        entries: [
          {
            name: 'split',
            match: [],
            to: [
              { version: 'v1', weight: 90 },
              { version: 'v2', weight: 10 },
            ],
            by: { user: 'alice', host: 'laptop' },
            since: '2026-11-24T08:00:00.000Z',
          },
          {
            name: 'mirror-x',
            match: [{ headers: [{ name: 'x', is: { present: true } }] }],
            mirror: { version: 'v2', percent: 0.5 },
            by: { user: 'bob', host: 'desk' },
            since: '2026-11-24T08:00:00.000Z',
            file: 'shop',
          },
          {
            name: 'fault',
            match: [],
            fault: { delay: { percent: 100, ms: 7000 }, abort: { percent: 33.3, status: 503 } },
            by: { user: 'bob', host: 'desk' },
            since: '2026-11-24T08:00:00.000Z',
          },
        ],
        copied: 'abc',
        established: true,
      },
    };
    expect(decodeRecord(encodeRecord(route), at)).toEqual(route);
  });

  it.each([
    [{ to: [{ version: 'v1' }] }, 'entries[0].to[0].weight: expected a whole number, received nothing'],
    [{ mirror: { version: 'v1', percent: 'all' } }, 'entries[0].mirror.percent: expected a number, received "all"'],
    [{ fault: { abort: { percent: 1 } } }, 'entries[0].fault.abort.status: expected a whole number, received nothing'],
    [{}, 'entries[0]: expected to, mirror or fault'],
  ])('of a standing route that says %j cannot be read', (action, message) => {
    const entry = { name: 'a', match: [], by: { user: 'a', host: 'b' }, since: 'now', ...action };
    expect(() => decodeRecord(change({ kind: 'route', route: { entries: [entry], versions: [] } }), at)).toThrow(`record.route.${message}`);
  });

  it('ignores what it does not know', () => {
    expect(decodeRecord(change({ colour: 'blue', match: { ...record.match, since: 2 } }), at)).toEqual(record);
  });

  it('takes namespace and id from the Lease, so that a copied annotation leads nowhere else', () => {
    expect(decodeRecord(encodeRecord(record), { namespace: 'other', id: 'x1' })).toMatchObject({ namespace: 'other', id: 'x1' });
  });

  it('does without what clean-up does not need', () => {
    const bare = { version: 1, service: 'tomcat', ports: [80], adapter: 'istio', match: {}, holder: { user: 'a', host: 'h', pid: 1 } };
    expect(decodeRecord(JSON.stringify(bare), at)).toMatchObject({
      state: 'draining',
      objects: [],
      rules: [],
      views: 'all',
      startedBy: { user: 'a', startTime: '' },
    });
  });

  it.each([
    ['no JSON', '{', 'record: expected JSON'],
    ['no object', '[]', 'record: expected an object'],
    ['a later version', change({ version: 2 }), 'record.version: expected 1, received 2'],
    ['no service', change({ service: '' }), 'record.service: expected a text, received ""'],
    ['a port in words', change({ ports: ['http'] }), 'record.ports[0]: expected a whole number, received "http"'],
    ['no holder', change({ holder: undefined }), 'record.holder: expected an object, received nothing'],
    ['a wrong match', change({ match: { headers: [{ name: 'x', is: {} }] } }), 'record.match.headers[0].is: expected exact, prefix'],
    ['an unknown kind of path', change({ match: { path: { kind: 'glob', value: '/' } } }), 'record.match.path.kind: expected exact |'],
  ])('says where it cannot be read: %s', (_case, text, message) => {
    expect(() => decodeRecord(text, at)).toThrow(message);
    expect(() => decodeRecord(text, at)).toThrow(expect.objectContaining({ code: 'record-invalid', exit: 'usage' }));
  });

  const word = fc.string({ minLength: 1, maxLength: 8 });
  const str = fc.letrec((tie) => ({
    str: fc.oneof(
      { depthSize: 'small' },
      fc.record({ exact: word }),
      fc.record({ prefix: word }),
      fc.record({ regex: word }),
      fc.constant({ present: true as const }),
      fc.constant({ absent: true as const }),
      fc.record({ not: tie('str') }),
    ),
  })).str;
  const named = fc.array(fc.record({ name: word, is: str }), { maxLength: 3 });
  const match = fc.record(
    {
      path: fc.record({ kind: fc.constantFrom('exact', 'segmentPrefix', 'rawPrefix', 'regex'), value: word }),
      method: str,
      scheme: str,
      authority: str,
      headers: named,
      query: named,
      name: word,
    },
    { requiredKeys: [] },
  );

  it('keeps every match', () => {
    fc.assert(
      fc.property(match, (one) => {
        expect(decodeMatch(JSON.parse(JSON.stringify(one)), 'match')).toEqual(one);
      }),
    );
  });
});
