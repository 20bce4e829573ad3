import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import type { MeshAdapter } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { bundledParts, runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { ROUTES, type ShopFiles, shopFiles } from './support/shop-files.js';

let files: ShopFiles;
beforeAll(() => {
  files = shopFiles();
});
afterAll(() => files.remove());

const explain = (...line: string[]) => runCommand(['explain', ...line]);

describe('input', () => {
  it('comes from standard input too', async () => {
    const { stdout } = await runCommand(
      ['explain', 'reviews:9080/', '-H', 'end-user: jason', '-n', 'shop', '-f', '-', '-f', files.file('app.yaml')],
      [bind(TOKENS.readStdin, async () => ROUTES)],
    );
    expect(stdout).toMatch(/^→ v2 of reviews\.shop:9080\n/);
    expect(stdout).toMatch(/rule 1 “jason” \(stdin:17\)/);
  });

  const both = [
    bind(TOKENS.catalogue, {
      parts: [...bundledParts, { ...bundledParts[0], id: 'kuma', module: 'kuma' } as (typeof bundledParts)[number]],
      problems: [],
    }),
    bind(TOKENS.importModule, (id) =>
      id === 'kuma' ? Promise.resolve({ default: kuma, adapter: kuma }) : import('@heddle/adapter-istio'),
    ),
  ];

  it('with the objects of two meshes needs --mesh, and names an object of each', async () => {
    const line = ['explain', 'http://reviews:9080/', ...files.shop, '-f', files.file('kuma.yaml')];
    const { code, stderr } = await runCommand(line, both);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `The files hold objects of two meshes, Istio (DestinationRule shop/reviews in ${files.file('routes.yaml')}:1) and Kuma (Mesh default in ${files.file('kuma.yaml')}:1)`,
    );
    expect(stderr).toContain('--mesh istio or --mesh kuma');
    expect((await runCommand([...line, '--mesh', 'istio'], both)).stdout).toMatch(/^→ v1 90 %, v2 10 %/);
  });

  it('without a mesh says what the files hold', async () => {
    const { code, stderr } = await explain('http://reviews:9080/', '-f', files.file('app.yaml'));
    expect(code).toBe(3);
    expect(stderr).toContain('The files hold no object of a mesh that an installed adapter knows; they hold Service, 4 Deployment.');
    expect(stderr).toContain('--mesh istio');
  });

  it('that means two kinds of proxies asks for one of them', async () => {
    const proxy = (tier: string) =>
      `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: edge-${tier}, namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: edge, istio: ingressgateway, tier: ${tier}}}\n    spec: {containers: [{name: main}]}\n`;
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: edge, namespace: shop}\nspec: {selector: {app: edge}, ports: [{port: 80}]}\n';
    files.write('edge.yaml', `${service}${proxy('a')}${proxy('b')}`);
    const line = [
      'http://shop.example.com/reviews',
      ...files.shop,
      '-f',
      files.file('gateway.yaml'),
      '-f',
      files.file('edge.yaml'),
      '--gateway',
    ];
    for (const name of ['edge', 'front']) {
      const { stderr } = await explain(...line, name);
      expect(stderr).toContain('code: gateway-ambiguous (exit 2)');
      expect(stderr).toContain('Name one of them: --gateway shop/edge-a-0 or --gateway shop/edge-b-0');
    }
    expect((await explain(...line, 'edge-b')).stdout).toMatch(/from +Deployment shop\/edge-b \(gateway pod shop\/edge-b-0\)/);
  });

  it('that no cluster would take is left out, with its place, and shows the mesh all the same', async () => {
    files.write(
      'refused.yaml',
      'apiVersion: refusing.example/v1\nkind: Route\nmetadata: {name: bad, namespace: shop}\nspec:\n  hosts: 3\n',
    );
    const strict: MeshAdapter = {
      ...istio,
      validate: (object) => {
        const { kind } = object as { kind: string };
        return kind === 'Route' || kind === 'VirtualService'
          ? [{ code: 'refused', message: 'hosts: must be a list', pointer: '/spec/hosts' }]
          : [];
      },
    };
    const bindings = [bind(TOKENS.importModule, () => Promise.resolve({ adapter: strict, default: strict }))];
    const line = ['explain', 'http://reviews:9080/', ...files.shop, '-f', files.file('refused.yaml'), '-o', 'json'];
    const { notes, decidedBy } = JSON.parse((await runCommand(line, bindings)).stdout) as { notes: string[]; decidedBy: unknown };
    expect(decidedBy).toBeNull();
    expect(notes).toContain(
      `${files.file('refused.yaml')}:5: Route shop/bad: hosts: must be a list; no cluster would take it, so it is left out.`,
    );
    expect(notes).toContainEqual(expect.stringMatching(/routes\.yaml:15: VirtualService shop\/reviews: hosts: must be a list/));
  });

  it.each([
    [['http://reviews:9080/', '--from', 'wep'], 'unknown-workload', 'Did you mean shop/web?'],
    [['http://reviews:9080/', '--from', 'a/b/c/d'], 'caller-invalid', '--from: expected WORKLOAD'],
    [['http://reviews:9080/', '--from-labels', 'app'], 'caller-invalid', '--from-labels: expected k=v'],
    [['http://reviews:9080/', '--gateway', 'reviews'], 'unknown-gateway', 'Service shop/reviews is no gateway of Istio'],
    [['http://reviews:9080/', '--gateway', 'nothing'], 'unknown-gateway', 'There is no gateway shop/nothing'],
    [['http://reviews:9080/', '-H', 'end-user'], 'bad-request', "-H: expected 'name: value'"],
    [['ftp://reviews/'], 'bad-request', 'url: expected'],
    [['http://reviews:9080/', '--from', 'web', '--gateway', 'x'], 'usage', 'Give either --from or --gateway, not both.'],
    [['http://reviews:9080/', '--envoy', '9'], 'usage', 'Error: --envoy: expected a version such as 1.38 or 1.38.3, received 9.'],
  ])('%j is refused', async (line, code, message) => {
    const { stderr } = await explain(...line, ...files.shop);
    expect(stderr).toContain(`code: ${code} (exit 2)`);
    expect(stderr).toContain(message);
  });

  it('that depends on what is not read has no answer, and exit code 6', async () => {
    const gap = (feature: string) => {
      const half: MeshAdapter = {
        ...istio,
        decode: (...args) => ({ ...istio.decode(...args), gaps: [{ feature, message: `${feature} shop/x has a say and is not read` }] }),
      };
      return [bind(TOKENS.importModule, () => Promise.resolve({ adapter: half, default: half }))];
    };
    const line = ['explain', 'http://reviews:9080/', '--from-namespace', 'shop', ...files.shop];
    const { stdout, stderr, code } = await runCommand(line, gap('Filter'));
    expect(code).toBe(6);
    expect(stdout).toMatch(/^It cannot be told: the answer depends on what heddle does not read\.\n/);
    expect(stdout).toContain('It cannot be told what becomes of the request: Filter shop/x has a say and is not read.');
    expect(stdout).not.toContain('decided by');
    expect(stderr).toContain('code: answer-unknown (exit 6)');
    const value = JSON.parse((await runCommand([...line, '-o', 'json'], gap('Filter'))).stdout) as object;
    expectShape('explain', value);
    expect(value).toMatchObject({ outcomes: [], decidedBy: null, dependsOn: [{ feature: 'Filter' }] });
    // Who is in the mesh does not depend on gateways.
    expect((await runCommand(line, gap('gateway.bind'))).code).toBe(0);
  });
});
