import type { Sandbox } from '@heddle/sandbox';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { type ShopFiles, shopFiles } from './support/shop-files.js';

let files: ShopFiles;
beforeAll(() => {
  files = shopFiles();
});
afterAll(() => files.remove());

const explain = (...line: string[]) => runCommand(['explain', ...line]);
async function json(...line: string[]) {
  const { stdout, stderr, code } = await explain(...line, '-o', 'json');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const value = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  expectShape('explain', value);
  return value;
}

describe('explain -f, as text', () => {
  it('says the answer first, then who decided and what was passed over', async () => {
    const { stdout, code } = await explain('http://reviews:9080/', '--from', 'web', ...files.shop);
    expect(code).toBe(0);
    expect(stdout.replaceAll(files.path, '')).toBe(`→ v1 90 %, v2 10 % of reviews.shop:9080

  request      GET http://reviews:9080/
  from         Deployment shop/web, in the mesh
  shares       v1 90 %: shop/reviews-v1-0, shop/reviews-v1-1
               v2 10 %: shop/reviews-v2-0
  decided by   VirtualService shop/reviews, rule 4 “split” (/routes.yaml:34)
  it takes     every request
  passed over  rule 1 “jason”: header end-user: expected exact jason, got absent
               rule 2: path: expected prefix /broken, got /
               rule 3: path: expected prefix /old, got /
  note         Files do not show proxies: Deployment shop/web is taken to be in the mesh.
  note         Ready pods are assumed for Deployment shop/reviews-v1 (2), Deployment shop/reviews-v2, Deployment
               shop/web, Deployment shop/batch.
`);
  });

  it('tells what else happens to the request', async () => {
    const { stdout } = await explain('http://reviews:9080/old/1?q=2', '-X', 'POST', ...files.shop);
    expect(stdout).toMatch(/^→ v1 of reviews\.shop:9080; 10 % aborted with 503\n/);
    expect(stdout).toMatch(/request +POST http:\/\/reviews:9080\/old\/1\?q=2\n/);
    expect(stdout).toMatch(/arrives with +path \/new\/1\?q=2\n +copied +100 % to v2 of reviews\.shop:9080\n/);
    expect(stdout).toMatch(/note +Who calls is not said: a pod in the mesh in namespace shop without labels is taken for it\.\n/);
  });

  it('warns of a path that no server takes', async () => {
    files.write(
      'rewrite.yaml',
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http: [{rewrite: {uri: new}, route: [{destination: {host: web}}]}]
`,
    );
    const { stdout } = await explain('http://web/', '-n', 'shop', '-f', files.file('rewrite.yaml'));
    expect(stdout).toMatch(/note +The path arrives as new, without a leading slash/);
  });

  it('says where a bare name is a Service, and which ports it has', async () => {
    const elsewhere = await explain('http://reviews:9080/', '--from-namespace', 'other', ...files.shop);
    expect(elsewhere.stdout).toMatch(/note +There is no Service reviews in the caller's namespace other; there is one in shop: -n shop/);
    expect((await explain('http://reviews:1234/', ...files.shop)).stdout).toContain(
      'Service shop/reviews has no port 1234; it has 9080: http://reviews:9080.',
    );
  });

  it('says why nobody answers', async () => {
    const { stdout } = await explain('http://reviews:9080/broken', ...files.shop);
    expect(stdout).toMatch(/^→ 503: v3 of reviews\.shop:9080 has no ready pod \(UH\)\n/);
    expect((await explain('http://nowhere.example/', ...files.shop)).stdout).toMatch(
      /^→ passed on unrouted to wherever nowhere\.example leads/,
    );
  });

  it('of a caller without a proxy: no rule of the mesh applies', async () => {
    const { stdout } = await explain('http://reviews:9080/', '--from', 'deploy/batch', ...files.shop);
    expect(stdout).toMatch(/^→ any ready pod of reviews, past the mesh\n/);
    expect(stdout).toMatch(
      /from +Deployment shop\/batch, not in the mesh\n +pods +shop\/reviews-v1-0, shop\/reviews-v1-1, shop\/reviews-v2-0\n/,
    );
    expect(stdout).toContain('so no rule of the mesh applies');
  });

  it('of a gateway, by a Gateway object or its proxy', async () => {
    const gateway = [...files.shop, '-f', files.file('gateway.yaml')];
    const { stdout } = await explain('http://shop.example.com/reviews/1', '--gateway', 'front', ...gateway);
    expect(stdout).toMatch(/^→ v2 of reviews\.shop:9080\n/);
    expect(stdout).toMatch(/from +Gateway shop\/front \(gateway pod istio-system\/ingressgateway-assumed\)\n/);
    const pod = await explain('http://shop.example.com/', '--gateway', 'istio-system/ingressgateway-assumed', ...gateway);
    expect(pod.stdout).toMatch(/^→ 404 from the proxy: no rule takes the request\n/);
    const port = await explain('http://shop.example.com:81/', '--gateway', 'front', ...gateway);
    expect(port.stdout).toMatch(/^→ no connection: nothing listens there\n/);
  });
});

describe('explain -f, as JSON', () => {
  it('has the shape that is published, in the words of recorded answers', async () => {
    const value = await json(
      'http://reviews:9080/old',
      '-H',
      'X-A: b',
      '--from',
      'shop/web',
      '-f',
      files.file('app.yaml'),
      '-f',
      files.file('routes.yaml'),
    );
    expect(value).toMatchObject({
      mesh: 'Istio',
      request: { method: 'GET', host: 'reviews', port: 9080, headers: [['X-A', 'b']] },
      client: { kind: 'sidecar', namespace: 'shop', labels: { app: 'web' }, who: 'Deployment shop/web' },
      status: 200,
      outcomes: [
        {
          probability: 1,
          version: 'v1',
          host: 'reviews.shop.svc.cluster.local',
          port: 9080,
          subset: 'v1',
          labels: { version: 'v1' },
          pods: ['shop/reviews-v1-0', 'shop/reviews-v1-1'],
        },
      ],
      decidedBy: {
        kind: 'VirtualService',
        namespace: 'shop',
        name: 'reviews',
        plane: 'mesh',
        rule: { index: 2 },
        place: `${files.file('routes.yaml')}:26`,
      },
      mirrors: [{ host: 'reviews.shop.svc.cluster.local', subset: 'v2', version: 'v2', percent: 100, pods: ['shop/reviews-v2-0'] }],
      faults: { abort: { percent: 10, status: 503 } },
      seen: { path: '/new', authority: 'reviews:9080' },
      timeoutMs: 3000,
      trace: [
        {
          object: 'VirtualService shop/reviews',
          rule: 0,
          name: 'jason',
          matched: false,
          because: 'header end-user: expected exact jason, got absent',
        },
        { rule: 1, matched: false },
        { rule: 2, matched: true },
      ],
    });
    const yaml = await explain('http://reviews:9080/old', '-H', 'X-A: b', '--from', 'web', ...files.shop, '-o', 'yaml');
    expect(load(yaml.stdout)).toEqual(value);
  });

  it('of an outcome that nobody answers has the reason and no pods', async () => {
    const value = await json('http://reviews:9080/broken', ...files.shop);
    expect(value).toMatchObject({ status: 503, outcomes: [{ status: 503, reason: 'UH', version: 'v3' }] });
    expect((value.outcomes as object[])[0]).not.toHaveProperty('pods');
  });

  it('decided by no rule has null there', async () => {
    expect(await json('http://reviews:9080/', '-n', 'shop', '-f', files.file('app.yaml'), '--mesh', 'istio')).toMatchObject({
      decidedBy: null,
      status: 200,
    });
  });

  it('takes the pod that labels pick, with all of its labels', async () => {
    const value = await json('http://reviews:9080/', '--from-namespace', 'shop', '--from-labels', 'version=v2', ...files.shop);
    expect(value).toMatchObject({ client: { labels: { app: 'reviews', version: 'v2' } } });
    expect(value.notes).toContain('Only pod shop/reviews-v2-0 has these labels, so that is taken for the caller, with all of its labels.');
  });
});

describe('explain on a cluster', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await tomcatSandbox();
  });
  afterAll(() => sandbox.stop());
  const live = (...line: string[]) => runCommand(['explain', ...line], sandboxBindings(sandbox));

  it('reads the mesh, and knows who is in it by their pods', async () => {
    const { stdout } = await live('http://tomcat:8080/', '--from', 'sleep');
    expect(stdout).toMatch(/^→ (v1 of )?tomcat\.mesh-demo:8080\n/);
    expect(stdout).toMatch(/from +\w+ mesh-demo\/sleep, in the mesh\n/);
    expect(stdout).not.toContain('note');
  });

  it('goes through its gateway', async () => {
    const { stdout } = await live('http://tomcat.mesh.com/', '--gateway', 'istio-system/istio-ingressgateway');
    expect(stdout).toMatch(/^→ v1 of tomcat\.mesh-demo:8080\n/);
    expect(stdout).toMatch(/decided by +VirtualService mesh-demo\/tomcat, rule 1\n/);
  });

  it('refuses a namespace that is not there', async () => {
    const { code, stderr } = await live('http://tomcat:8080/', '--from-namespace', 'mesh-dmeo');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no namespace mesh-dmeo in cluster');
    expect(stderr).toContain('Did you mean mesh-demo?');
  });
});
