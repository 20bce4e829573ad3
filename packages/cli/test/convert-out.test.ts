import { readdirSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConvertDocument } from '../src/services/convert/convert-document.js';
import { routesText } from './support/bookinfo.js';
import { bothMeshes } from './support/both-meshes.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { type ShopFiles, shopFiles } from './support/shop-files.js';

let files: ShopFiles;
beforeEach(() => {
  files = shopFiles();
});
afterEach(() => files.remove());

const convert = (...more: readonly string[]) => runCommand(['convert', ...files.shop, ...more], bothMeshes);

it('convert --out writes a file for each object, those that rules need first by name', async () => {
  const out = files.file('out');
  const { code, stdout, stderr } = await convert('--to', 'kuma', '--set', 'routing=TrafficRoute', '--out', out);
  expect(code).toBe(0);
  const names = ['1-service.shop.reviews.yaml', '1-trafficroute.route-all-default.yaml', '2-trafficroute.reviews.yaml'];
  expect(stdout).toBe(`${names.map((name) => `${out}/${name}\n`).join('')}`);
  expect(readdirSync(out).sort()).toEqual(names);
  expect(names.map((name) => (load(files.read(`out/${name}`)) as { kind: string }).kind)).toEqual([
    'Service',
    'TrafficRoute',
    'TrafficRoute',
  ]);
  expect(stderr).toContain(`3 files in ${out} (3 new): kubectl apply -f ${out}\n`);
});

it('a second run with other objects wants --force, and tells what the first has left', async () => {
  const out = files.file('out');
  await convert('--to', 'istio', '-f', files.write('kuma-route.yaml', KUMA_ROUTE), '--out', out);
  const before = readdirSync(out).map((name) => files.read(`out/${name}`));
  files.write('routes.yaml', files.read('routes.yaml').replace('weight: 90', 'weight: 50').replace('weight: 10', 'weight: 50'));
  const refused = await convert('--to', 'istio', '--out', out);
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('code: out-folder') });
  expect(readdirSync(out).map((name) => files.read(`out/${name}`))).toEqual(before);
  const forced = await convert('--to', 'istio', '--out', out, '--force');
  expect(forced.code).toBe(0);
  expect(forced.stderr).toContain(`Warning: ${out} also holds ${out}/`);
  expect(forced.stderr).toContain(`2 files in ${out} (1 written over, 1 unchanged)`);
});

it('says in the document what it has written', async () => {
  const out = files.file('out');
  const { stdout } = await convert('--to', 'kuma', '--out', out, '-o', 'json');
  const made = JSON.parse(stdout) as ConvertDocument;
  expectShape('convert', made);
  expect(made.out?.files).toHaveLength(made.objects.length);
  expect(made.out?.files[0]).toEqual({ file: `${out}/1-service.shop.reviews.yaml`, was: 'absent' });
});

it('route render --out does the same', async () => {
  const out = files.file('out');
  const routes = files.write('heddle-routes.yaml', routesText('- {service: reviews:9080, split: {v1: 90, v3: 10}}\n'));
  const line = ['route', 'render', '-f', routes, '--mesh', 'istio', '-n', 'shop', '--out', out];
  const { code, stdout, stderr } = await runCommand(line, bothMeshes);
  expect(code).toBe(0);
  const names = ['1-destinationrule.shop.reviews.yaml', '2-virtualservice.shop.reviews.yaml'];
  expect(stdout).toBe(names.map((name) => `${out}/${name}\n`).join(''));
  expect(stderr).toContain(`2 files in ${out} (2 new)`);
  const again = await runCommand([...line, '-o', 'json'], bothMeshes);
  expectShape('route-render', JSON.parse(again.stdout));
  expect(JSON.parse(again.stdout)).toMatchObject({
    out: { files: names.map((name) => ({ file: `${out}/${name}`, was: 'same' })), others: [] },
  });
});

const KUMA_ROUTE = `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: other, namespace: shop, labels: {kuma.io/mesh: default}}
spec:
  to:
  - targetRef: {kind: MeshService, name: other_shop_svc_80}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-a]}}]}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, appProtocol: http}]}
`;
