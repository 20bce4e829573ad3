import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createNamespace,
  eventually,
  isReady,
  kubectl,
  podAddress,
  runIn,
  type Shadow,
  startCaller,
  startShadow,
} from '../../../../test/agents/kube.js';
import { credentialsOf } from '../../src/credentials.js';
import { tunnel } from '../../src/index.js';
import { KeyAgent } from '../../src/key-agent.js';
import { silent } from '../pod.js';
import { portForward } from './port-forward.js';

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'admin', port: 9090 },
];
/** `npm run agent:image` builds it. */
const IMAGE = { tunnel, image: process.env.HEDDLE_E2E_AGENT_IMAGE ?? 'heddle-agent:0.1.0' };
const API = { host: 'kubernetes.default.svc.cluster.local', port: 443 };
const options = () => ({ signal: new AbortController().signal, log: silent });

describe('the agent image', () => {
  const resources = new AsyncDisposableStack();
  let shadow: Shadow;
  let address = '';
  let local = { host: '127.0.0.1', port: 0 };
  const forwards = PORTS.map(({ port }) => ({ port, to: () => local }));

  beforeAll(async () => {
    const namespace = resources.use(await createNamespace('t-tunnel-image'));
    const app = createServer((request, response) => response.end(`laptop ${request.url}`));
    resources.defer(() => void app.close());
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    local = { host: '127.0.0.1', port: (app.address() as AddressInfo).port };
    [shadow] = await Promise.all([
      startShadow(IMAGE, namespace.name, 'shadow', { ports: PORTS, permitOpen: [API] }),
      startCaller(IMAGE, namespace.name, 'caller'),
    ]);
    address = await podAddress(shadow);
  }, 120_000);
  afterAll(() => resources.disposeAsync());

  const bash = (script: string) => runIn(shadow.namespace, 'caller', ['bash', '-c', script]);
  const get = (port: number, path: string) =>
    bash(`exec 3<>/dev/tcp/${address}/${port}; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3`);

  test('is admitted under restricted, and ready only while every port is forwarded', async () => {
    expect(await isReady(shadow)).toBe(false);
    await using way = await portForward(shadow);
    const open = await tunnel.connect(way.dial, shadow.agent, forwards, options());
    await eventually('ready', () => isReady(shadow));
    await open[Symbol.asyncDispose]();
    await eventually('not ready', async () => !(await isReady(shadow)));
  });

  test('is not ready with one of two ports', async () => {
    await using way = await portForward(shadow);
    await using _ = await tunnel.connect(way.dial, shadow.agent, forwards.slice(0, 1), options());
    expect(await get(8080, '/')).toBe('laptop /');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await isReady(shadow)).toBe(false);
  });

  test('answers on the address of the pod', async () => {
    await using way = await portForward(shadow);
    await using open = await tunnel.connect(way.dial, shadow.agent, forwards, options());
    expect(await get(8080, '/one')).toBe('laptop /one');
    expect(await get(9090, '/two')).toBe('laptop /two');
    expect(open.stats().map(({ port, total, failed }) => ({ port, total, failed }))).toEqual([
      { port: 8080, total: 1, failed: 0 },
      { port: 9090, total: 1, failed: 0 },
    ]);
  });

  test('frees the ports of a connection that died without a word', async () => {
    const dead = await portForward(shadow);
    await using _dead = dead;
    const lost = await tunnel.connect(dead.dial, shadow.agent, forwards, options());
    dead.freeze();
    await using way = await portForward(shadow);
    const before = Date.now();
    await using _ = await tunnel.connect(way.dial, shadow.agent, forwards, options());
    // sshd itself would need nine seconds to notice.
    expect(Date.now() - before).toBeLessThan(5000);
    expect(await get(8080, '/again')).toBe('laptop /again');
    expect(await lost.closed).toMatchObject({ why: 'lost', retry: true });
  });

  test('listens on no port but the exposed ones', async () => {
    await using way = await portForward(shadow);
    const wanted = [...forwards, { port: 9999, to: () => local }];
    await expect(tunnel.connect(way.dial, shadow.agent, wanted, options())).rejects.toMatchObject({ code: 'tunnel-refused' });
  });

  test('connects out to nothing but the permitted pair', async () => {
    await using way = await portForward(shadow);
    await using open = await tunnel.connect(way.dial, shadow.agent, forwards, options());
    if (open.open === undefined) throw new Error('this tunnel cannot connect out');
    const api = await open.open(API.host, API.port);
    api.write('GET / HTTP/1.1\r\n\r\n');
    const [answer] = await once(api, 'data');
    expect(String(answer)).toContain('HTTPS server');
    await expect(open.open(API.host, 80)).rejects.toThrow('does not connect');
    await expect(open.open('127.0.0.1', shadow.agent.port)).rejects.toThrow('does not connect');
  });

  test('knows no key but its own, and is known by no other', async () => {
    await using way = await portForward(shadow);
    const other = await tunnel.agent({ image: 'x', secretName: 'x', ports: PORTS, permitOpen: [] });
    await expect(tunnel.connect(way.dial, { ...other, port: shadow.agent.port }, forwards, options())).rejects.toMatchObject({
      code: 'tunnel-auth',
      message: expect.stringContaining('host key'),
    });
    const wrongKey = { ...(other.credentials as object), hostPublic: (shadow.agent.credentials as { hostPublic: Buffer }).hostPublic };
    await expect(tunnel.connect(way.dial, { ...shadow.agent, credentials: wrongKey }, forwards, options())).rejects.toMatchObject({
      code: 'tunnel-auth',
      message: expect.stringContaining("this session's key"),
    });
  });

  test('gives no shell, no files, no terminal, no socket files', async () => {
    await using way = await portForward(shadow);
    const plain = new ssh2.Client();
    plain.on('error', () => {});
    const agent = new KeyAgent(credentialsOf(shadow.agent.credentials));
    const method: ssh2.AgentAuthMethod = { type: 'agent', username: 'heddle', agent };
    plain.connect({ sock: await way.dial(shadow.agent.port, options().signal), username: 'heddle', authHandler: [method] });
    await once(plain, 'ready');
    const run = (start: (done: ssh2.ClientCallback) => void) =>
      new Promise<string>((resolve) => start((error, channel) => (error === undefined ? resolve(text(channel)) : resolve(error.message))));
    expect(await run((done) => plain.exec('id', done))).toBe('');
    expect(await run((done) => plain.shell(false, done))).toBe('');
    expect(await run((done) => plain.exec('id', { pty: true }, done))).toBe('Unable to request a pseudo-terminal');
    expect(await run((done) => plain.subsys('sftp', done))).toBe('Unable to start subsystem: sftp');
    expect(await run((done) => plain.openssh_forwardOutStreamLocal('/run/x', done))).toContain('open failed');
    const closed = once(plain, 'close');
    plain.end();
    await closed;
  });

  test('carries 1,000 connections at once', async () => {
    await using way = await portForward(shadow);
    await using open = await tunnel.connect(way.dial, shadow.agent, forwards, options());
    const script = `perl -MIO::Socket::INET -e '
      my @all = map { IO::Socket::INET->new(PeerAddr => "${address}", PeerPort => 8080) or die "connect: $!" } 1..1000;
      print {$_} "GET /many HTTP/1.0\\r\\n\\r\\n" for @all;
      $_->flush for @all;
      my $good = 0; for my $s (@all) { local $/; $good++ if <$s> =~ m{laptop /many$} } print $good'`;
    expect(await bash(script)).toBe('1000');
    expect(open.stats()[0]).toMatchObject({ total: 1000, failed: 0 });
  }, 120_000);

  test('restarts nothing and prints no error of its own', async () => {
    const { namespace, pod } = shadow;
    expect(await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'])).toBe('0');
    const log = await kubectl(['-n', namespace, 'logs', pod]);
    expect(log.split('\n').filter((line) => /fatal|Bad configuration|Deprecated|unsupported/i.test(line))).toEqual([]);
  });
});
