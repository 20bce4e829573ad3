import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { metaOf } from '@heddle/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadStages } from './load-stage.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'heddle-stage-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(dir, 'conformance', path)), { recursive: true });
  writeFileSync(join(dir, 'conformance', path), text);
};
const load = () => loadStages(dir, ['plain', 'catch-all']);

describe('loadStages', () => {
  it('adds to the shop what the mesh adds, and objects of its own', async () => {
    write(
      'environment.yaml',
      `title: A mesh
environment: {version: 1.2.3, served: {Route: example.dev/v1}}
every:
  Namespace: {/metadata/labels/mesh: 'on'}
  Pod: {/spec/containers/-: {name: proxy}}
client: {kind: sidecar, namespace: desk}
objects: |
  apiVersion: example.dev/v1
  kind: Mesh
  metadata: {name: default, namespace: null}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {other: true}
without: {timeout: 'it has none'}
`,
    );
    write('worlds/catch-all.yaml', 'objects: |\n  apiVersion: example.dev/v1\n  kind: Route\n  metadata: {name: r}\n');
    const [stage, ...more] = await load();
    expect(more).toEqual([]);
    expect(stage).toMatchObject({
      name: 'default',
      title: 'A mesh',
      environment: { version: '1.2.3', served: { Route: 'example.dev/v1' }, settings: {} },
      client: { kind: 'sidecar', namespace: 'desk', labels: {} },
      without: { timeout: 'it has none' },
    });
    const found = (kind: string, name: string) => stage?.objects.filter((one) => one.kind === kind && metaOf(one).name === name);
    expect(found('Namespace', 'shop')).toMatchObject([{ metadata: { labels: { mesh: 'on' } } }]);
    expect(found('Pod', 'cart-v1')).toMatchObject([{ spec: { containers: [{ name: 'app' }, { name: 'proxy' }] } }]);
    expect(found('Mesh', 'default')).toEqual([{ apiVersion: 'example.dev/v1', kind: 'Mesh', metadata: { name: 'default' } }]);
    expect(found('Service', 'web')).toMatchObject([{ metadata: { namespace: 'shop' }, spec: { other: true } }]);
    expect(stage?.worlds.get('catch-all')).toMatchObject({ objects: [{ metadata: { name: 'r', namespace: 'shop' } }], mutations: {} });
  });

  it('finds several environments', async () => {
    write('one/environment.yaml', 'title: One');
    write('two/environment.yaml', 'title: Two');
    write('numbers.yaml', '{}');
    expect((await load()).map(({ name, title }) => [name, title])).toEqual([
      ['one', 'One'],
      ['two', 'Two'],
    ]);
  });

  it('says what to write where there is none', async () => {
    await expect(load()).rejects.toMatchObject({
      code: 'no-conformance',
      message: expect.stringContaining('environment.yaml: expected a description of the mesh, received no such file'),
    });
  });

  it.each<[string, string, string]>([
    ['environment.yaml', 'version: 1', 'environment.yaml.version: expected one of title'],
    ['environment.yaml', 'environment: {}', 'environment.yaml: title: expected a text, received nothing'],
    ['worlds/heaven.yaml', '{}', 'worlds/heaven.yaml: expected a world of the kit: plain, catch-all, received "heaven"'],
    ['worlds/plain.yaml', 'object: x', 'worlds/plain.yaml.object: expected one of title, objects, mutations'],
    ['worlds/plain.yaml', 'mutations: {swap: [{object: Route r}]}', 'worlds/plain.yaml: mutations.swap[0]: expected set, reverse'],
  ])('names the place in %s: %s', async (path, content, message) => {
    write('environment.yaml', 'title: A mesh');
    write(path, content);
    await expect(load()).rejects.toMatchObject({ code: 'bad-case', message: expect.stringContaining(message) });
  });
});
