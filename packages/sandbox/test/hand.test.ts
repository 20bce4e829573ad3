import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { createSandbox } from '../src/index.js';
import { toyAdapter, toyScenario } from './toy-mesh.js';

it.skipIf(!process.env.HAND)('hand', { timeout: 3_600_000 }, async () => {
  const t = performance.now();
  const s = await createSandbox({ adapter: toyAdapter, scenario: toyScenario });
  console.log('started in', performance.now() - t);
  s.faults.add((r, p) => {
    if (p === 'before') console.log(r.client, r.verb, r.resource, r.namespace, r.name);
  });
  writeFileSync('/tmp/sandbox-probe/kubeconfig', s.kubeconfig());
  writeFileSync('/tmp/sandbox-probe/urls', `G=${s.gatewayUrl}\nC=${s.clientUrl}\nA=${s.apiUrl}\n`);
  while (existsSync('/tmp/sandbox-probe/run')) await new Promise((r) => setTimeout(r, 300));
  await s.stop();
  rmSync('/tmp/sandbox-probe/kubeconfig');
});
