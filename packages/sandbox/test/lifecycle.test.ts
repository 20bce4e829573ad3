import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSandbox } from '../src/index.js';
import { ApiClient } from './api-client.js';
import { pod, toyAdapter, toyScenario } from './toy-mesh.js';

/** What keeps the process alive, counted by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/Server|Socket|Timeout|Immediate/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a sandbox', () => {
  it('leaves nothing after stop, whatever is under way', async () => {
    await sleep(50);
    const before = resources();
    const sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario });
    const api = new ApiClient(sandbox.kubeconfig());
    const watching = api.watch('/api/v1/pods?watch=1&resourceVersion=1&allowWatchBookmarks=true', 1000);
    const forward = new WebSocket(
      `${api.server.replace('https', 'wss')}/api/v1/namespaces/shop/pods/gate/portforward?ports=8080`,
      'v4.channel.k8s.io',
      {
        ca: api.ca,
        headers: { authorization: `Bearer ${api.token}` },
      },
    );
    await once(forward, 'open');
    const agent = new Agent({ keepAlive: true });
    const [response] = (await once(get(sandbox.gatewayUrl, { agent }), 'response')) as [IncomingMessage];
    response.resume();
    const idle = new Agent({ keepAlive: true }).createConnection({ host: '127.0.0.1', port: Number(new URL(sandbox.clientUrl).port) });
    idle?.on('error', () => {});
    await sandbox.cluster().create(pod('stuck', {}, { containers: [{ name: 'a', image: 'registry.invalid/x' }] }));
    sandbox.faults.crash('developer', 1);
    const hanging = api.send('/version').then(
      () => 'answered',
      () => 'broken off',
    );
    await sleep(50);
    const ended = [
      once(forward, 'close'),
      watching.then(
        () => 'complete',
        () => 'broken off',
      ),
    ];
    await sandbox.stop();
    expect((await Promise.all(ended))[1]).toBe('broken off');
    expect(await hanging).toBe('broken off');
    agent.destroy();
    await sleep(50);
    for (const [kind, count] of Object.entries(resources())) expect(count, kind).toBeLessThanOrEqual(before[kind] ?? 0);
    expect(Object.keys(before)).not.toContain('TCPServerWrap');
    await sandbox.stop();
  });

  it('keeps an idle connection as long as an API server does, so that a client which takes a while can use it again', async () => {
    const sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario });
    const { headers } = await new ApiClient(sandbox.kubeconfig()).send('/version', { headers: { connection: 'keep-alive' } });
    expect(headers['keep-alive']).toBe('timeout=90');
    await sandbox.stop();
  });
});
