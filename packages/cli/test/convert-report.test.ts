import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConvertDocument } from '../src/services/convert/convert-document.js';
import { bothMeshes } from './support/both-meshes.js';
import { runCommand } from './support/run-command.js';
import { type TextFiles, textFiles } from './support/text-files.js';

let files: TextFiles;
beforeEach(() => {
  files = textFiles();
});
afterEach(() => files.remove());

const convert = (...line: readonly string[]) => runCommand(['convert', ...line], bothMeshes);

const service = (name: string, namespace = 'shop') => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, appProtocol: http}]}
`;
const deployment = (name: string, namespace = 'shop') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {template: {metadata: {labels: {app: ${name}, version: v1}}, spec: {containers: [{name: app}]}}}
`;
const faulty = (name: string, namespace = 'shop') => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  hosts: [${name}]
  http:
  - match: [{uri: {prefix: /slow/}}]
    fault: {delay: {percentage: {value: 100}, fixedDelay: 7s}}
    route: [{destination: {host: ${name}}}]
  - route: [{destination: {host: ${name}}}]
`;
const names = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, '0')}`);
const team = () => files.write('team.yaml', names.flatMap((name) => [service(name), deployment(name), faulty(name)]).join('---\n'));

describe('a loss that many objects have', () => {
  it('is told once, with their number and the first of them', async () => {
    const path = team();
    const { stderr } = await convert('-f', path, '--to', 'kuma');
    expect(stderr.match(/lost fault/g)).toHaveLength(1);
    expect(stderr).toContain('20 VirtualServices: shop/s00, shop/s01, shop/s02, shop/s03 and 16 more\n');
    expect(stderr).toContain(`  lost fault  ${path}:18 spec.http[0].fault and 19 more places\n`);
    expect(stderr).toMatch(/concerns {2}requests with path \^= \/slow\/ .* to shop\/s00:80, and 19 more like these\n/);
    expect(stderr).toContain('20 losses: 20 fault');
    expect(stderr).toMatch(/-o json has each loss by itself\.\n$/);
  });

  it('names all with --verbose, and is by itself for programs', async () => {
    const path = team();
    const { stderr } = await convert('-f', path, '--to', 'kuma', '--verbose');
    for (const name of names) expect(stderr).toContain(`to shop/${name}:80\n`);
    expect(stderr).not.toMatch(/more (places|like these)/);
    const { stdout } = await convert('-f', path, '--to', 'kuma', '-o', 'json');
    const { losses, counts } = JSON.parse(stdout) as ConvertDocument;
    expect(losses.map(({ ref }) => ref?.name)).toEqual(names);
    expect(counts.losses).toBe(20);
    expect(losses.every(({ witness, place }) => witness !== undefined && place?.file === path)).toBe(true);
  });
});

it('differences of the meshes are told apart from losses, and --strict does not count them', async () => {
  const plain = faulty('web').replace(/ {4}fault: .*\n/, '    timeout: 3s\n');
  const path = files.write('plain.yaml', [service('web'), deployment('web'), plain].join('---\n'));
  const { code, stderr } = await convert('-f', path, '--to', 'kuma', '--strict');
  expect(code).toBe(0);
  expect(stderr).toContain('How the meshes differ whatever the objects say (no losses: --strict does not count these)\n  host-header\n');
  expect(stderr).toMatch(/seen of {3}shop\/web\n {4}such as {3}curl -H 'Host: .*\n {4}before .*\n {4}after /);
  expect(stderr).toContain('nothing is lost');
});

describe('several Meshes', () => {
  const meshes = ['default', 'pay'].map((name) => `apiVersion: kuma.io/v1alpha1\nkind: Mesh\nmetadata: {name: ${name}}\n`);
  const money =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: money, annotations: {kuma.io/mesh: pay}, labels: {kuma.io/sidecar-injection: enabled}}\n';
  const both = [...meshes, money, service('web'), deployment('web'), service('ledger', 'money'), deployment('ledger', 'money')];
  const codes = async (path: string, to: string) => {
    const { stdout } = await convert('-f', path, '--to', to, '-o', 'json');
    return (JSON.parse(stdout) as ConvertDocument).losses.map(({ code, ref, requests }) => ({
      code,
      name: `${ref?.kind} ${ref?.name}`,
      requests,
    }));
  };

  it('of the target: callers of another one have no rules there, which is a loss by name', async () => {
    const plain = (name: string, namespace: string) => faulty(name, namespace).replace(/ {4}fault: .*\n/, '    rewrite: {uri: /new/}\n');
    const path = files.write('istio.yaml', [...both, plain('web', 'shop'), plain('ledger', 'money')].join('---\n'));
    const losses = await codes(path, 'kuma');
    expect(new Set(losses.map(({ code, name }) => `${code} ${name}`))).toEqual(
      new Set(['view.mesh VirtualService web', 'view.mesh VirtualService ledger']),
    );
    expect(losses.find(({ name }) => name.endsWith('web'))?.requests).toContain('from pods in the mesh in money');
  });

  it('of a dump with all Namespaces and its Pods: losses for callers alone that are there', async () => {
    const core = (kind: string, name: string, more: string) =>
      `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, uid: u-${name}, ${more}}\n`;
    const shop = core('Namespace', 'shop', 'labels: {kuma.io/mesh: pay, kuma.io/sidecar-injection: enabled}');
    const pod = (name: string, namespace: string, container = 'istio-proxy') =>
      `${core('Pod', name, `namespace: ${namespace}, labels: {app: web, version: v1}`)}spec: {containers: [{name: app}, {name: ${container}}]}
status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}
`;
    const plain = faulty('web').replace(/ {4}fault: .*\n/, '    rewrite: {uri: /new/}\n');
    const route = (...more: readonly string[]) =>
      convert('-f', files.write('dump.yaml', [meshes[1] ?? '', service('web'), plain, ...more].join('---\n')), '--to', 'kuma', '--strict');
    const part = await route(shop, pod('web-0', 'shop'));
    expect([part.code, part.stderr]).toEqual([6, expect.stringContaining('lost view.mesh')]);
    const system = core('Namespace', 'kube-system', 'labels: {}');
    const all = await route(shop, system, pod('web-0', 'shop'), pod('dns', 'kube-system', 'dns'));
    expect(all.code, all.stderr).toBe(0);
    const callers = await route(shop, system, pod('web-0', 'shop'), pod('other', 'kube-system'));
    expect([callers.code, callers.stderr]).toEqual([6, expect.stringContaining('lost view.mesh')]);
    expect((await route(shop)).stderr).toContain('lost view.mesh');
    expect((await route(pod('web-0', 'shop'))).code).toBe(6);
  });

  it('of the source: whom their rules are for then is a loss by name', async () => {
    const route = (name: string, namespace: string, mesh: string) => `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: ${name}, namespace: ${namespace}, labels: {kuma.io/mesh: ${mesh}}}
spec:
  to:
  - targetRef: {kind: MeshService, name: ${name}_${namespace}_svc_80}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-a]}}]}
`;
    const path = files.write('kuma.yaml', [...both, route('web', 'shop', 'default'), route('ledger', 'money', 'pay')].join('---\n'));
    expect((await codes(path, 'istio')).map(({ code, name }) => `${code} ${name}`)).toEqual([
      'view.mesh Mesh default',
      'view.mesh Mesh pay',
    ]);
  });
});

it('retries that both meshes have are the same, there and back', async () => {
  const retrying = faulty('web').replace(/ {4}fault: .*\n/, '    retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,reset"}\n');
  const around = [service('web'), deployment('web')];
  const there = await convert('-f', files.write('there.yaml', [...around, retrying].join('---\n')), '--to', 'kuma');
  expect(there.stderr).toContain('nothing is lost');
  const back = await convert('-f', files.write('back.yaml', `${around.join('---\n')}${there.stdout}`), '--to', 'istio');
  expect(back.stderr).toContain('nothing is lost');
  expect(back.stdout).toContain('retryOn: 5xx,reset');
});
