import { fileURLToPath } from 'node:url';
import { load, loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConvertDocument } from '../src/services/convert/convert-document.js';
import { bothMeshes } from './support/both-meshes.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { textFiles } from './support/text-files.js';

const SEEDS = fileURLToPath(new URL('../../../test/lint-seeds', import.meta.url));
const convert = (...line: readonly string[]) => runCommand(['convert', ...line], bothMeshes);

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
const SPLIT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: web, subset: v1}, weight: 90}
    - {destination: {host: web, subset: v2}, weight: 10}
`;
const VERSIONS = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
`;
const FAULT = `  - match: [{uri: {prefix: /slow}}]
    fault: {delay: {percentage: {value: 100}, fixedDelay: 7s}}
    route:
    - {destination: {host: web, subset: v1}}
`;
const withFault = SPLIT.replace('  http:\n', `  http:\n${FAULT}`);

describe('to another mesh', () => {
  it('prints the objects, and what was assumed beside them', async () => {
    const { code, stdout, stderr } = await convert('-f', file('split.yaml', `${SERVICE}---\n${SPLIT}---\n${VERSIONS}`), '--to', 'kuma');
    expect(code).toBe(0);
    expect(loadAll(stdout).map((object) => (object as { kind: string }).kind)).toEqual(['Service', 'MeshHTTPRoute']);
    expect(stderr).toContain('ready pods are assumed');
    expect(stderr).toMatch(/2 objects for Kuma from 2; nothing is lost \(\d+ requests followed through both\)\.\n$/);
  });

  it('tells a loss with its place, a request that shows it, and what to do; --strict makes it exit 6', async () => {
    const path = file('fault.yaml', `${SERVICE}---\n${withFault}---\n${VERSIONS}`);
    const { code, stderr } = await convert('-f', path, '--to', 'kuma');
    expect(code).toBe(0);
    expect(stderr).toContain(`VirtualService shop/web\n  lost fault  ${path}:15 spec.http[0].fault\n`);
    expect(stderr).toContain('    concerns  requests with path ^= /slow from pods in the mesh to shop/web:80\n');
    expect(stderr).toMatch(/such as {3}curl http:\/\/web\.shop\.svc\.cluster\.local\/slow {2}# from a pod in shop\n/);
    expect(stderr).toMatch(/before .*100 % delayed by 7 s\n.*after .*no fault\n/);
    expect(stderr).toContain('1 loss: fault');
    expect((await convert('-f', path, '--to', 'kuma', '--strict')).code).toBe(6);
  });

  it('has all of it in one document', async () => {
    const path = file('document.yaml', `${SERVICE}---\n${withFault}---\n${VERSIONS}`);
    const json = await convert('-f', path, '--to', 'kuma', '-o', 'json');
    const made = JSON.parse(json.stdout) as ConvertDocument;
    expectShape('convert', made);
    expect(made.losses.map(({ code, field, place, witness }) => ({ code, field, place, differs: witness?.differs }))).toEqual([
      { code: 'fault', field: 'spec.http[0].fault', place: { file: path, line: 15 }, differs: ['fault'] },
    ]);
    expect(load((await convert('-f', path, '--to', 'kuma', '-o', 'yaml')).stdout)).toEqual(made);
    expect(json.stderr).toBe('');
  });

  it('leaves objects of no mesh and those of the mesh itself as they are', async () => {
    const route = `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: theirs, namespace: shop, labels: {kuma.io/mesh: default}}
spec:
  to:
  - targetRef: {kind: MeshService, name: web_shop_svc_80}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {backendRefs: [{kind: MeshService, name: web_shop_svc_80}]}
`;
    const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {a: b}\n';
    const { stdout, stderr } = await convert('-f', file('kept.yaml', `${SERVICE}---\n${route}---\n${configMap}`), '--to', 'kuma');
    expect(loadAll(stdout)).toEqual([load(route)]);
    expect(stderr).toContain('1 object for Kuma from 1; nothing is lost.');
  });
});

describe('a dump of a cluster', () => {
  const withOwners = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop, uid: u-1, resourceVersion: '5'}
spec:
  hosts: [web]
  http:
  - name: heddle/session/shop/a1/0
    match: [{headers: {x-dev: {exact: alice}}}]
    route: [{destination: {host: heddle-web-a1.shop.svc.cluster.local}}]
  - name: heddle/route/shop/web-80/0
    match: [{headers: {x-beta: {exact: 'yes'}}}]
    route: [{destination: {host: web, subset: v2}}]
  - route:
    - {destination: {host: web, subset: v1}}
`;

  it("carries heddle's standing routes over as plain rules, and sessions not at all", async () => {
    const path = file('owned.yaml', `${SERVICE}---\n${withOwners}---\n${VERSIONS}`);
    const { stdout, stderr } = await convert('-f', path, '--to', 'kuma');
    expect(stdout).toContain('x-beta');
    expect(stdout).not.toMatch(/heddle|x-dev/);
    expect(stderr).toContain("Note: The rules of heddle's sessions (shop/a1) are left out");
    expect(stderr).toContain('Note: Standing routes of heddle (shop/web-80) are carried over as plain rules');
    expect(stderr).toContain('nothing is lost');
  });

  it.each(['kuma', 'istio'])('leaves nothing of the API server in what comes out (%s)', async (to) => {
    const dumped = SERVICE.replace('namespace: shop}', "namespace: shop, uid: u-2, resourceVersion: '7', managedFields: []}")
      .replace('spec:', 'status: {loadBalancer: {}}\nspec:\n  clusterIP: 10.96.0.7')
      .replace('name: http, ', 'name: web, ');
    const route = `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: web, namespace: shop, uid: u-3, generation: 2, labels: {kuma.io/mesh: default}}
spec:
  to:
  - targetRef: {kind: MeshService, name: web_shop_svc_80}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-a]}}]}
`;
    const path = file('dump.yaml', [dumped, route, ...(to === 'kuma' ? [SPLIT, VERSIONS] : [])].join('---\n'));
    const { code, stdout } = await convert('-f', path, '--to', to);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/uid|resourceVersion|managedFields|generation|status|clusterIP/);
  });

  it('without what the objects are of says that they decide nothing, and why', async () => {
    const route = `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: web, namespace: shop, labels: {kuma.io/mesh: default}}
spec:
  to:
  - targetRef: {kind: MeshService, name: web, sectionName: http}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {backendRefs: [{kind: MeshService, name: web, port: 80}]}
`;
    const { stderr } = await convert('-f', file('no-mesh.yaml', `${SERVICE}---\n${route}`), '--to', 'istio');
    expect(stderr).toContain(
      'MeshHTTPRoute shop/web decides nothing today, so nothing of it is converted: mesh default has no MeshServices',
    );
  });
});

describe('a dump of a cluster whose Pods', () => {
  const kumaRoute = `apiVersion: kuma.io/v1alpha1
kind: MeshHTTPRoute
metadata: {name: web, namespace: shop, labels: {kuma.io/mesh: default}}
spec:
  to:
  - targetRef: {kind: MeshService, name: web_shop_svc_80}
    rules:
    - matches: [{path: {type: PathPrefix, value: /x}}]
      default: {backendRefs: [{kind: MeshServiceSubset, name: web_shop_svc_80, tags: {version: v2}}]}
`;
  const web = SERVICE.replace('name: http, ', 'name: http, appProtocol: http, ');
  const pod = (container: string, ready: boolean) => `apiVersion: v1
kind: Pod
metadata: {name: web-abc, namespace: shop, uid: u-1, labels: {app: web, version: v2}}
spec: {containers: [{name: app}, {name: ${container}}]}
status: {phase: Running, conditions: [{type: Ready, status: '${ready ? 'True' : 'False'}'}]}
`;
  const reportOf = async (...documents: readonly string[]) =>
    (await convert('-f', file('pods.yaml', documents.join('---\n')), '--to', 'istio')).stderr;

  it('are not ready yet says of which Services, and what to do', async () => {
    const stderr = await reportOf(web, kumaRoute, pod('kuma-sidecar', false));
    expect(stderr).toContain('Note: No Pod is ready of Service shop/web: what is converted of it is what the mesh does meanwhile');
    expect(stderr).toContain('or leave Pods out: then ready ones are assumed.');
    expect(stderr).toContain('MeshHTTPRoute shop/web decides nothing today');
    expect(await reportOf(web, kumaRoute, pod('kuma-sidecar', true))).not.toContain('No Pod is ready');
  });

  it('have no proxy says that the routes of their Services decide nothing', async () => {
    const mesh = 'apiVersion: kuma.io/v1alpha1\nkind: Mesh\nmetadata: {name: default}\n';
    expect(await reportOf(mesh, web, kumaRoute, pod('sidecar-of-nobody', true))).toContain(
      'Note: MeshHTTPRoute shop/web decides nothing today, so nothing of it is converted: Service shop/web: the mesh does not know it',
    );
  });
});

describe('what is lost besides routing', () => {
  it('is told by object: gateways, traffic policies, hosts that are no Service', async () => {
    const policy = VERSIONS.replace('  host: web\n', '  host: web\n  trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}\n');
    const external = SPLIT.replace('hosts: [web]', 'hosts: [web, api.example.com]');
    const path = file('besides.yaml', `${SERVICE}---\n${external}---\n${policy}`);
    const lossesOf = async (from: string) =>
      (JSON.parse((await convert('-f', from, '--to', 'kuma', '-o', 'json')).stdout) as ConvertDocument).losses;
    const named = ({ code, ref, field }: ConvertDocument['losses'][number]) => `${code} ${ref?.kind} ${ref?.name} ${field}`;
    const losses = await lossesOf(path);
    expect(losses.map(named)).toEqual(['traffic-policy DestinationRule web spec.trafficPolicy', 'host VirtualService web spec.hosts']);
    expect(losses[1]?.witness).toMatchObject({ url: 'http://api.example.com/' });
    expect((await lossesOf(`${SEEDS}/tomcat`)).map(named)).toEqual([
      'view.gateway Gateway tomcat-gateway spec.servers',
      'view.gateway VirtualService tomcat spec.gateways',
    ]);
  });
});

describe('RouteRules', () => {
  it.each(['istio', 'kuma'])('of Bookinfo become one route for each service (%s)', async (to) => {
    const { code, stdout, stderr } = await convert('-f', `${SEEDS}/bookinfo-route-rules`, '--to', to);
    expect(code).toBe(0);
    const kind = to === 'istio' ? 'VirtualService' : 'MeshHTTPRoute';
    const routes = loadAll(stdout).map((object) => object as { kind: string; metadata: { name: string } });
    const named = (wanted: string) => routes.filter((object) => object.kind === wanted).map(({ metadata }) => metadata.name);
    const services = ['productpage', 'details', 'ratings', 'reviews'];
    expect(named(kind)).toEqual(services);
    expect(named('DestinationRule')).toEqual(to === 'istio' ? services : []);
    expect(stderr).toContain(to === 'istio' ? 'nothing is lost' : '1 loss: fault');
  });

  it('lose what they only seemed to say', async () => {
    const rule = `apiVersion: config.istio.io/v1alpha2
kind: RouteRule
metadata: {name: web, namespace: shop}
spec:
  destination: {name: web}
  match: {source: {name: nobody}, request: {headers: {cookie: {regex: '(?=.*jason).*'}}}}
  httpFault: {abort: {percent: 0.5, httpStatus: 400}}
  route: [{labels: {version: v1}}]
`;
    const other = rule.replace('name: web, namespace', 'name: other, namespace').replace('source: {name: nobody}, ', '');
    const { stdout } = await convert('-f', file('rules.yaml', `${SERVICE}---\n${rule}---\n${other}`), '--to', 'istio', '-o', 'json');
    const { losses } = JSON.parse(stdout) as ConvertDocument;
    // Whose fault it was is another matter (legacy-route-rule-fault).
    const own = losses.filter(({ code }) => code !== 'legacy-route-rule-fault');
    expect(own.map(({ code, ref, field }) => `${code} ${ref?.name} ${field}`)).toEqual([
      'opaque other spec',
      'legacy-route-rule-percent other spec.httpFault.abort.percent',
      'legacy-route-rule-percent web spec.httpFault.abort.percent',
      'legacy-route-rule-source web spec.match.source',
    ]);
  });
});

describe('bad input', () => {
  it('names an object that its mesh refuses, with its place, and converts the others', async () => {
    const path = file('refused.yaml', `${SERVICE}---\n${SPLIT.replace('weight: 90', 'weight: -1')}---\n${VERSIONS}`);
    const { code, stderr } = await convert('-f', path, '--to', 'kuma');
    expect(code).toBe(2);
    expect(stderr).toContain(`Refused: ${path}:`);
    expect(stderr).toContain('code: convert-refused');
  });

  it('needs files, and a mesh that can be written', async () => {
    expect((await convert('--to', 'kuma')).stderr).toContain('The flag --file is missing');
    expect((await convert('-f', file('one.yaml', SERVICE), '--to', 'linkerd')).stderr).toContain('code: unknown-adapter');
    expect((await convert('-f', file('one.yaml', SERVICE), '--to', 'kuma')).stderr).toContain('There is no object of a mesh');
  });
});
