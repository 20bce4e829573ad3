import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/index.js';
import { toyAdapter, toyScenario } from '../toy-mesh.js';
import { startRecorder } from './recorder.js';
import { FILE, NOW, type RecordedCommand } from './recording.js';

/** `HEDDLE_RECORD_KUBECTL=kubectl vitest run packages/sandbox/test/kubectl/record.test.ts` writes recorded.json anew. */
const KUBECTL = process.env.HEDDLE_RECORD_KUBECTL;

const manifest = (to: string, more = '') => `apiVersion: example.dev/v1alpha1
kind: Route
metadata: {name: extra, namespace: shop, labels: {team: blue}${more}}
spec: {host: extra, rules: [{to: ${to}}]}
`;

/** What the sandbox promises of kubectl. A command with `&` runs until the next one is done. */
const COMMANDS = [
  'version -o json',
  'api-resources',
  'get routes -n shop -o yaml',
  'get rt cart -n shop -o json',
  'get pods -n shop -o wide',
  'logs cart-v1 -n shop --tail=5',
  'get routes -A',
  'get pods -n shop -l app=cart,version!=v2',
  '& get routes -n shop -w',
  'create --validate=false -f MANIFEST',
  'create --validate=false -f MANIFEST',
  'get route extra -n shop',
  'annotate route extra -n shop note=hello',
  'annotate pod cart-v1 -n shop note=hello',
  'replace --validate=false -f CHANGED',
  'edit route extra -n shop --validate=false',
  'delete route extra -n shop',
  'apply --validate=false -f MANIFEST',
  'apply --validate=false -f CHANGED',
  'apply --validate=false -f CHANGED',
  'patch route extra -n shop --type=merge -p {"spec":{"host":"other"}}',
  'patch route extra -n shop --type=json -p [{"op":"remove","path":"/spec/host"}]',
  'patch route extra -n shop -p {"spec":{"host":"other"}}',
  'create --validate=false --dry-run=server -f MANIFEST',
  'delete -f MANIFEST',
  'get route extra -n shop',
  'delete pod cart-v2 -n shop',
];

describe.skipIf(KUBECTL === undefined)('recording kubectl', () => {
  it('writes down what a stock kubectl asks', { timeout: 120_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'heddle-kubectl-'));
    const sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, now: () => NOW });
    const recorder = await startRecorder(sandbox.kubeconfig());
    const files = { KUBECONFIG: recorder.kubeconfig, MANIFEST: manifest('cart-v1'), CHANGED: manifest('cart-v2') };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    const env = { PATH: process.env.PATH, HOME: dir, KUBECONFIG: join(dir, 'KUBECONFIG'), EDITOR: 'sed -i s/cart-v2/cart/' };
    const start = (argv: string) => {
      const child = spawn(
        KUBECTL ?? '',
        argv.split(' ').map((arg) => (arg in files ? join(dir, arg) : arg)),
        { env },
      );
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
      const exit = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
      return { child, done: exit.then((code) => ({ exit: code, output: output.replaceAll(dir, 'DIR') })) };
    };
    const commands: RecordedCommand[] = [];
    let background: ReturnType<typeof start> | undefined;
    for (const line of COMMANDS) {
      const argv = line.replace('& ', '');
      const running = start(argv);
      if (line !== argv) {
        background = running;
        await sleep(1500);
        continue;
      }
      const result = await running.done;
      await sleep(background === undefined ? 0 : 300);
      background?.child.kill();
      const watched = await background?.done;
      commands.push({
        argv: watched === undefined ? argv : `get routes -n shop -w, meanwhile ${argv}`,
        ...result,
        ...(watched === undefined ? {} : { output: result.output + watched.output }),
        requests: recorder.take(),
      });
      background = undefined;
    }
    const version = JSON.parse(commands[0]?.output ?? '{}').clientVersion.gitVersion;
    const lines = commands.map((command) => JSON.stringify(command)).join(',\n');
    writeFileSync(FILE, `{"kubectl":${JSON.stringify(version)},"commands":[\n${lines}\n]}\n`);
    await recorder.stop();
    await sandbox.stop();
    rmSync(dir, { recursive: true });
    expect(commands).toHaveLength(COMMANDS.length - 1);
  });
});
