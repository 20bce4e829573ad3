import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseFolder, caseFolder, RIGHT, SHOP } from './support/routing-test-files.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { openTags } from './support/xml.js';

let folder: CaseFolder;
beforeAll(() => {
  folder = caseFolder();
});
afterAll(() => folder.remove());

const run = (...line: string[]) => runCommand(['test', ...line]);
const shop = (requests: string, head?: string) => folder.shop(requests, head);

describe('case files', () => {
  it('with mistakes stop no others, and the end is 2', async () => {
    const right = shop(RIGHT);
    const broken = shop(RIGHT.replace('expect:', 'expcet:'));
    const syntax = folder.write('cases/syntax.yaml', 'client: {kind: sidecar\nrequests: [\n');
    const { code, stdout } = await run(broken, syntax, right);
    expect(code).toBe(2);
    expect(stdout).toContain(`ok   ${right}  1 passed\n`);
    expect(stdout).toContain(`Error: ${broken}:7 (document 1): requests[0].expcet: expected one of the keys name, method`);
    expect(stdout).toContain(`Error: ${broken}:4 (document 1): requests[0]: expected what must come of the request: expect, or observed`);
    expect(stdout).toMatch(new RegExp(`Error: ${syntax}:2:\\d+ \\(document 1\\): `));
    expect(stdout).toMatch(/\n1 passed, 0 failed, 3 mistakes in case files\n$/);
    expectShape('test', JSON.parse((await run(broken, syntax, '-o', 'json')).stdout));
    expect(openTags((await run(broken, '-o', 'junit')).stdout)).toEqual([]);
    expect((await run(broken, '-o', 'tap')).stdout).toMatch(/^TAP version 14\n1\.\.2\nnot ok 1 - /);
  });

  it('hold several documents, or a list of cases', async () => {
    const one = `files: [../mesh]\nclient: {namespace: shop}\nrequests:\n${RIGHT}`;
    const documents = folder.write('cases/documents.yaml', `# first\n${one}---\n${one}`);
    const list = folder.write(
      'cases/list.yaml',
      `cases:\n${[one, one].map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`,
    );
    expect((await run(documents, list)).stdout).toBe(`ok   ${documents}  2 passed\nok   ${list}  2 passed\n\n4 passed, 0 failed\n`);
  });

  it('are looked for in folders, where other YAML is passed over', async () => {
    const file = folder.write('tree/deep/a.test.yml', `files: [../../mesh]\nclient: {namespace: shop}\nrequests:\n${RIGHT}`);
    folder.write('tree/objects.yaml', SHOP);
    folder.write('tree/values.json', '{"client": 1}');
    expect(await run(`${folder.path}/tree`, file)).toMatchObject({ code: 0, stdout: `ok   ${file}  1 passed\n\n1 passed, 0 failed\n` });
  });

  it('must be there, and hold a case', async () => {
    expect(await run(`${folder.path}/none.yaml`)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file or folder') });
    expect(await run(`${folder.path}/mesh`)).toMatchObject({ code: 2, stderr: expect.stringContaining('code: test-none') });
    expect(await run(`${folder.path}/mesh/reviews.yaml`)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('expected one of the keys'),
    });
  });

  it('name objects that are not there, or are none', async () => {
    const missing = folder.write('cases/missing.yaml', `files: [../nowhere]\nclient: {}\nrequests:\n${RIGHT}`);
    const none = folder.write('cases/none.yaml', `client: {}\nrequests:\n${RIGHT}objects: |\n  apiVersion: v1\n  kind: Service\n`);
    const { code, stdout } = await run(missing, none);
    expect(code).toBe(2);
    expect(stdout).toContain(`Error: ${missing}:1 (document 1): There is no file or folder ${folder.path}/nowhere.`);
    expect(stdout).toContain(`Error: ${none}:8 (document 1): expected metadata.name, a text, received none`);
  });
});

describe('objects', () => {
  it('stand in the case as text or as a list', async () => {
    const requests = `client: {namespace: shop}\nrequests:\n${RIGHT}`;
    const text = folder.write('cases/text.yaml', `objects: |\n  ${SHOP.replaceAll('\n', '\n  ')}\n${requests}`);
    const documents = SHOP.split('---\n').map((one) => load(one));
    const list = folder.write('cases/objects.yaml', `objects: ${JSON.stringify(documents)}\n${requests}`);
    expect(await run(text, list)).toMatchObject({ code: 0 });
  });

  it('of -f are shared by all cases, whose own count before them', async () => {
    const requests = `client: {namespace: shop}\nrequests:\n${RIGHT}`;
    const shared = folder.write('cases/shared.yaml', requests);
    const own = folder.write(
      'cases/own.yaml',
      `objects:\n- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: reviews, namespace: shop}, spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}}\n${requests}`,
    );
    const { stdout } = await run(shared, own, '-f', `${folder.path}/mesh`);
    expect(stdout).toContain(`ok   ${shared}  1 passed`);
    expect(stdout).toContain(`FAIL ${own}  1 failed`);
  });

  it('that nothing tells the mesh of want a word', async () => {
    const bare = folder.write(
      'cases/bare.yaml',
      `objects: [${JSON.stringify(load(SHOP.split('---\n')[0] ?? ''))}]\nclient: {namespace: shop}\nrequests:\n- {url: 'http://reviews:9080/', expect: {outcomes: [{reason: UH}]}}\n`,
    );
    expect((await run(bare)).stdout).toContain(
      'mesh: expected which mesh it is (mesh: istio), where the objects do not tell, received objects of no mesh',
    );
    expect(await run(bare, '--mesh', 'istio')).toMatchObject({ code: 0 });
    const named = folder.write('cases/named.yaml', `mesh: linkerd\n${folder.read('cases/bare.yaml')}`);
    expect(await run(named)).toMatchObject({ code: 2, stdout: expect.stringContaining('mesh: expected one of istio, received linkerd') });
  });

  it('that cannot be read make a test fail, whatever it expects', async () => {
    const entry = JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'x', namespace: 'shop' },
      spec: { hosts: ['x.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
    });
    const file = folder.write(
      'cases/gap.yaml',
      `files: [../mesh]\nobjects: [${entry}]\nclient: {namespace: shop}\nrequests:\n- {url: 'http://x.example/', expect: {faults: {}}}\n${RIGHT}`,
    );
    const { code, stdout } = await run(file);
    expect(code).toBe(6);
    expect(stdout).toContain(
      'it cannot be told what becomes of it: ServiceEntry: ServiceEntry shop/x has a host in question and is not read',
    );
    // It concerns that one request only.
    expect(stdout).toContain('1 passed, 1 failed');
  });
});

describe('--envoy', () => {
  const repeated = `- url: http://reviews:9080/
  headers: [[end-user, jason], [end-user, bob]]
  observed: {status: 200, outcomes: [{probability: 1, host: reviews.shop.svc.cluster.local, port: 9080, subset: v2, labels: {version: v2}, status: 200}]}
`;

  it('answers as that one does, and takes what was observed of older ones', async () => {
    const file = shop(repeated);
    expect(await run(file)).toMatchObject({ code: 0 });
    expect(await run(file, '--envoy', '1.40.0')).toMatchObject({ code: 0 });
    expect(await run(file, '--envoy', '1.38')).toMatchObject({ code: 6 });
    const older = `${repeated}  observedOlderEnvoy: {outcomes: [{probability: 0.9, host: reviews.shop.svc.cluster.local, port: 9080, subset: v1, labels: {version: v1}, status: 200}, {probability: 0.1, host: reviews.shop.svc.cluster.local, port: 9080, subset: v2, labels: {version: v2}, status: 200}], status: 200}\n`;
    expect(await run(shop(older), '--envoy', '1.38')).toMatchObject({ code: 0 });
    expect(await run(shop(older, "client: {namespace: shop}\nenvoy: '1.38.3'"))).toMatchObject({ code: 0 });
    expect(await run(shop(older))).toMatchObject({ code: 0 });
  });

  it('is a version', async () => {
    expect(await run(shop(repeated), '--envoy', 'old')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--envoy: expected a version such as 1.38'),
    });
  });
});

describe('hints', () => {
  it('name what nothing has', async () => {
    const { stdout } = await run(shop("- {url: 'http://ratings:9080/', expect: {status: 200}}\n"));
    expect(stdout).toContain('     hint: There is no Service shop/ratings among the objects.\n');
  });

  it('say that no Pod answers', async () => {
    const service = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ratings', namespace: 'shop' },
      spec: { selector: { app: 'ratings' }, ports: [{ name: 'http', port: 80 }] },
    });
    const { stdout } = await run(
      shop("- {url: 'http://ratings/', expect: {status: 200}}\n", `objects: [${service}]\nclient: {namespace: shop}`),
    );
    expect(stdout).toContain(
      '     hint: No ready Pod answers for ratings.shop.svc.cluster.local: neither a Pod nor a workload among the objects fits.\n',
    );
  });
});

describe('the client', () => {
  it('is a workload by its name', async () => {
    const file = shop(RIGHT, 'client: {namespace: shop, name: reviews-v1}');
    const { code, stdout } = await run(file, '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ cases: [{ client: { labels: { app: 'reviews', version: 'v1' } } }] }] });
    expect(await run(shop(RIGHT, 'client: {namespace: shop, name: reviews-v3}'))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('There is no workload or Pod reviews-v3 in namespace shop'),
    });
  });

  it('without a proxy sees no rule', async () => {
    expect(
      await run(shop("- {url: 'http://reviews:9080/', expect: {outcomes: [{host: PassthroughCluster}]}}\n", 'client: {kind: none}')),
    ).toMatchObject({ code: 0 });
  });
});
