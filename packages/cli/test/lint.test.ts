import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { textFiles } from './support/text-files.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const files = textFiles();
afterAll(() => files.remove());
const file = files.write;

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
`;
const ROUTES = (weight: number) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - match: [{uri: {prefix: /old}}]
    route:
    - {destination: {host: web}, weight: ${weight}}
    - {destination: {host: web, port: {number: 80}}, weight: 50}
  - route: [{destination: {host: web}}]
`;

describe('files', () => {
  it('groups by object, names the line, says what to do, and counts', async () => {
    const path = file('sum.yaml', `${SERVICE}---\n${ROUTES(60)}`);
    expect(await runCommand(['lint', '-f', path])).toEqual({
      code: 6,
      stderr: '',
      stdout: `VirtualService shop/web
  warning weights-sum  ${path}:15
    The weights 60, 50 sum to 110 and not to 100, so they are shares of 54.5 %, 45.5 %; Istio before 1.15 refuses them.
    → Make them sum to 100.

1 warning in 1 of 2 objects (files, Istio); 1 note, shown with --verbose.
`,
    });
  });

  it('judges routing without any Service by the ones that it names, and says so', async () => {
    const subsets = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, subsets: [{name: v1, labels: {version: v1}}]}
`;
    const path = file('bare.yaml', `${subsets}---\n${ROUTES(50).replaceAll('host: web}', 'host: web, subset: v9}')}`);
    const { code, stdout } = await runCommand(['lint', '-f', path]);
    expect(code).toBe(6);
    expect(stdout).toMatch(/error subset-missing .*bare.yaml/);
    expect(stdout).toContain("HTTP Services that the mesh's objects name are assumed (shop/web:80)");
  });

  it('is content with what is sane, and shows notes when asked', async () => {
    const path = file('sane.yaml', `${SERVICE}---\n${ROUTES(50)}`);
    expect(await runCommand(['lint', '-f', path])).toEqual({
      code: 0,
      stderr: '',
      stdout: 'Nothing wrong in 2 objects (files, Istio); 1 note, shown with --verbose.\n',
    });
    const { code, stdout } = await runCommand(['lint', '-f', path, '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toContain('  note prefix-raw ');
  });

  it.each([
    ['error', 0],
    ['warning', 6],
    ['never', 0],
  ])('--fail-on %s ends with %i', async (failOn, code) => {
    const path = file('sum.yaml', `${SERVICE}---\n${ROUTES(60)}`);
    expect((await runCommand(['lint', '-f', path, '--fail-on', failOn])).code).toBe(code);
  });

  it('--fail-on info fails for a note', async () => {
    const path = file('sane.yaml', `${SERVICE}---\n${ROUTES(50)}`);
    expect((await runCommand(['lint', '-f', path, '--fail-on', 'info'])).code).toBe(6);
  });

  it('reports what a cluster would refuse, and looks at the rest', async () => {
    const path = file('refused.yaml', `${SERVICE}---\n${ROUTES(50).replace('uri: {prefix: /old}', 'headers: {x: {regex: "(?=a)"}}')}`);
    const { code, stdout } = await runCommand(['lint', '-f', path]);
    expect(code).toBe(6);
    expect(stdout).toContain('error invalid-object');
    expect(stdout).toContain('1 error in 1 of 2 objects (files, Istio)');
  });

  it('looks at Services and removed kinds where there is no mesh', async () => {
    const path = file('ingress.yaml', 'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: web, namespace: shop}\n');
    const { code, stdout } = await runCommand(['lint', '-f', path]);
    expect(code).toBe(6);
    expect(stdout).toContain(`error kind-removed  ${path}:1`);
    expect(stdout).toContain('No object of a mesh is in the files: only Services were looked at.');
  });

  it('says nothing of subsets that Argo Rollouts tells apart', async () => {
    const rule = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web, namespace: shop}\nspec:\n  host: web\n  subsets:\n  - {name: stable, labels: {app: web}}\n  - {name: canary, labels: {app: web}}\n`;
    const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web, namespace: shop}\nspec:\n  template: {metadata: {labels: {app: web}}, spec: {containers: []}}\n  strategy: {canary: {trafficRouting: {istio: {destinationRule: {name: web}}}}}\n`;
    expect((await runCommand(['lint', '-f', file('alike.yaml', `${SERVICE}---\n${rule}`)])).stdout).toContain('subsets-alike');
    const { stdout } = await runCommand(['lint', '-f', file('rollout.yaml', `${SERVICE}---\n${rule}---\n${rollout}`)]);
    expect(stdout).not.toContain('subsets-alike');
  });

  it('takes Pods to be where the Services are, if the files hold none: an overlay with a second version', async () => {
    const rule = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web, namespace: shop}\nspec:\n  host: web\n  subsets:\n  - {name: v1, labels: {version: v1}}\n  - {name: v2, labels: {version: v2}}\n`;
    const second = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web-v2, namespace: shop}\nspec: {template: {metadata: {labels: {app: web, version: v2}}, spec: {containers: []}}}\n`;
    const routes = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web, namespace: shop}\nspec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}\n`;
    const overlay = [rule, second, routes].join('---\n');
    const alone = await runCommand(['lint', '-f', file('overlay.yaml', overlay), '--verbose']);
    expect({ code: alone.code, note: alone.stdout.includes('note subset-empty') }).toEqual({ code: 0, note: true });
    const whole = await runCommand(['lint', '-f', file('whole.yaml', `${SERVICE}---\n${overlay}`)]);
    expect(whole.stdout).toContain('error subset-empty');
  });

  it.each(['', '# nothing\n---\n'])('does not take files without any object for good ones: %j', async (text) => {
    const { code, stderr } = await runCommand(['lint', '-f', file('nothing.yaml', text)]);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no Kubernetes object in what -f names.');
  });

  it('has a stable JSON shape', async () => {
    const path = file('sum.yaml', `${SERVICE}---\n${ROUTES(60)}`);
    const report = JSON.parse((await runCommand(['lint', '-f', path, '-o', 'json'])).stdout);
    expectShape('lint', report);
    expect(report).toMatchObject({
      source: 'files',
      meshes: [{ id: 'istio', title: 'Istio' }],
      objects: 2,
      counts: { error: 0, warning: 1, info: 1 },
      findings: [{ code: 'weights-sum', pointer: '/spec/http/0/route', place: { file: path, line: 15 } }, { code: 'prefix-raw' }],
    });
  });
});

describe('a cluster', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await tomcatSandbox();
  });
  afterAll(() => sandbox.stop());

  it('says of the tomcat story what its reader runs into, and nothing else', async () => {
    const { code, stdout, stderr } = await runCommand(['lint', '-o', 'json'], sandboxBindings(sandbox));
    expect({ code, stderr }).toEqual({ code: 6, stderr: '' });
    const report = JSON.parse(stdout);
    expectShape('lint', report);
    expect(report).toMatchObject({ source: 'sandbox', namespace: 'mesh-demo' });
    expect(report.findings).toMatchObject([{ code: 'virtual-service-unseen', severity: 'warning', ref: { name: 'tomcat' } }]);
  });

  it('shows one namespace, or all', async () => {
    expect((await runCommand(['lint', '-n', 'istio-system'], sandboxBindings(sandbox))).stdout).toMatch(
      /^Nothing wrong in \d+ objects \(cluster sandbox, Istio 1\./,
    );
    expect((await runCommand(['lint', '-A'], sandboxBindings(sandbox))).stdout).toContain('VirtualService mesh-demo/tomcat');
  });

  it("names rules of heddle's whose record is gone", async () => {
    const cluster = sandbox.cluster('alice');
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'mesh-demo', name: 'heddle-x' };
    await cluster.create({
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { namespace: ref.namespace, name: ref.name },
      spec: {
        hosts: ['sleep.example.com'],
        http: [{ name: 'heddle/session/mesh-demo/t1a2b3c4/0', route: [{ destination: { host: 'tomcat.mesh-demo.svc.cluster.local' } }] }],
      },
    });
    const { stdout } = await runCommand(['lint'], sandboxBindings(sandbox));
    expect(stdout).toContain('warning leftover-rule  spec.http[0]');
    expect(stdout).toContain('→ heddle clean -n mesh-demo.');
  });
});

/** Every code that is used has its paragraph, and every paragraph a code. */
it('docs/lint.md has a paragraph for each code', () => {
  const sources = ['packages/core/src/lint', 'packages/adapter-istio/src/lint', 'packages/adapter-kuma/src/lint'].flatMap((path) =>
    readdirSync(join(ROOT, path))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(ROOT, path, name), 'utf8')),
  );
  // What lint says of standing routes, `route show` says too.
  sources.push(readFileSync(join(ROOT, 'packages/core/src/routes/drift-problems.ts'), 'utf8'));
  const documented = new Set(
    [...readFileSync(join(ROOT, 'docs/lint.md'), 'utf8').matchAll(/\*\*`([a-z-]+)`\*\*/g)].map(([, code]) => code),
  );
  const literals = new Set(sources.flatMap((text) => [...text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code)));
  const said = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/finding\(\s*[^,]+(?:\?[^,]+)?,\s*'([a-z-]+)'|code: '([a-z-]+)'/g)].map(([, first, second]) => first ?? second),
    ),
  );
  expect([...said].filter((code) => !documented.has(code))).toEqual([]);
  expect([...documented].filter((code) => code !== 'invalid-object' && !literals.has(code))).toEqual([]);
  expect(said.size).toBeGreaterThan(40);
});
