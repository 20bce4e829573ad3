import { defineMeshAdapter } from '@heddle/core';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import type { Part } from '../src/plugins/catalogue.js';
import { TOKENS } from '../src/tokens.js';
import { routesText } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { type TextFiles, textFiles } from './support/text-files.js';

let files: TextFiles;
beforeEach(() => {
  files = textFiles();
});
afterEach(() => files.remove());

const SOURCES: Readonly<Record<string, () => Promise<unknown>>> = {
  istio: () => import('@heddle/adapter-istio'),
  kuma: () => import('@heddle/adapter-kuma'),
  plain: async () => ({ default: { ...plain } }),
};
const { adapter: istio } = await import('@heddle/adapter-istio');
const { render: _render, ...unable } = istio;
const plain = defineMeshAdapter({ ...unable, id: 'plain', title: 'Plain' });

const parts = Object.keys(SOURCES).map(
  (id): Part => ({ kind: 'adapter', id, apiVersion: 1, module: id, package: id, version: '1', origin: 'core' }),
);
const never = () => Promise.reject(new Error('no cluster is asked'));
const bindings = [
  bind(TOKENS.catalogue, { parts, problems: [] }),
  bind(TOKENS.importModule, (id) => SOURCES[id]?.() ?? never()),
  bind(TOKENS.listContexts, never),
  bind(TOKENS.connectCluster, never),
];

const render = (routes: string, ...more: string[]) =>
  runCommand(['route', 'render', '-f', files.write('routes.yaml', routesText(routes)), ...more], bindings);
const objectsOf = (stdout: string) =>
  stdout
    .split(/^---\n/m)
    .filter((text) => text !== '')
    .map((text) => load(text) as { readonly kind: string; readonly metadata: object });

const SPLIT = '- {service: reviews:9080, split: {v1: 90, v3: 10}}\n';
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{port: 9080, appProtocol: http}]}
`;

describe('route render', () => {
  it("writes the mesh's objects to stdout, all else to stderr", async () => {
    const { code, stdout, stderr } = await render(SPLIT, '--mesh', 'istio', '-n', 'shop');
    expect(code).toBe(0);
    expect(stdout.startsWith('---\n')).toBe(true);
    expect(objectsOf(stdout)).toMatchObject([
      { kind: 'DestinationRule', metadata: { name: 'reviews', namespace: 'shop' } },
      { kind: 'VirtualService', metadata: { name: 'reviews', namespace: 'shop' } },
    ]);
    expect(stdout).not.toContain('heddle');
    expect(stderr).toContain('Note: Versions of Service shop/reviews are taken to be its Pods with the label version=v1, version=v3.');
  });

  it('takes ports, selectors and namespace from what is there', async () => {
    const service = files.write('service.yaml', SERVICE);
    const { code, stdout } = await render('- {service: reviews, to: v2}\n', '-f', service, '--mesh', 'kuma', '-n', 'shop');
    expect(code).toBe(0);
    expect(objectsOf(stdout)).toMatchObject([{ kind: 'MeshHTTPRoute', metadata: { namespace: 'shop' } }]);
    expect(stdout).toContain('reviews_shop_svc_9080');
  });

  it('reads objects beside the routes in one stream, and says of which namespace it takes them to be', async () => {
    const both = files.write('all.yaml', `${routesText('- {service: reviews, to: v2}\n')}---\n${SERVICE.replace(', namespace: shop', '')}`);
    const { code, stderr } = await runCommand(['route', 'render', '-f', both, '--mesh', 'istio'], bindings);
    expect(code).toBe(0);
    expect(stderr).toContain('Note: Routes file demo names no namespace, and neither does -n: it is taken to be default.');
  });

  it('has settings of the mesh', async () => {
    const how = ['--mesh', 'kuma', '-n', 'shop', '--set', 'routing=TrafficRoute', '--mesh-version', 'v2.14'];
    const { stdout } = await render(SPLIT, '-f', files.write('service.yaml', SERVICE), ...how);
    expect(new Set(objectsOf(stdout).map(({ kind }) => kind))).toEqual(new Set(['TrafficRoute']));
    expect(stdout).toContain('reviews_shop_svc_9080');
    expect(await render(SPLIT, '--mesh', 'kuma', '--set', 'rooting=TrafficRoute')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean routing?'),
    });
    expect(await render(SPLIT, '--mesh', 'kuma', '--set', 'routing=Blah')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--set: expected routing=TrafficRoute, or routing=MeshHTTPRoute, received routing=Blah'),
    });
    expect(await render(SPLIT, '--mesh', 'kuma', '--set', 'routing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEY=VALUE'),
    });
    expect(await render(SPLIT, '--mesh', 'kuma', '--mesh-version', 'two')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--mesh-version'),
    });
  });

  it('says what is lost and goes on; with --strict it ends with 6', async () => {
    const fault = '- {service: reviews:9080, match: {headers: {end-user: jason}}, fault: {delay: 7s}}\n';
    const loose = await render(SPLIT + fault, '--mesh', 'kuma', '-n', 'shop');
    expect(loose.code).toBe(0);
    expect(loose.stderr).toMatch(/^Warning: shop\/reviews \(end-user = jason\): .*fault.*MeshFaultInjection/m);
    expect(loose.stdout).toContain('MeshHTTPRoute');
    // Nobody has shown the Service, so what is not known of it would be lost.
    expect(loose.stdout).not.toMatch(/^kind: Service$/m);
    expect(loose.stderr).toContain('Service shop/reviews must say which of its ports carry HTTP');
    const strict = await render(SPLIT + fault, '--mesh', 'kuma', '-n', 'shop', '--strict');
    expect(strict).toEqual({ ...loose, code: 6 });
    expect(await render(SPLIT, '--mesh', 'kuma', '-n', 'shop', '--strict')).toMatchObject({ code: 0 });
  });

  it('has a result of a published shape', async () => {
    const fault = '- {service: reviews:9080, match: {headers: {end-user: jason}}, fault: {delay: 7s}}\n';
    const { stdout } = await render(fault, '--mesh', 'kuma', '-n', 'shop', '-o', 'json');
    expectShape('route-render', JSON.parse(stdout));
    expect(JSON.parse(stdout)).toMatchObject({
      mesh: 'kuma',
      losses: [{ code: 'fault', service: { namespace: 'shop' }, requests: 'end-user = jason' }],
    });
  });
});

it.each([
  ['no mesh', SPLIT, [], /--mesh: expected the mesh that the objects are for: istio or kuma or plain, received nothing/],
  ['an unknown one', SPLIT, ['--mesh', 'isto'], /There is no adapter isto/],
  [
    'no port',
    '- {service: reviews, to: v1}\n',
    ['--mesh', 'istio'],
    /routes\.yaml:5: routes\[0\]\.service: expected SERVICE:PORT with a number, or the ports of the Service.*received reviews/,
  ],
  [
    'a mistake',
    '- {service: reviews:9080, to: v1, mirror: {to: v2}}\n',
    ['--mesh', 'istio'],
    /routes\.yaml:5: routes\[0\]: expected one of split.*received to and mirror/,
  ],
])('what is missing or wrong is said: %s', async (_, routes, more, message) => {
  const { code, stderr, stdout } = await render(routes, ...more);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

it('an adapter that cannot says so', async () => {
  expect(await render(SPLIT, '--mesh', 'plain')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('The adapter plain writes no objects for Plain from a routing.'),
  });
});
