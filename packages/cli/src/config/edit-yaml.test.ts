import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parsed, setInYaml, unsetInYaml, withoutValue, withValue } from './edit-yaml.js';

const FILE = `# my clusters
clusters:   # all of them
  staging:   {context: staging-admin, mesh: istio}  # short
  # the far one
  'eu':
    context: 'eu-*'   # glob

    options:
        zone: "1"

agent: {image: 'x:1'}
# the end
`;

describe('setInYaml', () => {
  it.each<[string, string[], unknown, string, string]>([
    ['a value in braces', ['clusters', 'staging', 'mesh'], 'kuma', 'mesh: istio}', 'mesh: kuma}'],
    ['a quoted value', ['clusters', 'eu', 'context'], 'eu-1', "context: 'eu-*'   # glob", 'context: eu-1   # glob'],
    ['a value that needs quotes', ['clusters', 'staging', 'context'], 'a, {b}', 'context: staging-admin', "context: 'a, {b}'"],
    ['a new key in braces', ['clusters', 'staging', 'tunnel'], 'direct', 'mesh: istio}', 'mesh: istio, tunnel: direct}'],
    ['a new key in lines', ['clusters', 'eu', 'mesh'], 'kuma', 'zone: "1"\n', 'zone: "1"\n    mesh: kuma\n'],
    ['a new key deep down', ['clusters', 'eu', 'options', 'mesh'], 'm', 'zone: "1"\n', 'zone: "1"\n        mesh: m\n'],
    ['a new mapping', ['clusters', 'new', 'context'], 'new-1', 'zone: "1"\n', 'zone: "1"\n  new:\n    context: new-1\n'],
    ['a new section', ['defaults', 'tunnel'], 'direct', "agent: {image: 'x:1'}\n", "agent: {image: 'x:1'}\ndefaults:\n  tunnel: direct\n"],
    ['a list in braces', ['agent', 'tolerations'], [{ key: 'a' }], "'x:1'}", "'x:1', tolerations: [{key: a}]}"],
  ])('%s: everything else stays as it is', (_, path, value, from, to) => {
    expect(FILE.split(from)).toHaveLength(2);
    expect(setInYaml(FILE, path, value)).toBe(FILE.replace(from, to));
  });

  it.each([
    ['', 'defaults:\n  mesh: kuma\n'],
    ['# only words', '# only words\ndefaults:\n  mesh: kuma\n'],
    ['---\n', '---\ndefaults:\n  mesh: kuma\n'],
    ['defaults: {}', 'defaults: {mesh: kuma}'],
    ['agent: {image: x}', 'agent: {image: x}\ndefaults:\n  mesh: kuma\n'],
  ])('%j', (text, wanted) => {
    expect(setInYaml(text, ['defaults', 'mesh'], 'kuma')).toBe(wanted);
  });

  it.each([
    ['lines with carriage returns', 'agent:\r\n  image: x\r\n'],
    ['a value in lines of its own', 'defaults:\n  mesh: >\n    istio\n'],
    ['an alias', 'x: &x {mesh: a}\ndefaults: *x\n'],
    ['no YAML', 'defaults: {'],
  ])('leaves %s alone', (_, text) => {
    expect(setInYaml(text, ['defaults', 'mesh'], 'kuma')).toBeUndefined();
  });
});

describe('unsetInYaml', () => {
  it.each<[string, string[], string, string]>([
    ['the last in braces', ['clusters', 'staging', 'mesh'], ', mesh: istio}', '}'],
    ['the first in braces', ['clusters', 'staging', 'context'], '{context: staging-admin, mesh', '{mesh'],
    ['a line', ['clusters', 'eu', 'context'], "    context: 'eu-*'   # glob\n", ''],
    ['what would be empty then', ['clusters', 'eu', 'options', 'zone'], '    options:\n        zone: "1"\n', ''],
    ['a whole entry', ['clusters', 'staging'], '  staging:   {context: staging-admin, mesh: istio}  # short\n', ''],
    ['a section by its only key', ['agent', 'image'], "agent: {image: 'x:1'}\n", ''],
  ])('%s: everything else stays as it is', (_, path, from, to) => {
    expect(FILE.split(from)).toHaveLength(2);
    expect(unsetInYaml(FILE, path)).toBe(FILE.replace(from, to));
  });

  it('leaves the comments of a file that is empty then', () => {
    expect(unsetInYaml('# mine\nagent:\n  image: x # the image\n# end\n', ['agent', 'image'])).toBe('# mine\n# end\n');
  });
});

it('whatever the document: the result says what was asked for, and keeps every comment, or there is none', () => {
  const key = fc.constantFrom('a', 'b', 'c d', 'x.y');
  const scalar = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('#', 'a: b', '- x', '[', "it's", '&a', 'null', '1'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 2 }), tie('map')),
    map: fc.dictionary(key, tie('any'), { maxKeys: 3 }),
  }));
  const lines = (node: unknown, indent: string): string =>
    Object.entries(node as object)
      .map(([name, item], index) => {
        const below = typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length > 0 && index % 2 === 0;
        const own = below ? `\n${lines(item, `${indent}  `)}` : ` ${JSON.stringify(item)} # note ${index}\n`;
        return `${indent}# about ${index}\n${indent}${JSON.stringify(name)}:${own}`;
      })
      .join('');
  let edited = 0;
  fc.assert(
    fc.property(value.map, fc.array(key, { minLength: 1, maxLength: 3 }), scalar, (document, path, wanted) => {
      const text = lines(document, '');
      const before = parsed(text);
      const set = setInYaml(text, path, wanted);
      if (set !== undefined) {
        edited += 1;
        expect(load(set)).toEqual(withValue(before, path, wanted));
        const comments = (each: string) => each.match(/# (about|note) \d$/gm) ?? [];
        expect(comments(set).length).toBeGreaterThanOrEqual(comments(text).length);
      }
      const unset = unsetInYaml(text, path);
      if (unset !== undefined) expect(parsed(unset)).toEqual(withoutValue(before, path));
    }),
    { numRuns: 500 },
  );
  expect(edited).toBeGreaterThan(250);
});
