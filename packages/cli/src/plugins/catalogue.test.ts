import { describe, expect, it } from 'vitest';
import { findPart, type InstalledPackage, partsOf, readCatalogue } from './catalogue.js';

const installed = (name: string, heddle: unknown, origin = 'core'): InstalledPackage => ({
  name,
  version: '1.2.3',
  root: `/x/${name}`,
  origin,
  pjson: { name, heddle },
});
const adapter = (id: string) => ({ adapters: [{ id, apiVersion: 1, module: './dist/index.js' }] });

describe('readCatalogue', () => {
  it('reads adapters and tunnels without importing anything', () => {
    const { parts, problems } = readCatalogue([
      installed('@x/mesh', adapter('istio')),
      installed('@x/tunnel', { tunnels: [{ id: 'ssh', apiVersion: 1, module: 'index.cjs', extra: true }] }, 'user'),
      installed('@x/commands', undefined),
    ]);
    expect(problems).toEqual([]);
    expect(parts).toEqual([
      {
        kind: 'adapter',
        id: 'istio',
        apiVersion: 1,
        module: '/x/@x/mesh/dist/index.js',
        package: '@x/mesh',
        version: '1.2.3',
        origin: 'core',
      },
      {
        kind: 'tunnel',
        id: 'ssh',
        apiVersion: 1,
        module: '/x/@x/tunnel/index.cjs',
        package: '@x/tunnel',
        version: '1.2.3',
        origin: 'user',
      },
    ]);
  });

  it.each<[unknown, string]>([
    ['text', 'heddle: expected an object, received a string'],
    [{ adapters: {} }, 'heddle.adapters: expected a list, received an object'],
    [{ adaptors: adapter('x').adapters }, "heddle: expected only adapters and tunnels, received 'adaptors'"],
    [{ adapters: ['x'] }, 'heddle.adapters[0]: expected an object'],
    [
      { adapters: [{ id: 'X', apiVersion: 1, module: 'm' }] },
      "heddle.adapters[0].id: expected a name of lower-case letters, digits and dashes, received 'X'",
    ],
    [{ adapters: [{ id: 'x', apiVersion: '1', module: 'm' }] }, "heddle.adapters[0].apiVersion: expected a number, received '1'"],
    [{ tunnels: [{ id: 'x', apiVersion: 1 }] }, 'heddle.tunnels[0].module: expected a path, received nothing'],
  ])('reports %j of one package, and still reads the others', (field, message) => {
    const { parts, problems } = readCatalogue([installed('broken', field), installed('good', adapter('istio'))]);
    expect(parts.map(({ id }) => id)).toEqual(['istio']);
    expect(problems).toEqual([{ package: 'broken', message: expect.stringContaining(message) }]);
  });

  it('uses neither of two plugins with one id, and refuses the id by naming both', () => {
    const catalogue = readCatalogue([
      installed('a', adapter('woven'), 'user'),
      installed('b', adapter('woven'), 'link'),
      installed('c', adapter('kuma')),
    ]);
    expect(catalogue.problems).toEqual([{ package: 'b', message: 'The adapter woven comes from two packages, a 1.2.3 and b 1.2.3.' }]);
    expect(() => findPart(catalogue, 'adapter', 'woven')).toThrow(
      expect.objectContaining({ code: 'plugin-duplicate', message: expect.stringContaining('a 1.2.3 and b 1.2.3') }),
    );
    expect(findPart(catalogue, 'adapter', 'kuma').package).toBe('c');
    expect(partsOf(catalogue, 'adapter').map(({ id }) => id)).toEqual(['kuma']);
  });

  it.each([
    ['before', ['mine', 'bundled']],
    ['after', ['bundled', 'mine']],
  ])('what heddle brings stands, and a plugin of the same id is refused: listed %s it', (_, order) => {
    const origin = { mine: 'user', bundled: 'core' };
    const catalogue = readCatalogue(order.map((name) => installed(name, adapter('istio'), origin[name as keyof typeof origin])));
    expect(findPart(catalogue, 'adapter', 'istio').package).toBe('bundled');
    expect(catalogue.problems).toEqual([
      {
        package: 'mine',
        message: 'The adapter istio comes from two packages, bundled 1.2.3, which heddle brings, and mine 1.2.3; that of mine is not used.',
      },
    ]);
    // An adapter and a tunnel may share an id.
    expect(readCatalogue([installed('a', adapter('x')), installed('b', { tunnels: adapter('x').adapters }, 'user')]).problems).toEqual([]);
  });

  it('takes a tunnel with the name of its image, and what is known to be wrong', () => {
    const tunnel = (image: unknown) => ({ tunnels: [{ id: 'wire', apiVersion: 1, module: 'i.js', image }] });
    const { parts, problems } = readCatalogue(
      [installed('a', tunnel('wire-agent')), installed('b', tunnel(7))],
      [{ package: 'c', message: 'torn' }],
    );
    expect(parts).toEqual([expect.objectContaining({ id: 'wire', image: 'wire-agent' })]);
    expect(problems).toEqual([
      { package: 'c', message: 'torn' },
      { package: 'b', message: "package.json: heddle.tunnels[0].image: expected an image's name, received 7" },
    ]);
  });

  it('lists what is installed when an id is unknown', () => {
    const catalogue = readCatalogue([installed('a', adapter('istio')), installed('c', adapter('kuma'))]);
    expect(() => findPart(catalogue, 'adapter', 'linkerd')).toThrow(
      expect.objectContaining({ code: 'unknown-adapter', exit: 'usage', message: 'There is no adapter linkerd; installed: istio, kuma.' }),
    );
    expect(() => findPart(catalogue, 'adapter', 'istoi')).toThrow(
      expect.objectContaining({ next: ['Did you mean istio?', 'See what is installed: heddle adapters'] }),
    );
    expect(() => findPart(catalogue, 'adapter', 'linkerd', ['Or this.'])).toThrow(
      expect.objectContaining({ next: ['See what is installed: heddle adapters', 'Or this.'] }),
    );
    expect(() => findPart(catalogue, 'tunnel', 'istio')).toThrow(
      expect.objectContaining({ code: 'unknown-tunnel', message: expect.stringContaining('installed: none') }),
    );
  });
});
