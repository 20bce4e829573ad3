import { chmodSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CaseFolder, caseFolder, SHOP } from './support/routing-test-files.js';
import { runCommand } from './support/run-command.js';

let folder: CaseFolder;
beforeAll(() => {
  folder = caseFolder();
});
afterAll(() => folder.remove());

const record = (file: string) => runCommand(['test', file, '--record']);
const test = (file: string) => runCommand(['test', file]);

const STARTED = `# How reviews are routed.
title: reviews   # in the shop
files: [../mesh/]
client: {namespace: shop}

requests:
  # nobody special
  - url: http://reviews:9080/     # the plain one
    headers:
    - [x-a, '1']

  - {url: 'http://reviews:9080/', headers: {end-user: jason}}   # on one line
  - name: |
      a name
      of lines
    url: http://ratings:9080/
`;

it.skipIf(process.getuid?.() === 0)('a file that may not be written is a mistake of that file, and no bug', async () => {
  const file = folder.write('cases/readonly.yaml', STARTED);
  chmodSync(file, 0o400);
  const { code, stdout } = await record(file);
  expect(code).toBe(2);
  expect(stdout).toContain(`${file} cannot be written: EACCES`);
});

it('a file of requests alone is completed, and nothing else of it changes', async () => {
  const file = folder.write('cases/started.yaml', STARTED);
  const { code, stdout } = await record(file);
  expect(code).toBe(0);
  expect(stdout).toContain(`recorded ${file}: reviews › request 1: GET http://reviews:9080/: expect.seen added, observed added\n`);
  expect(stdout).toMatch(/\n0 passed, 3 recorded, 0 failed\n$/);
  expect(folder.read('cases/started.yaml')).toBe(`# How reviews are routed.
title: reviews   # in the shop
files: [../mesh/]
client: {namespace: shop}

requests:
  # nobody special
  - url: http://reviews:9080/     # the plain one
    headers:
    - [x-a, '1']
    expect: {seen: {path: /, authority: reviews:9080}}
    observed:
      status: 200
      outcomes:
      - {probability: 0.9, host: reviews.shop.svc.cluster.local, port: 9080, subset: v1, labels: {version: v1}, status: 200}
      - {probability: 0.1, host: reviews.shop.svc.cluster.local, port: 9080, subset: v2, labels: {version: v2}, status: 200}

  - {url: 'http://reviews:9080/', headers: {end-user: jason}, expect: {seen: {path: /v2, authority: reviews:9080}}, observed: {status: 200, outcomes: [{probability: 1, host: reviews.shop.svc.cluster.local, port: 9080, subset: v2, labels: {version: v2}, status: 200}]}}   # on one line
  - name: |
      a name
      of lines
    url: http://ratings:9080/
    expect: {seen: {path: /, authority: ratings:9080}}
    observed:
      outcomes:
      - {probability: 1, host: PassthroughCluster}
`);
  expect(await test(file)).toMatchObject({ code: 0 });
});

it('what holds is left alone; what does not is brought up to date, and is what the net catches', async () => {
  const file = folder.write('cases/net.yaml', STARTED);
  await record(file);
  const before = folder.read('cases/net.yaml');
  expect(await record(file)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('recorded') });
  expect(folder.read('cases/net.yaml')).toBe(before);

  folder.write(
    'mesh/reviews.yaml',
    SHOP.replace('weight: 90', 'weight: 70').replace('weight: 10', 'weight: 30').replace('uri: /v2', 'uri: /v3'),
  );
  const caught = await test(file);
  expect(caught).toMatchObject({ code: 6, stdout: expect.stringContaining('1 passed, 2 failed') });
  const again = await record(file);
  expect(again.stdout).toContain('request 1: GET http://reviews:9080/: observed changed\n');
  expect(again.stdout).toContain('request 2: GET http://reviews:9080/: expect.seen changed\n');
  const changed = before
    .replace('probability: 0.9,', 'probability: 0.7,')
    .replace('probability: 0.1,', 'probability: 0.3,')
    .replace('path: /v2', 'path: /v3');
  expect(folder.read('cases/net.yaml')).toBe(changed);
  folder.write('mesh/reviews.yaml', SHOP);
});

it('what people expect stays as it is, and is still checked', async () => {
  const text = `files: [../mesh/]
client: {namespace: shop}
requests:
- url: http://reviews:9080/
  expect: {outcomes: [{version: v2, probability: 1}]}
- url: http://reviews:9080/
  expect:
    status: 404   # we want
  observed:       # old
    status: 503
    outcomes: []  # none
  # the end
`;
  const file = folder.write('cases/wishes.yaml', text);
  const { code, stdout } = await record(file);
  expect(code).toBe(6);
  expect(stdout).toContain('version v2 gets 0.1 of the requests, not 1');
  expect(stdout).toContain('status\n       expected 404\n       got      200');
  const { requests } = load(folder.read('cases/wishes.yaml')) as { requests: readonly Record<string, unknown>[] };
  expect(requests[0]).toEqual({ url: 'http://reviews:9080/', expect: { outcomes: [{ version: 'v2', probability: 1 }] } });
  expect(requests[1]).toMatchObject({ expect: { status: 404 }, observed: { status: 200, outcomes: [{ subset: 'v1' }, { subset: 'v2' }] } });
  expect(folder.read('cases/wishes.yaml')).toContain('    status: 404   # we want\n');
  expect(folder.read('cases/wishes.yaml')).toMatch(/ {2}# none\n {2}# the end\n$/);
});

it('repeated headers are recorded for an older Envoy too, where that answers otherwise', async () => {
  const file = folder.write(
    'cases/repeated.yaml',
    `files: [../mesh/]
client: {namespace: shop}
requests:
- url: http://reviews:9080/
  headers: [[end-user, jason], [end-user, bob]]
`,
  );
  expect((await record(file)).stdout).toContain('expect.seen added, observed added, observedOlderEnvoy added');
  const [request] = (load(folder.read('cases/repeated.yaml')) as { requests: readonly Record<string, unknown>[] }).requests;
  expect(request).toMatchObject({
    observed: { outcomes: [{ subset: 'v2' }] },
    observedOlderEnvoy: { outcomes: [{ subset: 'v1' }, { subset: 'v2' }] },
  });
  expect(await test(file)).toMatchObject({ code: 0 });
});

it('several documents and line ends of Windows stay', async () => {
  const one = 'files: [../mesh/]\nclient: {namespace: shop}\nrequests:\n- url: http://reviews:9080/\n';
  const file = folder.write('cases/windows.yaml', `# a\n${one}---\n# b\n${one}`.replaceAll('\n', '\r\n'));
  expect(await record(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 recorded') });
  const text = folder.read('cases/windows.yaml');
  expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  expect(text.match(/observed:/g)).toHaveLength(2);
  expect(await test(file)).toMatchObject({ code: 0 });
});

it('a file with a mistake is never touched', async () => {
  const text = `files: [../mesh/]\nclient: {namespace: shop}\nrequests:\n- url: http://reviews:9080/\n- url: reviews\n`;
  const file = folder.write('cases/mistake.yaml', text);
  expect(await record(file)).toMatchObject({ code: 2, stdout: expect.stringContaining('requests[1].url') });
  expect(folder.read('cases/mistake.yaml')).toBe(text);
});

it('a request that stands elsewhere, by an alias, is not written', async () => {
  const text = `client: {namespace: shop}\nfiles: [../mesh/]\nrequests:\n- &plain\n  url: http://reviews:9080/\n- *plain\n`;
  const file = folder.write('cases/alias.yaml', text);
  const { code, stdout } = await record(file);
  expect(code).toBe(2);
  expect(stdout).toContain('cannot be written into it without touching the rest');
  expect(folder.read('cases/alias.yaml')).toBe(text);
});
