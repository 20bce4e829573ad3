import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSchema } from './schema.js';
import { mismatches } from './validate.js';

const schema = readSchema('config');

describe('mismatches', () => {
  it.each<[string, unknown, string, string, string]>([
    ['a list for a mapping', { clusters: [] }, 'clusters', 'a mapping', 'a list'],
    ['an unknown key', { cluster: {} }, '', 'only the keys clusters, agent, defaults', "the key 'cluster'"],
    ['a missing key', { clusters: { a: { mesh: 'istio' } } }, 'clusters.a', "the key 'context'", 'only mesh'],
    ['another type', { agent: { readyTimeout: '60' } }, 'agent.readyTimeout', 'a whole number from 1 to 3600', "'60'"],
    ['out of range', { agent: { readyTimeout: 0 } }, 'agent.readyTimeout', 'a whole number from 1 to 3600', 'the number 0'],
    [
      'a value that is not in the list',
      { agent: { imagePullPolicy: 'Sometimes' } },
      'agent.imagePullPolicy',
      'one of Always, IfNotPresent, Never',
      "'Sometimes'",
    ],
    ['nothing', { defaults: null }, 'defaults', 'a mapping', 'nothing'],
    ['an item of a list', { agent: { tolerations: ['x'] } }, 'agent.tolerations.0', 'a mapping', "'x'"],
    ['an upper-case header', { defaults: { header: 'X-Dev' } }, 'defaults.header', 'a text like', "'X-Dev'"],
  ])('tells %s', (_, value, path, expected, received) => {
    const [first, second] = mismatches(value, schema);
    expect(second).toBeUndefined();
    expect(first?.path.join('.')).toBe(path);
    expect(first?.expected).toContain(expected);
    expect(first?.received).toBe(received);
  });

  it('agrees with a full implementation of JSON Schema', () => {
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const leaf = fc.oneof(
      fc.constantFrom('istio', '', 'X', 'Always', 'eu-*'),
      fc.integer({ min: -1, max: 4000 }),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('any'), { maxLength: 2 }), tie('object')),
      object: fc.dictionary(
        fc.constantFrom(
          'clusters',
          'agent',
          'defaults',
          'context',
          'mesh',
          'options',
          'image',
          'imagePullPolicy',
          'readyTimeout',
          'labels',
          'tolerations',
          'header',
          'odd',
        ),
        tie('any'),
        { maxKeys: 4 },
      ),
    })).object;
    fc.assert(
      fc.property(value, (each) => {
        expect(mismatches(each, schema).length === 0).toBe(validate(each));
      }),
      { numRuns: 2000 },
    );
  });
});
